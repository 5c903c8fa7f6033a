"""What does the end of a payout do? Weigh every fact heard of it, post once by its purpose, tell the member."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import structlog

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import PayoutNotOpen, ReceiptTaken
from core.ids import Ids
from core.lending.service import loan_payouts
from core.payouts import fact_store, lifecycle, store
from core.payouts import service as payouts
from core.payouts.decision import Decision, Verdict, decide
from core.payouts.model import Payout, PayoutPurpose, PayoutState
from core.payouts.ports import Heard
from core.savings.service import withdrawal_ends
from core.savings.withdrawal_actions import NOT_APPROVED

_log = structlog.get_logger(__name__)

PROVIDER: Final = "provider"
TAKEN_BACK: Final = "taken_back"
"""The reason of a payout that staff took back before it was sent."""


class _Paid(Protocol):
    async def __call__(
        self, session: WriteSession, ids: Ids, payout: Payout, *, receipt: str | None, now: datetime
    ) -> None: ...


class _Voided(Protocol):
    async def __call__(
        self, session: WriteSession, ids: Ids, payout: Payout, *, reason: str, now: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Ends:
    """What each end of a payout means for its purpose."""

    settled: _Paid
    voided: _Voided
    paid_late: _Paid


_ENDS: Final = {
    PayoutPurpose.WITHDRAWAL: _Ends(
        withdrawal_ends.withdrawal_settled,
        withdrawal_ends.withdrawal_voided,
        withdrawal_ends.withdrawal_paid_late,
    ),
    PayoutPurpose.LOAN: _Ends(
        loan_payouts.loan_settled, loan_payouts.loan_voided, loan_payouts.loan_paid_late
    ),
}


async def settle(database: Database, clock: Clock, ids: Ids, *, payout_id: str) -> PayoutState:
    """Act on what was heard of a payout and not acted on yet; safe to call at any time, by anyone, at once.

    Raises UnknownPayout.
    """
    async with database.unit_of_work() as session:
        return await settle_within(session, ids, payout_id=payout_id, by=PROVIDER, now=clock.now())


async def settle_within(
    session: WriteSession, ids: Ids, *, payout_id: str, by: str, now: datetime
) -> PayoutState:
    """As `settle`, in a transaction of the caller's. Raises UnknownPayout."""
    payout = await store.lock(session, payout_id)
    for fact in await fact_store.unhandled(session, payout_id):
        heard = fact.heard
        decision = await _acted(session, ids, payout, heard, by=by, now=now)
        if decision.incident:
            await store.raise_incident(session, payout_id, decision.incident)
            _log.warning("payout needs a look", payout=payout_id, what=decision.incident, source=heard.source)
        await fact_store.handled(session, fact.fact_id, at=now)
        payout = await store.lock(session, payout_id)
    return payout.state


async def _acted(
    session: WriteSession, ids: Ids, payout: Payout, heard: Heard, *, by: str, now: datetime
) -> Decision:
    """Do what the decision says; a receipt that another payout has turns it into a hold."""
    decision = decide(payout, heard)
    try:
        await _act(session, ids, payout, heard, decision.verdict, by=by, now=now)
    except ReceiptTaken as taken:
        await payouts.hold_back(session, payout)
        return Decision(Verdict.HOLD, f"receipt {taken.receipt} is another payout's")
    return decision


async def _act(
    session: WriteSession, ids: Ids, payout: Payout, heard: Heard, verdict: Verdict, *, by: str, now: datetime
) -> None:
    ends = _ENDS[payout.purpose]
    match verdict:
        case Verdict.SETTLE | Verdict.SETTLE_LATE:
            await payouts.settle(session, payout, receipt=heard.receipt, by=by, now=now)
            post = ends.settled if verdict is Verdict.SETTLE else ends.paid_late
            await post(session, ids, payout, receipt=heard.receipt, now=now)
        case Verdict.VOID:
            await _void(session, ids, payout, reason=heard.reason, by=by, now=now)
        case Verdict.AGAIN:
            await payouts.try_again(session, payout, now=now)
        case Verdict.PROVE:
            await payouts.prove(session, payout, heard.fault, reason=heard.reason, now=now)
        case Verdict.ASK:
            await payouts.doubt(session, payout, now=now)
        case Verdict.HOLD:
            await payouts.hold_back(session, payout)
        case Verdict.NOTHING if payout.state is PayoutState.SETTLED and heard.receipt:
            # Staff, or a status without a receipt, settled it; the result brings that later.
            await store.complete(session, payout.payout_id, receipt=payout.receipt or heard.receipt)
        case _:
            pass


async def _void(
    session: WriteSession, ids: Ids, payout: Payout, *, reason: str, by: str, now: datetime
) -> None:
    await payouts.void(session, payout, reason=reason, by=by, now=now)
    await _ENDS[payout.purpose].voided(session, ids, payout, reason=reason, now=now)


async def take_back(
    session: WriteSession, ids: Ids, *, payout_id: str, by: str, because: str, now: datetime
) -> Payout:
    """Staff call off a payout that is not sent; what was held is free again. Raises UnknownPayout, PayoutNotOpen."""
    payout = await store.lock(session, payout_id)
    if payout.state is not PayoutState.REQUESTED:
        raise PayoutNotOpen(payout_id=payout_id, state=payout.state)
    await _void(session, ids, payout, reason=TAKEN_BACK, by=by, now=now)
    await audit.record(
        session, at=now, actor=by, action="payout.taken_back", subject=payout_id, facts={"reason": because}
    )
    return await store.find(session, payout_id)


async def give_up_unapproved(database: Database, clock: Clock, ids: Ids, *, payout_id: str) -> None:
    """Nobody decided on a large withdrawal in time: the member has the money back."""
    async with database.unit_of_work() as session:
        payout, now = await store.lock(session, payout_id), clock.now()
        if payout.state is PayoutState.AWAITING_APPROVAL and now >= (
            payout.requested_at + lifecycle.APPROVAL_LIFE
        ):
            await _void(session, ids, payout, reason=NOT_APPROVED, by="system", now=now)
