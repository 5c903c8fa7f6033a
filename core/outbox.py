"""What must happen after the commit? Rows written in the same transaction, taken by workers, safe to run twice.

The table is the queue: a worker claims a row under a lease and saves its state before it sends. Losing or
repeating the wake-up (NOTIFY, arq) therefore loses or repeats nothing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from core.db.columns import metadata, moment, serial_id
from core.db.engine import ReadSession, WriteSession

CHANNEL = "imarisha_outbox"
"""The PostgreSQL notification channel that tells workers of new rows after the commit."""

# Longer than the slowest provider call (connect 5 s + read 30 s), so that a living job is never claimed twice.
LEASE = timedelta(seconds=45)

TRIES_MAX = 8


@dataclass(frozen=True, slots=True)
class CollectPayment:
    """Prompt the payer's phone for a payment that was requested."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class SendPayout:
    """Send a payout that was requested."""

    payout_id: str


@dataclass(frozen=True, slots=True)
class AskAboutPayout:
    """Ask the provider what became of a payout."""

    payout_id: str


@dataclass(frozen=True, slots=True)
class SendNotice:
    """Hand a notice to its member's phone."""

    notice_id: str


@dataclass(frozen=True, slots=True)
class SettleCallback:
    """Do what follows from a provider's call that was kept."""

    callback_id: str


Job = CollectPayment | SendPayout | AskAboutPayout | SendNotice | SettleCallback
KINDS: dict[str, type[Job]] = {
    "collect_payment": CollectPayment,
    "send_payout": SendPayout,
    "ask_about_payout": AskAboutPayout,
    "send_notice": SendNotice,
    "settle_callback": SettleCallback,
}
_NAMES = {job_type: name for name, job_type in KINDS.items()}

outbox = Table(
    "outbox",
    metadata,
    serial_id(),
    Column("kind", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("key", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="ready"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("last_error", Text, nullable=False, server_default=""),
    moment("run_at"),
    moment("created_at", now=True),
    UniqueConstraint("key"),
    Index("ix_outbox_waiting", "run_at", postgresql_where=text("state = 'ready'")),
    Index("ix_outbox_dead", "id", postgresql_where=text("state = 'dead'")),
)


INSERT = "INSERT INTO outbox (kind, facts, key, run_at)"
"""For a statement that keeps something and queues its job at once; it wakes the workers on `CHANNEL` itself."""


def name_of(job: type[Job]) -> str:
    """What a kind of job is called in the table."""
    return _NAMES[job]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row this worker holds until its lease ends. `tries` counts this one."""

    row_id: int
    job: Job
    tries: int


async def enqueue(session: WriteSession, job: Job, *, key: str, at: datetime) -> None:
    """Have a job done after this transaction commits, not before `at`; the same key is one job."""
    await session.execute(
        """INSERT INTO outbox (kind, facts, key, run_at) VALUES ($1, $2::jsonb, $3, $4)
           ON CONFLICT (key) DO NOTHING""",
        _NAMES[type(job)],
        msgspec.json.encode(asdict(job)).decode(),
        key,
        at,
    )
    await session.execute(f"NOTIFY {CHANNEL}")


@dataclass(frozen=True, slots=True)
class Queued:
    """A job for `enqueue_many`, as `enqueue` takes it."""

    job: Job
    key: str
    at: datetime


async def enqueue_many(session: WriteSession, jobs: Sequence[Queued]) -> None:
    """As `enqueue`, for many jobs in one statement."""
    if not jobs:
        return
    await session.execute(
        """INSERT INTO outbox (kind, facts, key, run_at)
           SELECT kind, facts::jsonb, key, run_at
             FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS j(kind, facts, key, run_at)
           ON CONFLICT (key) DO NOTHING""",
        [_NAMES[type(one.job)] for one in jobs],
        [msgspec.json.encode(asdict(one.job)).decode() for one in jobs],
        [one.key for one in jobs],
        [one.at for one in jobs],
    )
    await session.execute(f"NOTIFY {CHANNEL}")


async def waiting(session: ReadSession, *, now: datetime, most: int = 200) -> Sequence[tuple[int, int]]:
    """Rows that may run now, the longest waiting first: (row id, tries so far)."""
    rows = await session.rows(
        "SELECT id, tries FROM outbox WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at LIMIT $2",
        now,
        most,
    )
    return [(row["id"], row["tries"]) for row in rows]


async def claim(session: WriteSession, row_id: int, *, now: datetime) -> Claimed | None:
    """Take the row for one lease; None when it is done, not due, or another worker's.

    The row stays `ready` with its time moved past the lease: if this worker dies, it comes up again by itself.
    """
    row = await session.row(
        """UPDATE outbox SET tries = tries + 1, run_at = $3
           WHERE id = (SELECT id FROM outbox WHERE id = $1 AND state = 'ready' AND run_at <= $2
                       FOR UPDATE SKIP LOCKED)
           RETURNING kind, facts, tries""",
        row_id,
        now,
        now + LEASE,
    )
    if row is None:
        return None
    return Claimed(row_id, msgspec.json.decode(row["facts"], type=KINDS[row["kind"]]), row["tries"])


async def done(session: WriteSession, row_id: int) -> None:
    """The job is finished and will not run again."""
    await session.execute("UPDATE outbox SET state = 'done' WHERE id = $1", row_id)


async def put_back(session: WriteSession, claimed: Claimed, *, error: str, at: datetime) -> bool:
    """Try again at `at`; after the last try it becomes a dead letter for staff. True while it lives.

    Nothing where the lease was lost: then another worker has the row, or is done with it.
    """
    alive = claimed.tries < TRIES_MAX
    row = await session.row(
        """UPDATE outbox SET state = $2, run_at = $3, last_error = $4
            WHERE id = $1 AND state = 'ready' AND tries = $5 RETURNING id""",
        claimed.row_id,
        "ready" if alive else "dead",
        at,
        error[:500],
        claimed.tries,
    )
    return alive or row is None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that failed at its last try and waits for a person."""

    row_id: int
    kind: str
    facts: dict[str, str]
    tries: int
    last_error: str
    created_at: datetime


async def dead(session: ReadSession, *, after: int, most: int) -> list[DeadLetter]:
    """Jobs that failed for good, the oldest first, those behind the row `after`."""
    rows = await session.rows(
        """SELECT id, kind, facts, tries, last_error, created_at FROM outbox
            WHERE state = 'dead' AND id > $1 ORDER BY id LIMIT $2""",
        after,
        most,
    )
    return [
        DeadLetter(
            row_id=row["id"],
            kind=row["kind"],
            facts=msgspec.json.decode(row["facts"], type=dict[str, str]),
            tries=row["tries"],
            last_error=row["last_error"],
            created_at=row["created_at"],
        )
        for row in rows
    ]


async def revive(session: WriteSession, row_id: int, *, at: datetime) -> bool:
    """Give a dead job all its tries again, from `at`; False where there is no such dead job."""
    row = await session.row(
        """UPDATE outbox SET state = 'ready', tries = 0, run_at = $2 WHERE id = $1 AND state = 'dead'
           RETURNING id""",
        row_id,
        at,
    )
    if row is not None:
        await session.execute(f"NOTIFY {CHANNEL}")
    return row is not None
