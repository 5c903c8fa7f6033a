"""How much may I borrow, and why not more? The limit on each product, and what every rule says."""

from dialogs.desk import Desk
from dialogs.flow import STAY, Choice, Flow, Load, Outcome, Rows, Show, Variant, Visit
from dialogs.slots import LOAN_MONEY, PRODUCT, TextSlot, WordSlot
from dialogs.values import text


async def _limits(desk: Desk, visit: Visit) -> Outcome:
    found = await desk.loans_on_offer(visit.member_id, None)
    rows = [
        {
            "product": offer.product,
            "limit": offer.limit.minor,
            "closed": 0 if offer.limit else 1,
            "rule": offer.rule,
            "figure": offer.number,
        }
        for offer in found
    ]
    return Outcome(STAY, {"limits": rows})


async def _reasons(desk: Desk, visit: Visit) -> Outcome:
    reasons = await desk.limit_reasons(visit.member_id, text(visit.values, "product"))
    rows = [
        {
            "rule": reason.rule,
            "figure": reason.number,
            "cap": reason.cap.minor,
            "closes": 0 if reason.cap else 1,
        }
        for reason in reasons
    ]
    return Outcome(STAY, {"reasons": rows})


LIMIT = Flow(
    "limit",
    slots={
        "product": PRODUCT,
        "limit": LOAN_MONEY,
        "rule": WordSlot("limit_rule"),
        "figure": TextSlot(10),
        "cap": LOAN_MONEY,
    },
    states=(
        Choice(
            "products",
            load=Load(_limits, gives=("limits",)),
            rows=Rows(of="limits", most=8, chosen="chosen", variants=(Variant("closed", needs="closed"),)),
            on={"chosen": "why"},
        ),
        Show(
            "why",
            load=Load(_reasons, gives=("reasons",)),
            variants=(Variant("closed", needs="closed"),),
            rows=Rows(of="reasons", most=12, variants=(Variant("closes", needs="closes"),)),
        ),
    ),
)
