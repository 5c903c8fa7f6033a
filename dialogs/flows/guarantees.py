"""Who asks me to stand for their loan, for whom do I stand, and who stands for me?"""

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
    Variant,
    Visit,
)
from dialogs.inputs import AmountReader
from dialogs.loan_desk import GuaranteeAsked
from dialogs.slots import DATE, LOAN_MONEY, NAME, PRODUCT
from dialogs.values import Row, money, text

LEAST = Money(100)
"""The least anybody stands for."""


async def _requests(desk: Desk, visit: Visit) -> Outcome:
    waiting = await desk.guarantees_asked(visit.member_id)
    if not waiting:
        return Outcome("none")
    return Outcome(STAY, {"requests": [_row(request) for request in waiting]})


async def _request(desk: Desk, visit: Visit) -> Outcome:
    request = await desk.guarantee_asked(visit.member_id, text(visit.values, "guarantee_id"))
    most = min(request.asked, request.free)
    return Outcome(
        STAY,
        {
            **_row(request),
            "most": most.minor,
            "least": LEAST.minor,
            "has_free": most.minor if most > LEAST else 0,
            "whole": request.asked.minor if request.asked <= request.free else 0,
        },
    )


async def _accept(desk: Desk, visit: Visit) -> Outcome:
    amount = money(visit.values, "amount")
    await desk.accept_guarantee(visit.member_id, text(visit.values, "guarantee_id"), amount)
    return Outcome("accepted", {"amount": amount.minor, "name": text(visit.values, "name")})


async def _decline(desk: Desk, visit: Visit) -> Outcome:
    await desk.decline_guarantee(visit.member_id, text(visit.values, "guarantee_id"))
    return Outcome("declined", {"name": text(visit.values, "name")})


async def _given(desk: Desk, visit: Visit) -> Outcome:
    given = await desk.guarantees_given(visit.member_id)
    if not given:
        return Outcome("none_given")
    return Outcome(STAY, {"given": [{"name": each.borrower, "bound": each.bound.minor} for each in given]})


def _row(request: GuaranteeAsked) -> Row:
    return {
        "guarantee_id": request.guarantee_id,
        "name": request.borrower,
        "product": request.product,
        "asked": request.asked.minor,
        "free": request.free.minor,
        "answer_by": request.answer_by.isoformat(),
    }


_CLOSED = {"lending.guarantee_not_open": "refused", "lending.application_not_open": "refused"}

GUARANTORS = Flow(
    "guarantors",
    slots={
        "name": NAME,
        "product": PRODUCT,
        "asked": LOAN_MONEY,
        "free": LOAN_MONEY,
        "most": LOAN_MONEY,
        "least": LOAN_MONEY,
        "amount": LOAN_MONEY,
        "bound": LOAN_MONEY,
        "answer_by": DATE,
    },
    states=(
        Choice(
            "menu",
            options=(
                Option("1", "requests", to="requests"),
                Option("2", "mine", to="mine"),
                Option("3", "given", to="given"),
            ),
        ),
        Choice(
            "requests",
            load=Load(_requests, gives=("requests",), outcomes=("none",)),
            rows=Rows(of="requests", most=12, chosen="chosen"),
            on={"chosen": "request", "none": "none"},
        ),
        Choice(
            "request",
            load=Load(_request, gives=("most", "least", "whole", "has_free", "free")),
            variants=(Variant("all_free", needs="whole"),),
            options=(
                Option("1", "whole", to="confirm", needs="whole", gives={"amount": "asked"}),
                Option("2", "part", to="part", needs="has_free"),
                Option("3", "decline", to="decline"),
            ),
            on=_CLOSED,
            worth_resuming=True,
        ),
        Ask("part", reader=AmountReader(least="least", most="most"), on={"given": "confirm"}),
        Confirm(
            "confirm",
            act=Act(_accept, outcomes=("accepted",), effect=Effect.LOAN),
            figures=("name", "amount"),
            on={
                "no": "request",
                "accepted": "accepted",
                "lending.guarantee_above_free_deposits": "request",
                "savings.insufficient": "request",
                **_CLOSED,
            },
        ),
        Confirm(
            "decline",
            act=Act(_decline, outcomes=("declined",), effect=Effect.SETTING),
            figures=("name", "asked"),
            on={"no": "request", "declined": "declined", **_CLOSED},
        ),
        Show(
            "given",
            load=Load(_given, gives=("given",), outcomes=("none_given",)),
            rows=Rows(of="given", most=8),
            on={"none_given": "none_given"},
        ),
        Go("mine", flow="applications"),
        End("accepted"),
        End("declined"),
        Show("none"),
        Show("none_given"),
        Show("refused", tells=True),
    ),
)
