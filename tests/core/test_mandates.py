"""Is a member asked on the days they agreed to, once each, and never outside decent hours?"""

from datetime import date, timedelta
from typing import Any

import pytest

from core.errors import ContradictoryMandate, MandateEnded, Refusal, UnknownMandate
from core.mandates import service, store
from core.mandates.model import Mandate, MandateStatus, MandateTerms, Rhythm, next_collection
from core.money import Money
from core.payments.model import PaymentState, Purpose
from core.savings.model import SavingsProduct
from imarisha.institution import AMINA, CHEBET
from tests.test_money_in import account, member
from tests.world import World

DAY = date(2026, 3, 11)
"""Today, a Wednesday."""


def terms(rhythm: Rhythm = Rhythm.WEEKLY, **said: Any) -> MandateTerms:
    fields: dict[str, Any] = {
        "purpose": Purpose.SAVINGS,
        "subject": "acc_1",
        "amount": Money(20_000),
        "rhythm": rhythm,
        "starts_on": DAY,
        **said,
    }
    return MandateTerms(**fields)


@pytest.mark.parametrize(
    ("rhythm", "after", "day"),
    [
        (Rhythm.ONCE, DAY - timedelta(days=1), DAY),
        (Rhythm.ONCE, DAY, None),
        (Rhythm.WEEKLY, DAY, date(2026, 3, 18)),
        (Rhythm.WEEKLY, date(2026, 3, 30), date(2026, 4, 1)),
        (Rhythm.MONTHLY, DAY, date(2026, 4, 11)),
    ],
)
def test_the_days_follow_the_rhythm(rhythm: Rhythm, after: date, day: date | None) -> None:
    assert next_collection(terms(rhythm), after) == day


def test_after_its_last_day_there_is_none() -> None:
    assert next_collection(terms(ends_on=date(2026, 3, 17)), DAY) is None


@pytest.mark.parametrize("said", [{"amount": None}, {"ends_on": DAY - timedelta(days=1)}])
def test_terms_that_don_t_fit_together_are_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ContradictoryMandate):
        terms(**said)


async def give(world: World, phone: str, agreed: MandateTerms) -> Mandate:
    who = await member(world, phone)
    async with world.system.database.unit_of_work() as session:
        return await service.give(
            session,
            mandate_id=world.system.ids.new("mnd"),
            member=who,
            terms=agreed,
            by="stf_test",
            now=world.clock.now(),
        )


async def stands(world: World, mandate: Mandate) -> Mandate:
    async with world.system.database.reading() as session:
        [found] = await store.of_member(session, mandate.member_id)
    return found


async def weekly_savings(world: World, **said: Any) -> Mandate:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    return await give(world, AMINA.phone, terms(subject=own.account_id, **said))


async def test_a_mandate_collects_once_on_its_day_and_tells_who_asks(world: World) -> None:
    mandate = await weekly_savings(world)

    await world.pass_time(seconds=10)
    await world.pass_time(seconds=10)
    await world.approve(AMINA.phone)

    [payment] = await world.payments()
    assert (payment.state, payment.amount) == (PaymentState.CONFIRMED, Money(20_000))
    assert (await stands(world, mandate)).next_on == date(2026, 3, 18)
    assert "enter your M-Pesa PIN" in (await world.messages(AMINA.phone))[0]
    await world.pass_time(days=7)
    assert len(await world.payments()) == 2


async def test_nobody_is_asked_at_night_or_on_sunday(world: World) -> None:
    await weekly_savings(world, starts_on=date(2026, 3, 15))

    await world.pass_time(days=4)
    assert await world.count("payment") == 0
    await world.pass_time(hours=13)
    assert await world.count("payment") == 0
    await world.pass_time(hours=11)
    assert await world.count("payment") == 1


async def test_a_prompt_that_fails_is_not_repeated_and_the_member_reads_how_to_pay(world: World) -> None:
    await weekly_savings(world)
    await world.pass_time(seconds=10)

    await world.answer_prompt(AMINA.phone, "decline")
    await world.pass_time(minutes=10)

    assert len(await world.payments()) == 1
    assert "did not go through" in (await world.messages(AMINA.phone))[-1]


async def test_what_is_due_on_a_loan_is_collected_and_nothing_where_nothing_is_due(world: World) -> None:
    async with world.system.database.reading() as session:
        rows = await session.rows(
            "SELECT l.id, m.phone FROM loan l JOIN member m ON m.id = l.member_id WHERE m.phone = ANY($1::text[])",
            [AMINA.phone, CHEBET.phone],
        )
    loans = {row["phone"]: row["id"] for row in rows}
    for phone in (AMINA.phone, CHEBET.phone):
        agreed = terms(purpose=Purpose.LOAN_REPAYMENT, subject=loans[phone], amount=None)
        await give(world, phone, agreed)

    await world.pass_time(seconds=10)

    [payment] = await world.payments()
    assert payment.subject == loans[CHEBET.phone]
    assert await world.count("mandate_run") == 2


async def test_a_busy_phone_is_waited_for(world: World) -> None:
    await weekly_savings(world)
    await weekly_savings(world)

    await world.pass_time(seconds=10)
    assert await world.count("payment") == 1
    await world.answer_prompt(AMINA.phone, "decline")
    await world.pass_time(minutes=6)

    assert await world.count("payment") == 2


async def test_a_mandate_for_what_is_gone_goes_on_to_its_next_day_without_asking(world: World) -> None:
    mandate = await weekly_savings(world)
    async with world.system.database.unit_of_work() as session:
        await session.execute(
            "UPDATE savings_account SET status = 'closed', closed_on = opened_on WHERE id = $1",
            mandate.terms.subject,
        )

    await world.pass_time(seconds=10)

    assert await world.count("payment") == 0
    assert (await stands(world, mandate)).next_on == date(2026, 3, 18)


async def test_a_mandate_for_a_loan_that_is_gone_ends(world: World) -> None:
    async with world.system.database.reading() as session:
        row = await session.row(
            "SELECT l.id FROM loan l JOIN member m ON m.id = l.member_id WHERE m.phone = $1", CHEBET.phone
        )
    assert row is not None
    agreed = terms(purpose=Purpose.LOAN_REPAYMENT, subject=row["id"], amount=None)
    mandate = await give(world, CHEBET.phone, agreed)
    async with world.system.database.unit_of_work() as session:
        await session.execute(
            "UPDATE loan SET status = 'closed', ended_on = $2 WHERE id = $1", row["id"], DAY
        )

    await world.pass_time(seconds=10)

    assert (await stands(world, mandate)).status is MandateStatus.ENDED


async def test_days_that_were_missed_are_passed_over(world: World) -> None:
    mandate = await weekly_savings(world)

    await world.pass_time(days=16)

    assert await world.count("payment") == 1
    assert (await stands(world, mandate)).next_on == date(2026, 4, 1)


async def change(world: World, mandate_id: str, to: MandateStatus) -> Mandate:
    async with world.system.database.unit_of_work() as session:
        return await service.change(session, mandate_id, to, by="stf_test", now=world.clock.now())


async def test_a_paused_mandate_asks_nobody_until_it_goes_on(world: World) -> None:
    mandate = await weekly_savings(world)
    await change(world, mandate.mandate_id, MandateStatus.PAUSED)
    await world.pass_time(days=8)
    assert await world.count("payment") == 0

    resumed = await change(world, mandate.mandate_id, MandateStatus.ACTIVE)

    assert resumed.next_on == date(2026, 3, 25)


async def test_what_has_ended_stays_ended(world: World) -> None:
    mandate = await weekly_savings(world)
    await change(world, mandate.mandate_id, MandateStatus.ENDED)

    with pytest.raises(MandateEnded):
        await change(world, mandate.mandate_id, MandateStatus.ACTIVE)
    with pytest.raises(UnknownMandate):
        await change(world, "mnd_nothing", MandateStatus.ACTIVE)
    await world.pass_time(seconds=10)
    assert await world.count("payment") == 0


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"starts_on": DAY - timedelta(days=1)}, ContradictoryMandate),
        ({"purpose": Purpose.LOAN_REPAYMENT, "subject": "lon_nobody", "amount": None}, ContradictoryMandate),
    ],
)
async def test_a_mandate_for_nothing_of_theirs_is_refused(
    world: World, said: dict[str, Any], refusal: type[Refusal]
) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)

    with pytest.raises(refusal):
        await give(world, AMINA.phone, terms(**({"subject": own.account_id} | said)))

    assert await world.count("payment_mandate") == 0
