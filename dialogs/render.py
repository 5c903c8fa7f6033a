"""How do we say what a rule refused, and what has happened to a member's money?"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from core.errors import (
    AmountOutOfRange,
    BelowMinimumShares,
    LoanAboveLimit,
    LoanBelowLeast,
    LoanTermNotOffered,
    NotEnoughSaved,
    NotFullySecured,
    NotWholeShares,
    NotYourself,
    PinLocked,
    Refusal,
    RepaymentOutOfRange,
    TermOutOfRange,
    WrongCode,
    WrongPin,
)
from dialogs.catalogue import Catalogue
from dialogs.remark import Remark
from dialogs.slots import DATE, MASKED_PHONE, MONEY, PRODUCT, CountSlot, NameSlot, Slot, TextSlot, WordSlot
from dialogs.values import Values

REMARK_SLOTS: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        "least": MONEY,
        "most": MONEY,
        "tries": CountSlot(9),
        "minutes": CountSlot(99),
        "longest": CountSlot(160),
        "months_least": CountSlot(120),
        "months_most": CountSlot(120),
        "rule": WordSlot("limit_rule"),
        "number": TextSlot(13),
        "amount": MONEY,
        "receipt": TextSlot(10),
    }
)
"""What the sentences of `wrong.*`, `told.*`, `trouble.*` and `refusal.*` may hold."""

_AMOUNT_WRITTEN = TextSlot(13)

NOTICE_SLOTS: Final[Mapping[str, Slot]] = MappingProxyType(
    {
        "amount": _AMOUNT_WRITTEN,
        "balance": _AMOUNT_WRITTEN,
        "excess": _AMOUNT_WRITTEN,
        "product": PRODUCT,
        "receipt": TextSlot(10),
        "reason": WordSlot("failure"),
        "account": WordSlot("account"),
        "interest": _AMOUNT_WRITTEN,
        "name": NameSlot(),
        "due": _AMOUNT_WRITTEN,
        "needed": _AMOUNT_WRITTEN,
        "number": TextSlot(13),
        "on": DATE,
        "taken": _AMOUNT_WRITTEN,
        "tax": _AMOUNT_WRITTEN,
        "year": CountSlot(9999),
        "days": CountSlot(999),
        "phone": MASKED_PHONE,
        "secret": TextSlot(6),
        "link": TextSlot(130),
        "what": WordSlot("what"),
    }
)
"""What the sentences of `notice.*` may hold. Core hands amounts over in words: `1,000.00`."""


_TURN = timedelta(seconds=1)
"""Longer than a PIN check takes."""


def remark_on(refusal: Refusal, now: datetime) -> Remark:
    """The sentence for a refusal: its code under `refusal.`, with the facts that sentence names."""
    facts: Values = {}
    key = f"refusal.{refusal.code}"
    if isinstance(refusal, WrongPin | WrongCode | NotYourself):
        facts = {"tries": refusal.tries_left}
    elif isinstance(refusal, PinLocked) and refusal.until is None:
        key += "_by_staff"
    elif isinstance(refusal, PinLocked) and refusal.until is not None:
        facts = {"minutes": _minutes_until(refusal.until, now)}
    elif isinstance(refusal, RepaymentOutOfRange):
        facts = {"least": refusal.minimum_minor, "most": refusal.maximum_minor}
    else:
        facts = _facts_of_savings(refusal) or _facts_of_lending(refusal)
    return Remark(key, facts)


def _facts_of_lending(refusal: Refusal) -> Values:
    match refusal:
        case LoanAboveLimit():
            return {"most": refusal.limit_minor, "rule": refusal.rule, "number": refusal.number}
        case LoanBelowLeast():
            return {"least": refusal.least_minor}
        case LoanTermNotOffered():
            return {"months_least": refusal.least, "months_most": refusal.most}
        case NotFullySecured():
            return {"most": refusal.missing_minor}
        case _:
            return {}


def _facts_of_savings(refusal: Refusal) -> Values:
    match refusal:
        case NotEnoughSaved():
            return {"most": max(refusal.available_minor, 0)}
        case AmountOutOfRange() | BelowMinimumShares():
            return {"least": refusal.minimum_minor}
        case NotWholeShares():
            return {"least": refusal.price_minor}
        case TermOutOfRange():
            return {"months_least": refusal.minimum_months, "months_most": refusal.maximum_months}
        case _:
            return {}


def _minutes_until(moment: datetime, now: datetime) -> int:
    """Whole minutes, rounded up, so that nobody who waits them comes too early.

    `now` is the turn's beginning, and a lock set in this turn began a little later: that little is no minute.
    """
    return max(1, -((now - moment + _TURN) // timedelta(minutes=1)))


def render_notice(catalogue: Catalogue, kind: str, language: str, facts: Mapping[str, str]) -> str:
    """The SMS for an event: one segment, in the member's language, or the first of ours where that is unknown.

    `repayment_received` and `loan_cleared` need amount, product and receipt (empty where it isn't known yet),
    the first also balance; where they hold an excess, they say that it went to the savings. `payment_failed`
    needs amount and reason, one of the words under `failure`, `payment_unanswered` amount; what those of savings
    need stands in their texts. Raises KeyError for another kind.
    """
    texts = catalogue[language if language in catalogue.languages else catalogue.languages[0]]
    key = f"notice.{kind}"
    if facts.get("excess"):
        key += "_with_excess"
    return texts.fill(key, facts, NOTICE_SLOTS).strip()
