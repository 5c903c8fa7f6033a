"""What do I save for, and how far am I? Goals with a name, a sum and a day."""

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
    Go,
    Load,
    Option,
    Outcome,
    Rows,
    Show,
    Visit,
)
from dialogs.flows.own_accounts import MOST
from dialogs.inputs import AmountReader, CountReader, TextReader
from dialogs.savings_desk import GoalHeld
from dialogs.slots import DATE, LOAN_MONEY, NAME, CountSlot
from dialogs.values import Row, money, number, text

LEAST = Money(100_00)
LARGEST = Money(9_999_999_00)
MONTHS_MOST = 120
NAME_LETTERS = 16


async def _list(desk: Desk, visit: Visit) -> Outcome:
    goals = await desk.goals(visit.member_id)
    return Outcome(STAY, {"goals": [_row(goal) for goal in goals]}) if goals else Outcome("none")


async def _limits(_desk: Desk, _visit: Visit) -> Outcome:
    return Outcome(
        STAY,
        {"least": LEAST.minor, "most": LARGEST.minor, "months_least": 1, "months_most": MONTHS_MOST},
    )


async def _mint(desk: Desk, _visit: Visit) -> Outcome:
    return Outcome(STAY, {"account_id": desk.new_id("acc")})


async def _start(desk: Desk, visit: Visit) -> Outcome:
    goal = await desk.start_goal(
        account_id=text(visit.values, "account_id"),
        member_id=visit.member_id,
        name=text(visit.values, "name"),
        target=money(visit.values, "amount"),
        months=number(visit.values, "months"),
    )
    return Outcome("started", _row(goal))


def _row(goal: GoalHeld) -> Row:
    return {
        "account_id": goal.account_id,
        "account": "goal",
        "name": goal.name,
        "saved": goal.saved.minor,
        "target": goal.target.minor,
        "target_on": goal.target_on.isoformat(),
        "percent": goal.percent,
        "monthly": goal.monthly.minor,
    }


GOALS = Flow(
    "goals",
    slots={
        "name": NAME,
        "saved": LOAN_MONEY,
        "target": LOAN_MONEY,
        "target_on": DATE,
        "percent": CountSlot(100),
        "monthly": LOAN_MONEY,
        "least": LOAN_MONEY,
        "most": LOAN_MONEY,
        "amount": LOAN_MONEY,
        "months": CountSlot(MONTHS_MOST),
        "months_most": CountSlot(MONTHS_MOST),
    },
    states=(
        Choice("menu", options=(Option("1", "mine", to="list"), Option("2", "new", to="name"))),
        Choice(
            "list",
            load=Load(_list, gives=("goals",), outcomes=("none",)),
            rows=Rows(of="goals", most=MOST, chosen="chosen"),
            on={"chosen": "one", "none": "none"},
        ),
        Choice(
            "one",
            options=(
                Option(
                    "1",
                    "save",
                    to="deposit",
                    gives={"account_id": "account_id", "account": "account", "name": "name"},
                ),
            ),
        ),
        Ask("name", reader=TextReader("name", longest=NAME_LETTERS), on={"given": "amount"}),
        Ask(
            "amount",
            load=Load(_limits, gives=("least", "most", "months_least", "months_most")),
            reader=AmountReader(least="least", most="most"),
            on={"given": "months"},
        ),
        Ask(
            "months",
            reader=CountReader("months", least="months_least", most="months_most"),
            on={"given": "confirm"},
        ),
        Confirm(
            "confirm",
            load=Load(_mint, gives=("account_id",)),
            act=Act(_start, outcomes=("started",), effect=Effect.SETTING),
            figures=("name", "amount", "months"),
            on={"no": "amount", "started": "started", "savings.exists": "refused"},
        ),
        Go("deposit", flow="deposit"),
        End("started"),
        Show("none"),
        Show("refused", tells=True),
    ),
)
