"""How does a member take money out to M-Pesa? The cost is shown, the PIN is the yes, and the money is held at once.

The payout's id is minted with the figures, so that however often the PIN arrives it is one withdrawal. A failed one
gives the money back and says so by SMS. A dropped call begins anew: nothing here is offered again, so that
money which is on its way already is not sent twice.
"""

from core.money import Money
from core.phone import Msisdn
from core.savings.withdrawals import USUAL_WITHDRAWALS
from dialogs.desk import Desk
from dialogs.flow import (
    STAY,
    Act,
    Ask,
    Choice,
    Effect,
    End,
    Flow,
    Load,
    Outcome,
    Rows,
    Secret,
    Show,
    Variant,
    Visit,
)
from dialogs.flows.own_accounts import MOST, payers
from dialogs.inputs import AmountReader
from dialogs.slots import ACCOUNT, LOAN_MONEY, MASKED_PHONE, NAME
from dialogs.values import money, text


async def _accounts(desk: Desk, visit: Visit) -> Outcome:
    rows = await payers(desk, visit.member_id)
    if not rows:
        return Outcome("none")
    return Outcome("chosen", rows[0]) if len(rows) == 1 else Outcome(STAY, {"accounts": rows})


async def _range(desk: Desk, visit: Visit) -> Outcome:
    wanted = text(visit.values, "account_id")
    free = [each.available for each in await desk.accounts(visit.member_id) if each.account_id == wanted]
    most = min([*free, Money(USUAL_WITHDRAWALS.most)])
    least = Money(USUAL_WITHDRAWALS.least)
    return Outcome(STAY if free and most >= least else "none", {"least": least.minor, "most": most.minor})


async def _cost(desk: Desk, visit: Visit) -> Outcome:
    cost = await desk.withdrawal_cost(
        visit.member_id, account_id=text(visit.values, "account_id"), amount=money(visit.values, "amount")
    )
    return Outcome(
        STAY,
        {
            "cost": cost.cost.minor,
            "total": cost.total.minor,
            "phone": Msisdn(visit.phone).masked,
            "payout_id": desk.new_id("wdl"),
        },
    )


async def _withdraw(desk: Desk, visit: Visit) -> Outcome:
    await desk.sign_in(visit.member_id, visit.secret, visit.attempt)
    waits = await desk.withdraw(
        payout_id=text(visit.values, "payout_id"),
        member_id=visit.member_id,
        account_id=text(visit.values, "account_id"),
        amount=money(visit.values, "amount"),
        total_shown=money(visit.values, "total"),
        channel=visit.channel,
    )
    return Outcome("waits" if waits else "sent")


_ASK_AGAIN = {
    "savings.insufficient": "amount",
    "payouts.out_of_range": "amount",
    "payouts.not_whole_shillings": "amount",
    "payouts.daily_limit": "amount",
    "payouts.paused": "refused",
    "savings.not_open": "refused",
}

WITHDRAW = Flow(
    "withdraw",
    slots={
        "account": ACCOUNT,
        "name": NAME,
        "available": LOAN_MONEY,
        "least": LOAN_MONEY,
        "most": LOAN_MONEY,
        "amount": LOAN_MONEY,
        "cost": LOAN_MONEY,
        "phone": MASKED_PHONE,
    },
    states=(
        Choice(
            "account",
            load=Load(_accounts, gives=("accounts",), outcomes=("none", "chosen")),
            rows=Rows(of="accounts", most=MOST, chosen="chosen", variants=(Variant("named", needs="name"),)),
            on={"chosen": "amount", "none": "none"},
        ),
        Ask(
            "amount",
            load=Load(_range, gives=("least", "most"), outcomes=("none",)),
            reader=AmountReader(least="least", most="most"),
            on={"given": "agree", "none": "none"},
        ),
        Secret(
            "agree",
            load=Load(_cost, gives=("cost", "total", "phone", "payout_id")),
            act=Act(_withdraw, outcomes=("sent", "waits"), effect=Effect.PAY_OUT),
            figures=("amount", "cost", "phone"),
            on={
                "sent": "sent",
                "waits": "waits",
                "members.pin_locked": "refused",
                "payouts.cost_changed": "amount",
                **_ASK_AGAIN,
            },
        ),
        End("sent"),
        End("waits"),
        Show("none"),
        Show("refused", tells=True),
    ),
)
