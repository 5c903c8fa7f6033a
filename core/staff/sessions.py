"""How does a sign-in go on and end? Access tokens that last minutes, refresh tokens that are good for one use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import NotPermitted, TokenFault, TokenRefused
from core.ids import Ids
from core.staff import answers, session_store
from core.staff.model import Session, SessionEnd, SignedIn, Staff
from core.staff.permissions import Permission
from core.staff.second_factor import FactorKey
from core.staff.session_store import StoredRefresh
from core.staff.tokens import ACCESS_LIFE, AccessKey, hash_of_refresh, new_refresh_token

SESSION_LIFE: Final = timedelta(hours=12)
"""A working day; then password and code are asked for again, however busy the session was."""
REFRESH_LIFE: Final = timedelta(hours=1)
"""How long a session outlives the last thing done in it."""
_LABEL_MAX: Final = 200
_KEPT_AFTER_EXPIRY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StaffKeys:
    """What tokens and second factors are made with, out of the settings."""

    access: AccessKey
    factor: FactorKey

    @classmethod
    def of(cls, secret: str) -> "StaffKeys":
        """Keys for both purposes from the one secret of the installation."""
        return cls(AccessKey(secret.encode()), FactorKey(secret.encode()))


@dataclass(frozen=True, slots=True)
class Whence:
    """Where a person came in from: the address of the connection, and what the browser calls itself."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a person is given to go on with; its text form shows no token."""

    who: SignedIn
    access_token: str
    access_ends_at: datetime
    refresh_token: str
    session_ends_at: datetime

    def __repr__(self) -> str:
        return f"Opened({self.who.session_id})"


async def open_session(
    session: WriteSession, now: datetime, ids: Ids, keys: StaffKeys, staff: Staff, whence: Whence
) -> Opened:
    """Begin a session for a person who has proved who they are."""
    started = Session(
        session_id=ids.new("ses"),
        staff_id=staff.staff_id,
        started_at=now,
        ends_at=now + SESSION_LIFE,
        ended_at=None,
        ended_why=None,
        address=whence.address[:_LABEL_MAX],
        agent=whence.agent[:_LABEL_MAX],
    )
    await session_store.start(session, started)
    await session_store.forget(session, before=now - _KEPT_AFTER_EXPIRY)
    await answers.forget(session, now=now)
    await audit.record(
        session,
        at=now,
        actor=staff.staff_id,
        action="staff.signed_in",
        subject=staff.staff_id,
        facts={"session": started.session_id},
    )
    return await _carry_on(session, now, keys, SignedIn(staff, started.session_id), started)


async def refresh(database: Database, clock: Clock, keys: StaffKeys, *, token: str) -> Opened:
    """Give new tokens for a refresh token, which is spent by that. Raises TokenRefused.

    One that was spent already may be a thief's copy or the owner's: nobody can tell, so the session ends for both.
    """
    now = clock.now()
    async with database.unit_of_work() as session:
        stored = await session_store.lock_refresh(session, hash_of_refresh(token))
        if stored is None:
            raise TokenRefused(why=TokenFault.NOT_OURS)
        if stored.used_at is None:
            who = await _owner(session, stored, now)
            await session_store.use_refresh(session, hash_of_refresh(token), at=now)
            return await _carry_on(session, now, keys, who, stored.session)
        # No error before the commit, which would keep the session alive.
        await _end_copied(session, stored, now)
    raise TokenRefused(why=TokenFault.REUSED)


async def _owner(session: WriteSession, stored: StoredRefresh, now: datetime) -> SignedIn:
    if now >= stored.expires_at:
        raise TokenRefused(why=TokenFault.EXPIRED)
    who = await session_store.signed_in(
        session, session_id=stored.session.session_id, staff_id=stored.session.staff_id, now=now
    )
    if who is None:
        raise TokenRefused(why=TokenFault.ENDED)
    return who


async def _end_copied(session: WriteSession, stored: StoredRefresh, now: datetime) -> None:
    staff_id, session_id = stored.session.staff_id, stored.session.session_id
    if await session_store.end(session, session_id, SessionEnd.REUSED, at=now):
        await audit.record(
            session,
            at=now,
            actor=staff_id,
            action="staff.token_reused",
            subject=staff_id,
            facts={"session": session_id},
        )


async def _carry_on(
    session: WriteSession, now: datetime, keys: StaffKeys, who: SignedIn, going_on: Session
) -> Opened:
    refresh_token = new_refresh_token()
    await session_store.add_refresh(
        session,
        hash_of_refresh(refresh_token),
        session_id=going_on.session_id,
        at=now,
        expires_at=min(now + REFRESH_LIFE, going_on.ends_at),
    )
    return Opened(
        who=who,
        access_token=keys.access.issue(staff_id=who.staff.staff_id, session_id=who.session_id, now=now),
        access_ends_at=now + ACCESS_LIFE,
        refresh_token=refresh_token,
        session_ends_at=going_on.ends_at,
    )


async def recognise(database: Database, clock: Clock, keys: StaffKeys, *, access_token: str) -> SignedIn:
    """Who asks, with the roles they hold at this moment. Raises TokenRefused.

    The session is looked up each time, so that who signs out, leaves or loses a role is out at once.
    """
    now = clock.now()
    staff_id, session_id = keys.access.read(access_token, now)
    async with database.reading() as session:
        who = await session_store.signed_in(session, session_id=session_id, staff_id=staff_id, now=now)
    if who is None:
        raise TokenRefused(why=TokenFault.ENDED)
    return who


def require(who: SignedIn, permission: Permission) -> None:
    """Raises NotPermitted where no role of theirs holds the permission."""
    if permission not in who.staff.permissions:
        raise NotPermitted(permission=permission)


async def sign_out(session: WriteSession, now: datetime, who: SignedIn) -> None:
    """End this session; a second time changes nothing."""
    if await session_store.end(session, who.session_id, SessionEnd.SIGNED_OUT, at=now):
        await audit.record(
            session,
            at=now,
            actor=who.staff.staff_id,
            action="staff.signed_out",
            subject=who.staff.staff_id,
            facts={"session": who.session_id},
        )
