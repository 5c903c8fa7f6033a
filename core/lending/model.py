"""What is a loan made of? Product, terms, instalments, what was paid on them, how a payment was divided."""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.money import Currency, Money

_PERCENT = re.compile(r"\d{1,4}(?:\.\d{1,8})?", re.ASCII)


class LoanStatus(StrEnum):
    """How far a loan has come."""

    ACTIVE = "active"
    """Disbursed, with something still to pay."""

    CLOSED = "closed"
    """Cleared: nothing is owed, and interest scheduled for later has lapsed."""


class ScheduleMethod(StrEnum):
    """How interest and principal are laid out over the instalments."""

    DECLINING_EQUAL_INSTALMENTS = "declining_equal_instalments"
    """Interest on the balance still owed, and the same amount every time ("reducing balance")."""

    FLAT = "flat"
    """Interest on the whole principal for the whole term, spread evenly."""


class RoundingMode(StrEnum):
    """What happens to a fraction of the minor unit."""

    HALF_UP = "half_up"
    """Half a cent and more becomes a cent, less is dropped."""


class Remainder(StrEnum):
    """Which instalment takes the cents that rounding left over."""

    LAST_INSTALMENT = "last_instalment"
    """The last one, so that it may differ by some cents from the others."""


class Portion(StrEnum):
    """The kinds of money owed on an instalment."""

    PENALTY = "penalty"
    """For paying late. No product charges it yet."""

    FEE = "fee"
    """For a service around the loan. No product charges it yet."""

    INTEREST = "interest"
    """The price of the money."""

    PRINCIPAL = "principal"
    """The money lent."""


class InterestChargedThrough(StrEnum):
    """How much of the scheduled interest a member pays who settles early."""

    CURRENT_PERIOD = "current_period"
    """Up to the instalment that is running; interest of later ones lapses."""

    WHOLE_TERM = "whole_term"
    """All of it: settling early saves nothing."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a schedule becomes whole minor units; part of what was agreed, so kept with the terms."""

    mode: RoundingMode = RoundingMode.HALF_UP
    remainder: Remainder = Remainder.LAST_INSTALMENT


USUAL_ROUNDING = Rounding()
USUAL_ALLOCATION_ORDER = (Portion.PENALTY, Portion.FEE, Portion.INTEREST, Portion.PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Terms:
    """What lender and borrower agreed. The rate is per instalment period, exact: 1% is Fraction(1, 100).

    Raises ValueError where no loan could have such terms.
    """

    principal: Money
    rate_per_period: Fraction
    instalments: int
    method: ScheduleMethod
    months_between: int = 1
    """Months from one instalment to the next."""
    rounding: Rounding = USUAL_ROUNDING

    def __post_init__(self) -> None:
        if self.principal.minor <= 0:
            raise ValueError(f"a loan lends something: {self.principal}")
        if self.rate_per_period < 0:
            raise ValueError(f"a rate is not negative: {self.rate_per_period}")
        if self.instalments < 1 or self.months_between < 1:
            raise ValueError(f"no schedule: {self.instalments} instalments, {self.months_between} months")


@dataclass(frozen=True, slots=True)
class Product:
    """One kind of loan. Raises ValueError where its data contradict each other."""

    code: str
    method: ScheduleMethod
    percent_per_month: str
    """As it is shown to members, such as `1.00`."""
    max_instalments: int
    interest_charged_through: InterestChargedThrough
    allocation_order: tuple[Portion, ...] = USUAL_ALLOCATION_ORDER
    """What a payment pays first within one instalment."""
    rounding: Rounding = USUAL_ROUNDING

    def __post_init__(self) -> None:
        percent(self.percent_per_month)
        if sorted(self.allocation_order) != sorted(Portion):
            raise ValueError(f"{self.code}: every portion has one place in the order")
        if self.max_instalments < 1:
            raise ValueError(f"{self.code}: at least one instalment")

    @property
    def name_key(self) -> str:
        """The text key of its name in the members' languages."""
        return f"product.{self.code}"

    def terms(self, *, principal: Money, instalments: int) -> Terms:
        """The terms of a loan of this kind, paid monthly. Raises ValueError beyond the product's limits."""
        if instalments > self.max_instalments:
            raise ValueError(f"{self.code}: {instalments} instalments, at most {self.max_instalments}")
        return Terms(
            principal=principal,
            rate_per_period=percent(self.percent_per_month),
            instalments=instalments,
            method=self.method,
            rounding=self.rounding,
        )


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of a schedule as it was agreed; it never changes after disbursement."""

    number: int
    """Counts from 1."""
    due_on: date
    """The last business date on which paying is on time."""
    principal: Money
    interest: Money

    @property
    def total(self) -> Money:
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one payment paid on one instalment.

    The interest is divided as the books need it: `interest_receivable` was already taken to income when the
    instalment fell due, so it is credited against what members owe; `interest_income` was not, so it is
    income at the moment of paying.
    """

    number: int
    principal: Money
    interest_receivable: Money
    interest_income: Money

    @property
    def interest(self) -> Money:
        return self.interest_receivable + self.interest_income

    @property
    def total(self) -> Money:
        return self.principal + self.interest


@dataclass(frozen=True, slots=True)
class InstalmentState:
    """An instalment and what has happened to it so far.

    `interest_recognised` is all of its interest that has been taken to income, either because it fell due
    or because it was paid before that; so recognised less paid is always the receivable in the books, and
    interest less recognised is what a day-close still takes to income on the due date.
    Raises ValueError where these amounts contradict each other.
    """

    instalment: Instalment
    principal_paid: Money
    interest_paid: Money
    interest_recognised: Money

    def __post_init__(self) -> None:
        nothing = Money.zero(self.instalment.principal.currency)
        if not (
            nothing <= self.principal_paid <= self.instalment.principal
            and nothing <= self.interest_paid <= self.interest_recognised <= self.instalment.interest
        ):
            raise ValueError(f"amounts contradict each other: {self!r}")

    @classmethod
    def untouched(cls, instalment: Instalment) -> "InstalmentState":
        """As it stands at disbursement."""
        nothing = Money.zero(instalment.principal.currency)
        return cls(instalment, principal_paid=nothing, interest_paid=nothing, interest_recognised=nothing)

    @property
    def number(self) -> int:
        return self.instalment.number

    @property
    def due_on(self) -> date:
        return self.instalment.due_on

    @property
    def currency(self) -> Currency:
        return self.instalment.principal.currency

    @property
    def interest_receivable(self) -> Money:
        """Taken to income and not paid yet."""
        return self.interest_recognised - self.interest_paid

    @property
    def unpaid_total(self) -> Money:
        """Everything scheduled on this instalment and not paid yet."""
        return self.instalment.total - self.principal_paid - self.interest_paid

    def unpaid(self, portion: Portion) -> Money:
        """What is scheduled and not paid yet of one kind."""
        if portion is Portion.INTEREST:
            return self.instalment.interest - self.interest_paid
        if portion is Portion.PRINCIPAL:
            return self.instalment.principal - self.principal_paid
        return Money.zero(self.currency)

    def credited(self, allocation: Allocation) -> "InstalmentState":
        """The state after this payment. Raises ValueError where it pays more than is unpaid."""
        return replace(
            self,
            principal_paid=self.principal_paid + allocation.principal,
            interest_paid=self.interest_paid + allocation.interest,
            interest_recognised=self.interest_recognised + allocation.interest_income,
        )


@dataclass(frozen=True, slots=True)
class Owed:
    """What an active loan asks of its member on one business date."""

    due_now: Money
    """Overdue and due today."""
    next_due: Money
    """What the first instalment after today that isn't fully paid still needs; zero when there is none."""
    next_due_on: date | None
    days_late: int
    """Days since the oldest instalment not fully paid fell due; 0 when none is overdue."""
    to_clear: Money
    """What settles the loan today."""


@dataclass(frozen=True, slots=True)
class AllocationResult:
    """How a payment was divided: the parts, in order of instalment, and the excess make up the amount."""

    parts: tuple[Allocation, ...]
    excess: Money
    """Above what clears the loan; it belongs to the member."""
    clears: bool
    """Nothing is left to pay: the loan can be closed."""


def percent(text: str) -> Fraction:
    """An exact rate from the way products write it; raises ValueError for anything but a plain number.

    >>> percent("1.25")
    Fraction(1, 80)
    """
    if _PERCENT.fullmatch(text) is None:
        raise ValueError(f"not a percentage: {text[:40]!r}")
    return Fraction(text) / 100
