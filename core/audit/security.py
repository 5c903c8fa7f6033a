"""What looked like an attack? Counted by kind, source and hour, so that a flood of forgeries is one row."""

from dataclasses import dataclass
from datetime import datetime

from core.db.engine import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """So many events of a kind from one source within an hour; `detail` is of the first."""

    event_id: int
    kind: str
    source: str
    hour: datetime
    count: int
    detail: str
    last_at: datetime


async def note(session: WriteSession, *, kind: str, source: str, detail: str, at: datetime) -> None:
    """Count what looks like an attack. `detail` holds no secret and no whole phone number."""
    await session.execute(
        """INSERT INTO security_event AS e (kind, source, hour, detail, last_at)
           VALUES ($1, $2, date_trunc('hour', $4::timestamptz), $3, $4)
           ON CONFLICT (kind, source, hour) DO UPDATE SET count = e.count + 1, last_at = excluded.last_at""",
        kind,
        source,
        detail[:500],
        at,
    )


async def latest(session: ReadSession, *, before: int | None, most: int) -> list[SecurityEvent]:
    """Events, the newest first, those before the id `before`."""
    rows = await session.rows(
        "SELECT * FROM security_event WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2",
        before,
        most,
    )
    return [
        SecurityEvent(
            event_id=row["id"],
            kind=row["kind"],
            source=row["source"],
            hour=row["hour"],
            count=row["count"],
            detail=row["detail"],
            last_at=row["last_at"],
        )
        for row in rows
    ]
