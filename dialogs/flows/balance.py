"""How much do I have, and how much do I owe?"""

from dialogs.desk import Desk, LoanOwed
from dialogs.flow import STAY, Flow, Load, Outcome, Rows, Show, Variant, Visit
from dialogs.slots import DATE, MONEY, PRODUCT, CountSlot
from dialogs.values import Row


async def _read_balances(desk: Desk, visit: Visit) -> Outcome:
    balances = await desk.balances(visit.member_id)
    return Outcome(
        STAY,
        {
            "savings": balances.savings.minor,
            "deposits": balances.deposits.minor,
            "shares": balances.shares.minor,
            "loans": [_loan_row(loan) for loan in balances.loans],
        },
    )


def _loan_row(loan: LoanOwed) -> Row:
    return {
        "product": loan.product,
        "owed": loan.to_clear.minor,
        "due_now": loan.due_now.minor,
        "days_late": loan.days_late,
        "next_due": loan.next_due.minor,
        "next_due_on": loan.next_due_on.isoformat() if loan.next_due_on else "",
    }


BALANCE = Flow(
    "balance",
    slots={
        "savings": MONEY,
        "deposits": MONEY,
        "shares": MONEY,
        "product": PRODUCT,
        "owed": MONEY,
        "due_now": MONEY,
        "days_late": CountSlot(9999),
        "next_due": MONEY,
        "next_due_on": DATE,
    },
    states=(
        Show(
            "accounts",
            load=Load(_read_balances, gives=("savings", "deposits", "shares", "loans")),
            rows=Rows(
                of="loans",
                most=6,
                variants=(
                    Variant("late", needs="days_late"),
                    Variant("due", needs="due_now"),
                    Variant("next", needs="next_due"),
                ),
            ),
        ),
    ),
)
