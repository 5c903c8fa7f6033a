"""Tell many members something at once, as the end of a day does: a few statements however many they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from core import outbox
from core.db.engine import WriteSession
from core.ids import Ids
from core.notices.hours import send_from
from core.notices.model import NoticeKind


@dataclass(frozen=True, slots=True)
class News:
    """What one member is to hear; the same `key` is told once."""

    member_id: str
    kind: NoticeKind
    facts: dict[str, str]
    key: str


async def tell_members(session: WriteSession, *, ids: Ids, news: Sequence[News], now: datetime) -> int:
    """Queue a notice each, in the language and to the phone of the member, after the commit; how many were new.

    What can wait is sent in contact hours (see hours.py).
    """
    if not news:
        return 0
    rows = await session.rows(
        """INSERT INTO notice (id, member_id, phone, kind, language, facts, key, state, created_at)
           SELECT n.id, m.id, m.phone, n.kind, m.language, n.facts::jsonb, n.key, 'queued', $6
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
                  AS n(id, member_id, kind, facts, key)
             JOIN member m ON m.id = n.member_id
           ON CONFLICT (key) DO NOTHING RETURNING id, kind""",
        [ids.new("ntc") for _ in news],
        [one.member_id for one in news],
        [one.kind.value for one in news],
        [msgspec.json.encode(one.facts).decode() for one in news],
        [one.key for one in news],
        now,
    )
    await outbox.enqueue_many(
        session,
        [
            outbox.Queued(
                outbox.SendNotice(row["id"]), f"notice:{row['id']}", send_from(NoticeKind(row["kind"]), now)
            )
            for row in rows
        ],
    )
    return len(rows)
