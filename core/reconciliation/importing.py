"""How does a statement get into our tables? Streamed in batches, in one transaction: all of its lines or none.

What was imported before, from an overlapping period say, is counted and left as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.errors import StatementFaulty, StatementKnown, StatementUnreadable, TotalsDiffer
from core.money import Currency, Money
from core.reconciliation.model import (
    Balances,
    Book,
    Fault,
    ImportedFile,
    Skipped,
    Statement,
    StatementLine,
)

_BATCH: Final = 10_000
_FAULTS_TOLD: Final = 100
_COLUMNS: Final = (
    "number",
    "key",
    "at",
    "amount",
    "currency",
    "kind",
    "receipt",
    "linked",
    "reference",
    "phone",
    "name",
    "details",
)


@dataclass(slots=True)
class _Gathered:
    """What a file held besides its lines."""

    lines: int = 0
    skipped: int = 0
    fault_count: int = 0
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    balances: Balances | None = None
    currencies: set[Currency] = field(default_factory=set)

    def batches(self, statement: Statement) -> Iterator[list[tuple[object, ...]]]:
        """Rows for the staging table, so many at a time; the rest is counted here."""
        batch: list[tuple[object, ...]] = []
        for item in statement.read():
            match item:
                case StatementLine():
                    self.lines += 1
                    self.currencies.add(item.amount.currency)
                    batch.append(_row(item))
                case Skipped():
                    self.skipped += 1
                case Fault():
                    self._note(item)
                case Balances():
                    self.balances = item
            if len(batch) == _BATCH:
                yield batch
                batch = []
        yield batch

    def _note(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self.faults) < _FAULTS_TOLD:
            self.faults.append((fault.number, fault.why, fault.text))


def _row(line: StatementLine) -> tuple[object, ...]:
    return (
        line.number,
        line.key,
        line.at,
        line.amount.minor,
        line.amount.currency,
        line.kind,
        line.receipt,
        line.linked,
        line.reference,
        line.phone,
        line.name,
        line.details,
    )


async def import_statement(
    session: WriteSession, statement: Statement, *, by: str, now: datetime
) -> ImportedFile:
    """Take over every line that is new.

    Raises StatementKnown for the same bytes again, StatementFaulty with the lines that can't be read, TotalsDiffer
    where the file's own balances do not agree with its lines, and StatementUnreadable; nothing is kept then.
    """
    await _refuse_known(session, statement)
    await session.execute(
        """CREATE TEMP TABLE statement_staging (number int, key text, at timestamptz, amount bigint, currency text,
               kind text, receipt text, linked text, reference text, phone text, name text, details text)
           ON COMMIT DROP"""
    )
    gathered = _Gathered()
    for batch in gathered.batches(statement):
        if batch and not gathered.fault_count:
            await session.copy("statement_staging", _COLUMNS, batch)
    _refuse_faulty(statement, gathered)
    await session.execute("ANALYZE statement_staging")
    await _refuse_untied(session, statement, gathered)
    return await _take_over(session, statement, gathered, by=by, now=now)


async def _refuse_known(session: ReadSession, statement: Statement) -> None:
    known = await session.row(
        "SELECT id, imported_at FROM statement_file WHERE content_hash = $1", statement.content_hash
    )
    if known is not None:
        raise StatementKnown(name=statement.name, file_id=known["id"], imported_at=known["imported_at"])


def _refuse_faulty(statement: Statement, gathered: _Gathered) -> None:
    if gathered.fault_count:
        raise StatementFaulty(name=statement.name, count=gathered.fault_count, faults=tuple(gathered.faults))
    if not gathered.lines:
        raise StatementUnreadable(name=statement.name, why="empty")
    if len(gathered.currencies) > 1:
        raise StatementUnreadable(name=statement.name, why="currencies")


async def _refuse_untied(session: ReadSession, statement: Statement, gathered: _Gathered) -> None:
    """A line that stands twice in the file counts once."""
    if gathered.balances is None:
        return
    row = await session.row(
        "SELECT coalesce(sum(amount), 0)::bigint AS total FROM (SELECT DISTINCT key, amount FROM statement_staging) s"
    )
    opening, closing = gathered.balances.opening.minor, gathered.balances.closing.minor
    if row is None or opening + row["total"] != closing:
        raise TotalsDiffer(
            name=statement.name,
            opening_minor=opening,
            lines_minor=row["total"] if row is not None else 0,
            closing_minor=closing,
        )


async def _take_over(
    session: WriteSession, statement: Statement, gathered: _Gathered, *, by: str, now: datetime
) -> ImportedFile:
    file = await session.row(
        """INSERT INTO statement_file (name, content_hash, book, currency, lines, repeated, skipped, money_in,
                                       money_out, first_at, last_at, imported_by, imported_at)
           SELECT $1, $2, $3, min(currency), $4, 0, $5, coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
                  -coalesce(sum(amount) FILTER (WHERE amount < 0), 0), min(at), max(at), $6, $7
             FROM statement_staging RETURNING id""",
        statement.name,
        statement.content_hash,
        statement.book,
        gathered.lines,
        gathered.skipped,
        by,
        now,
    )
    if file is None:
        raise AssertionError("an insert that returns gives its row")
    row = await session.row(
        """WITH added AS (
               INSERT INTO statement_line (file_id, number, book, key, at, amount, currency, kind, receipt, linked,
                                           reference, phone, name, details)
               SELECT $1, number, $2, key, at, amount, currency, kind, receipt, linked, reference, phone, name, details
                 FROM statement_staging ORDER BY at, number
               ON CONFLICT (book, key) DO NOTHING RETURNING 1)
           SELECT count(*) AS new FROM added""",
        file["id"],
        statement.book,
    )
    new = row["new"] if row is not None else 0
    await session.execute("UPDATE statement_file SET repeated = lines - $2 WHERE id = $1", file["id"], new)
    return await find_file(session, file["id"])


async def find_file(session: ReadSession, file_id: int) -> ImportedFile:
    """What was taken over from a file that is known to be there."""
    row = await session.row("SELECT * FROM statement_file WHERE id = $1", file_id)
    if row is None:
        raise AssertionError(f"no statement file {file_id}")
    return _file_of(row)


async def files(session: ReadSession, *, most: int) -> list[tuple[str, str, datetime, ImportedFile]]:
    """The latest imports, the newest first, with the file's name, who brought it and when."""
    rows = await session.rows("SELECT * FROM statement_file ORDER BY id DESC LIMIT $1", most)
    return [(row["name"], row["imported_by"], row["imported_at"], _file_of(row)) for row in rows]


def _file_of(row: asyncpg.Record) -> ImportedFile:
    currency = Currency(row["currency"])
    return ImportedFile(
        file_id=row["id"],
        book=Book(row["book"]),
        lines=row["lines"],
        new=row["lines"] - row["repeated"],
        repeated=row["repeated"],
        skipped=row["skipped"],
        money_in=Money(row["money_in"], currency),
        money_out=Money(row["money_out"], currency),
        first_at=row["first_at"],
        last_at=row["last_at"],
    )
