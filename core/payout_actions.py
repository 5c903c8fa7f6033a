"""Which end of a payout needs two people? One that nobody has word of, held against the provider's statement."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from core.db.engine import ReadSession, WriteSession
from core.errors import PayoutNotOpen, PayoutTooFresh
from core.payout_settlement import settle_within
from core.payouts import fact_store, lifecycle, store
from core.payouts.model import FactSource, Payout, PayoutState
from core.payouts.ports import Heard, Outcome
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission

_STUCK: Final = frozenset({PayoutState.SUBMITTED, PayoutState.UNKNOWN})
UNANSWERED: Final = "no_answer"
"""The reason a member hears of where staff found that no money moved."""


class Found(StrEnum):
    """What the provider's statement says of a payout."""

    PAID = "paid"
    """The money left."""

    NOT_PAID = "not_paid"
    """It is not in the statement of the day on which it was sent, nor of the next."""


class PayoutEnd(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of a payout, under which receipt, and how one knows."""

    payout_id: str
    found: Found
    receipt: str
    reason: str


async def _look(session: ReadSession, now: datetime, facts: PayoutEnd) -> str:
    _refuse_unless_stuck(await store.find(session, facts.payout_id), facts, now=now)
    return facts.payout_id


def _refuse_unless_stuck(payout: Payout, facts: PayoutEnd, *, now: datetime) -> None:
    """That it was paid may be said at once; that it was not, only when the statement of its day is there."""
    if payout.state not in _STUCK or payout.sent_at is None:
        raise PayoutNotOpen(payout_id=payout.payout_id, state=payout.state)
    may_from = payout.sent_at + lifecycle.STAFF_MAY_FROM
    if facts.found is Found.NOT_PAID and now < may_from:
        raise PayoutTooFresh(payout_id=payout.payout_id, may_from=may_from)


async def _end(session: WriteSession, decision: Decision, facts: PayoutEnd) -> dict[str, str]:
    payout = await store.lock(session, facts.payout_id)
    _refuse_unless_stuck(payout, facts, now=decision.at)
    is_paid = facts.found is Found.PAID
    heard = Heard(
        source=FactSource.STAFF,
        outcome=Outcome.PAID if is_paid else Outcome.NOT_PAID,
        attempt=payout.attempt,
        result_text=facts.reason[:200],
        reason="" if is_paid else UNANSWERED,
        receipt=facts.receipt if is_paid else None,
    )
    await fact_store.hear(session, payout.payout_id, heard, at=decision.at)
    state = await settle_within(
        session, decision.ids, payout_id=payout.payout_id, by=decision.checker, now=decision.at
    )
    return {"payout": payout.payout_id, "state": state}


END_PAYOUT: Final = CheckedAction(
    code="payouts.end",
    facts=PayoutEnd,
    propose=Permission.PAYOUTS_RESOLVE,
    approve=Permission.PAYOUTS_APPROVE,
    life=timedelta(days=3),
    look=_look,
    do=_end,
)
