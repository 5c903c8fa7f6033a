"""What is owed on a loan today, and what does a payment pay? Pure functions of instalments, date, product.

Both go by the product's order (orders.py): everything that can be paid today, in the order in which money pays it. Its
sum clears the loan and a payment runs down it; so paying that sum clears the loan, and two payments pay what one would.

1. Instalments due, oldest first, each in the product's order (penalty, fee, interest, principal).
2. The current instalment, the first one after today, in the same order.
3. Principal of later instalments, oldest first; their interest stays scheduled.
4. Where the product charges interest for the whole term, that later interest.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

from core.lending.model import (
    Allocation,
    AllocationResult,
    InstalmentState,
    InterestChargedThrough,
    Owed,
    Portion,
    Product,
)
from core.lending.orders import product_order
from core.lending.rows import PLACE
from core.lending.rundown import OpenRow, run_down, still_asks
from core.money import Currency, Money

Unpaid: TypeAlias = tuple[date, int, int]
"""An instalment's due date, and what of its principal and of all else is not paid yet, in minor units."""


def owed(instalments: Sequence[InstalmentState], today: date, product: Product) -> Owed:
    """What an active loan asks on a business date; a closed one owes nothing and is not asked about.

    Raises ValueError for a loan without instalments.
    """
    in_order = _oldest_first(instalments)
    unpaid = [
        (state.due_on, state.unpaid(Portion.PRINCIPAL).minor, state.unpaid(Portion.INTEREST).minor)
        for state in in_order
    ]
    return owed_of(unpaid, today, product, in_order[0].currency)


def owed_of(unpaid: Sequence[Unpaid], today: date, product: Product, currency: Currency) -> Owed:
    """The same from what the database has of each instalment, oldest first.

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


def allocate(
    instalments: Sequence[InstalmentState], amount: Money, today: date, product: Product
) -> AllocationResult:
    """Divide a payment made on a business date over an active loan. Parts and excess make up the amount.

    Raises ValueError for a negative amount or a loan without instalments, CurrencyMismatch for an amount in
    another currency than the loan's.
    """
    in_order = _oldest_first(instalments)
    if amount < Money.zero(in_order[0].currency):
        raise ValueError(f"a payment is not negative: {amount}")
    order = product_order(product.allocation_order, product.interest_charged_through)
    rows = [_open_row(state) for state in in_order]
    left = run_down(rows, amount.minor, on=today, order=order)
    parts = tuple(_part(state, row) for state, row in zip(in_order, rows, strict=True) if any(row.taken))
    clears = bool(left) or not still_asks(rows, on=today, order=order)
    return AllocationResult(parts=parts, excess=Money(left, amount.currency), clears=clears)


def after_payment(
    instalments: Sequence[InstalmentState], parts: Iterable[Allocation]
) -> tuple[InstalmentState, ...]:
    """The instalments once the parts of a payment are credited to them."""
    by_number = {part.number: part for part in parts}
    return tuple(
        state.credited(by_number[state.number]) if state.number in by_number else state
        for state in instalments
    )


def _open_row(state: InstalmentState) -> OpenRow:
    return OpenRow(state.due_on, [state.unpaid(portion).minor for portion in PLACE])


def _part(state: InstalmentState, row: OpenRow) -> Allocation:
    interest = Money(row.parts.interest, state.currency)
    receivable = min(interest, state.interest_receivable)
    return Allocation(
        number=state.number,
        principal=Money(row.parts.principal, state.currency),
        interest_receivable=receivable,
        interest_income=interest - receivable,
    )


def _oldest_first(instalments: Sequence[InstalmentState]) -> list[InstalmentState]:
    if not instalments:
        raise ValueError("a loan has at least one instalment")
    return sorted(instalments, key=lambda state: state.number)
