"""Which rows of a replayed loan may be late? The bridge from a loan's state to its arrears; pure.

Money that a chargeback or refund made due again is late from that day on, not from the row's due date.
"""

from core.lending.arrears import DueRow, Portions, Reopened
from core.lending.loan_state import LoanState, Transaction, TransactionKind
from core.lending.rows import Parts, Row

_REOPENING = frozenset({TransactionKind.CHARGEBACK.value, TransactionKind.BALANCE_REFUND.value})


def due_rows(state: LoanState) -> tuple[DueRow, ...]:
    """The rows of a loan as arrears see them, numbered as they stand."""
    reopened = _reopened_by_row(state)
    return tuple(
        DueRow(
            number=number,
            due_on=row.due_on,
            unpaid=_portions(state, row.open),
            paid=state.money(row.paid.total),
            reopened=tuple(reopened.get(number, ())),
        )
        for number, row in enumerate(state.rows, start=1)
    )


def _reopened_by_row(state: LoanState) -> dict[int, list[Reopened]]:
    """Each reopening with the row that took it: the nearest one not due before it that has such money left."""
    left = {number: row.reopened.total for number, row in enumerate(state.rows, start=1)}
    found: dict[int, list[Reopened]] = {}
    lines = [line for line in state.transactions if line.kind in _REOPENING]
    for line in sorted(lines, key=lambda line: (line.on, line.event)):
        number = _row_of(state.rows, left, line)
        if number is not None:
            amount = min(line.amount, left[number])
            left[number] -= amount
            found.setdefault(number, []).append(Reopened(line.on, state.money(amount)))
    return found


def _row_of(rows: tuple[Row, ...], left: dict[int, int], line: Transaction) -> int | None:
    numbered = enumerate(rows, start=1)
    return next((number for number, row in numbered if row.due_on >= line.on and left[number]), None)


def _portions(state: LoanState, parts: Parts) -> Portions:
    return Portions(
        principal=state.money(parts.principal),
        interest=state.money(parts.interest),
        fees=state.money(parts.fee),
        penalties=state.money(parts.penalty),
    )
