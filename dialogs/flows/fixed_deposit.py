"""How does a member bind money for a time at a better rate, and what does it cost to have it back before?"""

from core.money import Money
from core.savings.model import SavingsProduct
from core.savings.products import USUAL_PRODUCTS
from core.savings.term_deposits import rules_of
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
    Visit,
)
from dialogs.flows.own_accounts import MOST, savings_of
from dialogs.inputs import AmountReader, CountReader
from dialogs.savings_desk import FixedHeld
from dialogs.slots import DATE, LOAN_MONEY, CountSlot, TextSlot
from dialogs.values import Row, money, number, text


async def _range(desk: Desk, visit: Visit) -> Outcome:
    rules = rules_of(USUAL_PRODUCTS[SavingsProduct.FIXED_DEPOSIT])
    source = savings_of(await desk.accounts(visit.member_id))
    least = Money(rules.amount_least)
    if source is None or source.available < least:
        return Outcome("too_little", {"least": least.minor})
    return Outcome(
        STAY,
        {
            "source_id": source.account_id,
            "least": least.minor,
            "most": source.available.minor,
            "months_least": rules.months_least,
            "months_most": rules.months_most,
        },
    )


async def _offer(desk: Desk, visit: Visit) -> Outcome:
    offer = await desk.fixed_offer(money(visit.values, "amount"), number(visit.values, "months"))
    return Outcome(
        STAY,
        {
            "percent": offer.percent,
            "interest": offer.interest.minor,
            "ends_on": offer.matures_on.isoformat(),
            "account_id": desk.new_id("acc"),
        },
    )


async def _open(desk: Desk, visit: Visit) -> Outcome:
    await desk.open_fixed(
        account_id=text(visit.values, "account_id"),
        member_id=visit.member_id,
        source_id=text(visit.values, "source_id"),
        amount=money(visit.values, "amount"),
        months=number(visit.values, "months"),
    )
    return Outcome("opened")


async def _list(desk: Desk, visit: Visit) -> Outcome:
    held = await desk.fixed_deposits(visit.member_id)
    return Outcome(STAY, {"deposits": [_row(deposit) for deposit in held]}) if held else Outcome("none")


async def _break_cost(desk: Desk, visit: Visit) -> Outcome:
    cost = await desk.break_cost(visit.member_id, text(visit.values, "account_id"))
    return Outcome(STAY, {"paid": cost.paid.minor, "lost": cost.lost.minor})


async def _break(desk: Desk, visit: Visit) -> Outcome:
    paid = await desk.break_fixed(visit.member_id, text(visit.values, "account_id"))
    return Outcome("broken", {"paid": paid.minor})


def _row(deposit: FixedHeld) -> Row:
    return {
        "account_id": deposit.account_id,
        "bound": deposit.balance.minor,
        "ends_on": deposit.matures_on.isoformat(),
    }


FIXED = Flow(
    "fixed",
    slots={
        "least": LOAN_MONEY,
        "most": LOAN_MONEY,
        "amount": LOAN_MONEY,
        "months": CountSlot(120),
        "months_least": CountSlot(120),
        "months_most": CountSlot(120),
        "percent": TextSlot(5),
        "interest": LOAN_MONEY,
        "ends_on": DATE,
        "bound": LOAN_MONEY,
        "paid": LOAN_MONEY,
        "lost": LOAN_MONEY,
    },
    states=(
        Choice("menu", options=(Option("1", "mine", to="list"), Option("2", "new", to="amount"))),
        Choice(
            "list",
            load=Load(_list, gives=("deposits",), outcomes=("none",)),
            rows=Rows(of="deposits", most=MOST, chosen="chosen"),
            on={"chosen": "one", "none": "none"},
        ),
        Choice("one", options=(Option("1", "break", to="break"),)),
        Confirm(
            "break",
            load=Load(_break_cost, gives=("paid", "lost")),
            act=Act(_break, outcomes=("broken",), effect=Effect.PAY_OUT),
            figures=("paid", "lost"),
            on={
                "no": "list",
                "broken": "broken",
                "savings.not_a_term_deposit": "refused",
                "savings.insufficient": "refused",
            },
        ),
        Ask(
            "amount",
            load=Load(
                _range,
                gives=("source_id", "least", "most", "months_least", "months_most"),
                outcomes=("too_little",),
            ),
            reader=AmountReader(least="least", most="most"),
            on={"given": "months", "too_little": "too_little"},
        ),
        Ask(
            "months",
            reader=CountReader("months", least="months_least", most="months_most"),
            on={"given": "confirm"},
        ),
        Confirm(
            "confirm",
            load=Load(_offer, gives=("percent", "interest", "ends_on", "account_id")),
            act=Act(_open, outcomes=("opened",), effect=Effect.PAY_OUT),
            figures=("amount", "percent", "interest", "ends_on"),
            on={
                "no": "amount",
                "opened": "opened",
                "savings.insufficient": "amount",
                "savings.not_open": "refused",
            },
        ),
        End("opened"),
        End("broken"),
        Show("none"),
        Show("too_little"),
        Show("refused", tells=True),
    ),
)
