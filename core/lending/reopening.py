"""What is due again when a payment is charged back, or when a refund paid out more than was overpaid?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.lending.loan_charges import with_extra_row
from core.lending.loan_state import LoanState, Transaction, TransactionKind
from core.lending.model import Portion
from core.lending.orders import Order
from core.lending.repayment_rules import ReopenedOn
from core.lending.rows import NOTHING, Parts, Row
from core.lending.rundown import OpenRow, run_down


def reopen(
    state: LoanState,
    parts: Parts,
    *,
    event: int,
    on: date,
    kind: TransactionKind,
    order: Order,
    where: ReopenedOn,
) -> LoanState:
    """An overpayment bears it where it can bear all; else all is due again and the overpayment pays of that."""
    amount = parts.total
    if state.overpaid >= amount:
        lower = replace(state, overpaid=state.overpaid - amount)
        return lower.noting(Transaction(event, on, kind.value, amount))
    place = _place(state.rows, on, where)
    placed, index = with_extra_row(state, on) if place is None else (state, place)
    row = placed.rows[index].reopening(parts, on=on)
    opened = OpenRow(row.due_on, list(row.open), (row.open.penalty, row.open.fee))
    left = run_down([opened], state.overpaid, on=on, order=order)
    paid = row.credited(opened.parts, on=on) if any(opened.taken) else row
    after = replace(placed.with_row(index, paid), overpaid=left)
    return after.noting(Transaction(event, on, kind.value, amount, parts=parts))


def parts_reopened(amount: int, paid: Parts, order: tuple[Portion, ...]) -> Parts:
    """A chargeback takes of each part at most what the payment had paid of it; principal bears the rest."""
    if order == (Portion.PRINCIPAL,):
        return Parts.only(Portion.PRINCIPAL, amount)
    parts, left = NOTHING, amount
    for portion in order:
        share = min(left, paid.of(portion))
        parts = parts.having(portion, share)
        left -= share
    return parts.having(Portion.PRINCIPAL, parts.principal + left)


def _place(rows: Sequence[Row], on: date, where: ReopenedOn) -> int | None:
    if where is ReopenedOn.NEXT_DUE:
        return next((index for index, row in enumerate(rows) if row.due_on >= on), None)
    running = (index for index, row in enumerate(rows) if row.starts_on <= on < row.due_on)
    last = len(rows) - 1
    return next(running, last if rows[last].due_on == on else None)
