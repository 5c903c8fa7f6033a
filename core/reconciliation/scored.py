"""Which pairs are the same money by all that is known? What receipts and sums left is compared, a day at a time.

Only pairs that have something telling in common are looked at, so that the work grows with the lines and not with their
square, and memory with a day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import msgspec

from core.db.engine import WriteSession
from core.reconciliation.learned import Model
from core.reconciliation.model import Book, Stage
from core.reconciliation.scoring import NAMES, Described, Pair, choose, compare, suggestions
from core.reconciliation.writing import Joined, keep_all

_APART: Final = timedelta(days=2)
_DAY: Final = timedelta(days=1)
_SAME: Final = 100

_OPEN: Final = """
    CREATE TEMP TABLE open_{side} ON COMMIT DROP AS
    SELECT id, at, amount, currency, receipt, reference, phone, name, right(phone, 4) AS ending
      FROM {table} WHERE book = '{book}' AND match_id IS NULL AND set_aside = '' {besides}"""

# The same amount and the end of the same number, or within minutes; the same reference or receipt, whatever the amount.
_CANDIDATES: Final = """
    WITH l AS MATERIALIZED (SELECT * FROM open_line WHERE at >= $1 AND at < $2),
         b AS MATERIALIZED (SELECT * FROM open_movement WHERE at BETWEEN $1 - $3::interval AND $2 + $3::interval),
         pair AS (SELECT l.id AS l_id, b.id AS b_id FROM l JOIN b USING (amount, ending) WHERE l.ending <> ''
                  UNION SELECT l.id, b.id FROM l JOIN b USING (amount)
                   WHERE b.at BETWEEN l.at - interval '10 minutes' AND l.at + interval '10 minutes'
                  UNION SELECT l.id, b.id FROM l JOIN b USING (reference) WHERE l.reference <> ''
                  UNION SELECT l.id, b.id FROM l JOIN b USING (receipt) WHERE l.receipt <> '')
    SELECT l.id AS l_id, l.at AS l_at, l.amount AS l_amount, l.receipt AS l_receipt, l.reference AS l_reference,
           l.phone AS l_phone, l.name AS l_name, b.id AS b_id, b.at AS b_at, b.amount AS b_amount,
           b.receipt AS b_receipt, b.reference AS b_reference, b.phone AS b_phone, b.name AS b_name
      FROM pair JOIN l ON l.id = pair.l_id JOIN b ON b.id = pair.b_id
     WHERE (b.amount > 0) = (l.amount > 0) AND b.currency = l.currency
       AND b.at BETWEEN l.at - $3::interval AND l.at + $3::interval ORDER BY l.id, b.id"""


async def match_by_score(session: WriteSession, book: Book, model: Model, now: datetime) -> None:
    """Match the pairs that are certain, and keep the best of the others as suggestions."""
    await _set_out(session, book)
    period = await session.row("SELECT min(at) AS first, max(at) AS last FROM open_line")
    if period is None or period["first"] is None:
        return
    await session.execute(
        "DELETE FROM reconciliation_suggestion s USING statement_line l WHERE l.id = s.line_id AND l.book = $1",
        book,
    )
    day = period["first"]
    while day <= period["last"]:
        await _score_day(session, model, day, now)
        day += _DAY


async def _set_out(session: WriteSession, book: Book) -> None:
    """What is open, apart: the tables themselves hold mostly what is matched. Charges are no money of a member's."""
    for side, table, besides in (
        ("line", "statement_line", "AND kind <> 'charge'"),
        ("movement", "book_movement", ""),
    ):
        await session.execute(f"DROP TABLE IF EXISTS open_{side}")
        await session.execute(_OPEN.format(side=side, table=table, book=book.value, besides=besides))
        await session.execute(f"CREATE INDEX ON open_{side} (at)")
        await session.execute(f"ANALYZE open_{side}")


async def _score_day(session: WriteSession, model: Model, day: datetime, now: datetime) -> None:
    """Lines of the days around are looked at too: they may be rivals. Only those of the day are matched."""
    pairs = []
    of_day = set()
    for row in await session.rows(_CANDIDATES, day - _DAY, day + 2 * _DAY, _APART):
        if day <= row["l_at"] < day + _DAY:
            of_day.add(row["l_id"])
        features = compare(_described(row, "l"), _described(row, "b"))
        if features is not None:
            pairs.append(Pair(row["l_id"], row["b_id"], model.confidence(features), features))
    chosen = [pair for pair in choose(pairs) if pair.line in of_day and pair.features.amount == _SAME]
    joined = [Joined(pair.confidence, [pair.line], [pair.movement]) for pair in chosen]
    await keep_all(session, Stage.SCORE, joined, now=now, model=model.version)
    taken = {pair.line: pair.movement for pair in chosen}
    await session.execute("DELETE FROM open_line WHERE id = ANY($1::bigint[])", list(taken))
    await session.execute("DELETE FROM open_movement WHERE id = ANY($1::bigint[])", list(taken.values()))
    await session.execute_many(
        """INSERT INTO reconciliation_suggestion (line_id, movement_id, confidence, features)
           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING""",
        [
            (pair.line, pair.movement, pair.confidence, _as_json(pair.features.values()))
            for pair in suggestions(pairs, taken)
            if pair.line in of_day
        ],
    )


def _described(row: asyncpg.Record, side: str) -> Described:
    return Described(
        number=row[f"{side}_id"],
        at=row[f"{side}_at"],
        amount_minor=row[f"{side}_amount"],
        receipt=row[f"{side}_receipt"],
        reference=row[f"{side}_reference"],
        phone=row[f"{side}_phone"],
        name=row[f"{side}_name"],
    )


def _as_json(values: Sequence[int]) -> str:
    return msgspec.json.encode(dict(zip(NAMES, values, strict=True))).decode()
