"""What has happened on my accounts lately? The last movements on the screen, or all of them by a link in an SMS."""

from dialogs.desk import Desk, StatementLine
from dialogs.flow import STAY, Act, Choice, Effect, Flow, Load, Option, Outcome, Rows, Show, Visit
from dialogs.slots import DATE, MONEY, WordSlot
from dialogs.values import Row, number, text


async def _read_statement(desk: Desk, visit: Visit) -> Outcome:
    lines = await desk.statement(visit.member_id)
    if not lines:
        return Outcome("nothing_yet")
    return Outcome(STAY, {"movements": [_row(line) for line in lines]})


def _row(line: StatementLine) -> Row:
    return {"on": line.on.isoformat(), "kind": line.kind, "amount": line.amount.minor}


async def _mint_link(desk: Desk, _visit: Visit) -> Outcome:
    return Outcome(STAY, {"link_id": desk.new_link_id()})


async def _send(desk: Desk, visit: Visit) -> Outcome:
    await desk.send_statement(text(visit.values, "link_id"), visit.member_id, number(visit.values, "days"))
    return Outcome("sent")


STATEMENT = Flow(
    "statement",
    slots={"on": DATE, "kind": WordSlot("movement"), "amount": MONEY},
    states=(
        Choice(
            "movements",
            load=Load(_read_statement, gives=("movements",), outcomes=("nothing_yet",)),
            rows=Rows(of="movements", most=5),
            options=(Option("1", "by_sms", to="period"),),
            on={"nothing_yet": "empty"},
        ),
        Choice(
            "period",
            load=Load(_mint_link, gives=("link_id",)),
            options=(
                Option("1", "month", sets={"days": 30}),
                Option("2", "quarter", sets={"days": 90}),
                Option("3", "year", sets={"days": 365}),
            ),
            act=Act(_send, outcomes=("sent",), effect=Effect.SETTING),
            on={"sent": "sent"},
        ),
        Show("sent"),
        Show("empty"),
    ),
)
