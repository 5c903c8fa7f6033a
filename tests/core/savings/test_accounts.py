"""Are accounts opened once, woken, named after a goal, and closed only when everything is settled?"""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from core.errors import (
    AccountExists,
    AccountNotEmpty,
    AccountNotOpen,
    ContradictorySavingsTerms,
    IdempotencyConflict,
    InvalidAmount,
    NotWithdrawable,
    UnknownMember,
    UnknownSavingsAccount,
)
from core.ledger.chart import Gl
from core.money import Money
from core.savings import interest_store, store
from core.savings.interest_terms import InterestTerms
from core.savings.model import Account, AccountStatus, SavingsProduct
from core.savings.products import USUAL_PRODUCTS, Catalogue, ProductTerms
from core.savings.service import accounts
from tests.core.savings.branch import Branch, noon

TODAY = date(2026, 3, 11)
NOW = noon(TODAY)


@pytest.fixture
async def saved(branch: Branch) -> Branch:
    amina = await branch.member("amina")
    await branch.account("acc_a", amina, holding="1,000.00")
    return branch


async def open_one(
    branch: Branch, product: SavingsProduct, account_id: str = "acc_n", member: str = "mbr_amina"
) -> Account:
    async with branch.database.unit_of_work() as session:
        return await accounts.open_account(
            session, account_id=account_id, member_id=member, product=product, now=NOW, name="School"
        )


async def close(branch: Branch, account_id: str, pay_to: str, products: Catalogue = USUAL_PRODUCTS) -> Money:
    async with branch.database.unit_of_work() as session:
        return await accounts.close_account(
            session,
            account_id=account_id,
            member_id="mbr_amina",
            pay_to=pay_to,
            by="staff",
            now=NOW,
            products=products,
        )


async def test_a_member_may_have_several_goals_and_one_savings_account(saved: Branch) -> None:
    first = await open_one(saved, SavingsProduct.GOAL)
    again = await open_one(saved, SavingsProduct.GOAL)
    await open_one(saved, SavingsProduct.GOAL, "acc_m")

    assert first == again
    assert (first.name, str(first.balance)) == ("School", "0.00")
    with pytest.raises(AccountExists):
        await open_one(saved, SavingsProduct.SAVINGS, "acc_s")
    with pytest.raises(IdempotencyConflict):
        await open_one(saved, SavingsProduct.HOLIDAY)
    async with saved.database.reading() as session:
        own = await store.of_member(session, "mbr_amina")
    assert [account.account_id for account in own] == ["acc_a", "acc_m", "acc_n"]


@pytest.mark.parametrize(
    ("product", "account_id", "member", "refusal"),
    [
        (SavingsProduct.FIXED_DEPOSIT, "acc_n", "mbr_amina", ContradictorySavingsTerms),
        (SavingsProduct.GOAL, "acc_n", "mbr_nobody", UnknownMember),
        (SavingsProduct.GOAL, "acc_a", "mbr_nobody", UnknownSavingsAccount),
    ],
)
async def test_an_account_that_can_not_be_is_not_opened(
    saved: Branch, product: SavingsProduct, account_id: str, member: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await open_one(saved, product, account_id, member)


async def test_a_goal_shows_how_far_it_is_and_is_celebrated_once(saved: Branch) -> None:
    await open_one(saved, SavingsProduct.GOAL)
    async with saved.database.unit_of_work() as session:
        standing = await accounts.set_goal(
            session,
            account_id="acc_n",
            member_id="mbr_amina",
            target=Money.parse("9,000.00"),
            target_on=date(2026, 12, 11),
            now=NOW,
        )
    await saved.pay_in("acc_n", "2,250.00", on=TODAY)
    async with saved.database.unit_of_work() as session:
        later = await accounts.goal_standing(session, account_id="acc_n", on=TODAY)
        assert await accounts.congratulate(session, ids=saved.ids, now=NOW) == 0
    await saved.pay_in("acc_n", "6,750.00", on=TODAY)
    async with saved.database.unit_of_work() as session:
        assert await accounts.congratulate(session, ids=saved.ids, now=NOW) == 1
        assert await accounts.congratulate(session, ids=saved.ids, now=NOW) == 0

    assert str(standing.monthly_needed) == "1,000.00"
    assert later is not None
    assert (later.percent, str(later.missing), later.is_reached) == (25, "6,750.00", False)
    assert await saved.notices() == [("mbr_amina", "goal_reached")]
    async with saved.database.reading() as session:
        assert await accounts.goal_standing(session, account_id="acc_a", on=TODAY) is None


@pytest.mark.parametrize(
    ("account_id", "target", "target_on", "refusal"),
    [
        ("acc_a", Money(0), TODAY + timedelta(days=1), InvalidAmount),
        ("acc_a", Money(1), TODAY, ContradictorySavingsTerms),
        ("acc_x", Money(1), TODAY + timedelta(days=1), UnknownSavingsAccount),
    ],
)
async def test_a_goal_that_can_not_be_is_refused(
    saved: Branch, account_id: str, target: Money, target_on: date, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        async with saved.database.unit_of_work() as session:
            await accounts.set_goal(
                session,
                account_id=account_id,
                member_id="mbr_amina",
                target=target,
                target_on=target_on,
                now=NOW,
            )


async def test_closing_pays_what_was_earned_and_moves_everything(saved: Branch) -> None:
    await saved.account("acc_f", "mbr_amina", SavingsProduct.FOSA)
    terms = ProductTerms(
        SavingsProduct.SAVINGS, InterestTerms(), percent=Fraction("36.5"), minimum_balance=500_00
    )
    products = USUAL_PRODUCTS.with_terms(terms)
    async with saved.database.unit_of_work() as session:
        await store.set_floor(session, "acc_a", 500_00)

    moved = await close(saved, "acc_a", "acc_f", products)

    # 69 days from 1 January at 1.00 a day, less 5 % tax.
    assert str(moved) == "1,065.55"
    assert await saved.balance("acc_f") == "1,065.55"
    closed = await saved.find("acc_a")
    async with saved.database.reading() as session:
        product = SavingsProduct.SAVINGS
        assert await store.ledger_code(session, member_id="mbr_amina", product=product) is None
    assert (closed.status, str(closed.balance)) == (AccountStatus.CLOSED, "0.00")
    async with saved.database.reading() as session:
        [row] = await interest_store.postings_of(session, "acc_a")
        assert [own.account_id for own in await store.of_member(session, "mbr_amina")] == ["acc_f"]
    assert (row.end, row.interest, row.tax) == (TODAY, 69_00, 3_45)
    await saved.assert_books_agree()
    with pytest.raises(AccountNotOpen):
        await close(saved, "acc_a", "acc_f", products)


async def test_an_account_closed_on_its_first_day_or_empty_moves_nothing(saved: Branch) -> None:
    await open_one(saved, SavingsProduct.GOAL)

    assert not await close(saved, "acc_n", "acc_a")


@pytest.mark.parametrize(
    ("account_id", "pay_to", "refusal"),
    [
        ("acc_a", "acc_a", AccountNotEmpty),
        ("acc_a", "acc_nobody", UnknownSavingsAccount),
        ("acc_d", "acc_a", NotWithdrawable),
    ],
)
async def test_an_account_that_may_not_be_closed_stays(
    saved: Branch, account_id: str, pay_to: str, refusal: type[Exception]
) -> None:
    await saved.account("acc_d", "mbr_amina", SavingsProduct.DEPOSITS, holding="1.00")

    with pytest.raises(refusal):
        await close(saved, account_id, pay_to)

    assert (await saved.find(account_id)).status is AccountStatus.ACTIVE


async def test_what_is_overdrawn_is_paid_before_the_account_is_closed(saved: Branch) -> None:
    terms = ProductTerms(SavingsProduct.FOSA, None, overdraft_limit=100_00)
    products = USUAL_PRODUCTS.with_terms(terms)
    await saved.account("acc_f", "mbr_amina", SavingsProduct.FOSA, products=products)
    await saved.pay_out("acc_f", "60.00", on=TODAY)

    with pytest.raises(AccountNotEmpty):
        await close(saved, "acc_f", "acc_a", products)


async def test_what_the_overdraft_cost_is_paid_before_the_account_is_closed(saved: Branch) -> None:
    terms = ProductTerms(
        SavingsProduct.GOAL, InterestTerms(), overdraft_percent=Fraction(73), overdraft_limit=1_000_00
    )
    products = USUAL_PRODUCTS.with_terms(terms)
    await saved.account("acc_g", "mbr_amina", SavingsProduct.GOAL, on=date(2026, 3, 1), products=products)
    await saved.pay_out("acc_g", "500.00", on=date(2026, 3, 1))
    await saved.pay_in("acc_g", "509.99", on=TODAY)

    with pytest.raises(AccountNotEmpty):
        await close(saved, "acc_g", "acc_a", products)
    await saved.pay_in("acc_g", "90.01", on=TODAY)
    moved = await close(saved, "acc_g", "acc_a", products)

    # Ten days at 0.2 % a day of 500.00.
    assert str(moved) == "90.00"
    assert await saved.in_books(Gl.INTEREST_INCOME) == "10.00"
    async with saved.database.reading() as session:
        [row] = await interest_store.postings_of(session, "acc_g")
    assert (row.end, row.interest, row.overdraft, row.overdraft_let_go) == (TODAY, 0, 10_00, 0)
    await saved.assert_books_agree()


async def test_deposits_are_refunded_when_the_notice_is_over(saved: Branch) -> None:
    await saved.account("acc_d", "mbr_amina", SavingsProduct.DEPOSITS, holding="5,000.00")

    async def leave(asked_on: date) -> Money:
        async with saved.database.unit_of_work() as session:
            return await accounts.leave_deposits(
                session,
                account_id="acc_d",
                member_id="mbr_amina",
                pay_to="acc_a",
                asked_on=asked_on,
                by="staff",
                now=NOW,
            )

    with pytest.raises(NotWithdrawable) as early:
        await leave(TODAY - timedelta(days=59))
    refunded = await leave(TODAY - timedelta(days=60))

    assert early.value.until == TODAY + timedelta(days=1)
    assert str(refunded) == "5,000.00"
    assert await saved.balance("acc_a") == "6,000.00"
    assert await saved.in_books(Gl.MEMBER_DEPOSITS) == "0.00"


async def test_a_sleeping_account_is_woken_and_used_again(saved: Branch) -> None:
    async with saved.database.unit_of_work() as session:
        await store.set_status(session, "acc_a", AccountStatus.DORMANT)

    for _ in range(2):
        async with saved.database.unit_of_work() as session:
            woken = await accounts.wake_account(
                session, account_id="acc_a", member_id="mbr_amina", by="mbr_amina", now=NOW
            )

    assert woken.status is AccountStatus.ACTIVE
    async with saved.database.reading() as session:
        row = await session.row("SELECT quiet_check_on FROM savings_account WHERE id = 'acc_a'")
    assert row is not None
    assert row["quiet_check_on"] == date(2026, 12, 11)


async def test_a_closed_account_is_not_woken(saved: Branch) -> None:
    await saved.account("acc_f", "mbr_amina", SavingsProduct.FOSA)
    await close(saved, "acc_a", "acc_f")

    with pytest.raises(AccountNotOpen):
        async with saved.database.unit_of_work() as session:
            await accounts.wake_account(
                session, account_id="acc_a", member_id="mbr_amina", by="staff", now=NOW
            )
