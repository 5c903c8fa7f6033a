"""The end of a day: when it may come, that it comes once, and what it leaves."""

from datetime import date, datetime, timedelta

import pytest

from core import day_close
from core.clock import NAIROBI, business_date
from core.closing import store as record
from core.closing.model import StepName
from core.day_close import STEPS, Closing, close_day, close_missed
from core.db.engine import Database
from core.errors import DayNotOver, DayOutOfOrder
from core.ledger import balances
from core.ledger.trial_balance import trial_balance
from core.money import Currency, Money
from core.savings.service.accounts import set_goal
from tests.clock import StoppedClock
from tests.core.closing.books import everything

TODAY = date(2026, 3, 11)
DAY = timedelta(days=1)


def to_the_night_after(clock: StoppedClock, day: date) -> None:
    wanted = datetime(day.year, day.month, day.day, 1, 5, tzinfo=NAIROBI) + DAY
    clock.move(seconds=(wanted - clock.now()).total_seconds())


async def rows(database: Database, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    async with database.reading() as session:
        return [tuple(row) for row in await session.rows(sql, *parameters)]


@pytest.mark.parametrize("hour", [(10, 0), (23, 59), (24, 59), (25, 0)])
async def test_a_day_is_not_closed_before_its_last_payment_on_time_can_have_come(
    closing: Closing, clock: StoppedClock, hour: tuple[int, int]
) -> None:
    clock.move(hours=hour[0] - 10, minutes=hour[1])

    with pytest.raises(DayNotOver) as refused:
        await close_day(closing, on=TODAY)

    assert refused.value.closes_at == datetime(2026, 3, 12, 1, 0, tzinfo=NAIROBI)
    assert await rows(closing.database, "SELECT * FROM day_close_step") == []


async def test_days_are_closed_in_order(closing: Closing, clock: StoppedClock) -> None:
    to_the_night_after(clock, TODAY + 2 * DAY)

    with pytest.raises(DayOutOfOrder) as refused:
        await close_day(closing, on=TODAY + DAY)

    assert refused.value.expected == TODAY


async def test_missed_days_are_closed_one_after_the_other_and_then_none_is_left(
    closing: Closing, clock: StoppedClock
) -> None:
    to_the_night_after(clock, TODAY + 2 * DAY)

    closed = await close_missed(closing)

    assert closed == [TODAY, TODAY + DAY, TODAY + 2 * DAY]
    assert await close_missed(closing) == []
    async with closing.database.reading() as session:
        assert await record.last_finished(session) == TODAY + 2 * DAY
        latest = await record.latest(session, most=1)
    assert [step.step for step in latest[0].steps if step.finished_at is None] == []
    assert {step.step for step in latest[0].steps} == set(StepName)


async def test_missed_days_may_be_closed_up_to_one_of_them(closing: Closing, clock: StoppedClock) -> None:
    to_the_night_after(clock, TODAY + 2 * DAY)

    assert await close_missed(closing, through=TODAY) == [TODAY]
    assert await close_missed(closing, through=TODAY) == []
    with pytest.raises(DayNotOver):
        await close_missed(closing, through=TODAY + 3 * DAY)


async def test_books_that_were_never_closed_begin_with_the_latest_day(closing: Closing) -> None:
    async with closing.database.unit_of_work() as session:
        await session.execute("DELETE FROM day_close")

    assert await close_missed(closing) == [TODAY - DAY]


async def test_two_closes_of_a_day_are_one(closing: Closing, clock: StoppedClock) -> None:
    to_the_night_after(clock, TODAY)
    assert await close_day(closing, on=TODAY)
    before = await everything(closing.database)

    assert not await close_day(closing, on=TODAY)

    assert await everything(closing.database) == before


async def test_every_step_is_told_once_it_is_done(closing: Closing, clock: StoppedClock) -> None:
    to_the_night_after(clock, TODAY)
    told: list[tuple[StepName, int, int]] = []

    await close_day(closing, on=TODAY, tell=lambda *step: told.append(step))

    assert told == [(step.name, place, len(STEPS)) for place, step in enumerate(STEPS, 1)]
    assert [step.name for step in STEPS] == list(StepName)


async def test_the_books_balance_and_agree_after_each_of_forty_days(
    closing: Closing, clock: StoppedClock
) -> None:
    for n in range(40):
        day = TODAY + n * DAY
        to_the_night_after(clock, day)
        await close_day(closing, on=day)
        async with closing.database.reading() as session:
            debit, credit = (await trial_balance(session, day)).totals(Currency.KES)
        assert debit == credit

    async with closing.database.reading() as session:
        assert await balances.differences(session) == []
    assert await rows(
        closing.database,
        """SELECT count(*) FROM instalment i JOIN loan l ON l.id = i.loan_id
            WHERE l.status = 'active' AND i.due_on <= $1 AND i.interest_recognised < i.interest""",
        TODAY + 39 * DAY,
    ) == [(0,)]


async def test_interest_is_one_journal_a_product_and_account_and_ties_with_the_rows(
    closing: Closing, clock: StoppedClock
) -> None:
    before = await rows(closing.database, "SELECT sum(interest_recognised) FROM instalment")
    to_the_night_after(clock, TODAY)

    await close_day(closing, on=TODAY)

    after = await rows(closing.database, "SELECT sum(interest_recognised) FROM instalment")
    booked = await rows(
        closing.database,
        """SELECT sum(e.amount)::bigint FROM journal j JOIN entry e ON e.journal_id = j.id AND e.side = 'D'
            WHERE j.kind = 'interest_accrual' AND j.key NOT LIKE '%suspense%' AND j.business_date = $1""",
        TODAY,
    )
    assert after[0][0] - before[0][0] == booked[0][0]  # type: ignore[operator]  # sums of bigint
    assert booked[0][0]


async def test_a_loan_forty_days_late_is_classed_provided_for_suspended_and_penalised(
    closing: Closing, clock: StoppedClock
) -> None:
    to_the_night_after(clock, TODAY)

    await close_day(closing, on=TODAY)

    [(loan_id, loan_class)] = await rows(
        closing.database, "SELECT loan_id, loan_class FROM loan_standing WHERE days_past_due = 40"
    )
    assert loan_class == "substandard"
    kinds = {kind for (kind,) in await rows(closing.database, "SELECT DISTINCT kind FROM journal")}
    assert {"interest_accrual", "loan_provision", "loan_loss_reserve", "loan_penalties"} <= kinds
    penalties = await rows(
        closing.database,
        "SELECT e.body ->> 'portion', e.amount FROM loan_event e WHERE loan_id = $1 AND kind = 'charge_added'",
        loan_id,
    )
    assert {portion for portion, _ in penalties} == {"penalty"}
    assert await rows(
        closing.database, "SELECT sum(penalties)::bigint FROM instalment WHERE loan_id = $1", loan_id
    ) == [(sum(amount for _, amount in penalties),)]  # type: ignore[misc]  # a column of bigint


async def test_a_sweep_pays_what_is_due_from_the_transaction_account_within_the_day(
    closing: Closing, clock: StoppedClock
) -> None:
    due_on = TODAY + 5 * DAY
    for n in range(6):
        to_the_night_after(clock, TODAY + n * DAY)
        await close_day(closing, on=TODAY + n * DAY)

    swept = await rows(
        closing.database,
        """SELECT e.entered_on, e.event_at FROM loan_event e
            WHERE e.kind = 'payment' AND e.actor = 'day close' AND e.entered_on = $1""",
        due_on,
    )

    assert swept
    assert {business_date(event_at) for _, event_at in swept} == {due_on}  # type: ignore[arg-type]  # a moment
    assert await rows(
        closing.database,
        """SELECT count(*) FROM loan_standing s JOIN loan_event e ON e.loan_id = s.loan_id
            WHERE e.actor = 'day close' AND e.kind = 'payment' AND e.entered_on = $1 AND s.days_past_due > 0""",
        due_on,
    ) == [(0,)]


async def test_members_are_reminded_three_days_before_in_the_morning(
    closing: Closing, clock: StoppedClock
) -> None:
    to_the_night_after(clock, TODAY + DAY)

    await close_missed(closing)

    reminders = await rows(
        closing.database,
        """SELECT n.facts ->> 'on', o.run_at FROM notice n JOIN outbox o ON o.key = 'notice:' || n.id
            WHERE n.kind = 'instalment_coming'""",
    )
    assert ("2026-03-16", datetime(2026, 3, 13, 8, 0, tzinfo=NAIROBI)) in reminders


async def test_a_morning_that_is_over_is_not_reminded_of(closing: Closing, clock: StoppedClock) -> None:
    to_the_night_after(clock, TODAY + 20 * DAY)

    await close_missed(closing)

    late = await rows(closing.database, "SELECT min(created_at) FROM notice WHERE kind LIKE 'instalment%'")
    assert late[0][0] is None or late[0][0] >= clock.now() - 2 * DAY  # type: ignore[operator]  # a moment


def test_the_latest_day_that_is_over_is_yesterday_only_after_its_grace() -> None:
    def last(hour: int, minute: int) -> date:
        return day_close.last_over(datetime(2026, 3, 11, hour, minute, tzinfo=NAIROBI))

    assert last(0, 30) == last(1, 0) == date(2026, 3, 9)
    assert last(1, 1) == last(23, 0) == date(2026, 3, 10)


async def test_who_reached_their_goal_hears_it_once(closing: Closing, clock: StoppedClock) -> None:
    async with closing.database.unit_of_work() as session:
        row = await session.row("SELECT id, member_id FROM savings_account WHERE product = 'savings' LIMIT 1")
        assert row is not None
        await set_goal(
            session,
            account_id=row["id"],
            member_id=row["member_id"],
            target=Money(100),
            target_on=TODAY + 30 * DAY,
            now=clock.now(),
        )
    to_the_night_after(clock, TODAY + DAY)

    await close_missed(closing)

    assert await rows(closing.database, "SELECT member_id FROM notice WHERE kind = 'goal_reached'") == [
        (row["member_id"],)
    ]


async def test_the_calendar_s_last_day_is_not_over_either(closing: Closing) -> None:
    for close in (close_missed(closing, through=date.max), close_day(closing, on=date.max)):
        with pytest.raises(DayNotOver):
            await close
