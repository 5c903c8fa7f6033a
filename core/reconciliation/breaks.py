"""What does not agree, and what might explain it? The work queue: open lines and open movements, with suggestions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import asyncpg
import msgspec

from core.db.engine import ReadSession
from core.money import Currency, Money
from core.reconciliation.model import Book


class BreakKind(StrEnum):
    """What is wrong."""

    NOT_IN_BOOKS = "not_in_books"
    """The provider moved money that we have not booked."""

    CHARGE_NOT_IN_BOOKS = "charge_not_in_books"
    """The provider took a charge that we have not booked."""

    REVERSAL_NOT_IN_BOOKS = "reversal_not_in_books"
    """The provider undid what stands in our books."""

    AMOUNT_DIFFERS = "amount_differs"
    """Both sides have this receipt, with different amounts: a part is missing or too much was booked."""

    NOT_ON_STATEMENT = "not_on_statement"
    """We booked what the provider's statement of that time does not show."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A movement of ours that may be this line, 0 to 100."""

    movement_id: int
    confidence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One thing to look at. It is a line of a statement or a movement of ours; the other number is None."""

    kind: BreakKind
    line_id: int | None
    movement_id: int | None
    at: datetime
    amount: Money
    receipt: str
    reference: str
    phone: str
    name: str
    details: str
    suggestions: tuple[Suggested, ...]


_OPEN: Final = """
    SELECT CASE WHEN l.kind = 'charge' THEN 'charge_not_in_books'
                WHEN EXISTS (SELECT 1 FROM book_movement b WHERE b.receipt = l.receipt AND l.receipt <> ''
                                AND b.book = l.book AND b.match_id IS NULL) THEN 'amount_differs'
                WHEN l.kind = 'reversal' THEN 'reversal_not_in_books' ELSE 'not_in_books' END AS kind,
           l.id AS line_id, NULL::bigint AS movement_id, l.at, l.amount, l.currency, l.receipt, l.reference, l.phone,
           l.name, l.details,
           coalesce((SELECT jsonb_agg(jsonb_build_array(s.movement_id, s.confidence)
                                      ORDER BY s.confidence DESC, s.movement_id)
                       FROM reconciliation_suggestion s JOIN book_movement b ON b.id = s.movement_id
                      WHERE s.line_id = l.id AND b.match_id IS NULL), '[]') AS suggestions
      FROM statement_line l
     WHERE l.book = $1 AND l.match_id IS NULL AND l.set_aside = ''
    UNION ALL
    SELECT CASE WHEN EXISTS (SELECT 1 FROM statement_line l WHERE l.receipt = b.receipt AND b.receipt <> ''
                                AND l.book = b.book AND l.match_id IS NULL)
                THEN 'amount_differs' ELSE 'not_on_statement' END,
           NULL, b.id, b.at, b.amount, b.currency, b.receipt, b.reference, b.phone, b.name,
           (SELECT j.key FROM journal j WHERE j.id = b.journal_id), '[]'
      FROM book_movement b
     WHERE b.book = $1 AND b.match_id IS NULL AND b.set_aside = ''
       AND EXISTS (SELECT 1 FROM statement_file f WHERE f.book = b.book AND b.at BETWEEN f.first_at AND f.last_at)
     ORDER BY at, line_id NULLS LAST, movement_id OFFSET $2 LIMIT $3"""


async def open_breaks(session: ReadSession, book: Book, *, most: int, after: int = 0) -> list[Break]:
    """What is open in a book, the oldest first, behind so many."""
    return [_break(row) for row in await session.rows(_OPEN, book, after, most)]


def _break(row: asyncpg.Record) -> Break:
    found = msgspec.json.decode(row["suggestions"], type=list[tuple[int, int]])
    return Break(
        kind=BreakKind(row["kind"]),
        line_id=row["line_id"],
        movement_id=row["movement_id"],
        at=row["at"],
        amount=Money(row["amount"], Currency(row["currency"])),
        receipt=row["receipt"],
        reference=row["reference"],
        phone=row["phone"],
        name=row["name"],
        details=row["details"],
        suggestions=tuple(Suggested(*each) for each in found),
    )
