"""What clears a loan on a date, by the product's rule about interest, and what a top-up leaves for the member?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import CurrencyMismatch, TopUpTooSmall
from core.lending.by_day import asked_on
from core.lending.events import LoanEvent
from core.lending.paying import clearing_parts
from core.lending.repayment_rules import RepaymentRules
from core.lending.replay import replay
from core.lending.rows import Parts
from core.lending.terms import Terms
from core.money import Money


def settlement_quote(
    terms: Terms, rules: RepaymentRules, events: Sequence[LoanEvent], *, on: date, today: date
) -> Parts:
    """What a repayment dated `on` and entered `today` has to be to leave nothing unpaid, by what it is for.

    Raises as `replay` does.
    """
    state = replay(terms, rules, events, as_of=today)
    return clearing_parts(asked_on(state, terms, rules, on=on), on=on, order=rules.order)


@dataclass(frozen=True, slots=True)
class TopUp:
    """A new loan that clears an old one. Amounts in minor units."""

    new_loan: int
    clears_old: Parts
    """What of the new loan settles the old one."""
    paid_out: int
    """What is left for the member."""


def top_up_quote(
    terms: Terms,
    rules: RepaymentRules,
    events: Sequence[LoanEvent],
    *,
    new_loan: Money,
    on: date,
) -> TopUp:
    """What a new loan of that amount leaves once the old one is cleared on a day.

    Raises CurrencyMismatch, TopUpTooSmall where it doesn't even clear the old one, and what `replay` raises.
    """
    if new_loan.currency is not terms.principal.currency:
        raise CurrencyMismatch(left=terms.principal.currency, right=new_loan.currency)
    clears = settlement_quote(terms, rules, events, on=on, today=on)
    if new_loan.minor < clears.total:
        raise TopUpTooSmall(asked=new_loan.plain(), needed=Money(clears.total, new_loan.currency).plain())
    return TopUp(new_loan.minor, clears, new_loan.minor - clears.total)
