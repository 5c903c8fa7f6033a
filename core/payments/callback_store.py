"""What did a provider call to tell us? Each call is kept, redacted, before anything is done about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import asyncpg

from core import outbox
from core.db.engine import ReadSession, WriteSession
from core.errors import UnknownCallback


class CallbackKind(StrEnum):
    """What the call is about."""

    PROMPT = "prompt"
    """The outcome of a prompt of ours."""

    PAYBILL = "paybill"
    """A payment to the paybill."""


class CallbackState(StrEnum):
    """What became of the call."""

    KEPT = "kept"
    """Waits for a worker."""

    DONE = "done"
    """Everything that follows from it has happened."""

    PARKED = "parked"
    """It fits nothing: a person must look."""

    RESOLVED = "resolved"
    """A person has looked."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it came. `facts` is what we read in it, as JSON; empty where it can't be read."""

    kind: CallbackKind
    named: str
    """The payment id in the path; empty where there was none."""
    fingerprint: bytes
    body: str
    """Without secrets and whole phone numbers."""
    facts: str
    source: str
    """The address it came from."""


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A call that was kept. `repeats` counts how often it came again."""

    callback_id: str
    call: Call
    state: CallbackState
    why: str
    repeats: int
    received_at: datetime


# One statement, so that a call is acknowledged after one round trip: the call, its job, and the workers' wake-up.
_KEEP: Final = f"""
WITH kept AS (
    INSERT INTO provider_callback (id, kind, named, fingerprint, body, facts, source, state, why, received_at)
    VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10)
    ON CONFLICT (fingerprint) DO UPDATE SET repeats = provider_callback.repeats + 1 RETURNING id, state
), queued AS (
    {outbox.INSERT} SELECT $11, jsonb_build_object('callback_id', id), 'callback:' || id, $10
                      FROM kept WHERE id = $1 AND state = 'kept' RETURNING id
)
SELECT kept.id, (SELECT count(pg_notify('{outbox.CHANNEL}', '')) FROM queued) FROM kept
"""


async def keep(
    session: WriteSession,
    callback_id: str,
    call: Call,
    *,
    at: datetime,
    state: CallbackState = CallbackState.KEPT,
    why: str = "",
) -> bool:
    """Keep a call and wake a worker for it after the commit; False for the very same call, which is only counted."""
    row = await session.row(
        _KEEP,
        callback_id,
        call.kind,
        call.named,
        call.fingerprint,
        call.body,
        call.facts or "{}",
        call.source,
        state,
        why,
        at,
        outbox.name_of(outbox.SettleCallback),
    )
    return row is not None and row["id"] == callback_id


async def find(session: ReadSession, callback_id: str) -> KeptCall:
    """Raises UnknownCallback."""
    row = await session.row("SELECT * FROM provider_callback WHERE id = $1", callback_id)
    if row is None:
        raise UnknownCallback(callback_id=callback_id)
    return _call(row)


async def lock(session: WriteSession, callback_id: str) -> KeptCall:
    """The call, held for this transaction. Raises UnknownCallback."""
    row = await session.row("SELECT * FROM provider_callback WHERE id = $1 FOR UPDATE", callback_id)
    if row is None:
        raise UnknownCallback(callback_id=callback_id)
    return _call(row)


async def end(
    session: WriteSession, callback_id: str, state: CallbackState, *, why: str, at: datetime
) -> None:
    """Write down what became of a call."""
    await session.execute(
        "UPDATE provider_callback SET state = $2, why = $3, handled_at = $4 WHERE id = $1",
        callback_id,
        state,
        why,
        at,
    )


async def parked(session: ReadSession, *, after: str, most: int) -> list[KeptCall]:
    """Calls that a person must look at, the oldest first, those behind the id `after`."""
    rows = await session.rows(
        "SELECT * FROM provider_callback WHERE state = 'parked' AND id > $1 ORDER BY id LIMIT $2", after, most
    )
    return [_call(row) for row in rows]


def _call(row: asyncpg.Record) -> KeptCall:
    return KeptCall(
        callback_id=row["id"],
        call=Call(
            kind=CallbackKind(row["kind"]),
            named=row["named"],
            fingerprint=row["fingerprint"],
            body=row["body"],
            facts=row["facts"],
            source=row["source"],
        ),
        state=CallbackState(row["state"]),
        why=row["why"],
        repeats=row["repeats"],
        received_at=row["received_at"],
    )
