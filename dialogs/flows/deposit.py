"""How does a member pay in from M-Pesa? To an account, a goal or shares, by a prompt on their phone."""

from core.money import Money
from core.payments.model import Purpose
from core.phone import Msisdn
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
    Load,
    Outcome,
    Rows,
    Show,
    Variant,
    Visit,
)
from dialogs.flows.own_accounts import MOST, SHARES, takers
from dialogs.inputs import AmountReader
from dialogs.slots import ACCOUNT, LOAN_MONEY, MASKED_PHONE, NAME
from dialogs.values import money, number, text

PROMPT_MOST = Money(250_000_00)
"""M-Pesa moves no more at once (Safaricom's tariff, 2025)."""


async def _accounts(desk: Desk, visit: Visit) -> Outcome:
    if visit.values.get("account_id"):
        return Outcome("chosen", {name: visit.values[name] for name in ("account_id", "account", "name")})
    return Outcome(STAY, {"accounts": await takers(desk, visit.member_id)})


async def _range(desk: Desk, visit: Visit) -> Outcome:
    least = Money(100)
    if text(visit.values, "account") == SHARES:
        least = (await desk.shares_held(visit.member_id)).price
    return Outcome(STAY, {"least": least.minor, "most": PROMPT_MOST.minor})


async def _draw_up(desk: Desk, visit: Visit) -> Outcome:
    return Outcome(
        STAY,
        {
            "collected": money(visit.values, "amount").rounded_up_to_major().minor,
            "phone": Msisdn(visit.phone).masked,
            "payment_id": desk.new_payment_id(),
        },
    )


async def _collect(desk: Desk, visit: Visit) -> Outcome:
    is_for_shares = text(visit.values, "account") == SHARES
    collected = await desk.collect(
        payment_id=text(visit.values, "payment_id"),
        member_id=visit.member_id,
        purpose=Purpose.SHARES if is_for_shares else Purpose.SAVINGS,
        subject=text(visit.values, "account_id"),
        amount=Money(number(visit.values, "collected")),
        channel=visit.channel,
    )
    return Outcome("prompted", {"collected": collected.minor})


DEPOSIT = Flow(
    "deposit",
    slots={
        "account": ACCOUNT,
        "name": NAME,
        "least": LOAN_MONEY,
        "most": LOAN_MONEY,
        "collected": LOAN_MONEY,
        "phone": MASKED_PHONE,
    },
    states=(
        Choice(
            "to",
            load=Load(_accounts, gives=("accounts",), outcomes=("chosen",)),
            rows=Rows(of="accounts", most=MOST, chosen="chosen", variants=(Variant("named", needs="name"),)),
            on={"chosen": "amount"},
        ),
        Ask(
            "amount",
            load=Load(_range, gives=("least", "most")),
            reader=AmountReader(least="least", most="most"),
            on={"given": "confirm"},
            worth_resuming=True,
        ),
        Confirm(
            "confirm",
            load=Load(_draw_up, gives=("collected", "phone", "payment_id")),
            act=Act(_collect, outcomes=("prompted",), effect=Effect.COLLECT, tracks="payment_id"),
            figures=("collected", "account", "phone"),
            on={
                "no": "amount",
                "prompted": "prompted",
                "shares.not_whole": "amount",
                "payments.out_of_range": "amount",
                "payments.in_progress": "refused",
            },
            worth_resuming=True,
        ),
        End("prompted"),
        Show("refused", tells=True),
    ),
)
