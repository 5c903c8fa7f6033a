"""How does a member come to another number? A code proves the new one, the PIN the old one, and a yes changes it.

The change has its id from the moment the code is asked for, so that a repeated turn sends one code and changes once.
"""

from core.phone import Msisdn
from dialogs.desk import Desk
from dialogs.flow import STAY, Act, Ask, Choice, Confirm, Effect, End, Flow, Load, Outcome, Secret, Visit
from dialogs.person_inputs import DigitsReader, PhoneReader
from dialogs.remark import Sentence
from dialogs.slots import MASKED_PHONE, TextSlot
from dialogs.values import text


async def _name_numbers(desk: Desk, visit: Visit) -> Outcome:
    return Outcome(
        STAY,
        {
            "old": Msisdn(visit.phone).masked,
            "new": text(visit.values, "new_phone"),
            "change_id": visit.values.get("change_id") or desk.new_change_id(),
        },
    )


async def _send_code(desk: Desk, visit: Visit) -> Outcome:
    await desk.ask_phone_change(
        text(visit.values, "change_id"), visit.member_id, text(visit.values, "new_phone")
    )
    return Outcome("sent")


async def _check_code(desk: Desk, visit: Visit) -> Outcome:
    await desk.prove_new_phone(
        text(visit.values, "change_id"), visit.member_id, text(visit.values, "typed_code")
    )
    return Outcome("proved", {"typed_code": ""})


async def _check_pin(desk: Desk, visit: Visit) -> Outcome:
    await desk.sign_in(visit.member_id, visit.secret, visit.attempt)
    return Outcome("right")


async def _change(desk: Desk, visit: Visit) -> Outcome:
    await desk.change_phone(text(visit.values, "change_id"), visit.member_id)
    return Outcome("changed")


PHONE = Flow(
    "phone",
    slots={"old": MASKED_PHONE, "new": TextSlot(16)},
    states=(
        Ask("number", reader=PhoneReader("new_phone"), on={"given": "send"}),
        Confirm(
            "send",
            load=Load(_name_numbers, gives=("old", "new", "change_id")),
            act=Act(_send_code, outcomes=("sent",), effect=Effect.IDENTITY),
            figures=("old", "new"),
            on={
                "no": "number",
                "sent": "code",
                "membership.same_phone": "number",
                "membership.too_many_codes": "refused",
            },
        ),
        Choice(
            "code",
            otherwise=DigitsReader("typed_code", 6, Sentence.WRONG_CODE),
            act=Act(_check_code, outcomes=("proved",), effect=Effect.SETTING),
            on={"proved": "pin", "membership.code_expired": "refused"},
            worth_resuming=True,
        ),
        Secret(
            "pin",
            act=Act(_check_pin, outcomes=("right",), effect=Effect.SIGN_IN),
            on={"right": "confirm", "members.pin_locked": "refused"},
        ),
        Confirm(
            "confirm",
            act=Act(_change, outcomes=("changed",), effect=Effect.IDENTITY),
            figures=("old", "new"),
            on={
                "no": "number",
                "changed": "changed",
                "membership.code_expired": "refused",
                "membership.phone_taken": "refused",
            },
        ),
        End("changed"),
        End("refused", tells=True),
    ),
)
