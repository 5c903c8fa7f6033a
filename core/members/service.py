"""What can a member do about themselves? Be recognised, sign in with a PIN, choose a first PIN and a language."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import (
    MemberNotActive,
    MembershipPending,
    PinAlreadySet,
    PinLocked,
    PinMismatch,
    PinNotSet,
    ServiceBusy,
    UnknownMember,
    WeakPin,
    WrongPin,
)
from core.members import store
from core.members.model import Language, Member, MemberStatus, PinRecord
from core.members.pin import OPEN, PinStanding, after_wrong_try, is_weak
from core.members.pin_checks import PinChecks

PROPOSAL_LIFE = timedelta(minutes=10)
"""How long the first entry of a new PIN waits for the second."""

_FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)


async def recognise(database: Database, phone: str) -> tuple[Member, PinRecord]:
    """Who calls from this number (E.164).

    Raises UnknownMember, also for who was turned away and may ask again, MembershipPending, MemberNotActive.
    """
    async with database.reading() as session:
        member, pin = await store.by_phone(session, phone)
    if member.status is MemberStatus.REJECTED:
        raise UnknownMember
    if member.status is MemberStatus.PENDING:
        raise MembershipPending(member_id=member.member_id)
    if member.status is not MemberStatus.ACTIVE:
        raise MemberNotActive(status=member.status)
    return member, pin


async def sign_in(
    database: Database, clock: Clock, checks: PinChecks, *, member_id: str, pin: str, attempt: str
) -> None:
    """Check a PIN. The try is counted before the PIN is hashed; the same PIN under the same `attempt` key counts once.

    So neither a crash nor a repeat nor many tries at once give a free guess. Raises WrongPin, PinLocked, PinNotSet,
    and ServiceBusy, in which case nothing was counted.
    """
    with checks.reserve() as place:
        mark = checks.mark(member_id, attempt, pin)
        stored, counted = await _count_try(database, clock.now(), member_id, pin, mark)
        is_right = await place.verify(stored, member_id, pin)
    if not is_right:
        _refuse(counted, clock.now())
        raise WrongPin(tries_left=counted.tries_left)
    fresh = await _rehashed(checks, stored, member_id, pin)
    async with database.unit_of_work() as session:
        _, record = await store.lock_pin(session, member_id)
        await store.save_pin(session, member_id, replace(record, hash=fresh, standing=OPEN))
        await audit.record(
            session, at=clock.now(), actor=member_id, action="member.signed_in", subject=member_id
        )


async def _rehashed(checks: PinChecks, stored: str, member_id: str, pin: str) -> str:
    """The hash with today's pepper and cost; on a busy day the old one serves until the next sign-in."""
    if not checks.needs_rehash(stored):
        return stored
    try:
        return await checks.hash(member_id, pin)
    except ServiceBusy:
        return stored


async def _count_try(
    database: Database, now: datetime, member_id: str, pin: str, mark: str
) -> tuple[str, PinStanding]:
    """The stored hash, and the standing with this try counted as wrong until it proves right."""
    async with database.unit_of_work() as session:
        _, record = await store.lock_pin(session, member_id)
        if record.hash is None:
            raise PinNotSet
        if record.last_attempt == mark:
            return record.hash, record.standing
        _refuse(record.standing, now)
        if _FOUR_DIGITS.fullmatch(pin) is None:
            # Not a guess at anything, so it costs no try.
            raise WrongPin(tries_left=record.standing.tries_left)
        counted = after_wrong_try(record.standing.wrong_tries, record.standing.locks, now)
        await store.save_pin(session, member_id, replace(record, standing=counted, last_attempt=mark))
        if counted.is_locked(now):
            await audit.record(session, at=now, actor=member_id, action="pin.last_try", subject=member_id)
        return record.hash, counted


def _refuse(standing: PinStanding, now: datetime) -> None:
    if standing.is_locked(now):
        raise PinLocked(until=None if standing.locked_for_staff else standing.locked_until)


async def propose_first_pin(
    database: Database, clock: Clock, checks: PinChecks, *, member_id: str, pin: str
) -> None:
    """First entry of a first PIN; only its hash waits for the second. Raises WeakPin, PinAlreadySet, ServiceBusy."""
    async with database.reading() as session:
        member = await store.find(session, member_id)
    if _FOUR_DIGITS.fullmatch(pin) is None or is_weak(pin, member.phone, member.birth_date):
        raise WeakPin
    proposed = await checks.hash(member_id, pin)
    async with database.unit_of_work() as session:
        record = await _without_pin(session, member_id)
        await store.save_pin(
            session, member_id, replace(record, proposed_hash=proposed, proposed_at=clock.now())
        )


async def choose_first_pin(
    database: Database, clock: Clock, checks: PinChecks, *, member_id: str, pin: str
) -> None:
    """Second entry: the PIN is set. Raises PinMismatch when it differs or came late, PinAlreadySet, ServiceBusy."""
    async with database.unit_of_work() as session:
        record = await _without_pin(session, member_id)
    now = clock.now()
    proposed, proposed_at = record.proposed_hash, record.proposed_at
    is_waiting = proposed is not None and proposed_at is not None and now - proposed_at <= PROPOSAL_LIFE
    is_same = (
        proposed is not None
        and is_waiting
        and _FOUR_DIGITS.fullmatch(pin) is not None
        and await checks.verify(proposed, member_id, pin)
    )
    if not is_same:
        raise PinMismatch
    async with database.unit_of_work() as session:
        record = await _without_pin(session, member_id)
        chosen = replace(record, hash=proposed, proposed_hash=None, proposed_at=None, standing=OPEN)
        await store.save_pin(session, member_id, chosen)
        await audit.record(session, at=now, actor=member_id, action="pin.set", subject=member_id)


async def _without_pin(session: WriteSession, member_id: str) -> PinRecord:
    _, record = await store.lock_pin(session, member_id)
    if record.hash is not None:
        raise PinAlreadySet
    return record


async def set_language(database: Database, clock: Clock, *, member_id: str, language: Language) -> None:
    """Remember the language for every channel and message."""
    async with database.unit_of_work() as session:
        await store.set_language(session, member_id, language)
        await audit.record(
            session,
            at=clock.now(),
            actor=member_id,
            action="member.language",
            subject=member_id,
            facts={"language": language},
        )


async def unlock_pin(session: WriteSession, now: datetime, *, member_id: str, by: str) -> bool:
    """Staff lift the lock of a PIN and forgive its wrong tries; false where there was nothing to lift.

    The PIN itself stays. Raises UnknownMember.
    """
    _, record = await store.lock_pin(session, member_id)
    if record.standing == OPEN:
        return False
    await store.save_pin(session, member_id, replace(record, standing=OPEN))
    await audit.record(session, at=now, actor=by, action="pin.unlocked", subject=member_id)
    return True
