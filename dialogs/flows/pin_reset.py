"""What of a member who forgot the PIN? The facts on file open the way to a new one, or staff call back."""

from dialogs.desk import Desk
from dialogs.flow import Act, Ask, Choice, Effect, End, Flow, Go, Outcome, Secret, Visit
from dialogs.person_inputs import DigitsReader, NationalIdReader
from dialogs.remark import Sentence
from dialogs.values import text


async def _check_identity(desk: Desk, visit: Visit) -> Outcome:
    may_choose = await desk.check_identity(
        visit.member_id, text(visit.values, "national_id"), int(text(visit.values, "birth_year"))
    )
    return Outcome("known" if may_choose else "by_staff", {"birth_year": ""})


async def _propose(desk: Desk, visit: Visit) -> Outcome:
    await desk.propose_reset_pin(visit.member_id, visit.secret)
    return Outcome("proposed")


async def _reset(desk: Desk, visit: Visit) -> Outcome:
    await desk.reset_pin(visit.member_id, visit.secret)
    return Outcome("reset")


IDENTITY = Flow(
    "identity",
    needs_sign_in=False,
    states=(
        Ask("national_id", reader=NationalIdReader("national_id"), on={"given": "birth_year"}),
        Choice(
            "birth_year",
            otherwise=DigitsReader("birth_year", 4, Sentence.WRONG_YEAR),
            act=Act(_check_identity, outcomes=("known", "by_staff"), effect=Effect.SIGN_IN),
            on={
                "known": "new_pin",
                "by_staff": "by_staff",
                "membership.not_yourself": "national_id",
                "membership.ask_staff": "refused",
            },
        ),
        Go("new_pin", flow="pin_reset", afresh=True),
        End("by_staff"),
        End("refused", tells=True),
    ),
)
"""Ends before the new PIN is chosen, so that what was typed about the person is kept no longer."""

PIN_RESET = Flow(
    "pin_reset",
    needs_sign_in=False,
    states=(
        Secret(
            "choose",
            act=Act(_propose, outcomes=("proposed",), effect=Effect.SIGN_IN),
            on={"proposed": "repeat", "membership.ask_staff": "refused"},
        ),
        Secret(
            "repeat",
            act=Act(_reset, outcomes=("reset",), effect=Effect.SIGN_IN),
            on={
                "reset": "done",
                "members.pin_mismatch": "choose",
                "membership.ask_staff": "refused",
            },
        ),
        End("done"),
        End("refused", tells=True),
    ),
)
