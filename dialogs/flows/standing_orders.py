"""What moves by itself every month? The member's standing orders out of savings: list, set, pause, end."""

from datetime import date

from core.money import Money
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
    Option,
    Outcome,
    Rows,
    Show,
    Variant,
    Visit,
)
from dialogs.flows.own_accounts import MOST, savings_of, takers
from dialogs.inputs import AmountReader, CountReader
from dialogs.savings_desk import OrderHeld
from dialogs.slots import ACCOUNT, DATE, LOAN_MONEY, NAME, CountSlot
from dialogs.values import Row, money, number, text

LEAST = Money(100_00)
MOST_A_MONTH = Money(1_000_000_00)
LAST_DAY = 28
"""Every month has it."""


async def _list(desk: Desk, visit: Visit) -> Outcome:
    orders = await desk.orders(visit.member_id)
    return Outcome(STAY, {"orders": [_row(order) for order in orders]}) if orders else Outcome("none")


async def _destinations(desk: Desk, visit: Visit) -> Outcome:
    source = savings_of(await desk.accounts(visit.member_id))
    if source is None:
        return Outcome("no_source")
    rows = await takers(desk, visit.member_id, besides=source.account_id)
    return Outcome(STAY, {"accounts": rows, "source_id": source.account_id})


async def _limits(_desk: Desk, _visit: Visit) -> Outcome:
    return Outcome(
        STAY, {"least": LEAST.minor, "most": MOST_A_MONTH.minor, "first_day": 1, "last_day": LAST_DAY}
    )


async def _first(desk: Desk, visit: Visit) -> Outcome:
    starts_on = await desk.first_run(number(visit.values, "day"))
    return Outcome(STAY, {"starts_on": starts_on.isoformat(), "order_id": desk.new_id("sto")})


async def _set(desk: Desk, visit: Visit) -> Outcome:
    await desk.set_order(
        order_id=text(visit.values, "order_id"),
        member_id=visit.member_id,
        source_id=text(visit.values, "source_id"),
        destination_id=text(visit.values, "account_id"),
        amount=money(visit.values, "amount"),
        starts_on=date.fromisoformat(text(visit.values, "starts_on")),
    )
    return Outcome("set")


async def _pause(desk: Desk, visit: Visit) -> Outcome:
    await desk.pause_order(visit.member_id, text(visit.values, "order_id"))
    return Outcome("paused")


async def _resume(desk: Desk, visit: Visit) -> Outcome:
    await desk.resume_order(visit.member_id, text(visit.values, "order_id"))
    return Outcome("resumed")


async def _end(desk: Desk, visit: Visit) -> Outcome:
    await desk.end_order(visit.member_id, text(visit.values, "order_id"))
    return Outcome("ended")


def _row(order: OrderHeld) -> Row:
    return {
        "order_id": order.order_id,
        "amount": order.amount.minor,
        "account": order.destination,
        "due_on": order.due_on.isoformat(),
        "is_open": 1 if order.is_open else 0,
        "is_paused": 1 if order.is_paused else 0,
    }


_GONE = {"savings.unknown_standing_order": "refused"}

ORDERS = Flow(
    "orders",
    slots={
        "amount": LOAN_MONEY,
        "account": ACCOUNT,
        "name": NAME,
        "due_on": DATE,
        "least": LOAN_MONEY,
        "most": LOAN_MONEY,
        "day": CountSlot(LAST_DAY),
        "starts_on": DATE,
    },
    states=(
        Choice("menu", options=(Option("1", "mine", to="list"), Option("2", "new", to="to"))),
        Choice(
            "list",
            load=Load(_list, gives=("orders",), outcomes=("none",)),
            rows=Rows(
                of="orders", most=MOST, chosen="chosen", variants=(Variant("paused", needs="is_paused"),)
            ),
            on={"chosen": "one", "none": "none"},
        ),
        Choice(
            "one",
            variants=(Variant("paused", needs="is_paused"),),
            options=(
                Option("1", "pause", to="pause", needs="is_open"),
                Option("2", "resume", to="resume", needs="is_paused"),
                Option("3", "end", to="end"),
            ),
        ),
        Confirm(
            "pause",
            act=Act(_pause, outcomes=("paused",), effect=Effect.SETTING),
            figures=("amount", "account"),
            on={"no": "list", "paused": "list", **_GONE},
        ),
        Confirm(
            "resume",
            act=Act(_resume, outcomes=("resumed",), effect=Effect.PAY_OUT),
            figures=("amount", "account"),
            on={"no": "list", "resumed": "list", **_GONE},
        ),
        Confirm(
            "end",
            act=Act(_end, outcomes=("ended",), effect=Effect.SETTING),
            figures=("amount", "account"),
            on={"no": "list", "ended": "list", **_GONE},
        ),
        Choice(
            "to",
            load=Load(_destinations, gives=("accounts", "source_id"), outcomes=("no_source",)),
            rows=Rows(of="accounts", most=MOST, chosen="chosen", variants=(Variant("named", needs="name"),)),
            on={"chosen": "amount", "no_source": "no_source"},
        ),
        Ask(
            "amount",
            load=Load(_limits, gives=("least", "most", "first_day", "last_day")),
            reader=AmountReader(least="least", most="most"),
            on={"given": "day"},
        ),
        Ask("day", reader=CountReader("day", least="first_day", most="last_day"), on={"given": "confirm"}),
        Confirm(
            "confirm",
            load=Load(_first, gives=("starts_on", "order_id")),
            act=Act(_set, outcomes=("set",), effect=Effect.PAY_OUT),
            figures=("amount", "account", "starts_on"),
            on={
                "no": "amount",
                "set": "set",
                "shares.not_whole": "amount",
                "savings.not_open": "refused",
                "savings.unknown_account": "refused",
            },
        ),
        End("set"),
        Show("none"),
        Show("no_source"),
        Show("refused", tells=True),
    ),
)
