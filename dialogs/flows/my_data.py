"""What do you hold on me, and how is it put right or deleted? The rights of the Data Protection Act (Kenya), 2019."""

from dialogs.desk import Desk
from dialogs.flow import (
    STAY,
    Act,
    Ask,
    Choice,
    Confirm,
    Effect,
    Flow,
    Load,
    Option,
    Outcome,
    Show,
    Variant,
    Visit,
)
from dialogs.inputs import TextReader
from dialogs.slots import DATE, MASKED_PHONE, NameSlot, TextSlot
from dialogs.values import text

LONGEST_WORDS = 50


async def _read_held(desk: Desk, visit: Visit) -> Outcome:
    held = await desk.held_data(visit.member_id)
    return Outcome(
        STAY,
        {
            "number": held.number,
            "name": held.name,
            "phone": held.phone,
            "national_id": held.national_id,
            "born": held.birth_date.isoformat(),
            "joined": held.joined_on.isoformat(),
        },
    )


async def _ask_to_correct(desk: Desk, visit: Visit) -> Outcome:
    await desk.ask_staff(visit.member_id, "correct_data", text(visit.values, "words"))
    return Outcome("asked")


async def _ask_to_delete(desk: Desk, visit: Visit) -> Outcome:
    await desk.ask_staff(visit.member_id, "delete_data", "")
    return Outcome("asked")


MY_DATA = Flow(
    "my_data",
    slots={
        "number": TextSlot(10),
        "name": NameSlot(30),
        "phone": MASKED_PHONE,
        "national_id": TextSlot(9),
        "born": DATE,
        "joined": DATE,
        "words": TextSlot(LONGEST_WORDS),
    },
    states=(
        Choice(
            "menu",
            options=(
                Option("1", "held", to="held"),
                Option("2", "correct", to="words"),
                Option("3", "delete", to="delete"),
            ),
        ),
        Show(
            "held",
            load=Load(_read_held, gives=("number", "name", "phone", "national_id", "born", "joined")),
            variants=(Variant("with_id", needs="national_id"),),
        ),
        Ask("words", reader=TextReader("words", LONGEST_WORDS), on={"given": "correct"}),
        Confirm(
            "correct",
            act=Act(_ask_to_correct, outcomes=("asked",), effect=Effect.SETTING),
            figures=("words",),
            on={"no": "menu", "asked": "asked"},
        ),
        Confirm(
            "delete",
            load=Load(_read_held, gives=("number",)),
            act=Act(_ask_to_delete, outcomes=("asked",), effect=Effect.SETTING),
            figures=("number",),
            on={"no": "menu", "asked": "asked"},
        ),
        Show("asked"),
    ),
)
