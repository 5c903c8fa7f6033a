"""Was this request answered before? The answer to a write is kept under the caller's key, in the same transaction."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from core.db.engine import WriteSession
from core.errors import IdempotencyConflict

ANSWER_LIFE: Final = timedelta(days=2)
"""How long a key is remembered: longer than any client tries."""


async def once(
    session: WriteSession,
    now: datetime,
    work: Callable[[], Awaitable[str]],
    *,
    staff_id: str,
    key: str,
    fingerprint: bytes,
) -> str:
    """The answer of `work`, which is done once for each key of a person: a repeat gets the first answer.

    A repeat that comes while the first is under way waits for its end. Where the work is refused nothing is kept,
    and the key is free again. Raises IdempotencyConflict for a key that was used for another request.
    """
    fresh = await session.row(
        """INSERT INTO staff_answer (staff_id, key, fingerprint, at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (staff_id, key) DO NOTHING RETURNING key""",
        staff_id,
        key,
        fingerprint,
        now,
    )
    if fresh is None:
        return await _kept(session, staff_id, key, fingerprint)
    body = await work()
    await session.execute(
        "UPDATE staff_answer SET body = $3 WHERE staff_id = $1 AND key = $2", staff_id, key, body
    )
    return body


async def _kept(session: WriteSession, staff_id: str, key: str, fingerprint: bytes) -> str:
    row = await session.row(
        "SELECT fingerprint, body FROM staff_answer WHERE staff_id = $1 AND key = $2", staff_id, key
    )
    if row is None or row["fingerprint"] != fingerprint:
        raise IdempotencyConflict(key=key)
    return str(row["body"])


async def forget(session: WriteSession, *, now: datetime) -> None:
    """Remove answers that nobody will ask for again."""
    await session.execute("DELETE FROM staff_answer WHERE at < $1", now - ANSWER_LIFE)
