"""What does a deposit for an agreed time come to, at its end or when it is broken before? Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.errors import AmountOutOfRange, NotATermDeposit, TermOutOfRange
from core.money import Money
from core.savings.interest import Movement, earned, rounded
from core.savings.interest_terms import Rates
from core.savings.periods import Period, months_later
from core.savings.products import ProductTerms, TermRules

_MOST_MINOR = 10**14
"""A trillion shillings: no ceiling of a product, only of what we count with."""


class AtMaturity(StrEnum):
    """What becomes of the money when the time is over."""

    PAY_OUT = "pay_out"
    """All of it goes to the payout account."""
    RENEW_PRINCIPAL = "renew_principal"
    """The deposit begins again; the interest goes to the payout account."""
    RENEW_ALL = "renew_all"
    """The deposit begins again with its interest."""


class TermState(StrEnum):
    """How an agreed time stands."""

    RUNNING = "running"
    MATURED = "matured"
    BROKEN = "broken"
    """The member asked for the money before its time."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a member agrees to. `interest` is before tax."""

    months: int
    percent: Fraction
    began_on: date
    matures_on: date
    interest: Money


def rules_of(terms: ProductTerms) -> TermRules:
    """The product's rules for an agreed time. Raises NotATermDeposit."""
    if terms.term is None:
        raise NotATermDeposit(account=terms.product)
    return terms.term


def offer(terms: ProductTerms, *, amount: Money, months: int, on: date, recurring: bool = False) -> Offer:
    """Rate, end and interest of a deposit made today, or of `amount` every month from today on.

    Raises TermOutOfRange, AmountOutOfRange, NotATermDeposit.
    """
    rules = rules_of(terms)
    if not rules.months_least <= months <= rules.months_most:
        raise TermOutOfRange(minimum_months=rules.months_least, maximum_months=rules.months_most)
    if amount.minor < rules.amount_least:
        raise AmountOutOfRange(minimum_minor=rules.amount_least, maximum_minor=_MOST_MINOR)
    percent = rules.percent(months=months, amount_minor=amount.minor)
    return reckoned(terms, percent=percent, amount=amount, months=months, on=on, recurring=recurring)


def reckoned(
    terms: ProductTerms, *, percent: Fraction, amount: Money, months: int, on: date, recurring: bool = False
) -> Offer:
    """The same at a rate that is agreed already."""
    matures_on = months_later(on, months)
    movements = [
        Movement(months_later(on, month), amount.minor) for month in range(months if recurring else 1)
    ]
    interest = interest_of_term(terms, percent=percent, movements=movements, began_on=on, until=matures_on)
    return Offer(months, percent, on, matures_on, Money(interest, amount.currency))


def interest_of_term(
    terms: ProductTerms, *, percent: Fraction, movements: list[Movement], began_on: date, until: date
) -> int:
    """Interest from the first day up to, but without, `until`, in minor units."""
    if terms.interest is None:
        raise AssertionError(f"{terms.product} has a term and earns nothing")
    exact = earned(
        terms.interest,
        Rates.fixed(percent),
        opening=0,
        movements=movements,
        period=Period(began_on, until, until),
        opened_on=began_on,
    )
    return rounded(exact.interest, terms.interest.rounding)


@dataclass(frozen=True, slots=True)
class Kept:
    """How well a member keeps to what they agreed to save every month."""

    expected: Money
    """What should be there by now, this month's amount included from its day on."""
    missing: Money
    next_on: date | None
    """The next day on which an amount is expected; None when all have been."""


def kept(*, contribution: Money, began_on: date, months: int, saved: Money, on: date) -> Kept:
    """Where a recurring deposit stands on a day.

    >>> kept(contribution=Money(100_00), began_on=date(2026, 1, 31), months=6, saved=Money(150_00),
    ...      on=date(2026, 2, 28)).missing
    Money(minor=5000, currency=<Currency.KES: 'KES'>)
    """
    days = [months_later(began_on, month) for month in range(months)]
    expected = Money(contribution.minor * sum(day <= on for day in days), contribution.currency)
    return Kept(
        expected=expected,
        missing=max(expected - saved, Money.zero(contribution.currency)),
        next_on=next((day for day in days if day > on), None),
    )


def broken_percent(terms: ProductTerms, agreed: Fraction) -> Fraction:
    """The rate for the whole time when it is broken early. Raises NotATermDeposit."""
    return max(agreed - rules_of(terms).break_percent_less, Fraction(0))
