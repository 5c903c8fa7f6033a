"""All SQL of the audit trail: write an event with its change, seal events after the commit, check the chain."""

from datetime import datetime

import asyncpg
import msgspec

from core.audit.chain import FIRST_LINK, AuditEvent, first_break, link
from core.db.engine import ReadSession, WriteSession

# Any fixed number: it names the one place in the house where events are sealed.
_SEALER_LOCK = 7_461_001
_BATCH = 1_000


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


async def seal(session: WriteSession) -> int:
    """Chain a batch of committed events that carry no seal yet; how many. One sealer works at a time."""
    locked = await session.row("SELECT pg_try_advisory_xact_lock($1) AS mine", _SEALER_LOCK)
    if locked is None or not locked["mine"]:
        return 0
    last = await session.row("SELECT sequence, hash FROM audit_seal ORDER BY sequence DESC LIMIT 1")
    sequence, previous = (last["sequence"], last["hash"]) if last else (0, FIRST_LINK)
    rows = await session.rows(
        """SELECT e.* FROM audit_event e LEFT JOIN audit_seal s ON s.event_id = e.id
            WHERE s.event_id IS NULL ORDER BY e.id LIMIT $1""",
        _BATCH,
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
    """The first event whose seal does not fit what is stored now; None when the chain holds."""
    rows = await session.rows(
        "SELECT e.*, s.hash FROM audit_seal s JOIN audit_event e ON e.id = s.event_id ORDER BY s.sequence"
    )
    gap = await session.row(
        "SELECT max(sequence) AS last, count(*) AS seals FROM audit_seal HAVING max(sequence) <> count(*)"
    )
    if gap is not None:
        return int(gap["last"])
    return first_break((_event(row), row["hash"]) for row in rows)


def _event(row: asyncpg.Record) -> AuditEvent:
    return AuditEvent(
        event_id=row["id"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        subject=row["subject"],
        facts=msgspec.json.decode(row["facts"], type=dict[str, str]),
    )
