"""What do the workers do about payouts? Send those requested, ask about those that are out, watch the float."""

from collections.abc import Awaitable
from dataclasses import dataclass

import structlog

from core import payout_settlement
from core.clock import Clock
from core.db.engine import Database
from core.errors import Trouble
from core.ids import Ids
from core.payouts import fact_store, float_watch, store
from core.payouts import service as payouts
from core.payouts.model import PayoutState
from core.payouts.ports import FloatEnquiry, PayoutEnquiry, PayoutSender

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PayoutDesk:
    """What the jobs work with."""

    database: Database
    clock: Clock
    ids: Ids
    sender: PayoutSender
    enquiry: PayoutEnquiry
    float_enquiry: FloatEnquiry


async def send(desk: PayoutDesk, payout_id: str) -> None:
    """Send a requested payout, once, and act on a refusal. One that must wait is the sweep's."""
    await payouts.submit(desk.database, desk.clock, desk.sender, payout_id=payout_id)
    await payout_settlement.settle(desk.database, desk.clock, desk.ids, payout_id=payout_id)


async def sweep(desk: PayoutDesk) -> None:
    """Act on every payout whose time has come, on what was heard and left, and on the float."""
    async with desk.database.reading() as session:
        due = await store.due(session, now=desk.clock.now())
        left = await fact_store.payouts_with_unhandled(session)
    for payout_id in left:
        settled = payout_settlement.settle(desk.database, desk.clock, desk.ids, payout_id=payout_id)
        await _apart(settled, payout_id)
    for payout_id, state in due:
        await _apart(_act(desk, payout_id, state), payout_id)
    await _apart(float_watch.refresh(desk.database, desk.clock, desk.ids, desk.float_enquiry), "float")


async def _act(desk: PayoutDesk, payout_id: str, state: PayoutState) -> None:
    match state:
        case PayoutState.AWAITING_APPROVAL:
            await payout_settlement.give_up_unapproved(
                desk.database, desk.clock, desk.ids, payout_id=payout_id
            )
        case PayoutState.REQUESTED | PayoutState.SUBMITTING:
            await send(desk, payout_id)
        case _:
            await payouts.enquire(desk.database, desk.clock, desk.enquiry, payout_id=payout_id)


async def _apart(work: Awaitable[object], payout_id: str) -> None:
    """Whatever is wrong with one payout, the others go on; it is logged whole and comes up in the next sweep."""
    try:
        await work
    except Trouble:
        # The database is gone for all of them.
        raise
    except Exception:  # noqa: BLE001 (any bug in one payout; it is logged whole)
        _log.exception("sweep can't deal with a payout", payout=payout_id)
