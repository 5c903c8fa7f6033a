"""All SQL of requests that wait for a second person."""

from collections.abc import Collection
from datetime import datetime

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.errors import RequestWaits, UnknownRequest
from core.staff.approval import Request, RequestState

_REQUEST = """SELECT id, action, subject, facts, maker, made_at, expires_at, state, checker, decided_at, reason,
                     outcome FROM staff_request"""


async def add(session: WriteSession, request: Request) -> None:
    """Save what was asked for. Raises RequestWaits where the same waits already.

    An earlier one whose time is over is written down as expired first.
    """
    await session.execute(
        """UPDATE staff_request SET state = 'expired', decided_at = expires_at
            WHERE action = $1 AND subject = $2 AND subject <> '' AND state = 'pending' AND expires_at <= $3""",
        request.action,
        request.subject,
        request.made_at,
    )
    row = await session.row(
        """INSERT INTO staff_request (id, action, subject, facts, maker, made_at, expires_at, state)
           VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)
           ON CONFLICT (action, subject) WHERE state = 'pending' AND subject <> '' DO NOTHING RETURNING id""",
        request.request_id,
        request.action,
        request.subject,
        request.facts.decode(),
        request.maker,
        request.made_at,
        request.expires_at,
        request.state,
    )
    if row is None:
        raise RequestWaits(request_id=await _waiting(session, request))


async def _waiting(session: ReadSession, request: Request) -> str:
    row = await session.row(
        "SELECT id FROM staff_request WHERE action = $1 AND subject = $2 AND state = 'pending'",
        request.action,
        request.subject,
    )
    return "" if row is None else str(row["id"])


async def find(session: ReadSession, request_id: str) -> Request:
    """Raises UnknownRequest."""
    return _request(request_id, await session.row(f"{_REQUEST} WHERE id = $1", request_id))


async def lock(session: WriteSession, request_id: str) -> Request:
    """The request, held for this transaction. Raises UnknownRequest."""
    return _request(request_id, await session.row(f"{_REQUEST} WHERE id = $1 FOR UPDATE", request_id))


async def close(session: WriteSession, ended: Request) -> None:
    """Write the end of a locked request that was pending."""
    await session.execute(
        """UPDATE staff_request SET state = $2, checker = $3, decided_at = $4, reason = $5, outcome = $6::jsonb
            WHERE id = $1""",
        ended.request_id,
        ended.state,
        ended.checker,
        ended.decided_at,
        ended.reason,
        msgspec.json.encode(ended.outcome).decode(),
    )


async def waiting(
    session: ReadSession, *, actions: Collection[str], maker: str, now: datetime, after: str, most: int
) -> list[Request]:
    """Requests for these actions or of this maker that wait now, the oldest first, those behind `after`."""
    rows = await session.rows(
        f"""{_REQUEST} WHERE state = 'pending' AND expires_at > $1 AND (action = ANY($2::text[]) OR maker = $3)
                         AND id > $4 ORDER BY id LIMIT $5""",
        now,
        list(actions),
        maker,
        after,
        most,
    )
    return [_request(row["id"], row) for row in rows]


async def latest(
    session: ReadSession, *, maker: str | None, subject: str | None, before: str | None, most: int
) -> list[Request]:
    """Requests in any state, the newest first, those before `before`; of one maker or about one thing if given."""
    rows = await session.rows(
        f"""{_REQUEST} WHERE ($1::text IS NULL OR maker = $1) AND ($2::text IS NULL OR subject = $2)
                         AND ($3::text IS NULL OR id < $3) ORDER BY id DESC LIMIT $4""",
        maker,
        subject,
        before,
        most,
    )
    return [_request(row["id"], row) for row in rows]


def _request(request_id: str, row: asyncpg.Record | None) -> Request:
    if row is None:
        raise UnknownRequest(request_id=request_id)
    return Request(
        request_id=row["id"],
        action=row["action"],
        subject=row["subject"],
        facts=row["facts"].encode(),
        maker=row["maker"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        state=RequestState(row["state"]),
        checker=row["checker"],
        decided_at=row["decided_at"],
        reason=row["reason"],
        outcome=msgspec.json.decode(row["outcome"], type=dict[str, str]),
    )
