"""In which supervisory class is a loan, and what provision does it need? SASRA's classes and Form 4; pure.

Classes and rates as Form 4 (Risk Classification of Assets and Provisioning) of the Sacco Societies (Deposit-Taking)
Regulations 2010 is printed by SACCO systems: days 0, 1-30, 31-180, 181-360, over 360; 1, 5, 25, 50, 100 per cent.
These are not the bands of banks (91, 181, 361), which only the credit bureau's file uses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.lending.portfolio import PortfolioAtRisk
from core.money import Currency, Money

DAYS_IN_MONTH = 30
CURE_INSTALMENTS = 6
"""Instalments a renegotiated loan must keep in a row before it may leave its class."""


class LoanClass(StrEnum):
    """The five supervisory classes, the best first."""

    PERFORMING = "performing"
    """Nothing is late."""

    WATCH = "watch"
    """Up to a month late."""

    SUBSTANDARD = "substandard"
    """Up to half a year late; from here on a loan is non-performing."""

    DOUBTFUL = "doubtful"
    """Up to a year late."""

    LOSS = "loss"
    """Later than a year."""

    @property
    def is_non_performing(self) -> bool:
        return self not in {LoanClass.PERFORMING, LoanClass.WATCH}


RANK: Mapping[LoanClass, int] = {each: place for place, each in enumerate(LoanClass)}
"""The place of each class, the best first."""


@dataclass(frozen=True, slots=True)
class ClassBand:
    """From how many days past due a loan is in a class, and what share of it must be provided for."""

    loan_class: LoanClass
    from_days: int
    provision: Fraction


SASRA_BANDS = (
    ClassBand(LoanClass.PERFORMING, 0, Fraction(1, 100)),
    ClassBand(LoanClass.WATCH, 1, Fraction(5, 100)),
    ClassBand(LoanClass.SUBSTANDARD, 31, Fraction(25, 100)),
    ClassBand(LoanClass.DOUBTFUL, 181, Fraction(50, 100)),
    ClassBand(LoanClass.LOSS, 361, Fraction(1)),
)


@dataclass(frozen=True, slots=True)
class Renegotiation:
    """That a loan was rescheduled: when, the class it had, and how many instalments in a row it kept since."""

    on: date
    class_before: LoanClass
    kept_instalments: int


def class_of_days(days_past_due: int, bands: Sequence[ClassBand] = SASRA_BANDS) -> LoanClass:
    """The class of a loan that has never been renegotiated."""
    return next(band.loan_class for band in reversed(bands) if days_past_due >= band.from_days)


def classify(
    days_past_due: int,
    renegotiation: Renegotiation | None = None,
    *,
    bands: Sequence[ClassBand] = SASRA_BANDS,
    cure_instalments: int = CURE_INSTALMENTS,
) -> LoanClass:
    """The class of a loan. Rescheduling does not cure: the class before is kept until a run of kept instalments."""
    by_days = class_of_days(days_past_due, bands)
    if not is_uncured(renegotiation, cure_instalments=cure_instalments) or renegotiation is None:
        return by_days
    return max(by_days, renegotiation.class_before, key=RANK.__getitem__)


def is_uncured(renegotiation: Renegotiation | None, *, cure_instalments: int = CURE_INSTALMENTS) -> bool:
    """Whether a loan was renegotiated and has not kept enough instalments in a row since."""
    return renegotiation is not None and renegotiation.kept_instalments < cure_instalments


def kept_instalments(due_dates: Iterable[date], *, since: date, last_late_on: date | None, on: date) -> int:
    """How many instalments fell due one after the other without the loan being late, up to before a day.

    `since` is the day of the renegotiation; `last_late_on` the last day on which the loan was late.
    """
    start = since if last_late_on is None else max(since, last_late_on)
    return sum(1 for due_on in due_dates if start < due_on < on)


def days_by_amount(overdue: Money, monthly_principal: Money) -> int:
    """Days late by the other method in use: arrears over a thirtieth of the monthly principal, rounded up.

    For reports only, so that a society that changes over can tie to its old figures.
    Raises ValueError where there is no monthly principal to measure by.
    """
    if monthly_principal.minor <= 0:
        raise ValueError(f"no monthly principal: {monthly_principal}")
    return -(-overdue.minor * DAYS_IN_MONTH // monthly_principal.minor)


def rate_of(loan_class: LoanClass, bands: Sequence[ClassBand] = SASRA_BANDS) -> Fraction:
    """The share of a loan's balance that its class requires."""
    return next(band.provision for band in bands if band.loan_class is loan_class)


def required_provision(
    outstanding: Money, loan_class: LoanClass, bands: Sequence[ClassBand] = SASRA_BANDS
) -> Money:
    """On the gross balance: the form has no column for security. Half up to the cent."""
    rate = rate_of(loan_class, bands)
    return outstanding.portion(rate.numerator, rate.denominator)


@dataclass(frozen=True, slots=True)
class ClassTotal:
    """How many loans of one class there are, and the principal they owe."""

    loan_class: LoanClass
    accounts: int
    outstanding: Money
    is_renegotiated: bool = False


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of Form 4: A accounts, B outstanding, C required per cent, D required amount."""

    loan_class: LoanClass
    accounts: int
    outstanding: Money
    rate: Fraction
    provision: Money


@dataclass(frozen=True, slots=True)
class Form4:
    """The return: a block for the portfolio, one for renegotiated loans, and the grand total of both."""

    portfolio: tuple[FormRow, ...]
    renegotiated: tuple[FormRow, ...]

    @property
    def rows(self) -> tuple[FormRow, ...]:
        return self.portfolio + self.renegotiated

    @property
    def accounts(self) -> int:
        return sum(row.accounts for row in self.rows)

    @property
    def outstanding(self) -> Money:
        return _sum(row.outstanding for row in self.rows)

    @property
    def provision(self) -> Money:
        return _sum(row.provision for row in self.rows)

    @property
    def non_performing(self) -> PortfolioAtRisk:
        """Substandard, doubtful and loss against all; with these bands the same loans as PAR 30."""
        bad = _sum(row.outstanding for row in self.rows if row.loan_class.is_non_performing)
        return PortfolioAtRisk(bad, self.outstanding)


def form_4(
    totals: Iterable[ClassTotal],
    *,
    bands: Sequence[ClassBand] = SASRA_BANDS,
    currency: Currency = Currency.KES,
) -> Form4:
    """The return from totals by class. The amount required is that of the class's total, as the form computes it."""
    listed = list(totals)

    def block(*, is_renegotiated: bool) -> tuple[FormRow, ...]:
        mine = [each for each in listed if each.is_renegotiated is is_renegotiated]
        return tuple(_form_row(band, mine, bands, currency) for band in bands)

    return Form4(portfolio=block(is_renegotiated=False), renegotiated=block(is_renegotiated=True))


def allowance_movement(*, required: Money, held: Money) -> Money:
    """What to charge to loan-loss expense and credit to the allowance; below zero, what to release."""
    return required - held


def _form_row(
    band: ClassBand, totals: Sequence[ClassTotal], bands: Sequence[ClassBand], currency: Currency
) -> FormRow:
    mine = [each for each in totals if each.loan_class is band.loan_class]
    outstanding = sum((each.outstanding for each in mine), start=Money.zero(currency))
    return FormRow(
        loan_class=band.loan_class,
        accounts=sum(each.accounts for each in mine),
        outstanding=outstanding,
        rate=band.provision,
        provision=required_provision(outstanding, band.loan_class, bands),
    )


def _sum(amounts: Iterable[Money]) -> Money:
    listed = list(amounts)
    return sum(listed[1:], start=listed[0])
