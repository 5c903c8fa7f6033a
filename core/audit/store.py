"""All SQL of the audit trail: write an event with its change, seal events after the commit, check the chain."""

from datetime import datetime
from itertools import takewhile

import asyncpg
import msgspec

from core.audit.chain import FIRST_LINK, AuditEvent, first_break, link
from core.db.engine import ReadSession, WriteSession

# Any fixed number: it names the one place in the house where events are sealed.
_SEALER_LOCK = 7_461_001
_BATCH = 1_000

# Ids are given in order of writing, not of commit. So many others can't be written and sealed while one transaction
# runs; should it happen, the check of the invariants, which looks far back, seals the late one.
_LATE_EVENTS = 50_000
_EVER = 2**62


async def record(
    session: WriteSession,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    facts: dict[str, str] | None = None,
) -> None:
    """Write who did what, in the same transaction as the change. `facts` hold no PIN, token or full number."""
    await session.execute(
        "INSERT INTO audit_event (at, actor, action, subject, facts) VALUES ($1, $2, $3, $4, $5::jsonb)",
        at,
        actor,
        action,
        subject,
        msgspec.json.encode(facts or {}).decode(),
    )


async def latest(
    session: ReadSession, *, actor: str | None, subject: str | None, before: int | None, most: int
) -> list[AuditEvent]:
    """Events, the newest first, those before the id `before`; of one actor or about one subject if given."""
    rows = await session.rows(
        """SELECT * FROM audit_event WHERE ($1::text IS NULL OR actor = $1)
              AND ($2::text IS NULL OR subject = $2) AND ($3::bigint IS NULL OR id < $3) ORDER BY id DESC LIMIT $4""",
        actor,
        subject,
        before,
        most,
    )
    return [_event(row) for row in rows]


async def seal(session: WriteSession, *, far_back: bool = False) -> int:
    """Chain a batch of committed events that carry no seal yet; how many. One sealer works at a time.

    Looks among the latest events, as most are sealed long since; `far_back` looks at every one.
    """
    locked = await session.row("SELECT pg_try_advisory_xact_lock($1) AS mine", _SEALER_LOCK)
    if locked is None or not locked["mine"]:
        return 0
    last = await session.row("SELECT sequence, hash FROM audit_seal ORDER BY sequence DESC LIMIT 1")
    sequence, previous = (last["sequence"], last["hash"]) if last else (0, FIRST_LINK)
    rows = await session.rows(
        """SELECT e.* FROM audit_event e LEFT JOIN audit_seal s ON s.event_id = e.id
            WHERE s.event_id IS NULL AND e.id > coalesce((SELECT max(event_id) FROM audit_seal), 0) - $2
            ORDER BY e.id LIMIT $1""",
        _BATCH,
        _EVER if far_back else _LATE_EVENTS,
    )
    seals = []
    for row in rows:
        sequence += 1
        previous = link(previous, _event(row))
        seals.append((sequence, row["id"], previous))
    if seals:
        await session.execute_many(
            "INSERT INTO audit_seal (sequence, event_id, hash) VALUES ($1, $2, $3)", seals
        )
    return len(seals)


async def broken_link(session: ReadSession) -> int | None:
    """The first event whose seal does not fit what is stored now; None when the chain holds.

    Events removed from the end together with their seals leave no gap: compare the last seal with one kept elsewhere.
    """
    sequence, previous = 0, FIRST_LINK
    while True:
        rows = await session.rows(
            """SELECT s.sequence, s.event_id, s.hash, e.* FROM audit_seal s LEFT JOIN audit_event e ON e.id = s.event_id
                WHERE s.sequence > $1 ORDER BY s.sequence LIMIT $2""",
            sequence,
            _BATCH,
        )
        if not rows:
            return None
        removed = next((row["event_id"] for row in rows if row["id"] is None), None)
        there = takewhile(lambda row: row["id"] is not None, rows)
        broken = first_break(((_event(row), row["hash"]) for row in there), behind=previous)
        if broken is not None:
            return broken
        if removed is not None:
            return int(removed)
        sequence, previous = rows[-1]["sequence"], rows[-1]["hash"]


def _event(row: asyncpg.Record) -> AuditEvent:
    return AuditEvent(
        event_id=row["id"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        subject=row["subject"],
        facts=msgspec.json.decode(row["facts"], type=dict[str, str]),
    )
