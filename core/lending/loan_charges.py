"""What do charges and their waivers do to a running loan?"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from core.lending.events import ChargeAdded, PercentOfLoan
from core.lending.loan_state import (
    ChargeState,
    LoanState,
    Transaction,
    TransactionKind,
    paid_charges,
    row_for_charge,
)
from core.lending.model import Portion
from core.lending.rounding import rounded
from core.lending.rounding_terms import RoundingMode
from core.lending.rows import NOTHING, Parts, Row, RowKind


def add_charge(
    state: LoanState, charge: ChargeAdded, *, event: int, on: date, mode: RoundingMode
) -> LoanState:
    """The charge is due on the row that holds its date; an overpayment pays it at once."""
    amount = _amount(state, charge, mode)
    parts = Parts.only(charge.portion, amount)
    placed, index = with_row_for_charge(state, charge.placed_on)
    row = placed.rows[index]
    added = replace(
        placed.with_row(index, row.owing(row.due.plus(parts), on=on)),
        charges=(*state.charges, ChargeState(event, charge.name, charge.portion, charge.placed_on, amount)),
    )
    return _paid_from_overpayment(added, index, parts, on=on) if added.overpaid else added


def waive_charge(state: LoanState, charge: ChargeState, *, event: int) -> LoanState:
    """What is unpaid of the charge need not be paid, as of its due date."""
    amount = charge.amount - charge.waived - paid_charges(state)[charge.event]
    index = row_for_charge(state.rows, charge.due_on)
    if not amount or index is None:
        return state
    row = state.rows[index].waiving(Parts.only(charge.portion, amount), on=charge.due_on)
    charges = tuple(
        replace(one, waived=one.waived + amount) if one.event == charge.event else one
        for one in state.charges
    )
    waived = replace(state.with_row(index, row), charges=charges)
    return waived.noting(Transaction(event, charge.due_on, TransactionKind.CHARGE_WAIVED.value, amount))


def with_row_for_charge(state: LoanState, due_on: date) -> tuple[LoanState, int]:
    """The state with a row that holds a charge's date, and its place. A later charge moves the row behind all."""
    index = row_for_charge(state.rows, due_on)
    if index is not None:
        return state, index
    last = state.rows[-1]
    if last.kind is RowKind.EXTRA:
        place = len(state.rows) - 1
        return state.with_row(place, replace(last, due_on=due_on)), place
    return with_extra_row(state, due_on)


def with_extra_row(state: LoanState, due_on: date) -> tuple[LoanState, int]:
    """The state with a row behind all others, and its place."""
    extra = Row(kind=RowKind.EXTRA, starts_on=state.rows[-1].due_on, due_on=due_on, due=NOTHING)
    return replace(state, rows=(*state.rows, extra)), len(state.rows)


def _amount(state: LoanState, charge: ChargeAdded, mode: RoundingMode) -> int:
    if not isinstance(charge.amount, PercentOfLoan):
        return charge.amount.minor
    interest = sum(row.due.interest for row in state.rows)
    return rounded(charge.amount.rate * Fraction(state.lent + interest), mode)


def _paid_from_overpayment(state: LoanState, index: int, parts: Parts, *, on: date) -> LoanState:
    """An overpayment pays a new charge, and that enlarges the split of the payment that was too much."""
    portion = Portion.PENALTY if parts.penalty else Portion.FEE
    amount = min(state.overpaid, parts.total)
    taken = Parts.only(portion, amount)
    paid = state.with_row(index, state.rows[index].credited(taken, on=on))
    lines = list(state.transactions)
    left = amount
    for place, line in enumerate(lines):
        share = min(line.overpaid, left)
        if share:
            bigger = line.parts.plus(Parts.only(portion, share))
            lines[place] = replace(line, parts=bigger, overpaid=line.overpaid - share)
            left -= share
    return replace(paid, overpaid=state.overpaid - amount, transactions=tuple(lines))
