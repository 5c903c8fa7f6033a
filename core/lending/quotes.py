"""What clears a loan on a date, by the product's rule about interest, and what a top-up leaves for the member?"""

from collections.abc import Sequence
from datetime import date

from core.lending.by_day import asked_on
from core.lending.events import LoanEvent
from core.lending.paying import clearing_parts
from core.lending.repayment_rules import RepaymentRules
from core.lending.replay import replay
from core.lending.rows import Parts
from core.lending.terms import Terms


def settlement_quote(
    terms: Terms, rules: RepaymentRules, events: Sequence[LoanEvent], *, on: date, today: date
) -> Parts:
    """What a repayment dated `on` and entered `today` has to be to leave nothing unpaid, by what it is for.

    Raises as `replay` does.
    """
    state = replay(terms, rules, events, as_of=today)
    return clearing_parts(asked_on(state, terms, rules, on=on), on=on, order=rules.order)
