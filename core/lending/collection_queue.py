"""Whom do we call today, and what do we say? The collection queue, promises to pay, and the hours of contact; pure.

The queue's priority, stated so that staff can check it: broken promises before all others, then loans that nobody
promised anything for, then promises not yet due; within each the later loan first, then the larger overdue amount.
Kenya's law names no hours of contact; ours are 08:00 to 18:00, Monday to Saturday, one reminder a day at most.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum

from core.clock import NAIROBI
from core.errors import InvalidPromise
from core.lending.classification import LoanClass
from core.money import Money

_SUNDAY = 6


class PromiseState(StrEnum):
    """What became of a promise to pay."""

    OPEN = "open"
    """Its day has not passed and it is not paid yet."""

    KEPT = "kept"
    """As much as was promised was paid by the day."""

    BROKEN = "broken"
    """Its day passed without it."""


@dataclass(frozen=True, slots=True)
class PromiseToPay:
    """What a member promised to pay by a day, and what they have paid from the day of promising up to that day."""

    promised_on: date
    due_on: date
    amount: Money
    paid: Money

    def state(self, on: date) -> PromiseState:
        """Judged at the end of a business day: a promise for that day is broken only after it."""
        if self.paid >= self.amount:
            return PromiseState.KEPT
        return PromiseState.BROKEN if on > self.due_on else PromiseState.OPEN


def promise(*, on: date, due_on: date, amount: Money, overdue: Money, days_most: int = 30) -> PromiseToPay:
    """A new promise.

    Raises InvalidPromise for a day gone or too far off, and for an amount of nothing or above the arrears.
    """
    in_time = on <= due_on <= on + timedelta(days=days_most)
    if not in_time or not Money.zero(amount.currency) < amount <= overdue:
        raise InvalidPromise(due_on=due_on, amount_minor=amount.minor, overdue_minor=overdue.minor)
    return PromiseToPay(promised_on=on, due_on=due_on, amount=amount, paid=Money.zero(amount.currency))


class NextAction(StrEnum):
    """What to do about a loan in arrears next."""

    WAIT = "wait"
    """A promise is open."""

    REMIND = "remind"
    """A message."""

    CALL = "call"
    """A telephone call by the officer."""

    VISIT = "visit"
    """A visit, and a notice to the guarantors."""

    DEMAND = "demand"
    """A written demand to borrower and guarantors."""

    CALL_GUARANTEES = "call_guarantees"
    """Recovery from deposits and guarantors."""


ACTION_FROM_DAYS = (
    (1, NextAction.REMIND),
    (8, NextAction.CALL),
    (31, NextAction.VISIT),
    (61, NextAction.DEMAND),
    (91, NextAction.CALL_GUARANTEES),
)
"""From how many days past due which action is next; a broken promise moves one step further."""


@dataclass(frozen=True, slots=True)
class CollectionCase:
    """A loan in arrears as the collectors see it."""

    loan_id: str
    member_id: str
    days_past_due: int
    overdue: Money
    loan_class: LoanClass
    officer: str | None = None
    promise: PromiseToPay | None = None
    """The latest one."""
    last_contact_on: date | None = None


class Urgency(IntEnum):
    """The first measure of the queue."""

    BROKEN_PROMISE = 0
    NO_PROMISE = 1
    PROMISE_OPEN = 2


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A case in its place in the queue, with what to do."""

    case: CollectionCase
    urgency: Urgency
    action: NextAction


def collection_queue(cases: Iterable[CollectionCase], on: date) -> tuple[QueueEntry, ...]:
    """All cases that are in arrears on a day, the most urgent first."""
    entries = [_entry(case, on) for case in cases if case.days_past_due > 0]
    entries.sort(key=lambda entry: _priority(entry, on))
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class ContactRules:
    """When a member may be contacted about arrears, in Nairobi; Sunday never."""

    opens: time = time(8)
    closes: time = time(18)


USUAL_CONTACT = ContactRules()


def may_contact(now: datetime, *, last_contact_on: date | None, rules: ContactRules = USUAL_CONTACT) -> bool:
    """Whether a reminder may go out at this moment: within the hours, and none before on the same day."""
    local = now.astimezone(NAIROBI)
    in_hours = local.weekday() != _SUNDAY and rules.opens <= local.time() < rules.closes
    return in_hours and last_contact_on != local.date()


def next_contact_at(
    now: datetime, *, last_contact_on: date | None, rules: ContactRules = USUAL_CONTACT
) -> datetime:
    """The first moment from now on at which a reminder may go out."""
    local = now.astimezone(NAIROBI)
    if may_contact(now, last_contact_on=last_contact_on, rules=rules):
        return local
    is_spent = last_contact_on == local.date() or local.time() >= rules.closes
    day = local.date() + timedelta(days=1) if is_spent else local.date()
    if day.weekday() == _SUNDAY:
        day += timedelta(days=1)
    return datetime.combine(day, rules.opens, NAIROBI)


def _entry(case: CollectionCase, on: date) -> QueueEntry:
    state = None if case.promise is None else case.promise.state(on)
    step = max(place for place, (days, _) in enumerate(ACTION_FROM_DAYS) if case.days_past_due >= days)
    if state is PromiseState.OPEN:
        return QueueEntry(case, Urgency.PROMISE_OPEN, NextAction.WAIT)
    if state is PromiseState.BROKEN:
        further = min(step + 1, len(ACTION_FROM_DAYS) - 1)
        return QueueEntry(case, Urgency.BROKEN_PROMISE, ACTION_FROM_DAYS[further][1])
    return QueueEntry(case, Urgency.NO_PROMISE, ACTION_FROM_DAYS[step][1])


def _priority(entry: QueueEntry, on: date) -> tuple[int, int, int, int, str]:
    """Open promises by their day, the others by lateness and amount."""
    case = entry.case
    wait = (case.promise.due_on - on).days if case.promise and entry.action is NextAction.WAIT else 0
    return (entry.urgency, wait, -case.days_past_due, -case.overdue.minor, case.loan_id)
