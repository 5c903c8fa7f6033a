"""What does a payment do to a loan, and what would clear it? The state's rows, and money run down over them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.lending.events import PaymentKind
from core.lending.loan_state import LoanState, Transaction, charges_of
from core.lending.model import Portion
from core.lending.orders import Order, leaves_out
from core.lending.rows import NOTHING, Parts, Row, RowKind
from core.lending.rundown import OpenRow, PrincipalLeft, run_down


def pay(state: LoanState, *, event: int, on: date, amount: int, kind: PaymentKind, order: Order) -> LoanState:
    """The loan after a payment; what no pass reaches is overpaid, and interest out of reach lapses."""
    rows, left = _credited(state, on=on, amount=amount, order=order)
    parts = _difference(state.rows, rows)
    if _clears(state, rows, on=on, amount=amount, order=order):
        rows = _without_lapsed(rows, on=on)
    after = replace(state, rows=rows, overpaid=state.overpaid + left)
    return after.noting(
        Transaction(event=event, on=on, kind=kind.value, amount=amount, parts=parts, overpaid=left)
    )


def pay_from_overpayment(state: LoanState, *, on: date, at_most: int, order: Order) -> LoanState:
    """Up to so much of an overpayment is divided at once, as when more is lent; earlier splits stay."""
    amount = min(state.overpaid, at_most)
    rows, left = _credited(state, on=on, amount=amount, order=order)
    return replace(state, rows=rows, overpaid=state.overpaid - amount + left)


def clearing_parts(state: LoanState, *, on: date, order: Order) -> Parts:
    """What leaves nothing to pay on that day by this order, by what it is for."""
    rows = _open_rows(state, on, order)
    run_down(rows, sum(sum(row.open) for row in rows), on=on, order=order)
    parts = NOTHING
    for row in rows:
        parts = parts.plus(row.parts)
    return parts


def _credited(state: LoanState, *, on: date, amount: int, order: Order) -> tuple[tuple[Row, ...], int]:
    rows = _open_rows(state, on, order)
    left = run_down(rows, amount, on=on, order=order)
    credited = (
        row.credited(taken.parts, on=on) if any(taken.taken) else row
        for row, taken in zip(state.rows, rows, strict=True)
    )
    return tuple(credited), left


def _open_rows(state: LoanState, on: date, order: Order) -> list[OpenRow]:
    by_charge = any(one.only_charges_fallen_due for one in order)
    bound = None if state.principal_bound is None else PrincipalLeft(state.principal_bound)
    return [
        OpenRow(
            due_on=row.due_on,
            open=[0, 0, 0, 0] if row.settled_on else list(row.open),
            charges_due=_charges_due(state, row, on) if by_charge else (0, 0),
            bound=bound if row.kind is RowKind.INSTALMENT else None,
        )
        for row in state.rows
    ]


def _charges_due(state: LoanState, row: Row, on: date) -> tuple[int, int]:
    """What is open of charges whose date has come; a row's charges are paid oldest first."""
    fallen_due = [charge for charge in charges_of(state, row) if charge.due_on <= on]

    def still_open(portion: Portion) -> int:
        due = sum(charge.amount - charge.waived for charge in fallen_due if charge.portion is portion)
        return max(0, due - row.paid.of(portion))

    return still_open(Portion.PENALTY), still_open(Portion.FEE)


def _difference(before: Sequence[Row], after: Sequence[Row]) -> Parts:
    parts = NOTHING
    for earlier, later in zip(before, after, strict=True):
        if earlier is not later:
            parts = parts.plus(later.paid.minus(earlier.paid))
    return parts


def _clears(state: LoanState, rows: Sequence[Row], *, on: date, amount: int, order: Order) -> bool:
    """Whether a payment was all that the order asks, though something is left that no pass reaches."""
    if not leaves_out(order) or not any(row.outstanding for row in rows):
        return False
    return amount >= clearing_parts(state, on=on, order=order).total


def _without_lapsed(rows: Sequence[Row], *, on: date) -> tuple[Row, ...]:
    """What no pass reaches was never asked for."""
    return tuple(row.owing(row.due.minus(row.open), on=on) if row.outstanding else row for row in rows)
