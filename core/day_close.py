"""What happens at the end of a business day, and in which order? Steps that are safe to run again, each set-based.

A day is closed when its last payments on time can have come: after the cut-off and the longest grace (the "60-minute
rule"). Days are closed in order. Each step works in one transaction, or in several with a cursor that is kept with
them, so a close that is killed goes on where it stopped and what it left is the same. All that a close does for a day
carries the day's last second as its event time, whenever it really runs.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from core.clock import NAIROBI, Clock
from core.closing import store as record
from core.closing.model import StepName
from core.db.engine import Database, ReadSession, WriteSession
from core.errors import DayNotOver, DayOutOfOrder
from core.ids import Ids
from core.ledger import balances
from core.lending import day_end, reminders
from core.lending.applications.answer_guarantee import expire_guarantees
from core.lending.applications.leave_off import expire_applications
from core.lending.policies import POLICIES, LendingPolicy
from core.savings.ports import LoanRepayer
from core.savings.service.accounts import congratulate
from core.savings.service.dormancy import mark_quiet_accounts
from core.savings.service.holds import release_expired_holds
from core.savings.service.interest import accrue_interest as accrue_savings_interest
from core.savings.service.interest import post_interest
from core.savings.service.maturities import mature_terms
from core.savings.service.order_runs import run_due_orders
from core.savings.service.sweeps import sweep_instalments
from core.shares import distribution, dividend_store

_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Closing:
    """What a close works with. Without `loans`, nothing is taken from savings for loans."""

    database: Database
    clock: Clock
    ids: Ids
    loans: LoanRepayer | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The day that is closed, as its steps see it."""

    on: date
    now: datetime
    """The real time."""
    ids: Ids
    loans: LoanRepayer | None = None

    @property
    def at(self) -> datetime:
        """When, in the books, all happens that a close does: within the day."""
        return datetime.combine(self.on, _LAST_SECOND, NAIROBI)

    @property
    def next_begins(self) -> datetime:
        return datetime.combine(self.on + _DAY, time.min, NAIROBI)

    @property
    def ends_month(self) -> bool:
        return (self.on + _DAY).day == 1


@dataclass(frozen=True, slots=True)
class Part:
    """What one transaction of a step did, and behind what the next one goes on; None when the step is done."""

    done: int
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a day's end. `work` gets the cursor that the part before it left, at first an empty one."""

    name: StepName
    work: Callable[[WriteSession, Day, str], Awaitable[Part]]


Tell = Callable[[StepName, int, int], None]
"""Is told of each step that is done: its name, how many are done by now, and how many there are."""


async def _interest(session: WriteSession, day: Day, _: str) -> Part:
    return Part(await day_end.accrue_interest(session, on=day.on, at=day.at))


async def _fees(session: WriteSession, day: Day, _: str) -> Part:
    return Part(await day_end.recognise_fees(session, on=day.on, at=day.at))


async def _sweeps(session: WriteSession, day: Day, cursor: str) -> Part:
    if day.loans is None:
        return Part(0)
    last = await sweep_instalments(session, on=day.on, now=day.at, loans=day.loans, after=cursor)
    return Part(0 if last is None else 1, last)


async def _term_deposits(session: WriteSession, day: Day, _: str) -> Part:
    return _until_none(await mature_terms(session, ids=day.ids, on=day.on, now=day.at))


async def _dividends(session: WriteSession, day: Day, _: str) -> Part:
    year = await dividend_store.year_to_pay(session, on=day.on)
    if year is None:
        return Part(0)
    return _until_none(
        await distribution.pay_members(session, ids=day.ids, year=year, now=day.at, loans=day.loans)
    )


async def _standing_orders(session: WriteSession, day: Day, _: str) -> Part:
    return _until_none(await run_due_orders(session, ids=day.ids, on=day.on, now=day.at, loans=day.loans))


async def _arrears(session: WriteSession, day: Day, _: str) -> Part:
    return Part(await day_end.age_loans(session, on=day.on))


async def _suspense(session: WriteSession, day: Day, _: str) -> Part:
    return Part(await day_end.suspend_interest(session, on=day.on, at=day.at))


async def _provisions(session: WriteSession, day: Day, _: str) -> Part:
    return Part(await day_end.provide_for_losses(session, on=day.on, at=day.at))


async def _penalties(session: WriteSession, day: Day, _: str) -> Part:
    return Part(await day_end.charge_penalties(session, on=day.on, at=day.next_begins))


async def _savings_interest(session: WriteSession, day: Day, _: str) -> Part:
    return _until_none(await post_interest(session, on=day.on, now=day.at))


async def _goals(session: WriteSession, day: Day, _: str) -> Part:
    return _until_none(await congratulate(session, ids=day.ids, now=day.at))


async def _dormancy(session: WriteSession, day: Day, _: str) -> Part:
    return _until_none(await mark_quiet_accounts(session, ids=day.ids, on=day.on, now=day.at))


async def _holds(session: WriteSession, day: Day, _: str) -> Part:
    return _until_none(await release_expired_holds(session, on=day.on, now=day.at))


async def _guarantees(session: WriteSession, day: Day, _: str) -> Part:
    unanswered = await expire_guarantees(session, day.ids, now=day.at)
    lapsed = await expire_applications(session, day.ids, now=day.at)
    return Part(unanswered + lapsed, "" if lapsed else None)


async def _promises(session: WriteSession, day: Day, _: str) -> Part:
    return Part(await reminders.tell_of_broken_promises(session, ids=day.ids, on=day.on, at=day.at))


async def _reminders(session: WriteSession, day: Day, _: str) -> Part:
    return Part(await reminders.remind(session, ids=day.ids, on=day.on + _DAY, now=day.now, at=day.at))


async def _month_end(session: WriteSession, day: Day, _: str) -> Part:
    if not day.ends_month:
        return Part(0)
    return Part(await accrue_savings_interest(session, on=day.on, now=day.at))


async def _snapshots(session: WriteSession, _day: Day, _: str) -> Part:
    return Part(await balances.advance_snapshots(session))


def _until_none(done: int) -> Part:
    """A use case that takes so many at a time is asked again until it finds none."""
    return Part(done, "" if done else None)


STEPS: tuple[Step, ...] = (
    # Money first, so that the day's arrears are those of who still owes.
    Step(StepName.TERM_DEPOSITS, _term_deposits),
    Step(StepName.DIVIDENDS, _dividends),
    Step(StepName.STANDING_ORDERS, _standing_orders),
    Step(StepName.INTEREST, _interest),
    Step(StepName.FEES, _fees),
    Step(StepName.SWEEPS, _sweeps),
    # Then how loans stand, and what follows from it.
    Step(StepName.ARREARS, _arrears),
    Step(StepName.SUSPENSE, _suspense),
    Step(StepName.PROVISIONS, _provisions),
    Step(StepName.PENALTIES, _penalties),
    # Savings, after everything of the day was moved.
    Step(StepName.SAVINGS_INTEREST, _savings_interest),
    Step(StepName.GOALS, _goals),
    Step(StepName.DORMANCY, _dormancy),
    Step(StepName.HOLDS, _holds),
    Step(StepName.GUARANTEES, _guarantees),
    # What people hear in the morning.
    Step(StepName.PROMISES, _promises),
    Step(StepName.REMINDERS, _reminders),
    Step(StepName.MONTH_END, _month_end),
    Step(StepName.SNAPSHOTS, _snapshots),
)


def closes_at(on: date, policies: Mapping[str, LendingPolicy] = POLICIES) -> datetime:
    """From when a day may be closed: after its cut-off and the longest grace of any product.

    The calendar's last day has none after it, so it is taken for the one before.
    """
    day = min(on, date.max - _DAY)
    midnight = datetime.combine(day + _DAY, time.min, NAIROBI)
    return max([midnight, *(policy.arrears.cut_off.deadline(day) for policy in policies.values())])


def last_over(now: datetime, policies: Mapping[str, LendingPolicy] = POLICIES) -> date:
    """The latest day that may be closed."""
    day = now.astimezone(NAIROBI).date() - _DAY
    return day if closes_at(day, policies) < now else day - _DAY


async def begin_books(session: WriteSession, on: date, *, at: datetime) -> None:
    """The books begin on a day: everything before it counts as closed."""
    await record.begin(session, on - _DAY, at=at)
    await record.finish(session, on - _DAY, at=at)


async def days_to_close(session: ReadSession, now: datetime) -> Sequence[date]:
    """The days that are over and not closed, in order; the latest alone where none was ever closed."""
    latest = last_over(now)
    closed = await record.last_finished(session)
    first = latest if closed is None else closed + _DAY
    return [first + n * _DAY for n in range((latest - first).days + 1)]


async def missed_days(closing: Closing, *, through: date | None = None) -> Sequence[date]:
    """The days to be closed now, in order, up to `through` where it is given.

    Raises DayNotOver for a `through` that isn't over.
    """
    now = closing.clock.now()
    if through is not None and closes_at(through) >= now:
        raise DayNotOver(business_date=through, closes_at=closes_at(through))
    async with closing.database.reading() as session:
        if through is not None and await record.last_finished(session) is None:
            return [through]
        days = await days_to_close(session, now)
    return [day for day in days if through is None or day <= through]


async def close_missed(closing: Closing, *, through: date | None = None) -> list[date]:
    """Close every day that is over and not closed, in order; those closed now. Raises as `missed_days` does."""
    return [day for day in await missed_days(closing, through=through) if await close_day(closing, on=day)]


async def close_day(closing: Closing, *, on: date, tell: Tell | None = None) -> bool:
    """Do what is left of a day's end; False where nothing was. Two at once share the work.

    Raises DayNotOver, and DayOutOfOrder where a day before it isn't closed.
    """
    now = closing.clock.now()
    if closes_at(on) >= now:
        raise DayNotOver(business_date=on, closes_at=closes_at(on))
    async with closing.database.unit_of_work() as session:
        await record.hold(session)
        closed = await record.last_finished(session)
        if closed is not None and closed >= on:
            return False
        if closed is not None and closed + _DAY != on:
            raise DayOutOfOrder(asked=on, expected=closed + _DAY)
        await record.begin(session, on, at=now)
    day = Day(on, now, closing.ids, closing.loans)
    for place, step in enumerate(STEPS, 1):
        while not await _part(closing, day, step):
            pass
        if tell is not None:
            tell(step.name, place, len(STEPS))
    async with closing.database.unit_of_work() as session:
        await record.hold(session)
        return await record.finish(session, on, at=closing.clock.now())


async def _part(closing: Closing, day: Day, step: Step) -> bool:
    """Do a part of a step in one transaction with its place in the record; True once the step is done."""
    async with closing.database.unit_of_work() as session:
        await record.hold(session)
        state = await record.step(session, day.on, step.name, at=day.now)
        if state.finished_at is not None:
            return True
        part = await step.work(session, replace(day, now=closing.clock.now()), state.cursor)
        is_done = part.cursor is None
        await record.note(
            session,
            day.on,
            step.name,
            done=part.done,
            cursor=part.cursor or "",
            finished_at=closing.clock.now() if is_done else None,
        )
    return is_done
