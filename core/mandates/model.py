"""What is a mandate, and on which days does it collect? Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import ContradictoryMandate
from core.money import Money
from core.payments.model import Purpose
from core.savings.periods import months_later


class Rhythm(StrEnum):
    """How often a mandate collects."""

    ONCE = "once"
    """On its first day alone."""

    WEEKLY = "weekly"
    """Every seven days."""

    MONTHLY = "monthly"
    """On the same day of each month, or that month's last."""


class MandateStatus(StrEnum):
    """How a mandate stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    """The member doesn't want to be asked for now."""
    ENDED = "ended"
    """It has collected for the last time, or what it paid for is gone."""


@dataclass(frozen=True, slots=True)
class MandateTerms:
    """What a member agreed to be asked for. Raises ContradictoryMandate."""

    purpose: Purpose
    subject: str
    amount: Money | None
    """None asks for what is due on the loan that day."""
    rhythm: Rhythm
    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.amount is None and self.purpose is not Purpose.LOAN_REPAYMENT:
            raise ContradictoryMandate(what="amount", value="")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ContradictoryMandate(what="ends_on", value=self.ends_on.isoformat())


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate as it stands. `next_on` is the day of its next collection."""

    mandate_id: str
    member_id: str
    terms: MandateTerms
    status: MandateStatus
    next_on: date


def next_collection(terms: MandateTerms, after: date) -> date | None:
    """The first of a mandate's days after `after`; None when there is none any more.

    >>> rent = MandateTerms(Purpose.SAVINGS, "acc_1", Money(100), Rhythm.MONTHLY, date(2026, 1, 31))
    >>> next_collection(rent, date(2026, 1, 31))
    datetime.date(2026, 2, 28)
    """
    day: date | None = terms.starts_on
    steps = 0
    while day is not None and day <= after:
        steps += 1
        day = _nth(terms, steps)
    if day is None or (terms.ends_on is not None and day > terms.ends_on):
        return None
    return day


def _nth(terms: MandateTerms, steps: int) -> date | None:
    match terms.rhythm:
        case Rhythm.ONCE:
            return None
        case Rhythm.WEEKLY:
            return terms.starts_on + timedelta(weeks=steps)
        case Rhythm.MONTHLY:
            return months_later(terms.starts_on, steps)
