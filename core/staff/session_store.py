"""All SQL of sessions and the refresh tokens that keep them going."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.staff.model import Session, SessionEnd, SignedIn
from core.staff.store import staff_of


@dataclass(frozen=True, slots=True)
class StoredRefresh:
    """A refresh token as it is stored, with its session."""

    session: Session
    expires_at: datetime
    used_at: datetime | None


async def start(session: WriteSession, started: Session) -> None:
    await session.execute(
        """INSERT INTO staff_session (id, staff_id, started_at, ends_at, address, agent)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        started.session_id,
        started.staff_id,
        started.started_at,
        started.ends_at,
        started.address,
        started.agent,
    )


async def add_refresh(
    session: WriteSession, token_hash: bytes, *, session_id: str, at: datetime, expires_at: datetime
) -> None:
    await session.execute(
        "INSERT INTO staff_refresh (hash, session_id, issued_at, expires_at) VALUES ($1, $2, $3, $4)",
        token_hash,
        session_id,
        at,
        expires_at,
    )


async def lock_refresh(session: WriteSession, token_hash: bytes) -> StoredRefresh | None:
    """The token and its session, both held for this transaction; None for a token that is not ours."""
    row = await session.row(
        """SELECT r.expires_at, r.used_at, s.* FROM staff_refresh r JOIN staff_session s ON s.id = r.session_id
            WHERE r.hash = $1 FOR UPDATE""",
        token_hash,
    )
    return None if row is None else StoredRefresh(_session(row), row["expires_at"], row["used_at"])


async def use_refresh(session: WriteSession, token_hash: bytes, *, at: datetime) -> None:
    """The token is spent."""
    await session.execute("UPDATE staff_refresh SET used_at = $2 WHERE hash = $1", token_hash, at)


async def end(session: WriteSession, session_id: str, why: SessionEnd, *, at: datetime) -> bool:
    """End a session, and with it every token of it; False where it had ended already, or there is none."""
    row = await session.row(
        """UPDATE staff_session SET ended_at = $3, ended_why = $2 WHERE id = $1 AND ended_at IS NULL
           RETURNING id""",
        session_id,
        why,
        at,
    )
    return row is not None


async def end_all(session: WriteSession, staff_id: str, *, at: datetime, besides: str = "") -> int:
    """End every open session of a person but one; how many."""
    rows = await session.rows(
        """UPDATE staff_session SET ended_at = $2, ended_why = $3
            WHERE staff_id = $1 AND ended_at IS NULL AND ends_at > $2 AND id <> $4 RETURNING id""",
        staff_id,
        at,
        SessionEnd.REVOKED,
        besides,
    )
    return len(rows)


async def open_sessions(session: ReadSession, staff_id: str, *, now: datetime) -> list[Session]:
    """A person's sessions that go on, the newest first."""
    rows = await session.rows(
        """SELECT * FROM staff_session WHERE staff_id = $1 AND ended_at IS NULL AND ends_at > $2
            ORDER BY started_at DESC, id""",
        staff_id,
        now,
    )
    return [_session(row) for row in rows]


async def signed_in(
    session: ReadSession, *, session_id: str, staff_id: str, now: datetime
) -> SignedIn | None:
    """Who this session belongs to, with the roles of this moment; None where it or the job has ended."""
    row = await session.row(
        """SELECT s.id, s.email, s.first_name, s.last_name, s.status,
                  array(SELECT role FROM staff_role r WHERE r.staff_id = s.id) AS roles
             FROM staff_session t JOIN staff s ON s.id = t.staff_id
            WHERE t.id = $1 AND t.staff_id = $2 AND t.ended_at IS NULL AND t.ends_at > $3 AND s.status = 'active'""",
        session_id,
        staff_id,
        now,
    )
    return None if row is None else SignedIn(staff_of(row), session_id)


async def forget(session: WriteSession, *, before: datetime) -> None:
    """Remove refresh tokens that expired before this moment; their sessions stay for the record."""
    await session.execute("DELETE FROM staff_refresh WHERE expires_at < $1", before)


def _session(row: asyncpg.Record) -> Session:
    return Session(
        session_id=row["id"],
        staff_id=row["staff_id"],
        started_at=row["started_at"],
        ends_at=row["ends_at"],
        ended_at=row["ended_at"],
        ended_why=None if row["ended_why"] is None else SessionEnd(row["ended_why"]),
        address=row["address"],
        agent=row["agent"],
    )
