"""How is what a member has divided over what their loans ask today? Pure."""

from collections.abc import Mapping, Sequence

from core.money import Money
from core.savings.ports import LoanDue


def plan_sweeps(dues: Sequence[LoanDue], free: Mapping[str, Money]) -> list[tuple[LoanDue, Money]]:
    """So much for each loan, in the order given, until a member's free money is used up. Nothing makes no row.

    `free` is by member; who has no account there, or one of another currency, is left out.
    """
    left = dict(free)
    plan = []
    for due in dues:
        available = left.get(due.member_id)
        if available is None or available.currency is not due.amount.currency:
            continue
        amount = min(available, due.amount)
        if amount.minor > 0:
            plan.append((due, amount))
            left[due.member_id] = available - amount
    return plan
