"""How does a member ask for a loan? Purpose, product, amount within the limit, months, cost, and their PIN.

The application's id is minted when the cost is shown, so that however often the PIN arrives it is one application.
Guarantors are asked once it is written down: nobody hears of a loan that was not asked for.
"""

from core.errors import PurposeNotLentFor
from core.lending.policies import Purpose
from dialogs.desk import Desk
from dialogs.flow import (
    STAY,
    Act,
    Ask,
    Choice,
    Effect,
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
from dialogs.inputs import AmountReader, CountReader
from dialogs.loan_agreement import COST_SLOTS, cost_values
from dialogs.loan_desk import LoanOnOffer
from dialogs.slots import LOAN_MONEY, PRODUCT, CountSlot, TextSlot, WordSlot
from dialogs.values import Row, money, number, text

PURPOSES = (
    Purpose.BUSINESS,
    Purpose.SCHOOL_FEES,
    Purpose.MEDICAL,
    Purpose.FARM,
    Purpose.HOME,
    Purpose.EMERGENCY,
    Purpose.OTHER,
)
"""In the order of the screen; a purpose keeps its number."""

GUARANTORS_MOST = 9


async def _products(desk: Desk, visit: Visit) -> Outcome:
    found = await desk.loans_on_offer(visit.member_id, Purpose(text(visit.values, "purpose")))
    if not found:
        raise PurposeNotLentFor(product="", purpose=text(visit.values, "purpose"))
    return Outcome(STAY, {"products": [_product_row(offer) for offer in found]})


async def _limit(desk: Desk, visit: Visit) -> Outcome:
    offer = await desk.loan_on_offer(visit.member_id, text(visit.values, "product"))
    return Outcome(STAY if offer.limit else "out_of_reach", _offer_row(offer))


async def _cost(desk: Desk, visit: Visit) -> Outcome:
    figures = await desk.loan_cost(
        text(visit.values, "product"),
        amount=money(visit.values, "amount"),
        months=number(visit.values, "months"),
    )
    return Outcome(STAY, {**cost_values(figures), "application_id": desk.new_id("app")})


async def _apply(desk: Desk, visit: Visit) -> Outcome:
    await desk.sign_in(visit.member_id, visit.secret, visit.attempt)
    wish = await desk.apply_for_loan(
        application_id=text(visit.values, "application_id"),
        member_id=visit.member_id,
        product=text(visit.values, "product"),
        amount=money(visit.values, "amount"),
        months=number(visit.values, "months"),
        purpose=Purpose(text(visit.values, "purpose")),
        channel=visit.channel,
    )
    return Outcome(
        "applied",
        {
            "application_id": wish.application_id,
            "number": wish.number,
            "missing": wish.missing.minor,
            "guarantors": wish.guarantors_missing,
        },
    )


def _product_row(offer: LoanOnOffer) -> Row:
    return {"product": offer.product, "up_to": offer.limit.minor, "closed": 0 if offer.limit else 1}


def _offer_row(offer: LoanOnOffer) -> Row:
    return {
        "product": offer.product,
        "limit": offer.limit.minor,
        "rule": offer.rule,
        "figure": offer.number,
        "least": offer.least.minor,
        "months_least": offer.months_least,
        "months_most": offer.months_most,
    }


APPLY = Flow(
    "apply",
    slots={
        **COST_SLOTS,
        "product": PRODUCT,
        "up_to": LOAN_MONEY,
        "limit": LOAN_MONEY,
        "rule": WordSlot("limit_rule"),
        "figure": TextSlot(10),
        "least": LOAN_MONEY,
        "amount": LOAN_MONEY,
        "months_least": CountSlot(120),
        "months_most": CountSlot(120),
        "number": TextSlot(9),
        "missing": LOAN_MONEY,
        "guarantors": CountSlot(GUARANTORS_MOST),
    },
    states=(
        Choice(
            "purpose",
            options=tuple(
                Option(str(place), purpose, to="product", sets={"purpose": purpose.value})
                for place, purpose in enumerate(PURPOSES, start=1)
            ),
        ),
        Choice(
            "product",
            load=Load(_products, gives=("products",)),
            rows=Rows(of="products", most=6, chosen="chosen", variants=(Variant("closed", needs="closed"),)),
            on={"chosen": "amount", "lending.purpose_not_lent_for": "refused"},
        ),
        Ask(
            "amount",
            load=Load(
                _limit,
                gives=("limit", "rule", "figure", "least", "months_least", "months_most"),
                outcomes=("out_of_reach",),
            ),
            reader=AmountReader(least="least", most="limit"),
            on={"given": "months", "out_of_reach": "out_of_reach"},
            worth_resuming=True,
        ),
        Ask(
            "months",
            reader=CountReader("months", least="months_least", most="months_most"),
            on={"given": "cost"},
        ),
        Choice(
            "cost",
            load=Load(_cost, gives=(*COST_SLOTS, "application_id")),
            options=(Option("1", "apply", to="agree"), Option("2", "change", to="amount")),
            worth_resuming=True,
        ),
        Secret(
            "agree",
            act=Act(_apply, outcomes=("applied",), effect=Effect.LOAN),
            figures=("borrowed", "months"),
            on={
                "applied": "applied",
                "members.pin_locked": "refused",
                "lending.above_limit": "refused",
                "lending.application_already_open": "refused",
            },
        ),
        Choice(
            "applied",
            variants=(Variant("needs_guarantors", needs="guarantors"),),
            options=(
                Option("1", "ask", to="ask", needs="guarantors", gives={"application_id": "application_id"}),
                Option("2", "status", to="status", gives={"application_id": "application_id"}),
            ),
        ),
        Go("ask", flow="ask"),
        Go("status", flow="applications"),
        Show("out_of_reach"),
        Show("refused", tells=True),
    ),
)
