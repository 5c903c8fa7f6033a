"""How does an account earn interest? Conventions as terms that combine freely; `interest` has the rules."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from core.errors import ContradictorySavingsTerms
from core.savings.dated import PercentHistory


class InterestBasis(StrEnum):
    """The balance on which interest is reckoned."""

    DAILY_BALANCE = "daily_balance"
    """Each day's balance at its end, day by day."""

    AVERAGE_BALANCE = "average_balance"
    """The mean of the days' balances, for the whole period at once."""

    MINIMUM_BALANCE = "minimum_balance"
    """The lowest balance of the period, the balance brought into it and lows within a day included."""

    MINIMUM_AFTER_FIRST_DAY = "minimum_after_first_day"
    """The same, but the first day's movements count as if they had been made before the period."""


class Interval(StrEnum):
    """How long a posting or compounding period is."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"

    AT_MATURITY = "at_maturity"
    """Once, when a term ends; as a compounding: not before the posting."""

    @property
    def months(self) -> int:
        """Whole months in it; 0 where it isn't made of months."""
        return _MONTHS.get(self, 0)


_MONTHS = {Interval.MONTHLY: 1, Interval.QUARTERLY: 3, Interval.HALF_YEARLY: 6, Interval.YEARLY: 12}


class Anchor(StrEnum):
    """Where periods begin."""

    CALENDAR = "calendar"
    """With the calendar's months, quarters, half-years and years."""

    ANNIVERSARY = "anniversary"
    """On the account's own day of the month, or the month's last day where there is no such day."""


class PostingDay(StrEnum):
    """The date that a posting carries."""

    FIRST_DAY_AFTER = "first_day_after"
    """The first day of the next period."""

    LAST_DAY = "last_day"
    """The last day of the period. What is posted still earns from the next day on only."""


class DayCount(StrEnum):
    """What part of a year some days are."""

    ACTUAL_365 = "actual/365"
    """Also in leap years."""

    ACTUAL_360 = "actual/360"
    ACTUAL_ACTUAL = "actual/actual"
    """Each day over the length of its own year."""

    THIRTY_360 = "30/360"
    """Months of 30 days, so that equal months earn the same; a month's last day counts as its thirtieth."""


class Rounding(StrEnum):
    """What becomes of less than a minor unit, once per posting."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """Everything but the rate that decides what an account earns.

    `minimum_to_earn` in minor units: below it a day (or the period's average or minimum) earns nothing. Raises
    ContradictorySavingsTerms.
    """

    basis: InterestBasis = InterestBasis.DAILY_BALANCE
    compounding: Interval = Interval.AT_MATURITY
    posting: Interval = Interval.MONTHLY
    anchor: Anchor = Anchor.CALENDAR
    posting_day: PostingDay = PostingDay.FIRST_DAY_AFTER
    day_count: DayCount = DayCount.ACTUAL_365
    rounding: Rounding = Rounding.HALF_UP
    minimum_to_earn: int = 0

    def __post_init__(self) -> None:
        if self.minimum_to_earn < 0:
            raise ContradictorySavingsTerms(what="minimum_to_earn", value=str(self.minimum_to_earn))
        if self.compounding is Interval.DAILY and self.day_count is DayCount.THIRTY_360:
            raise ContradictorySavingsTerms(what="day_count", value=self.day_count)
        by_period = self.basis is not InterestBasis.DAILY_BALANCE
        if by_period and self.compounding is not Interval.AT_MATURITY:
            raise ContradictorySavingsTerms(what="compounding", value=self.compounding)


@dataclass(frozen=True, slots=True)
class Rates:
    """Percent a year that an account earns, and that it is charged on days below zero."""

    credit: PercentHistory
    overdraft: PercentHistory = field(default_factory=lambda: PercentHistory(()))

    @classmethod
    def fixed(cls, percent: Fraction | str, overdraft: Fraction | str = "0") -> "Rates":
        return cls(PercentHistory.always(percent), PercentHistory.always(overdraft))
