"""How was each payment divided over the rows? What ageing, statements and the member's questions ask of the log."""

from collections.abc import Sequence
from typing import TypeAlias

from core.lending.booked import Recognised
from core.lending.events import LoanEvent, Payment
from core.lending.loan_state import LoanState
from core.lending.repayment_rules import RepaymentRules
from core.lending.replay import steps
from core.lending.rows import NOTHING, Parts
from core.lending.terms import Terms

Split: TypeAlias = dict[int, Parts]
"""What a payment paid, by number of the row."""


def splits(terms: Terms, rules: RepaymentRules, events: Sequence[LoanEvent]) -> dict[int, Split]:
    """The split of every payment that stands, by number of its event. Raises as `replay` does."""
    return {
        event.number: split_between(before, after)
        for event, before, after in steps(terms, rules, events)
        if isinstance(event.what, Payment)
    }


def split_between(before: LoanState, after: LoanState) -> Split:
    """What was paid on each row from one state to the next."""
    paid = {}
    for place, row in enumerate(after.rows):
        earlier = before.rows[place].paid if place < len(before.rows) else NOTHING
        parts = row.paid.minus(earlier)
        if any(parts):
            paid[place + 1] = parts
    return paid


def as_record(split: Split, early: dict[int, Recognised]) -> list[dict[str, int]]:
    """The split as the log keeps it; `early` is what of it was income at the moment of paying."""
    return [
        {
            "instalment": number,
            "penalties": parts.penalty,
            "fees": parts.fee,
            "interest": parts.interest,
            "principal": parts.principal,
            "interest_early": early.get(number, Recognised()).interest,
            "fees_early": early.get(number, Recognised()).fees,
        }
        for number, parts in split.items()
    ]
