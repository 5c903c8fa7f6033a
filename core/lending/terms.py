"""What did lender and borrower agree? Every convention of a schedule as one value; conventions combine freely.

Amounts are whole minor units, rates are exact fractions of one (12 % a year is Fraction(12, 100)). Each part
refuses what it could not mean; `Terms` refuses parts that do not fit together.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from core.errors import ContradictoryTerms
from core.lending.charge_terms import Charge, ChargeTiming
from core.lending.rounding_terms import USUAL_ROUNDING, InstalmentBasis, Rounding
from core.money import Money


class InterestMethod(StrEnum):
    """What interest is charged on."""

    DECLINING_BALANCE = "declining_balance"
    """On the principal still owed ("reducing balance")."""

    FLAT = "flat"
    """On the whole principal for the whole term."""

    UPFRONT = "upfront"
    """As flat, and taken from the money paid out ("discounted"): instalments carry principal only."""


class Amortisation(StrEnum):
    """How principal is laid out over the instalments."""

    EQUAL_INSTALMENTS = "equal_instalments"
    """Principal and interest together are the same every time."""

    EQUAL_PRINCIPAL = "equal_principal"
    """The same principal every time, with the interest on top ("straight line")."""

    BULLET = "bullet"
    """All principal with the last instalment; the others ask interest only."""


class PeriodUnit(StrEnum):
    """In what the time between two instalments is counted."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


_PERIODS_PER_YEAR = {PeriodUnit.DAYS: 365, PeriodUnit.WEEKS: 52, PeriodUnit.MONTHS: 12}


@dataclass(frozen=True, slots=True)
class Frequency:
    """The time from one instalment to the next, such as every 2 weeks."""

    every: int
    unit: PeriodUnit

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ContradictoryTerms(contradiction="period_of_nothing", given=str(self.every), limit="1")

    @property
    def part_of_year(self) -> Fraction:
        """Its length as equal parts of a year: of 12 months, 52 weeks or 365 days."""
        return Fraction(self.every, _PERIODS_PER_YEAR[self.unit])


DAILY = Frequency(1, PeriodUnit.DAYS)
WEEKLY = Frequency(1, PeriodUnit.WEEKS)
FORTNIGHTLY = Frequency(2, PeriodUnit.WEEKS)
MONTHLY = Frequency(1, PeriodUnit.MONTHS)


class PeriodLength(StrEnum):
    """How long a period is for its interest."""

    EQUAL_PERIODS = "equal_periods"
    """One period is one rate step: a twelfth, a 52nd or a 365th of a year each, whatever the calendar says."""

    NOMINAL_DAYS = "nominal_days"
    """30 days to the month, 7 to the week."""

    ACTUAL_DAYS = "actual_days"
    """The days from date to date."""


class YearLength(StrEnum):
    """Over how many days the yearly rate is spread."""

    DAYS_360 = "360"
    DAYS_364 = "364"
    DAYS_365 = "365"

    ACTUAL = "actual"
    """Days in a leap year over 366, others over 365; a year begins with 1 January (ISDA actual/actual)."""

    ACTUAL_FROM_31_DECEMBER = "actual_from_31_december"
    """The same, where the night to 31 December is the last one of a year."""

    LEAP_DAY = "leap_day"
    """366 for a period that contains 29 February, else 365."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """Which part of a year a period is. The year's length says nothing where periods are equal."""

    period: PeriodLength
    year: YearLength = YearLength.DAYS_365


EQUAL_PERIODS = DayCount(PeriodLength.EQUAL_PERIODS)
THIRTY_360 = DayCount(PeriodLength.NOMINAL_DAYS, YearLength.DAYS_360)
ACTUAL_360 = DayCount(PeriodLength.ACTUAL_DAYS, YearLength.DAYS_360)
ACTUAL_365 = DayCount(PeriodLength.ACTUAL_DAYS, YearLength.DAYS_365)
ACTUAL_ACTUAL = DayCount(PeriodLength.ACTUAL_DAYS, YearLength.ACTUAL)


class PartialPeriods(StrEnum):
    """What a period of another length than usual costs where the day count itself does not tell."""

    UNCHANGED = "unchanged"
    """As much as any other."""

    FIRST_BY_DAYS = "first_by_days"
    """The first one in proportion to its days, on top of the usual instalment; the others as usual."""

    BY_LENGTH = "by_length"
    """Every one in proportion: whole months, and days of the month that is running."""


class NonWorkingDays(StrEnum):
    """What happens to an instalment that would fall due on a weekend or holiday."""

    KEEP = "keep"
    NEXT_WORKING_DAY = "next_working_day"
    PREVIOUS_WORKING_DAY = "previous_working_day"

    SAME_MONTH = "same_month"
    """The next working day, or the one before when that is in another month."""


class MonthEnd(StrEnum):
    """On which day of the month instalments fall when months are of different lengths."""

    SAME_DAY = "same_day"
    """The day of the first date, or the last of a month that is too short."""

    LAST_DAY = "last_day"
    """As above, but a loan that starts on the last day of its month keeps to last days."""


@dataclass(frozen=True, slots=True)
class DueDateRule:
    """How due dates are found, and what periods cost that dates have made longer or shorter."""

    non_working_days: NonWorkingDays = NonWorkingDays.KEEP
    month_end: MonthEnd = MonthEnd.SAME_DAY
    partial_periods: PartialPeriods = PartialPeriods.UNCHANGED


USUAL_DUE_DATES = DueDateRule()


@dataclass(frozen=True, slots=True)
class Grace:
    """How many of the first instalments are spared something."""

    principal: int = 0
    """Ask no principal."""
    interest_payment: int = 0
    """Ask no interest; it falls due with the first instalment after them."""
    interest_free: int = 0
    """Cost no interest at all."""

    def __post_init__(self) -> None:
        least = min(self.principal, self.interest_payment, self.interest_free)
        if least < 0:
            raise ContradictoryTerms(contradiction="grace_negative", given=str(least), limit="0")


NO_GRACE = Grace()


PRINCIPAL_MAX = 10**15
"""Minor units: 10 trillion shillings. A century of the highest flat rate on it still fits a BIGINT."""
ANNUAL_RATE_MAX = 50
"""Five thousand percent a year."""
YEARS_MAX = 100


@dataclass(frozen=True, slots=True)
class Terms:
    """What lender and borrower agreed; kept with the loan.

    Raises ContradictoryTerms where no loan could have such terms.
    """

    principal: Money
    """What the member asked for; a down payment is part of it, capitalised charges come on top."""
    annual_rate: Fraction
    instalments: int
    """Without a down payment, which is a row of its own."""
    method: InterestMethod = InterestMethod.DECLINING_BALANCE
    amortisation: Amortisation = Amortisation.EQUAL_INSTALMENTS
    frequency: Frequency = MONTHLY
    day_count: DayCount = EQUAL_PERIODS
    instalment_basis: InstalmentBasis = InstalmentBasis.NOMINAL_PERIODS
    grace: Grace = NO_GRACE
    rounding: Rounding = USUAL_ROUNDING
    due_dates: DueDateRule = USUAL_DUE_DATES
    charges: tuple[Charge, ...] = ()
    down_payment: Fraction = Fraction(0)
    """The part of the principal paid back on the day of disbursement."""
    flat_interest_on_down_payment: bool = False
    """Flat interest is charged on the principal before the down payment."""
    overdue_principal_earns: bool = False
    """In a view of the schedule as of a day, principal that is overdue and unpaid goes on costing interest."""

    def __post_init__(self) -> None:
        if self.principal.minor <= 0:
            raise ContradictoryTerms("nothing_lent", given=self.principal.plain(), limit="0")
        if self.annual_rate < 0:
            raise ContradictoryTerms("rate_negative", given=str(self.annual_rate), limit="0")
        if self.instalments < 1:
            raise ContradictoryTerms("no_instalments", given=str(self.instalments), limit="1")
        self._refuse_beyond_measure()
        if not 0 <= self.down_payment < 1:
            raise ContradictoryTerms("down_payment_not_a_part", given=str(self.down_payment), limit="1")
        self._refuse_long_grace()
        self._refuse_foreign_amounts()

    def _refuse_beyond_measure(self) -> None:
        """What no loan is, and what a ledger's whole numbers or a calendar could not hold."""
        if self.principal.minor > PRINCIPAL_MAX:
            raise ContradictoryTerms("too_much_lent", given=self.principal.plain(), limit=str(PRINCIPAL_MAX))
        if self.annual_rate > ANNUAL_RATE_MAX:
            raise ContradictoryTerms("rate_too_high", given=str(self.annual_rate), limit=str(ANNUAL_RATE_MAX))
        years = self.instalments * self.frequency.part_of_year
        if years > YEARS_MAX:
            raise ContradictoryTerms("term_too_long", given=str(ceil(years)), limit=str(YEARS_MAX))

    def _refuse_long_grace(self) -> None:
        limit = self.instalments - 1
        longest = max(self.grace.principal, self.grace.interest_payment)
        if longest > limit:
            raise ContradictoryTerms("grace_beyond_term", given=str(longest), limit=str(limit))
        if self.grace.interest_free > self.instalments:
            raise ContradictoryTerms(
                "grace_beyond_term", given=str(self.grace.interest_free), limit=str(self.instalments)
            )

    def _refuse_foreign_amounts(self) -> None:
        for charge in self.charges:
            if charge.amount is not None and charge.amount.currency != self.principal.currency:
                raise ContradictoryTerms(
                    "charge_in_other_currency", given=charge.amount.currency, limit=self.principal.currency
                )

    @property
    def rate_per_period(self) -> Fraction:
        """The rate of one nominal period, as equal parts of the year."""
        return self.annual_rate * self.frequency.part_of_year

    @property
    def interest_is_upfront(self) -> bool:
        return self.method is InterestMethod.UPFRONT

    def charges_at(self, timing: ChargeTiming) -> tuple[Charge, ...]:
        """The charges of one timing, in the order of the terms."""
        return tuple(charge for charge in self.charges if charge.timing is timing)


def yearly(rate_per_period: Fraction, frequency: Frequency) -> Fraction:
    """The yearly rate of terms that name a rate per instalment period.

    >>> yearly(Fraction(1, 100), MONTHLY)
    Fraction(3, 25)
    """
    return rate_per_period / frequency.part_of_year
