"""What happens to the people of staff? Taken on, given a new password or second factor, let in again."""

from collections.abc import Iterable
from datetime import datetime

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import WeakPassword
from core.members.pin_checks import PinChecks
from core.staff import session_store, store, try_store
from core.staff.model import SignedIn, Staff
from core.staff.passwords import fault_of, normal
from core.staff.second_factor import FactorKey, new_recovery_codes
from core.staff.sign_in import check_password


async def hash_password(checks: PinChecks, staff: Staff, password: str) -> str:
    """What to store for a new password of this person. Raises WeakPassword, ServiceBusy."""
    fault = fault_of(password, email=staff.email, first_name=staff.first_name, last_name=staff.last_name)
    if fault is not None:
        raise WeakPassword(why=fault)
    return await checks.hash_password(staff.staff_id, normal(password))


async def take_on(session: WriteSession, now: datetime, staff: Staff, *, password_hash: str, by: str) -> None:
    """Add a person. Raises StaffAlreadyThere."""
    await store.add(session, staff, password_hash=password_hash, at=now)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="staff.taken_on",
        subject=staff.staff_id,
        facts={"roles": " ".join(sorted(staff.roles))},
    )


async def change_password(
    database: Database, clock: Clock, checks: PinChecks, who: SignedIn, *, old: str, new: str
) -> int:
    """Replace one's own password and end one's other sessions; how many those were.

    Raises WeakPassword, SignInRefused for a wrong old one, SignInLocked, ServiceBusy.
    """
    await check_password(database, clock, checks, email=who.staff.email, password=old)
    password_hash = await hash_password(checks, who.staff, new)
    staff_id, now = who.staff.staff_id, clock.now()
    async with database.unit_of_work() as session:
        await store.save_password(session, staff_id, password_hash)
        ended = await session_store.end_all(session, staff_id, at=now, besides=who.session_id)
        await audit.record(session, at=now, actor=staff_id, action="staff.password", subject=staff_id)
    return ended


async def replace_factor(session: WriteSession, now: datetime, staff_id: str, *, by: str) -> int:
    """Make a lost authenticator worthless and end every session; the serial of the next one. Raises UnknownStaff."""
    serial = await store.new_factor(session, staff_id)
    await session_store.end_all(session, staff_id, at=now)
    await audit.record(session, at=now, actor=by, action="staff.new_factor", subject=staff_id)
    return serial


async def give_recovery_codes(
    session: WriteSession, now: datetime, factor: FactorKey, staff_id: str, *, by: str
) -> tuple[str, ...]:
    """Fresh codes to be written down; the old ones open nothing any more."""
    codes = new_recovery_codes()
    hashes: Iterable[bytes] = (factor.hash_of_recovery(staff_id, code) for code in codes)
    await store.replace_recovery_codes(session, staff_id, hashes)
    await audit.record(session, at=now, actor=by, action="staff.recovery_codes", subject=staff_id)
    return codes


async def let_in_again(session: WriteSession, now: datetime, staff_id: str, *, by: str) -> None:
    """Lift the locks of a person's sign-in at every place. Raises UnknownStaff."""
    person = await store.find(session, staff_id)
    await try_store.forgive(session, person.email)
    await audit.record(session, at=now, actor=by, action="staff.unlocked", subject=staff_id)


async def end_sessions(session: WriteSession, now: datetime, staff_id: str, *, by: str) -> int:
    """Sign a person out everywhere; how many sessions those were. Raises UnknownStaff."""
    await store.lock(session, staff_id)
    ended = await session_store.end_all(session, staff_id, at=now)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="staff.sessions_ended",
        subject=staff_id,
        facts={"sessions": str(ended)},
    )
    return ended
