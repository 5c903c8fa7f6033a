"""All SQL of the record of day-closes."""

from datetime import date, datetime

import asyncpg

from core.closing.model import DayState, StepName, StepState
from core.db.engine import ReadSession, WriteSession

_LOCK = 7_246_001
"""Any number that nobody else locks by."""


async def hold(session: WriteSession) -> None:
    """Nobody else works at a day's end until this transaction is over; who comes second waits for it."""
    await session.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)


async def begin(session: WriteSession, on: date, *, at: datetime) -> None:
    """The close of a day begins; nothing where it has begun before."""
    await session.execute(
        "INSERT INTO day_close (business_date, started_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", on, at
    )


async def finish(session: WriteSession, on: date, *, at: datetime) -> bool:
    """Every step of the day is done; False where it was finished before."""
    row = await session.row(
        """UPDATE day_close SET finished_at = $2 WHERE business_date = $1 AND finished_at IS NULL
           RETURNING business_date""",
        on,
        at,
    )
    return row is not None


async def step(session: WriteSession, on: date, name: StepName, *, at: datetime) -> StepState:
    """How far a step has come, which begins now where it hasn't."""
    await session.execute(
        """INSERT INTO day_close_step (business_date, step, started_at) VALUES ($1, $2, $3)
           ON CONFLICT DO NOTHING""",
        on,
        name,
        at,
    )
    row = await session.row(
        "SELECT * FROM day_close_step WHERE business_date = $1 AND step = $2 FOR UPDATE", on, name
    )
    if row is None:
        raise AssertionError("a step that has just begun is in the record")
    return _step(row)


async def note(
    session: WriteSession, on: date, name: StepName, *, done: int, cursor: str, finished_at: datetime | None
) -> None:
    """A part of a step was done, or the last one."""
    await session.execute(
        """UPDATE day_close_step SET done = done + $3, cursor = $4, finished_at = $5
            WHERE business_date = $1 AND step = $2""",
        on,
        name,
        done,
        cursor,
        finished_at,
    )


async def last_finished(session: ReadSession) -> date | None:
    """The latest day that is closed; None before the first close."""
    row = await session.row("SELECT max(business_date) AS day FROM day_close WHERE finished_at IS NOT NULL")
    return row["day"] if row else None


async def latest(session: ReadSession, *, most: int) -> list[DayState]:
    """The latest days whose close has begun, the newest first, with their steps as they began."""
    days = await session.rows("SELECT * FROM day_close ORDER BY business_date DESC LIMIT $1", most)
    steps = await session.rows(
        """SELECT * FROM day_close_step WHERE business_date = ANY($1::date[])
            ORDER BY business_date, started_at, finished_at NULLS LAST, step""",
        [day["business_date"] for day in days],
    )
    return [
        DayState(
            business_date=day["business_date"],
            started_at=day["started_at"],
            finished_at=day["finished_at"],
            steps=tuple(_step(row) for row in steps if row["business_date"] == day["business_date"]),
        )
        for day in days
    ]


def _step(row: asyncpg.Record) -> StepState:
    return StepState(StepName(row["step"]), row["cursor"], row["done"], row["finished_at"])
