"""Hold money on an account, and end the hold: released, or consumed for what it stood for."""

from dataclasses import replace
from datetime import date, datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import HoldNotOpen, IdempotencyConflict, UnknownSavingsAccount
from core.money import Money
from core.savings import hold_store, rules, store
from core.savings.model import AccountStatus, Hold, HoldReason, HoldState


async def place_hold(
    session: WriteSession,
    *,
    hold_id: str,
    account_id: str,
    amount: Money,
    reason: HoldReason,
    subject: str,
    by: str,
    now: datetime,
    until: date | None = None,
) -> Hold:
    """Hold so much of an account, once by `hold_id`. What is held can't be moved by anything.

    Raises InvalidAmount, UnknownSavingsAccount, NotEnoughSaved, IdempotencyConflict.
    """
    rules.above_zero(amount)
    account = (await store.lock(session, [account_id])).get(account_id)
    if account is None or account.status is AccountStatus.CLOSED:
        raise UnknownSavingsAccount(account=account_id)
    hold = Hold(hold_id, account.ledger_code, amount, reason, subject, until, HoldState.HELD)
    if not await hold_store.add(session, hold, at=now):
        known = await hold_store.lock(session, hold_id)
        if known is None or replace(known, state=HoldState.HELD, amount=amount) != hold:
            raise IdempotencyConflict(key=hold_id)
        return known
    await _record(session, "hold.placed", hold, by=by, now=now)
    return hold


async def change_hold(session: WriteSession, *, hold_id: str, amount: Money, by: str, now: datetime) -> Hold:
    """Hold more or less than before, as when a guaranteed loan is repaid. Nothing at all releases it.

    Raises HoldNotOpen, NotEnoughSaved, CurrencyMismatch.
    """
    hold = await _open(session, hold_id)
    _ = hold.amount + amount
    if amount.minor <= 0:
        return await _end(session, hold, HoldState.RELEASED, by=by, now=now)
    await hold_store.set_amount(session, hold_id, amount)
    changed = replace(hold, amount=amount)
    await _record(session, "hold.changed", changed, by=by, now=now)
    return changed


async def release_hold(session: WriteSession, *, hold_id: str, by: str, now: datetime) -> Hold:
    """The money is free again. Raises HoldNotOpen."""
    return await _end(session, await _open(session, hold_id), HoldState.RELEASED, by=by, now=now)


async def consume_hold(session: WriteSession, *, hold_id: str, by: str, now: datetime) -> Hold:
    """End the hold because its money is taken: the caller posts the taking in the same transaction.

    Raises HoldNotOpen.
    """
    return await _end(session, await _open(session, hold_id), HoldState.CONSUMED, by=by, now=now)


async def release_expired_holds(session: WriteSession, *, on: date, now: datetime, most: int = 1_000) -> int:
    """Holds whose last day is over on `on`; how many were released. Call until it says none."""
    return await hold_store.end_expired(session, on=on, at=now, most=most)


async def _open(session: WriteSession, hold_id: str) -> Hold:
    hold = await hold_store.lock(session, hold_id)
    if hold is None or hold.state is not HoldState.HELD:
        raise HoldNotOpen(hold=hold_id)
    return hold


async def _end(session: WriteSession, hold: Hold, state: HoldState, *, by: str, now: datetime) -> Hold:
    await hold_store.end(session, hold.hold_id, state, at=now)
    await _record(session, f"hold.{state}", hold, by=by, now=now)
    return replace(hold, state=state)


async def _record(session: WriteSession, action: str, hold: Hold, *, by: str, now: datetime) -> None:
    facts = {"amount": hold.amount.plain(), "reason": hold.reason.value, "for": hold.subject}
    await audit.record(session, at=now, actor=by, action=action, subject=hold.hold_id, facts=facts)
