"""How does my application stand? Its state, its guarantors, the offer with its full cost, and taking it back."""

from dialogs.desk import Desk
from dialogs.flow import (
    STAY,
    Act,
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
    Secret,
    Show,
    Variant,
    Visit,
)
from dialogs.loan_agreement import COST_SLOTS, cost_of_values, cost_values
from dialogs.loan_desk import AskedMember, LoanWish
from dialogs.slots import LOAN_MONEY, NAME, PRODUCT, CountSlot, TextSlot, WordSlot
from dialogs.values import Row, text


async def _list(desk: Desk, visit: Visit) -> Outcome:
    if visit.values.get("application_id"):
        return Outcome("only_one", {"application_id": text(visit.values, "application_id")})
    wishes = await desk.loan_wishes(visit.member_id)
    if not wishes:
        return Outcome("none")
    if len(wishes) == 1:
        return Outcome("only_one", {"application_id": wishes[0].application_id})
    return Outcome(STAY, {"applications": [_row(wish) for wish in wishes]})


async def _one(desk: Desk, visit: Visit) -> Outcome:
    wish = await desk.loan_wish(visit.member_id, text(visit.values, "application_id"))
    return Outcome(
        STAY,
        {
            **_row(wish),
            "missing": wish.missing.minor,
            "guarantors_missing": wish.guarantors_missing,
            "may_ask": 1 if wish.is_open and (wish.missing or wish.guarantors_missing) else 0,
            "may_withdraw": 1 if wish.is_open else 0,
            "offered": 1 if wish.has_offer else 0,
            "has_asked": len(wish.guarantors),
        },
    )


async def _guarantors(desk: Desk, visit: Visit) -> Outcome:
    wish = await desk.loan_wish(visit.member_id, text(visit.values, "application_id"))
    return Outcome(STAY, {"asked": [_guarantor_row(guarantor) for guarantor in wish.guarantors]})


async def _offer(desk: Desk, visit: Visit) -> Outcome:
    figures = await desk.loan_offer(visit.member_id, text(visit.values, "application_id"))
    return Outcome(STAY, cost_values(figures))


async def _accept(desk: Desk, visit: Visit) -> Outcome:
    await desk.sign_in(visit.member_id, visit.secret, visit.attempt)
    await desk.accept_offer(
        member_id=visit.member_id,
        application_id=text(visit.values, "application_id"),
        shown=cost_of_values(visit.values),
        channel=visit.channel,
    )
    return Outcome("accepted")


async def _withdraw(desk: Desk, visit: Visit) -> Outcome:
    await desk.withdraw_wish(visit.member_id, text(visit.values, "application_id"))
    return Outcome("withdrawn")


async def _do_without(desk: Desk, visit: Visit) -> Outcome:
    await desk.do_without(
        visit.member_id,
        application_id=text(visit.values, "application_id"),
        guarantee_id=text(visit.values, "guarantee_id"),
    )
    return Outcome("without")


def _row(wish: LoanWish) -> Row:
    return {
        "application_id": wish.application_id,
        "number": wish.number,
        "product": wish.product,
        "amount": wish.amount.minor,
        "state": wish.state,
    }


def _guarantor_row(guarantor: AskedMember) -> Row:
    return {
        "guarantee_id": guarantor.guarantee_id,
        "name": guarantor.name,
        "stands_for": guarantor.amount.minor,
        "answer": guarantor.state,
        "may_do_without": 1 if guarantor.is_open else 0,
    }


APPLICATIONS = Flow(
    "applications",
    slots={
        **COST_SLOTS,
        "number": TextSlot(9),
        "product": PRODUCT,
        "amount": LOAN_MONEY,
        "state": WordSlot("application_state"),
        "missing": LOAN_MONEY,
        "guarantors_missing": CountSlot(9),
        "name": NAME,
        "stands_for": LOAN_MONEY,
        "answer": WordSlot("guarantee_state"),
    },
    states=(
        Choice(
            "list",
            load=Load(_list, gives=("applications",), outcomes=("none", "only_one")),
            rows=Rows(of="applications", most=6, chosen="chosen"),
            on={"chosen": "one", "only_one": "one", "none": "none"},
        ),
        Choice(
            "one",
            load=Load(_one, gives=("missing", "may_ask", "may_withdraw", "offered", "has_asked")),
            variants=(Variant("offered_text", needs="offered"), Variant("lacking", needs="may_ask")),
            options=(
                Option("1", "offer", to="offer", needs="offered"),
                Option("2", "ask", to="ask", needs="may_ask", gives={"application_id": "application_id"}),
                Option("3", "guarantors", to="guarantors", needs="has_asked"),
                Option("4", "withdraw", to="withdraw", needs="may_withdraw"),
                Option("5", "apply", to="apply"),
            ),
            on={"lending.unknown_application": "refused"},
        ),
        Choice(
            "guarantors",
            load=Load(_guarantors, gives=("asked",)),
            rows=Rows(of="asked", most=12, chosen="chosen"),
            on={"chosen": "guarantor"},
        ),
        Choice(
            "guarantor",
            options=(
                Option("1", "do_without", to="do_without", needs="may_do_without"),
                Option("2", "ask", to="ask", needs="may_ask", gives={"application_id": "application_id"}),
            ),
        ),
        Confirm(
            "do_without",
            act=Act(_do_without, outcomes=("without",), effect=Effect.SETTING),
            figures=("name", "stands_for"),
            on={"no": "guarantors", "without": "without", "lending.guarantee_not_open": "refused"},
        ),
        Choice(
            "without",
            options=(
                Option("1", "replace", to="ask", gives={"application_id": "application_id"}),
                Option("2", "status", to="one", gives={"application_id": "application_id"}),
            ),
        ),
        Choice(
            "offer",
            load=Load(_offer, gives=tuple(COST_SLOTS)),
            options=(Option("1", "accept", to="agree"),),
            on={"lending.application_not_open": "refused"},
            worth_resuming=True,
        ),
        Secret(
            "agree",
            act=Act(_accept, outcomes=("accepted",), effect=Effect.LOAN),
            figures=("net", "total"),
            on={
                "accepted": "accepted",
                "members.pin_locked": "refused",
                "lending.application_not_open": "refused",
                "lending.disclosure_changed": "offer",
            },
        ),
        Confirm(
            "withdraw",
            act=Act(_withdraw, outcomes=("withdrawn",), effect=Effect.SETTING),
            figures=("number", "amount"),
            on={"no": "one", "withdrawn": "withdrawn", "lending.application_not_open": "refused"},
        ),
        Go("ask", flow="ask"),
        Go("apply", flow="apply"),
        End("accepted"),
        End("withdrawn"),
        Show("none"),
        Show("refused", tells=True),
    ),
)
