"""What has happened on my accounts lately?"""

from dialogs.desk import Desk, StatementLine
from dialogs.flow import STAY, Flow, Load, Outcome, Rows, Show, Visit
from dialogs.slots import DATE, MONEY, WordSlot
from dialogs.values import Row


async def _read_statement(desk: Desk, visit: Visit) -> Outcome:
    lines = await desk.statement(visit.member_id)
    if not lines:
        return Outcome("nothing_yet")
    return Outcome(STAY, {"movements": [_row(line) for line in lines]})


def _row(line: StatementLine) -> Row:
    return {"on": line.on.isoformat(), "kind": line.kind, "amount": line.amount.minor}


STATEMENT = Flow(
    "statement",
    slots={"on": DATE, "kind": WordSlot("movement"), "amount": MONEY},
    states=(
        Show(
            "movements",
            load=Load(_read_statement, gives=("movements",), outcomes=("nothing_yet",)),
            rows=Rows(of="movements", most=5),
            on={"nothing_yet": "empty"},
        ),
        Show("empty"),
    ),
)
