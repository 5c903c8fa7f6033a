"""How does a member choose another PIN? The present one first, then the new one twice."""

from dialogs.desk import Desk
from dialogs.flow import Act, Effect, End, Flow, Outcome, Secret, Show, Visit


async def _check_old(desk: Desk, visit: Visit) -> Outcome:
    await desk.sign_in(visit.member_id, visit.secret, visit.attempt)
    return Outcome("right")


async def _propose(desk: Desk, visit: Visit) -> Outcome:
    await desk.propose_new_pin(visit.member_id, visit.secret)
    return Outcome("proposed")


async def _change(desk: Desk, visit: Visit) -> Outcome:
    await desk.change_pin(visit.member_id, visit.secret, visit.attempt)
    return Outcome("changed")


PIN = Flow(
    "pin",
    states=(
        Secret(
            "old",
            act=Act(_check_old, outcomes=("right",), effect=Effect.SIGN_IN),
            on={"right": "new", "members.pin_locked": "refused"},
        ),
        Secret(
            "new",
            act=Act(_propose, outcomes=("proposed",), effect=Effect.SIGN_IN),
            on={"proposed": "repeat"},
        ),
        Secret(
            "repeat",
            act=Act(_change, outcomes=("changed",), effect=Effect.SIGN_IN),
            on={"changed": "changed", "members.pin_mismatch": "new"},
        ),
        Show("changed"),
        End("refused", tells=True),
    ),
)
