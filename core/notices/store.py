"""All SQL of notices."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.notices.model import Notice, NoticeKind, NoticeState
from core.phone import Msisdn


async def add(session: WriteSession, notice: Notice, *, key: str, at: datetime) -> bool:
    """Save a notice to be sent; False when this event was told already."""
    row = await session.row(
        """INSERT INTO notice (id, member_id, phone, kind, language, facts, key, state, created_at)
           VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9) ON CONFLICT (key) DO NOTHING RETURNING id""",
        notice.notice_id,
        notice.member_id,
        notice.phone.e164,
        notice.kind,
        notice.language,
        msgspec.json.encode(notice.facts).decode(),
        key,
        notice.state,
        at,
    )
    return row is not None


async def lock(session: WriteSession, notice_id: str) -> Notice:
    """The notice, held for this transaction. Raises KeyError."""
    row = await session.row("SELECT * FROM notice WHERE id = $1 FOR UPDATE", notice_id)
    if row is None:
        raise KeyError(notice_id)
    return _notice(row)


def _notice(row: asyncpg.Record) -> Notice:
    return Notice(
        notice_id=row["id"],
        member_id=row["member_id"],
        phone=Msisdn(row["phone"]),
        kind=NoticeKind(row["kind"]),
        language=row["language"],
        facts=msgspec.json.decode(row["facts"], type=dict[str, str]),
        state=NoticeState(row["state"]),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A notice, and what became of it."""

    notice: Notice
    created_at: datetime
    sent_at: datetime | None
    reason: str


async def of_member(session: ReadSession, member_id: str, *, most: int) -> list[Told]:
    """What a member was told, the newest first."""
    rows = await session.rows(
        "SELECT * FROM notice WHERE member_id = $1 ORDER BY id DESC LIMIT $2", member_id, most
    )
    return [Told(_notice(row), row["created_at"], row["sent_at"], row["reason"]) for row in rows]


async def move(
    session: WriteSession,
    notice_id: str,
    to: NoticeState,
    *,
    provider_message_id: str | None = None,
    reason: str = "",
    cost: str = "",
    sent_at: datetime | None = None,
) -> None:
    """Take a locked notice to its next state."""
    await session.execute(
        """UPDATE notice SET state = $2, provider_message_id = coalesce($3, provider_message_id), reason = $4,
                  cost = $5, sent_at = coalesce($6, sent_at) WHERE id = $1""",
        notice_id,
        to,
        provider_message_id,
        reason,
        cost,
        sent_at,
    )
