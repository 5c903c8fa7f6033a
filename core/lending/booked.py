"""What of a loan stands in the books? Its rows with the income taken from them, and what that makes on each account.

Interest is income as its days pass (day-close) or when it is paid before that, so each row keeps how much was taken;
recognised less paid is the receivable. Fees likewise. A penalty is income when it is charged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.lending.loan_state import LoanState
from core.lending.rows import Row


class Recognised(NamedTuple):
    """What of one row was taken to income, in minor units."""

    interest: int = 0
    fees: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """A loan in the books, in minor units: what is owed by kind of account, and the income taken from it so far."""

    principal: int = 0
    interest_due: int = 0
    fees_due: int = 0
    penalties_due: int = 0
    interest_income: int = 0
    fee_income: int = 0
    penalty_income: int = 0

    def less(self, other: "Position") -> "Position":
        """What changed since the other."""
        return Position(
            self.principal - other.principal,
            self.interest_due - other.interest_due,
            self.fees_due - other.fees_due,
            self.penalties_due - other.penalties_due,
            self.interest_income - other.interest_income,
            self.fee_income - other.fee_income,
            self.penalty_income - other.penalty_income,
        )


def recognised(
    state: LoanState, before: Sequence[Recognised], *, income: Mapping[int, Recognised] | None = None
) -> tuple[Recognised, ...]:
    """What is taken to income of each row after an event: no less than is paid, no more than is asked.

    What was taken before stays as far as the row allows it. `income` comes with the event itself, by number of the
    row: a fee that is charged; below zero what a payment had brought that is reversed now.
    """
    more = income or {}
    return tuple(
        _recognised(
            row,
            before[place] if place < len(before) else Recognised(),
            more.get(place + 1, Recognised()),
        )
        for place, row in enumerate(state.rows)
    )


def position(state: LoanState, booked: Sequence[Recognised]) -> Position:
    """What the loan makes on the accounts of its product; a loan written off stands on none of them."""
    rows = state.rows
    if state.written_off_on is not None:
        return Position(
            interest_income=sum(b.interest for b in booked),
            fee_income=sum(b.fees for b in booked),
            penalty_income=sum(row.due.penalty - row.waived.penalty for row in rows),
        )
    return Position(
        principal=sum(row.open.principal for row in rows),
        interest_due=sum(b.interest - row.paid.interest for row, b in zip(rows, booked, strict=True)),
        fees_due=sum(b.fees - row.paid.fee for row, b in zip(rows, booked, strict=True)),
        penalties_due=sum(row.open.penalty for row in rows),
        interest_income=sum(b.interest for b in booked),
        fee_income=sum(b.fees for b in booked),
        penalty_income=sum(row.due.penalty - row.waived.penalty for row in rows),
    )


def _recognised(row: Row, before: Recognised, more: Recognised) -> Recognised:
    asked_interest = row.due.interest - row.waived.interest
    asked_fees = row.due.fee - row.waived.fee
    return Recognised(
        interest=min(max(before.interest + more.interest, row.paid.interest), asked_interest),
        fees=min(max(before.fees + more.fees, row.paid.fee), asked_fees),
    )
