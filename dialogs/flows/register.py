"""How does somebody whose number nobody knows ask to join? Consent, who they are, a first PIN; then staff decide."""

from datetime import date

from dialogs.desk import Caller, Desk, PinState
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
    Secret,
    Visit,
)
from dialogs.membership_desk import Joining
from dialogs.person_inputs import DayReader, NameReader, NationalIdReader
from dialogs.slots import DATE, NAME, TextSlot
from dialogs.values import text


async def _speak(_desk: Desk, visit: Visit) -> Outcome:
    """Go on in the language that was chosen."""
    return Outcome(STAY, language=text(visit.values, "language"))


async def _ask_to_join(desk: Desk, visit: Visit) -> Outcome:
    joining = Joining(
        first_name=text(visit.values, "given_name"),
        last_name=text(visit.values, "family_name"),
        national_id=text(visit.values, "national_id"),
        birth_date=date.fromisoformat(text(visit.values, "birth_date")),
        language=text(visit.values, "language"),
    )
    joined = await desk.ask_to_join(visit.phone, joining, visit.channel)
    caller = Caller(joined.member_id, joined.first_name, joining.language, PinState.NONE)
    return Outcome("asked", caller=caller)


async def _propose_pin(desk: Desk, visit: Visit) -> Outcome:
    await desk.propose_pin(visit.member_id, visit.secret)
    return Outcome("proposed")


async def _choose_pin(desk: Desk, visit: Visit) -> Outcome:
    await desk.choose_pin(visit.member_id, visit.secret)
    return Outcome("chosen")


REGISTER = Flow(
    "register",
    needs_sign_in=False,
    slots={"given_name": NAME, "family_name": NAME, "national_id": TextSlot(9), "birth_date": DATE},
    states=(
        Choice(
            "language",
            options=(
                Option("1", "english", to="consent", sets={"language": "en"}),
                Option("2", "swahili", to="consent", sets={"language": "sw"}),
            ),
        ),
        Choice(
            "consent",
            load=Load(_speak, tells_nothing=True),
            options=(Option("1", "agree", to="national_id"), Option("2", "disagree", to="declined")),
        ),
        Ask("national_id", reader=NationalIdReader("national_id"), on={"given": "given_name"}),
        Ask("given_name", reader=NameReader("given_name"), on={"given": "family_name"}),
        Ask("family_name", reader=NameReader("family_name"), on={"given": "birth_date"}),
        Ask("birth_date", reader=DayReader("birth_date"), on={"given": "confirm"}),
        Confirm(
            "confirm",
            act=Act(_ask_to_join, outcomes=("asked",), effect=Effect.REGISTER),
            figures=("given_name", "family_name", "national_id", "birth_date"),
            on={
                "no": "national_id",
                "asked": "first_pin",
                "members.already": "refused",
                "members.not_of_age": "refused",
                "staff.request_waits": "refused",
            },
        ),
        Go("first_pin", flow="register_pin", afresh=True),
        End("declined"),
        End("refused", tells=True),
    ),
)

REGISTER_PIN = Flow(
    "register_pin",
    needs_sign_in=False,
    states=(
        Secret(
            "choose",
            act=Act(_propose_pin, outcomes=("proposed",), effect=Effect.SIGN_IN),
            on={"proposed": "repeat", "members.pin_already_set": "done"},
        ),
        Secret(
            "repeat",
            act=Act(_choose_pin, outcomes=("chosen",), effect=Effect.SIGN_IN),
            on={"chosen": "done", "members.pin_mismatch": "choose", "members.pin_already_set": "done"},
        ),
        End("done"),
    ),
)
"""A conversation of its own, so that nothing that was typed about the person is kept while the PIN is chosen."""
