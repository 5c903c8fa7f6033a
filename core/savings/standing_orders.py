"""When does a standing order run, how much does it take, and when does it give up? Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import ContradictorySavingsTerms
from core.money import Money
from core.savings.periods import months_later


class Trigger(StrEnum):
    """What sets an order off."""

    ON_DATE = "date"
    """Its day of the month."""

    ON_SALARY = "salary"
    """Money from an employer arriving on the source account."""

    SURPLUS = "surplus"
    """Its day of the month; takes all that is above the sum to keep."""


class Destination(StrEnum):
    """Where the money goes."""

    ACCOUNT = "account"
    """A savings account, the member's own or another's."""

    SHARES = "shares"
    """Share capital; whole shares are bought."""

    LOAN = "loan"


class OrderStatus(StrEnum):
    """How an order stands."""

    PENDING = "pending"
    """Waits for approval."""
    OPEN = "open"
    PAUSED = "paused"
    """By the member, until they say otherwise."""
    ENDED = "ended"
    REJECTED = "rejected"


class RunState(StrEnum):
    """How one run ended, or that it has not."""

    WAITING = "waiting"
    """Is tried again tomorrow."""
    DONE = "done"
    PARTIAL = "partial"
    """Its days are over and only a part was there."""
    UNSUCCESSFUL = "unsuccessful"
    """Its days are over and nothing was there."""


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What a member asked for. Raises ContradictorySavingsTerms."""

    trigger: Trigger
    amount: Money | None
    """None for a sweep of the surplus."""
    keep: Money
    """A sweep leaves so much."""
    starts_on: date
    ends_on: date | None = None
    every_months: int = 1
    allows_part: bool = False
    tolerance_days: int = 3
    """For so many days after its day a short order is tried again."""
    priority: int = 5
    """Orders on one account run from the smallest number up."""

    def __post_init__(self) -> None:
        if (self.amount is None) != (self.trigger is Trigger.SURPLUS):
            raise ContradictorySavingsTerms(what="amount", value=str(self.amount))
        if self.amount is not None and self.amount.minor <= 0:
            raise ContradictorySavingsTerms(what="amount", value=str(self.amount))
        if self.every_months < 1:
            raise ContradictorySavingsTerms(what="every_months", value=str(self.every_months))
        if self.tolerance_days < 0 or self.keep.minor < 0:
            raise ContradictorySavingsTerms(what="tolerance", value=str(self.tolerance_days))
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ContradictorySavingsTerms(what="ends_on", value=self.ends_on.isoformat())


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one try takes, and how the run stands after it."""

    take: Money
    state: RunState


def attempt(terms: OrderTerms, *, due_on: date, taken: Money, available: Money, on: date) -> Attempt:
    """Try the run of `due_on`, of which `taken` was had on earlier days, against what is free on the source.

    >>> rent = OrderTerms(Trigger.ON_DATE, Money(500_00), Money(0), date(2026, 1, 5), allows_part=True)
    >>> attempt(rent, due_on=date(2026, 1, 5), taken=Money(0), available=Money(200_00), on=date(2026, 1, 5)).state
    <RunState.WAITING: 'waiting'>
    """
    nothing = Money.zero(available.currency)
    free = max(available - terms.keep, nothing) if terms.amount is None else max(available, nothing)
    if terms.amount is None:
        return Attempt(free, RunState.DONE)
    missing = terms.amount - taken
    if free >= missing:
        return Attempt(missing, RunState.DONE)
    take = free if terms.allows_part else nothing
    if on < due_on + timedelta(days=terms.tolerance_days):
        return Attempt(take, RunState.WAITING)
    return Attempt(take, RunState.PARTIAL if taken + take else RunState.UNSUCCESSFUL)


def next_due(terms: OrderTerms, after: date) -> date | None:
    """The first of the order's days after `after`; None when it has ended.

    >>> monthly = OrderTerms(Trigger.ON_DATE, Money(1), Money(0), date(2026, 1, 31))
    >>> next_due(monthly, date(2026, 1, 31))
    datetime.date(2026, 2, 28)
    """
    elapsed = (after.year - terms.starts_on.year) * 12 + after.month - terms.starts_on.month
    steps = max(elapsed // terms.every_months, 0)
    day = months_later(terms.starts_on, steps * terms.every_months)
    while day <= after:
        steps += 1
        day = months_later(terms.starts_on, steps * terms.every_months)
    return None if terms.ends_on is not None and day > terms.ends_on else day
