"""All SQL of tries to sign in: how each e-mail, somebody's or nobody's, stands at each place it was tried from."""

from datetime import datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.staff.lock import FORGOTTEN_AFTER, OPEN, SignInStanding


async def lock(session: WriteSession, email: str, place: str, *, at: datetime) -> SignInStanding:
    """The standing, held for this transaction; who tries at the same time waits."""
    row = await session.row(
        """INSERT INTO staff_try (email, place, last_try) VALUES ($1, $2, $3)
           ON CONFLICT (email, place) DO UPDATE SET email = excluded.email
           RETURNING wrong_tries, locks, locked_until, last_try""",
        email,
        place,
        at,
    )
    return OPEN if row is None else _standing(row)


async def save(session: WriteSession, email: str, place: str, standing: SignInStanding) -> None:
    await session.execute(
        """UPDATE staff_try SET wrong_tries = $3, locks = $4, locked_until = $5, last_try = coalesce($6, last_try)
            WHERE email = $1 AND place = $2""",
        email,
        place,
        standing.wrong_tries,
        standing.locks,
        standing.locked_until,
        standing.last_try,
    )


async def forgive(session: WriteSession, email: str, *, place: str | None = None) -> None:
    """Nothing is held against this e-mail any more, at this place or at all of them."""
    await session.execute(
        "DELETE FROM staff_try WHERE email = $1 AND ($2::text IS NULL OR place = $2)", email, place
    )


async def forget(session: WriteSession, *, now: datetime) -> None:
    """Remove what is so old that it counts no more; what somebody tries at this moment stays."""
    await session.execute(
        """DELETE FROM staff_try WHERE (email, place) IN (
               SELECT email, place FROM staff_try
                WHERE last_try < $1 AND (locked_until IS NULL OR locked_until < $1) FOR UPDATE SKIP LOCKED)""",
        now - FORGOTTEN_AFTER,
    )


async def locked_until(session: ReadSession) -> dict[str, datetime]:
    """When the last lock of each e-mail ends or ended, of those that are remembered."""
    rows = await session.rows(
        "SELECT email, max(locked_until) AS until FROM staff_try WHERE locked_until IS NOT NULL GROUP BY email"
    )
    return {row["email"]: row["until"] for row in rows}


def _standing(row: asyncpg.Record) -> SignInStanding:
    return SignInStanding(
        wrong_tries=row["wrong_tries"],
        locks=row["locks"],
        locked_until=row["locked_until"],
        last_try=row["last_try"],
    )
