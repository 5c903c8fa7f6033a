"""How many shares do I have, and how do I buy more? From savings here, from M-Pesa by a deposit."""

from dialogs.desk import Desk
from dialogs.flow import (
    STAY,
    Act,
    Ask,
    Choice,
    Confirm,
    Effect,
    End,
    Flow,
    Go,
    Load,
    Option,
    Outcome,
    Show,
    Visit,
)
from dialogs.flows.own_accounts import SHARES as SHARE_ACCOUNT
from dialogs.flows.own_accounts import savings_of
from dialogs.inputs import AmountReader
from dialogs.slots import LOAN_MONEY, CountSlot
from dialogs.values import money, text


async def _holding(desk: Desk, visit: Visit) -> Outcome:
    held = await desk.shares_held(visit.member_id)
    source = savings_of(await desk.accounts(visit.member_id))
    free = 0 if source is None else source.available.minor // held.price.minor * held.price.minor
    return Outcome(
        STAY,
        {
            "shares": held.balance.minor,
            "count": held.balance.minor // held.price.minor,
            "price": held.price.minor,
            "most": free,
            "source_id": "" if source is None else source.account_id,
            "account_id": held.account_id,
            "account": SHARE_ACCOUNT,
            "name": "",
        },
    )


async def _count(desk: Desk, visit: Visit) -> Outcome:
    price = money(visit.values, "price")
    bought = money(visit.values, "amount").minor // price.minor
    return Outcome(STAY, {"bought": bought, "cost": bought * price.minor, "key": desk.new_id("shr")})


async def _buy(desk: Desk, visit: Visit) -> Outcome:
    after = await desk.buy_shares(
        key=text(visit.values, "key"),
        member_id=visit.member_id,
        source_id=text(visit.values, "source_id"),
        amount=money(visit.values, "cost"),
    )
    return Outcome("bought", {"shares": after.minor})


SHARES = Flow(
    "shares",
    slots={
        "shares": LOAN_MONEY,
        "count": CountSlot(99_999),
        "price": LOAN_MONEY,
        "most": LOAN_MONEY,
        "bought": CountSlot(99_999),
        "cost": LOAN_MONEY,
    },
    states=(
        Choice(
            "holding",
            load=Load(
                _holding,
                gives=("shares", "count", "price", "most", "source_id", "account_id", "account", "name"),
            ),
            options=(
                Option("1", "from_savings", to="amount", needs="most"),
                Option(
                    "2",
                    "from_mpesa",
                    to="deposit",
                    gives={"account_id": "account_id", "account": "account", "name": "name"},
                ),
            ),
            on={"shares.none": "refused"},
        ),
        Ask("amount", reader=AmountReader(least="price", most="most"), on={"given": "confirm"}),
        Confirm(
            "confirm",
            load=Load(_count, gives=("bought", "cost", "key")),
            act=Act(_buy, outcomes=("bought",), effect=Effect.PAY_OUT),
            figures=("bought", "cost"),
            on={
                "no": "amount",
                "bought": "bought",
                "shares.not_whole": "amount",
                "savings.insufficient": "amount",
                "savings.not_open": "refused",
            },
        ),
        Go("deposit", flow="deposit"),
        End("bought"),
        Show("refused", tells=True),
    ),
)
