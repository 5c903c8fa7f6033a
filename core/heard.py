"""What follows from a provider's call that was kept? Done by a worker, once, in any order, early or late."""

from datetime import datetime, timedelta

import msgspec

from core import settlement
from core.audit import security
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import UnknownPayment
from core.ids import Ids
from core.payments import callback_store, store
from core.payments import service as payments
from core.payments.callback_store import CallbackKind, CallbackState, KeptCall
from core.payments.model import FactSource
from core.payments.ports import Enquiry
from core.payments.receipt import PaybillReceipt
from core.receiving.service import Matching, receive

EARLY_FOR = timedelta(minutes=10)
"""A call may come before the answer to our own request has told us whose it is: so long it is tried again."""

TRY_AGAIN = timedelta(seconds=5)


async def act_on(
    database: Database, clock: Clock, ids: Ids, matching: Matching, *, callback_id: str
) -> datetime | None:
    """Do what follows from a kept call; when to try again, or None when it is over. Raises UnknownCallback.

    What was heard of a prompt is a fact of its payment before it is settled: should that fail, the sweep settles it.
    """
    async with database.unit_of_work() as session:
        kept = await callback_store.lock(session, callback_id)
        if kept.state is not CallbackState.KEPT:
            return None
        now = clock.now()
        if kept.call.kind is CallbackKind.PAYBILL:
            receipt = msgspec.json.decode(kept.call.facts, type=PaybillReceipt)
            state = await receive(session, ids, receipt, matching=matching, now=now)
            await callback_store.end(session, callback_id, CallbackState.DONE, why=state, at=now)
            return None
        payment_id, again_at = await _hear(session, kept, now)
    if payment_id is not None:
        await settlement.settle(database, clock, ids, payment_id=payment_id)
    return again_at


async def _hear(session: WriteSession, kept: KeptCall, now: datetime) -> tuple[str | None, datetime | None]:
    """The payment of which something was heard, or when to look for it again."""
    heard = msgspec.json.decode(kept.call.facts, type=Enquiry)
    payment_id = await _payment_of(session, kept, heard)
    if payment_id is None:
        if now - kept.received_at < EARLY_FOR:
            return None, now + TRY_AGAIN
        await _park(session, kept, now)
        return None, None
    await payments.hear_in(session, payment_id=payment_id, source=FactSource.CALLBACK, heard=heard, now=now)
    await callback_store.end(session, kept.callback_id, CallbackState.DONE, why="heard", at=now)
    return payment_id, None


async def _payment_of(session: WriteSession, kept: KeptCall, heard: Enquiry) -> str | None:
    """By the id in the path; where there is none of ours, by the provider's handle."""
    try:
        return (await store.find(session, kept.call.named)).payment_id
    except UnknownPayment:
        if heard.provider_request_id is None:
            return None
        return await store.by_provider_request(session, heard.provider_request_id)


async def _park(session: WriteSession, kept: KeptCall, now: datetime) -> None:
    await callback_store.end(
        session, kept.callback_id, CallbackState.PARKED, why="fits no payment of ours", at=now
    )
    await security.note(
        session,
        kind="payments.callback_fits_nothing",
        source=kept.call.source,
        detail=kept.callback_id,
        at=now,
    )
