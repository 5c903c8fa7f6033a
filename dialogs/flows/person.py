"""How does a member get to talk to a person? By calling, or by being called."""

from core.phone import Msisdn
from dialogs.desk import Desk
from dialogs.flow import STAY, Act, Choice, Effect, Flow, Load, Option, Outcome, Show, Visit
from dialogs.slots import MASKED_PHONE


async def _name_number(_desk: Desk, visit: Visit) -> Outcome:
    return Outcome(STAY, {"phone": Msisdn(visit.phone).masked})


async def _ask(desk: Desk, visit: Visit) -> Outcome:
    await desk.ask_staff(visit.member_id, "call_back", "")
    return Outcome("asked")


PERSON = Flow(
    "person",
    slots={"phone": MASKED_PHONE},
    states=(
        Choice(
            "how",
            load=Load(_name_number, gives=("phone",)),
            options=(Option("1", "call_me"),),
            act=Act(_ask, outcomes=("asked",), effect=Effect.SETTING),
            on={"asked": "asked"},
        ),
        Show("asked"),
    ),
)
