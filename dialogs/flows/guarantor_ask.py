"""Whom does a borrower ask to stand for their loan, and for how much? One member at a time."""

from core.lending.guarantees import GuaranteeState
from core.money import Money
from dialogs.desk import Desk
from dialogs.flow import (
    STAY,
    Act,
    Ask,
    Choice,
    Confirm,
    Effect,
    Flow,
    Go,
    Load,
    Option,
    Outcome,
    Show,
    Variant,
    Visit,
)
from dialogs.inputs import AmountReader, PhoneReader
from dialogs.slots import LOAN_MONEY, NAME, CountSlot, TextSlot
from dialogs.values import money, number, text

LEAST = Money(100_00)
"""The least a guarantor is asked for, or all that is lacking where that is less."""


async def _lacking(desk: Desk, visit: Visit) -> Outcome:
    """What nobody is asked for yet, in people and in money: who is asked twice would be one too many."""
    wish = await desk.loan_wish(visit.member_id, text(visit.values, "application_id"))
    asked = [each.amount for each in wish.guarantors if each.state == GuaranteeState.REQUESTED]
    zero = Money.zero(wish.missing.currency)
    lacking = max(zero, wish.missing - sum(asked, start=zero))
    people = max(1 if lacking else 0, wish.guarantors_missing - len(asked))
    if not wish.is_open or not people:
        return Outcome("nothing_lacking", {"number": wish.number})
    # Where only people are lacking, each may stand for any part of the loan.
    most = lacking or wish.amount
    return Outcome(
        STAY,
        {
            "number": wish.number,
            "people": people,
            "lacking": lacking.minor,
            "least": min(LEAST, most).minor,
            "most": most.minor,
        },
    )


async def _find(desk: Desk, visit: Visit) -> Outcome:
    person = await desk.other_member(text(visit.values, "phone"), asked_by=visit.member_id)
    return Outcome(STAY, {"guarantor_id": person.member_id, "name": person.name})


async def _mint(desk: Desk, _visit: Visit) -> Outcome:
    return Outcome(STAY, {"guarantee_id": desk.new_id("gua")})


async def _ask(desk: Desk, visit: Visit) -> Outcome:
    await desk.ask_guarantor(
        guarantee_id=text(visit.values, "guarantee_id"),
        member_id=visit.member_id,
        application_id=text(visit.values, "application_id"),
        guarantor_id=text(visit.values, "guarantor_id"),
        amount=money(visit.values, "amount"),
    )
    covered = money(visit.values, "amount") >= money(visit.values, "lacking")
    more = max(0 if covered else 1, number(visit.values, "people") - 1)
    return Outcome("asked", {"more": more})


_UNFIT = {
    "lending.guarantor_is_borrower": "phone",
    "lending.guarantor_is_official": "phone",
    "lending.guarantor_is_late": "phone",
    "lending.guarantor_has_too_many": "phone",
    "lending.guarantor_asked_already": "phone",
    "lending.application_not_open": "refused",
}

ASK = Flow(
    "ask",
    slots={
        "number": TextSlot(9),
        "lacking": LOAN_MONEY,
        "least": LOAN_MONEY,
        "amount": LOAN_MONEY,
        "most": LOAN_MONEY,
        "people": CountSlot(9),
        "more": CountSlot(9),
        "name": NAME,
    },
    states=(
        Ask(
            "phone",
            load=Load(
                _lacking,
                gives=("number", "people", "lacking", "least", "most"),
                outcomes=("nothing_lacking",),
            ),
            reader=PhoneReader("phone"),
            on={"given": "amount", "nothing_lacking": "enough", "lending.unknown_application": "refused"},
            worth_resuming=True,
        ),
        Ask(
            "amount",
            load=Load(_find, gives=("guarantor_id", "name")),
            reader=AmountReader(least="least", most="most"),
            on={"given": "confirm", "members.no_such_number": "phone"},
        ),
        Confirm(
            "confirm",
            load=Load(_mint, gives=("guarantee_id",)),
            act=Act(_ask, outcomes=("asked",), effect=Effect.SETTING),
            figures=("name", "amount"),
            on={"no": "amount", "asked": "asked", **_UNFIT},
        ),
        Choice(
            "asked",
            variants=(Variant("more_needed", needs="more"),),
            options=(
                Option("1", "another", to="phone", needs="more"),
                Option("2", "status", to="status", gives={"application_id": "application_id"}),
            ),
        ),
        Go("status", flow="applications"),
        Show("enough"),
        Show("refused", tells=True),
    ),
)
