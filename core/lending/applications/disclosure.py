"""What is a member told of a loan's cost before they accept it? Figures of the terms, and what was accepted; pure."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.lending.cost import cost_of, pay_out_of
from core.lending.model import Instalment, InstalmentKind
from core.lending.schedule import schedule
from core.lending.terms import Terms
from core.money import Money


@dataclass(frozen=True, slots=True)
class Figures:
    """What a loan costs that is paid as agreed. Rates are percent as people read them, such as `12.68`."""

    principal: Money
    received: Money
    """Into the member's hands, after deductions."""
    instalment: Money
    """The first regular one."""
    last_instalment: Money
    instalments: int
    interest: Money
    charges: Money
    """Fees, insurance and the excise on them."""
    to_pay: Money
    """All that the member pays back."""
    cost: Money
    """The total cost of credit: interest and charges."""
    apr: str
    """The annual percentage rate."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The cost of terms that would be paid out on a day. Only the dates depend on the day."""

    figures: Figures
    first_due_on: date
    last_due_on: date
    rows: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a member was shown and said yes to: the text as it was, and its figures."""

    text_key: str
    text_version: int
    language: str
    text: str
    """Word for word."""
    figures: Figures
    channel: str
    at: datetime


def disclose(terms: Terms, on: date) -> Disclosure:
    """The cost of a loan paid out on that day. Raises ContradictoryTerms where nothing would be paid out."""
    rows = schedule(terms, on)
    regular = [row for row in rows if row.kind is InstalmentKind.REGULAR]
    cost = cost_of(terms, on, rows)
    scheduled = sum((row.interest for row in rows), start=Money.zero(terms.principal.currency))
    interest = pay_out_of(terms, on, rows).interest if terms.interest_is_upfront else scheduled
    figures = Figures(
        principal=terms.principal,
        received=cost.received,
        instalment=regular[0].total,
        last_instalment=regular[-1].total,
        instalments=len(regular),
        interest=interest,
        charges=cost.total - interest,
        to_pay=cost.paid,
        cost=cost.total,
        apr=percent_text(cost.apr),
    )
    return Disclosure(figures, regular[0].due_on, regular[-1].due_on, rows)


def percent_text(rate: Decimal) -> str:
    """A rate as percent with two decimals.

    >>> percent_text(Decimal("0.1268"))
    '12.68'
    """
    return f"{rate * 100:.2f}"
