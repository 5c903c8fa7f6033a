"""How do staff come in? With a password and a code at once, answered as slowly and as briefly for a stranger."""

from dataclasses import dataclass
from datetime import datetime

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import ServiceBusy, SignInLocked, SignInRefused
from core.ids import Ids
from core.members.pin_checks import PinChecks, PinPlace
from core.staff import sessions, store, try_store
from core.staff.lock import after_wrong_try, place_of
from core.staff.model import Credentials, StaffStatus
from core.staff.passwords import LENGTH_MAX, normal
from core.staff.second_factor import step_of
from core.staff.sessions import Opened, StaffKeys, Whence

_NOBODY = "stf_nobody"
_INSIDE = "inside"
"""The place of a session that is open: a guesser at the door doesn't lock it, nor it the door."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed to come in; its text form shows nothing."""

    email: str
    password: str
    code: str

    def __repr__(self) -> str:
        return "Typed(...)"


async def sign_in(
    database: Database,
    clock: Clock,
    ids: Ids,
    checks: PinChecks,
    keys: StaffKeys,
    *,
    typed: Typed,
    whence: Whence,
) -> Opened:
    """Open a session. The try is counted before the password is hashed, and a wrong code counts as a wrong password.

    Raises SignInRefused without saying what was wrong, SignInLocked, and ServiceBusy, in which case nothing was
    counted.
    """
    password = normal(typed.password[: LENGTH_MAX + 1])
    with checks.reserve() as pins:
        email, place = typed.email.strip().lower(), place_of(whence.address)
        known = await _count_try(database, clock.now(), email, place)
        if not await _is_right(pins, known, password) or known is None:
            raise SignInRefused
    fresh = await _rehashed(checks, known, password)
    async with database.unit_of_work() as session:
        credentials = await store.lock(session, known.staff.staff_id)
        if credentials.password_hash != known.password_hash or credentials.staff.status != known.staff.status:
            # Changed since it was checked: what was right then opens nothing now.
            raise SignInRefused
        await _take_code(session, keys, credentials, typed.code, clock.now())
        await try_store.forgive(session, email, place=place)
        await try_store.forget(session, now=clock.now())
        await store.save_password(session, known.staff.staff_id, fresh)
        return await sessions.open_session(session, clock.now(), ids, keys, credentials.staff, whence)


async def check_password(
    database: Database, clock: Clock, checks: PinChecks, *, email: str, password: str
) -> Credentials:
    """Ask a person who is signed in for the password again; wrong ones count as at the door, and apart from it.

    Raises SignInRefused, SignInLocked, ServiceBusy.
    """
    with checks.reserve() as pins:
        known = await _count_try(database, clock.now(), email, _INSIDE)
        if not await _is_right(pins, known, normal(password[: LENGTH_MAX + 1])) or known is None:
            raise SignInRefused
    async with database.unit_of_work() as session:
        await try_store.forgive(session, email, place=_INSIDE)
    return known


async def _count_try(database: Database, now: datetime, email: str, place: str) -> Credentials | None:
    """Who has this e-mail, with this try counted as wrong until it proves right; None for nobody of ours.

    Nobody's e-mail is counted and locked like any other, so that a lock tells nobody who works here.
    """
    async with database.unit_of_work() as session:
        standing = await try_store.lock(session, email, place, at=now)
        if standing.locked_until is not None and standing.is_locked(now):
            raise SignInLocked(until=standing.locked_until)
        counted = after_wrong_try(standing, now)
        await try_store.save(session, email, place, counted)
        found = await store.by_email(session, email)
        if found is not None and counted.is_locked(now):
            staff_id = found.staff.staff_id
            await audit.record(
                session,
                at=now,
                actor=staff_id,
                action="staff.last_try",
                subject=staff_id,
                facts={"place": place},
            )
        return found


async def _is_right(pins: PinPlace, known: Credentials | None, password: str) -> bool:
    if known is None or known.staff.status is not StaffStatus.ACTIVE:
        # The same work for nothing, so that the time tells nobody who works here.
        await pins.hash_password(_NOBODY, password)
        return False
    return await pins.verify(known.password_hash, known.staff.staff_id, password)


async def _rehashed(checks: PinChecks, known: Credentials, password: str) -> str:
    """The hash with today's pepper and cost; on a busy day the old one serves until the next sign-in."""
    if not checks.needs_rehash(known.password_hash):
        return known.password_hash
    try:
        return await checks.hash_password(known.staff.staff_id, password)
    except ServiceBusy:
        return known.password_hash


async def _take_code(
    session: WriteSession, keys: StaffKeys, credentials: Credentials, code: str, now: datetime
) -> None:
    """Spend the code: of the phone, later than the last one taken, or a recovery code. Raises SignInRefused."""
    staff_id = credentials.staff.staff_id
    step = step_of(keys.factor.totp(staff_id, credentials.factor_serial), code.strip(), now)
    if step is not None:
        if step <= credentials.factor_last_step:
            raise SignInRefused
        await store.save_step(session, staff_id, step)
        return
    code_hash = keys.factor.hash_of_recovery(staff_id, code)
    if not await store.use_recovery_code(session, staff_id, code_hash, at=now):
        raise SignInRefused
    await audit.record(session, at=now, actor=staff_id, action="staff.recovery_code", subject=staff_id)
