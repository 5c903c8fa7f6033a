"""How do staff come in? With a password and a code at once, answered as slowly and as briefly for a stranger."""

from dataclasses import dataclass
from datetime import datetime

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import ServiceBusy, SignInLocked, SignInRefused
from core.ids import Ids
from core.members.pin_checks import PinChecks, PinPlace
from core.staff import sessions, store
from core.staff.lock import OPEN, after_wrong_try
from core.staff.model import Credentials, StaffStatus
from core.staff.passwords import LENGTH_MAX, normal
from core.staff.second_factor import step_of
from core.staff.sessions import Opened, StaffKeys, Whence

_NOBODY = "stf_nobody"


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
    with checks.reserve() as place:
        known = await _count_try(database, clock.now(), typed.email.strip().lower())
        if not await _is_right(place, known, password) or known is None:
            raise SignInRefused
    fresh = await _rehashed(checks, known, password)
    async with database.unit_of_work() as session:
        credentials = await store.lock(session, known.staff.staff_id)
        if credentials.password_hash != known.password_hash or credentials.staff.status != known.staff.status:
            # Changed since it was checked: what was right then opens nothing now.
            raise SignInRefused
        await _take_code(session, keys, credentials, typed.code, clock.now())
        await store.save_standing(session, known.staff.staff_id, OPEN)
        await store.save_password(session, known.staff.staff_id, fresh)
        return await sessions.open_session(session, clock.now(), ids, keys, credentials.staff, whence)


async def check_password(
    database: Database, clock: Clock, checks: PinChecks, *, email: str, password: str
) -> Credentials:
    """Ask a person who is signed in for the password again; wrong ones count as at the door.

    Raises SignInRefused, SignInLocked, ServiceBusy.
    """
    with checks.reserve() as place:
        known = await _count_try(database, clock.now(), email)
        if not await _is_right(place, known, normal(password[: LENGTH_MAX + 1])) or known is None:
            raise SignInRefused
    async with database.unit_of_work() as session:
        await store.save_standing(session, known.staff.staff_id, OPEN)
    return known


async def _count_try(database: Database, now: datetime, email: str) -> Credentials | None:
    """Who has this e-mail, with this try counted as wrong until it proves right; None for nobody of ours."""
    async with database.unit_of_work() as session:
        found = await store.by_email(session, email)
        if found is None:
            return None
        credentials = await store.lock(session, found.staff.staff_id)
        standing = credentials.standing
        if standing.locked_until is not None and standing.is_locked(now):
            # This tells that there is such a person. Staff who don't know that they are locked would ask for help.
            raise SignInLocked(until=standing.locked_until)
        counted = after_wrong_try(standing, now)
        await store.save_standing(session, credentials.staff.staff_id, counted)
        if counted.is_locked(now):
            staff_id = credentials.staff.staff_id
            await audit.record(session, at=now, actor=staff_id, action="staff.last_try", subject=staff_id)
        return credentials


async def _is_right(place: PinPlace, known: Credentials | None, password: str) -> bool:
    if known is None or known.staff.status is not StaffStatus.ACTIVE:
        # The same work for nothing, so that the time tells nobody who works here.
        await place.hash_password(_NOBODY, password)
        return False
    return await place.verify(known.password_hash, known.staff.staff_id, password)


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
