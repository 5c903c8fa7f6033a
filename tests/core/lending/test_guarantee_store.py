"""Do guarantees in the database bind deposits once, keep what was, and let go when the loan is repaid?"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.db.engine import Database
from core.errors import (
    GuaranteeAboveFreeDeposits,
    GuaranteeNotOpen,
    GuarantorAskedAlready,
    GuarantorHasTooMany,
    GuarantorIsBorrower,
    GuarantorIsLate,
    GuarantorIsOfficial,
    Refusal,
    UnknownMember,
)
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import CHART, Gl, own_code
from core.lending import guarantee_store, standing_store
from core.lending.classification import LoanClass
from core.lending.eligibility import CurrentLoan, DepositMade, LimitRule, Pay, limit
from core.lending.eligibility_store import eligibility_facts
from core.lending.guarantee_service import (
    accept_guarantee,
    ask_guarantor,
    decline_guarantee,
    substitute_guarantor,
)
from core.lending.guarantees import Guarantee, GuaranteeState
from core.lending.policies import EMERGENCY_POLICY, GuaranteePolicy
from core.money import Money
from core.savings import store as savings
from core.savings.model import SavingsProduct
from tests.clock import StoppedClock
from tests.core.lending.lent import Lent, LentRow, a_member, lend

NOW = StoppedClock().now()
TODAY = NOW.date()
POLICY = GuaranteePolicy()
MEMBERS = ("mbr_amina", "mbr_mwangi", "mbr_otieno")


def kes(shillings: int) -> Money:
    return Money(shillings * 100)


SOME = kes(30_000)


@pytest.fixture
async def books(empty_database: Database) -> Database:
    """Three members, each with 50,000 of deposits that were taken over long ago."""
    async with empty_database.unit_of_work() as session:
        for member_id in MEMBERS:
            await a_member(session, member_id)
            code = await savings.open_account(
                session,
                account_id=f"acc_{member_id}",
                member_id=member_id,
                product=SavingsProduct.DEPOSITS,
                on=date(2024, 1, 1),
            )
            await session.execute("UPDATE ledger_account SET balance = 5000000 WHERE code = $1", code)
    return empty_database


async def ask(
    books: Database,
    guarantee_id: str = "gua_1",
    amount: Money = SOME,
    *,
    guarantor: str = "mbr_mwangi",
    subject: str = "app_1",
) -> Guarantee:
    async with books.unit_of_work() as session:
        return await ask_guarantor(
            session,
            guarantee_id=guarantee_id,
            subject=subject,
            borrower_id="mbr_amina",
            guarantor_id=guarantor,
            amount=amount,
            policy=POLICY,
            now=NOW,
        )


async def take(
    books: Database,
    guarantee_id: str = "gua_1",
    amount: Money = SOME,
    *,
    guarantor: str = "mbr_mwangi",
) -> Guarantee:
    async with books.unit_of_work() as session:
        return await accept_guarantee(
            session,
            guarantee_id=guarantee_id,
            guarantor_id=guarantor,
            amount=amount,
            policy=POLICY,
            now=NOW + timedelta(hours=1),
        )


async def of(books: Database, subject: str = "app_1") -> list[Guarantee]:
    async with books.reading() as session:
        return await guarantee_store.of_subject(session, subject)


async def free_deposits(books: Database, member_id: str = "mbr_mwangi") -> Money:
    async with books.reading() as session:
        facts = await guarantee_store.guarantor_facts(session, member_id, on=TODAY, policy=POLICY)
    return facts.free_deposits


async def lent(books: Database, *loans: Lent) -> None:
    async with books.unit_of_work() as session:
        await lend(session, loans)


def a_loan(loan_id: str, member_id: str, outstanding: int, *, due: date = TODAY) -> Lent:
    row = LentRow(due, (10_000_000, 0, 0, 0), (10_000_000 - outstanding * 100, 0, 0, 0))
    return Lent(loan_id, (row,), "development", "active", member_id, date(2025, 6, 1), 10_000_000)


async def test_what_was_asked_and_accepted_is_kept_and_binds_deposits(books: Database) -> None:
    asked = await ask(books)
    assert await free_deposits(books) == kes(50_000)

    accepted = await take(books, amount=kes(20_000))

    assert await of(books) == [accepted]
    assert (asked.state, accepted.amount) == (GuaranteeState.REQUESTED, kes(20_000))
    assert await free_deposits(books) == kes(30_000)


async def test_a_member_is_asked_once_for_a_loan_until_they_decline(books: Database) -> None:
    await ask(books)

    with pytest.raises(GuarantorAskedAlready):
        await ask(books, "gua_2")
    async with books.unit_of_work() as session:
        await decline_guarantee(session, guarantee_id="gua_1", guarantor_id="mbr_mwangi", now=NOW)
    await ask(books, "gua_3")

    assert [each.state for each in await of(books)] == [GuaranteeState.DECLINED, GuaranteeState.REQUESTED]


async def test_another_member_cannot_answer(books: Database) -> None:
    await ask(books)

    with pytest.raises(GuaranteeNotOpen):
        await take(books, guarantor="mbr_otieno")
    with pytest.raises(GuaranteeNotOpen):
        await take(books, "gua_unknown")


async def test_two_answers_at_once_do_not_bind_the_same_deposits_twice(books: Database) -> None:
    await ask(books, "gua_1")
    await ask(books, "gua_2", subject="app_2")

    answers = await asyncio.gather(take(books, "gua_1"), take(books, "gua_2"), return_exceptions=True)

    refused = [each for each in answers if isinstance(each, GuaranteeAboveFreeDeposits)]
    assert len(refused) == 1
    assert await free_deposits(books) == kes(20_000)


async def test_requests_wait_until_they_expire_and_expire_once(books: Database) -> None:
    await ask(books)
    later = NOW + timedelta(hours=72)
    async with books.unit_of_work() as session:
        assert len(await guarantee_store.waiting_for(session, "mbr_mwangi", now=NOW)) == 1
        assert await guarantee_store.expire(session, now=later - timedelta(seconds=1)) == []
        assert [each.guarantee_id for each in await guarantee_store.expire(session, now=later)] == ["gua_1"]
        assert await guarantee_store.expire(session, now=later) == []
        assert await guarantee_store.waiting_for(session, "mbr_mwangi", now=NOW) == []


async def test_a_substitute_frees_the_first_guarantor_and_the_old_row_stays(books: Database) -> None:
    await ask(books)
    await take(books)
    await ask(books, "gua_2", guarantor="mbr_otieno")
    await take(books, "gua_2", guarantor="mbr_otieno")

    async with books.unit_of_work() as session:
        await substitute_guarantor(session, guarantee_id="gua_1", successor_id="gua_2", now=NOW)

    old, new = await of(books)
    assert (old.state, old.substituted_by) == (GuaranteeState.SUBSTITUTED, "gua_2")
    assert new.is_live
    assert await free_deposits(books) == kes(50_000)
    async with books.unit_of_work() as session:
        with pytest.raises(GuaranteeNotOpen):
            await substitute_guarantor(session, guarantee_id="gua_1", successor_id="gua_none", now=NOW)


async def test_a_guarantee_shrinks_with_its_loan_and_goes_with_it(books: Database) -> None:
    await ask(books)
    await take(books)
    await lent(books, a_loan("lon_1", "mbr_amina", 50_000))
    async with books.unit_of_work() as session:
        await guarantee_store.move_to_loan(session, application_id="app_1", loan_id="lon_1")

    assert await free_deposits(books) == kes(35_000)
    async with books.reading() as session:
        assert await guarantee_store.secured_by_others(session, "lon_1", policy=POLICY) == kes(15_000)
    async with books.unit_of_work() as session:
        assert len(await guarantee_store.release_all(session, "lon_1")) == 1
        assert await guarantee_store.release_all(session, "lon_1") == []
    assert await free_deposits(books) == kes(50_000)


async def bar(books: Database, *, from_day: date, until_day: date | None) -> None:
    async with books.unit_of_work() as session:
        await guarantee_store.bar(
            session, "mbr_mwangi", reason="board", from_day=from_day, until_day=until_day
        )


async def test_officials_may_not_guarantee_while_they_hold_office(books: Database) -> None:
    await bar(books, from_day=TODAY, until_day=None)
    with pytest.raises(GuarantorIsOfficial):
        await ask(books)

    await bar(books, from_day=TODAY - timedelta(days=9), until_day=TODAY)

    assert (await ask(books)).state is GuaranteeState.REQUESTED


@pytest.mark.parametrize(
    ("guarantor", "loans", "refusal"),
    [
        ("mbr_amina", [], GuarantorIsBorrower),
        ("mbr_mwangi", [a_loan("lon_9", "mbr_mwangi", 900, due=TODAY - timedelta(days=1))], GuarantorIsLate),
    ],
)
async def test_who_may_not_guarantee_is_read_from_the_books(
    books: Database, guarantor: str, loans: Sequence[Lent], refusal: type[Refusal]
) -> None:
    await lent(books, *loans)

    with pytest.raises(refusal):
        await ask(books, guarantor=guarantor)
    assert await of(books) == []


async def test_a_member_may_guarantee_four_loans(books: Database) -> None:
    for number in range(4):
        await ask(books, f"gua_{number}", kes(1_000), subject=f"app_{number}")
        await take(books, f"gua_{number}", kes(1_000))

    with pytest.raises(GuarantorHasTooMany):
        await ask(books, "gua_5", kes(1_000), subject="app_5")


async def test_a_guarantor_s_own_loan_uses_up_what_nobody_else_secures(books: Database) -> None:
    await lent(books, a_loan("lon_9", "mbr_mwangi", 40_000))
    assert await free_deposits(books) == kes(10_000)
    async with books.unit_of_work() as session:
        await ask_guarantor(
            session,
            guarantee_id="gua_9",
            subject="lon_9",
            borrower_id="mbr_mwangi",
            guarantor_id="mbr_otieno",
            amount=kes(50_000),
            policy=POLICY,
            now=NOW,
        )

    await take(books, "gua_9", kes(50_000), guarantor="mbr_otieno")

    assert await free_deposits(books) == kes(30_000)


async def test_a_member_without_deposits_has_none_to_give(books: Database) -> None:
    async with books.unit_of_work() as session:
        await a_member(session, "mbr_new")
        await guarantee_store.lock_deposits(session, "mbr_new")

    assert await free_deposits(books, "mbr_new") == kes(0)


async def paid_in(books: Database, member_id: str, kind: str, on: date, amount: Money) -> None:
    journal = postings.money_paid_in(
        key=f"{kind} {on} {member_id}",
        kind=kind,
        event_at=NOW,
        business_date=on,
        account=own_code(Gl.MEMBER_DEPOSITS, f"acc_{member_id}"),
        amount=amount,
    )
    async with books.unit_of_work() as session:
        await ledger.open_accounts(session, [terms for terms in CHART if terms.code == Gl.BANK])
        await ledger.post(session, [journal])


async def test_the_facts_of_a_limit_are_read_from_the_books(books: Database) -> None:
    await paid_in(books, "mbr_amina", "deposit_paid_in", date(2026, 3, 2), kes(2_000))
    await paid_in(books, "mbr_amina", "savings_interest", date(2026, 3, 3), kes(300))
    await paid_in(books, "mbr_amina", "deposit_paid_in", date(2025, 9, 11), kes(9_000))
    await paid_in(books, "mbr_amina", "deposit_paid_in", TODAY + timedelta(days=1), kes(4_000))
    loan = a_loan("lon_1", "mbr_amina", 40_000, due=TODAY - timedelta(days=2))
    await lent(books, loan, replace(a_loan("lon_2", "mbr_amina", 10), status="closed"))
    await ask(books, subject="lon_1")
    await take(books)

    async with books.reading() as session:
        facts = await eligibility_facts(
            session, "mbr_amina", TODAY, pay=Pay(kes(45_000), kes(22_000)), pledged=kes(5)
        )
        of_guarantor = await eligibility_facts(session, "mbr_mwangi", TODAY)

    assert facts.recent_deposits == (DepositMade(date(2026, 3, 2), kes(2_000)),)
    assert facts.loans == (CurrentLoan("development", kes(40_000), 2, LoanClass.WATCH, kes(12_000)),)
    assert (facts.deposits, facts.shares, facts.joined_on) == (kes(65_300), kes(0), date(2024, 1, 1))
    assert (facts.pay, facts.pledged) == (Pay(kes(45_000), kes(22_000)), kes(5))
    assert of_guarantor.guaranteed_for_others == kes(12_000)
    assert limit(facts, EMERGENCY_POLICY).binding.rule is LimitRule.BAD_LOAN


async def test_a_loan_that_a_renegotiation_holds_is_bad_though_nothing_is_late(books: Database) -> None:
    await lent(books, a_loan("lon_1", "mbr_amina", 40_000, due=TODAY + timedelta(days=9)))
    async with books.unit_of_work() as session:
        await session.execute("INSERT INTO loan_renegotiation VALUES ('lon_1', $1, 'doubtful')", TODAY)
        await standing_store.age_loans(session, on=TODAY)

    async with books.reading() as session:
        facts = await eligibility_facts(session, "mbr_amina", TODAY)

    assert [(loan.days_past_due, loan.loan_class) for loan in facts.loans] == [(0, LoanClass.DOUBTFUL)]


async def test_nothing_is_known_of_a_stranger(books: Database) -> None:
    async with books.reading() as session:
        with pytest.raises(UnknownMember):
            await eligibility_facts(session, "mbr_nobody", TODAY)
