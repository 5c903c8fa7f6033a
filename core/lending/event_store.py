"""All SQL of a loan's log: what happened, in order of entry, with what it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.lending.booked import Recognised
from core.lending.events import LoanEvent
from core.lending.record import EventKind, read_event, written_event
from core.lending.rows import NOTHING, Parts

_COLUMNS = """e.loan_id, e.number, e.entered_on, e.event_at, e.kind, e.body::text AS body, e.amount, e.excess,
              e.penalty, e.fee, e.interest, e.principal, e.parts::text AS parts, j.key AS journal,
              e.payment_id, e.key, e.actor, e.reversed_by"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log with what it moved, in minor units."""

    event: LoanEvent
    event_at: datetime
    actor: str
    amount: int = 0
    excess: int = 0
    """What of the money was above the debt and went to the member; not part of `amount`."""
    parts: Parts = NOTHING
    rows: tuple[Mapping[str, int], ...] = ()
    """The split of a payment by row, as core/lending/splits.py writes it."""
    journal: str | None = None
    """The key of its journal."""
    payment_id: str | None = None
    key: str | None = None
    reversed_by: int | None = None

    @property
    def early(self) -> dict[int, Recognised]:
        """What of a payment was income at the moment of paying, by number of the row."""
        return {
            row["instalment"]: Recognised(row.get("interest_early", 0), row.get("fees_early", 0))
            for row in self.rows
        }


async def log(session: ReadSession, loan_id: str) -> tuple[Entry, ...]:
    """All that happened to a loan, in order of entry."""
    rows = await session.rows(
        f"""SELECT {_COLUMNS} FROM loan_event e LEFT JOIN journal j ON j.id = e.journal_id
             WHERE e.loan_id = $1 ORDER BY e.number""",
        loan_id,
    )
    return tuple(_entry(row) for row in rows)


async def of_key(session: ReadSession, key: str) -> tuple[str, Entry] | None:
    """The loan and the line that a request with this key made; None when it made none yet."""
    row = await session.row(
        f"SELECT {_COLUMNS} FROM loan_event e LEFT JOIN journal j ON j.id = e.journal_id WHERE e.key = $1",
        key,
    )
    return None if row is None else (row["loan_id"], _entry(row))


class Found(NamedTuple):
    """A line of some loan's log."""

    loan_id: str
    number: int
    key: str


async def paid_by(session: ReadSession, beginning: str) -> list[Found]:
    """Lines that stand whose key begins so, the last entered first."""
    rows = await session.rows(
        """SELECT loan_id, number, key FROM loan_event
            WHERE starts_with(key, $1) AND reversed_by IS NULL ORDER BY event_at DESC, loan_id, number DESC""",
        beginning,
    )
    return [Found(row["loan_id"], row["number"], row["key"]) for row in rows]


async def append(session: WriteSession, loan_id: str, entry: Entry) -> None:
    """Add a line to a locked loan's log."""
    kind, body = written_event(entry.event.what)
    await session.execute(
        """INSERT INTO loan_event (loan_id, number, entered_on, event_at, kind, body, amount, excess, penalty, fee,
                                   interest, principal, parts, journal_id, payment_id, key, actor)
           VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, $10, $11, $12, $13::text::jsonb,
                   (SELECT id FROM journal WHERE key = $14), $15, $16, $17)""",
        loan_id,
        entry.event.number,
        entry.event.entered_on,
        entry.event_at,
        kind,
        body,
        entry.amount,
        entry.excess,
        *entry.parts,
        msgspec.json.encode(entry.rows).decode() if entry.rows else None,
        entry.journal,
        entry.payment_id,
        entry.key,
        entry.actor,
    )


async def note_reversed(session: WriteSession, loan_id: str, numbers: Sequence[int], *, by: int) -> None:
    """These events did not happen after all, says the event `by`."""
    await session.execute(
        "UPDATE loan_event SET reversed_by = $3 WHERE loan_id = $1 AND number = ANY($2::int[])",
        loan_id,
        list(numbers),
        by,
    )


async def divide_anew(
    session: WriteSession, loan_id: str, number: int, parts: Parts, rows: Sequence[Mapping[str, int]]
) -> None:
    """A payment is divided in another way now."""
    await session.execute(
        """UPDATE loan_event SET penalty = $3, fee = $4, interest = $5, principal = $6, parts = $7::text::jsonb
            WHERE loan_id = $1 AND number = $2""",
        loan_id,
        number,
        *parts,
        msgspec.json.encode(rows).decode(),
    )


def _entry(row: asyncpg.Record) -> Entry:
    kind = EventKind(row["kind"])
    return Entry(
        event=LoanEvent(row["number"], row["entered_on"], read_event(kind, row["body"])),
        event_at=row["event_at"],
        actor=row["actor"],
        amount=row["amount"],
        excess=row["excess"],
        parts=Parts(row["penalty"], row["fee"], row["interest"], row["principal"]),
        rows=tuple(msgspec.json.decode(row["parts"] or "[]", type=list[dict[str, int]])),
        journal=row["journal"],
        payment_id=row["payment_id"],
        key=row["key"],
        reversed_by=row["reversed_by"],
    )
