"""Which calls of providers wait for a person, and who has looked at them?"""

from datetime import datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import CallbackNotParked
from core.payments import callback_store
from core.payments.callback_store import CallbackState, parked

__all__ = ["parked", "resolve"]


async def resolve(session: WriteSession, callback_id: str, *, by: str, reason: str, now: datetime) -> None:
    """A person has looked: the trail keeps what they say. Raises UnknownCallback, CallbackNotParked."""
    kept = await callback_store.lock(session, callback_id)
    if kept.state is not CallbackState.PARKED:
        raise CallbackNotParked(callback_id=callback_id)
    await callback_store.end(session, callback_id, CallbackState.RESOLVED, why=kept.why, at=now)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="payment.callback_resolved",
        subject=callback_id,
        facts={"why": kept.why, "reason": reason},
    )
