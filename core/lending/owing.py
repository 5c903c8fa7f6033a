"""What is owed on a loan today, from what of each instalment is not paid? Pure; core/lending/orders.py has the order.

1. Instalments due.
2. The current instalment, the first one after today.
3. Principal of later instalments; their interest stays scheduled, and lapses when the loan is cleared.
4. Where the product charges interest for the whole term, that later interest.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from core.lending.model import InterestChargedThrough, Owed, Product
from core.money import Currency, Money

Unpaid: TypeAlias = tuple[date, int, int]
"""An instalment's due date, and what of its principal and of all else is not paid yet, in minor units."""


def owed_of(unpaid: Sequence[Unpaid], today: date, product: Product, currency: Currency) -> Owed:
    """What an active loan asks on a business date, from what the database has of each instalment, oldest first.

    In whole numbers, because a balance on a phone asks for the whole schedule of every loan.
    """
    charges_later_interest = product.interest_charged_through is InterestChargedThrough.WHOLE_TERM
    due_now = ahead = to_clear_ahead = next_due = 0
    oldest = next_due_on = None
    for due_on, principal, interest in unpaid:
        both = principal + interest
        if due_on <= today:
            due_now += both
            if both and oldest is None:
                oldest = due_on
        else:
            to_clear_ahead += both if charges_later_interest or not ahead else principal
            ahead += 1
            if both and next_due_on is None:
                next_due, next_due_on = both, due_on
    return Owed(
        due_now=Money(due_now, currency),
        next_due=Money(next_due, currency),
        next_due_on=next_due_on,
        days_late=0 if oldest is None else (today - oldest).days,
        to_clear=Money(due_now + to_clear_ahead, currency),
    )
