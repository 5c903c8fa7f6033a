"""What is a loan made of? Product, instalments, what was paid on them, how a payment was divided."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.lending.charge_terms import Charge
from core.lending.rounding_terms import USUAL_ROUNDING, Rounding
from core.lending.terms import (
    MONTHLY,
    USUAL_DUE_DATES,
    Amortisation,
    DueDateRule,
    InterestMethod,
    Terms,
    yearly,
)
from core.money import Money

_PERCENT = re.compile(r"\d{1,4}(?:\.\d{1,8})?", re.ASCII)


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


USUAL_ALLOCATION_ORDER = (Portion.PENALTY, Portion.FEE, Portion.INTEREST, Portion.PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Product:
    """One kind of loan. Raises ValueError where its data contradict each other."""

    code: str
    method: InterestMethod
    percent_per_month: str
    """As it is shown to members, such as `1.00`."""
    max_instalments: int
    interest_charged_through: InterestChargedThrough
    amortisation: Amortisation = Amortisation.EQUAL_INSTALMENTS
    allocation_order: tuple[Portion, ...] = USUAL_ALLOCATION_ORDER
    """What a payment pays first within one instalment."""
    rounding: Rounding = USUAL_ROUNDING
    charges: tuple[Charge, ...] = ()
    due_dates: DueDateRule = USUAL_DUE_DATES

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
            annual_rate=yearly(percent(self.percent_per_month), MONTHLY),
            instalments=instalments,
            method=self.method,
            amortisation=self.amortisation,
            rounding=self.rounding,
            charges=self.charges,
            due_dates=self.due_dates,
        )


class InstalmentKind(StrEnum):
    """Why a row stands in a schedule."""

    REGULAR = "regular"
    """One of the instalments that were agreed."""

    DOWN_PAYMENT = "down_payment"
    """A part of the principal paid back on the day it was paid out."""

    DISBURSEMENT_FEE = "disbursement_fee"
    """Charges that the member pays beside the loan on the day it is paid out."""

    CHARGE = "charge"
    """Charges of a day behind the last instalment."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of a schedule. Fees include insurance, and the excise on fees."""

    number: int
    """Counts from 1; charges beside the pay-out are number 0."""
    due_on: date
    """The last business date on which paying is on time."""
    principal: Money
    interest: Money
    fees: Money
    penalties: Money
    kind: InstalmentKind = InstalmentKind.REGULAR

    @classmethod
    def without_charges(cls, number: int, due_on: date, principal: Money, interest: Money) -> "Instalment":
        """A regular row of principal and interest alone."""
        nothing = Money.zero(principal.currency)
        return cls(number, due_on, principal, interest, fees=nothing, penalties=nothing)

    @property
    def total(self) -> Money:
        return self.principal + self.interest + self.fees + self.penalties


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


def percent(text: str) -> Fraction:
    """An exact rate from the way products write it; raises ValueError for anything but a plain number.

    >>> percent("1.25")
    Fraction(1, 80)
    """
    if _PERCENT.fullmatch(text) is None:
        raise ValueError(f"not a percentage: {text[:40]!r}")
    return Fraction(text) / 100
