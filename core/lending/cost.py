"""What does a loan cost its member? APR and total cost, as they are disclosed.

The annual percentage rate is twelve times the monthly internal rate of return of the member's own cash flow:
what they got into their hands against everything they pay, charges and taxes included. The rate is found to
fourteen decimals in decimal arithmetic of forty digits; money stays whole.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TypeAlias

from core.errors import ContradictoryTerms
from core.lending.charges import PayOut, pay_out
from core.lending.model import Instalment, InstalmentKind
from core.lending.periods import months_between
from core.lending.schedule import Tranche, interest_up_front
from core.lending.terms import PeriodUnit, Terms
from core.money import Money

_EXACT = Context(prec=40)
_NEAR = Decimal("1e-14")
_STEPS_MAX = 500
_DISCLOSED = Decimal("0.0001")
_MONTHS = 12
_MONTHS_PER_DAY = Fraction(12, 365)

Flows: TypeAlias = Mapping[Fraction, int]
"""Minor units by time in months since the pay-out: paid by the member above zero, received below."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The price of a loan on its terms, paid as agreed."""

    received: Money
    """Into the member's hands, tranches included."""
    paid: Money
    """All that the member pays, for it and back."""
    monthly_rate: Decimal
    """The internal rate of return: Decimal("0.01") is one percent a month."""

    @property
    def total(self) -> Money:
        """The total cost of credit."""
        return self.paid - self.received

    @property
    def apr(self) -> Decimal:
        """The nominal rate of a year, to the hundredth of a percent: Decimal("0.1527") is 15.27 %."""
        return (self.monthly_rate * _MONTHS).quantize(_DISCLOSED, ROUND_HALF_UP)

    @property
    def effective_rate(self) -> Decimal:
        """The rate of a year in which each month's interest earns in the next, to the hundredth of a percent."""
        return (_EXACT.power(1 + self.monthly_rate, _MONTHS) - 1).quantize(_DISCLOSED, ROUND_HALF_UP)


def cost_of(
    terms: Terms, disbursed_on: date, rows: Sequence[Instalment], *, tranches: Sequence[Tranche] = ()
) -> Cost:
    """The cost of a loan by its schedule. Months count as months; days as 365ths of twelve of them.

    Raises ContradictoryTerms where nothing would be paid out, or no rate is high enough.
    """
    paid_out = pay_out_of(terms, disbursed_on, rows)
    currency = terms.principal.currency
    flows: dict[Fraction, int] = defaultdict(int)
    flows[Fraction(0)] -= paid_out.net.minor - sum(tranche.amount.minor for tranche in tranches)
    for tranche in tranches:
        flows[_months(terms, disbursed_on, tranche.on)] -= tranche.amount.minor
    for row in rows:
        flows[_months(terms, disbursed_on, row.due_on)] += row.total.minor
    paid = sum(row.total.minor for row in rows)
    return Cost(received=paid_out.net, paid=Money(paid, currency), monthly_rate=rate_of_return(flows))


def pay_out_of(terms: Terms, disbursed_on: date, rows: Sequence[Instalment]) -> PayOut:
    """What is lent, taken and paid out, by the interest of a schedule. Raises ContradictoryTerms."""
    if terms.interest_is_upfront:
        due_dates = [row.due_on for row in rows if row.kind is InstalmentKind.REGULAR]
        interest = interest_up_front(terms, disbursed_on, due_dates)
    else:
        interest = sum((row.interest for row in rows), start=Money.zero(terms.principal.currency))
    return pay_out(terms, total_interest=interest)


def rate_of_return(flows: Flows) -> Decimal:
    """The rate a month at which what is paid is worth what was received.

    Newton's steps from below: the worth of later payments falls ever more slowly as the rate grows, so no step
    goes too far. Raises ContradictoryTerms for flows without such a rate.
    """
    terms = [(_decimal(months), Decimal(amount)) for months, amount in flows.items() if amount]
    if not terms:
        return Decimal(0)
    received = any(amount < 0 for _, amount in terms)
    rate = Decimal(0)
    while received and _worth(terms, rate) < 0 and 1 + rate > _NEAR:
        rate = (rate - 1) / 2
    for _ in range(_STEPS_MAX if received else 0):
        step = -_EXACT.divide(_worth(terms, rate), _slope(terms, rate))
        rate = _EXACT.add(rate, step)
        if abs(step) < _NEAR:
            return rate
    raise ContradictoryTerms("cost_without_end", given=str(sum(flows.values())), limit=str(_STEPS_MAX))


def _months(terms: Terms, start: date, day: date) -> Fraction:
    if terms.frequency.unit is PeriodUnit.MONTHS:
        return months_between(start, day)
    return (day - start).days * _MONTHS_PER_DAY


def _worth(terms: Sequence[tuple[Decimal, Decimal]], rate: Decimal) -> Decimal:
    grown = 1 + rate
    return sum(
        (_EXACT.multiply(amount, _EXACT.power(grown, -time)) for time, amount in terms), start=Decimal(0)
    )


def _slope(terms: Sequence[tuple[Decimal, Decimal]], rate: Decimal) -> Decimal:
    grown = 1 + rate
    return sum(
        (-_EXACT.multiply(amount * time, _EXACT.power(grown, -time - 1)) for time, amount in terms),
        start=Decimal(0),
    )


def _decimal(exact: Fraction) -> Decimal:
    return _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
