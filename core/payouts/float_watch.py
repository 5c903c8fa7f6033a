"""How much is on the utility account? Ask the provider, believe its answer, tell staff when it runs low."""

from datetime import datetime, timedelta
from typing import Final

import structlog

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import PayoutsNotStopped
from core.ids import Ids
from core.money import Money
from core.payouts import float_store, store
from core.payouts.float_store import FloatStanding
from core.payouts.model import Wait
from core.payouts.ports import FloatEnquiry

_log = structlog.get_logger(__name__)

ASK_EVERY: Final = timedelta(hours=1)
ASK_EVERY_WHILE_WAITING: Final = timedelta(minutes=2)
"""Somebody's money waits for the float, or nobody has told it yet."""


async def refresh(database: Database, clock: Clock, ids: Ids, provider: FloatEnquiry) -> bool:
    """Ask for the balance where it is time; whether it was asked. The question is saved before it is sent."""
    ask_reference = ids.new("flt")
    async with database.unit_of_work() as session:
        standing, queue, now = await float_store.lock(session), await float_store.queue(session), clock.now()
        is_urgent = standing.balance is None or queue.for_float > 0
        gap = ASK_EVERY_WHILE_WAITING if is_urgent else ASK_EVERY
        if standing.asked_at is not None and now < standing.asked_at + gap:
            return False
        await float_store.asked(session, ask_reference, at=now)
    taken = await provider.ask(ask_reference)
    _log.info("float asked for", taken=taken)
    return True


async def hear_balance(
    session: WriteSession, *, ask_reference: str, balance: Money, low_below: Money, now: datetime
) -> bool:
    """The provider's answer to our newest question; False for any other, which changes nothing.

    Payouts that wait for the float are tried again.
    """
    standing = await float_store.lock(session)
    if not ask_reference or standing.ask_reference != ask_reference or standing.asked_at is None:
        return False
    # One question, one answer.
    await float_store.asked(session, "", at=standing.asked_at)
    await float_store.told(session, balance, asked_at=standing.asked_at, at=now)
    await store.wake(session, Wait.FLOAT, at=now)
    await _watch(session, await float_store.find(session), low_below, now=now)
    return True


async def _watch(session: WriteSession, standing: FloatStanding, low_below: Money, *, now: datetime) -> None:
    """Staff hear once that it runs low, and once that it no longer does."""
    available = standing.available
    if available is None or (available < low_below) == (standing.low_since is not None):
        return
    is_low = available < low_below
    await float_store.set_low_since(session, now if is_low else None)
    _log.warning("payout float", is_low=is_low, available=available.plain())
    await audit.record(
        session,
        at=now,
        actor="system",
        action="payout_float.low" if is_low else "payout_float.enough",
        subject=float_store.ACCOUNT,
        facts={"available": available.plain(), "low_below": low_below.plain()},
    )


async def start_again(session: WriteSession, *, by: str, reason: str, now: datetime) -> int:
    """Staff have mended our set-up; how many payouts go out now that waited. Raises PayoutsNotStopped."""
    standing = await float_store.lock(session)
    if not standing.stopped:
        raise PayoutsNotStopped
    await float_store.start_again(session)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="payouts.started_again",
        subject=float_store.ACCOUNT,
        facts={"stopped": standing.stopped, "reason": reason},
    )
    return await store.wake(session, Wait.SETUP, at=now)
