"""Which lines and which movements are the same money? Stages from the surest on; each takes what those before left.

By receipt and in sums it is set-based SQL, whatever the number of lines; only what these leave is scored, a day at a
time, so that memory does not grow with the file.
"""

from collections import Counter
from datetime import datetime
from typing import Final

from core.db.engine import WriteSession
from core.money import Money
from core.reconciliation.learned import Model
from core.reconciliation.model import HOME, Book, Matched, Stage
from core.reconciliation.scored import match_by_score
from core.reconciliation.writing import Joined, keep_all

_GROUP_CONFIDENCE: Final = 90
_SURE: Final = 100

# Groups of lines and of movements with one receipt and direction. A charge may be booked with what it is taken for, or
# not at all, so the lines are tried with it and without it.
_BY_RECEIPT: Final = """
    CREATE TEMP TABLE receipt_match ON COMMIT DROP AS
    SELECT nextval(pg_get_serial_sequence('reconciliation_match', 'id')) AS match_id, l.receipt, l.inward, l.currency,
           abs(l.plain - m.total) <= $2::bigint AND l.total <> m.total AS without_charges,
           CASE WHEN l.total = m.total THEN 0 ELSE l.plain - m.total END AS difference
      FROM (SELECT receipt, amount > 0 AS inward, currency, sum(amount) AS total,
                   coalesce(sum(amount) FILTER (WHERE kind <> 'charge'), 0) AS plain
              FROM statement_line
             WHERE book = $1 AND match_id IS NULL AND set_aside = '' AND receipt <> '' GROUP BY 1, 2, 3) l
      JOIN (SELECT receipt, amount > 0 AS inward, currency, sum(amount) AS total
              FROM book_movement
             WHERE book = $1 AND match_id IS NULL AND set_aside = '' AND receipt <> '' GROUP BY 1, 2, 3) m
     USING (receipt, inward, currency)
     WHERE l.total = m.total OR l.plain <> 0 AND abs(l.plain - m.total) <= $2::bigint"""
_KEEP_BY_RECEIPT: Final = """
    INSERT INTO reconciliation_match (id, stage, confidence, difference, matched_at) OVERRIDING SYSTEM VALUE
    SELECT match_id, 'receipt', CASE WHEN difference = 0 THEN 100 ELSE 95 END, difference, $1 FROM receipt_match"""
_LINES_BY_RECEIPT: Final = """
    UPDATE statement_line l SET match_id = g.match_id FROM receipt_match g
     WHERE l.book = $1 AND l.match_id IS NULL AND l.set_aside = '' AND l.receipt = g.receipt
       AND (l.amount > 0) = g.inward AND l.currency = g.currency AND NOT (g.without_charges AND l.kind = 'charge')"""
_MOVEMENTS_BY_RECEIPT: Final = """
    UPDATE book_movement b SET match_id = g.match_id FROM receipt_match g
     WHERE b.book = $1 AND b.match_id IS NULL AND b.set_aside = '' AND b.receipt = g.receipt
       AND (b.amount > 0) = g.inward AND b.currency = g.currency"""


async def match(
    session: WriteSession, book: Book, *, model: Model, tolerance: Money, now: datetime
) -> Matched:
    """Match whatever is open in a book; repeating it changes nothing that was matched.

    By receipt, amounts may be off by the tolerance; what was tolerated stands with the match.
    """
    await session.execute("SELECT pg_advisory_xact_lock(hashtext('reconciliation'), hashtext($1))", book)
    await session.execute("ANALYZE statement_line")
    await session.execute("ANALYZE book_movement")
    await _by_receipt(session, book, tolerance, now)
    await _reversals(session, book, now)
    await _by_groups(session, book, now)
    await match_by_score(session, book, model, now)
    return await summary(session, book, now)


async def _by_receipt(session: WriteSession, book: Book, tolerance: Money, now: datetime) -> None:
    await session.execute("DROP TABLE IF EXISTS receipt_match")
    await session.execute(_literal(_BY_RECEIPT, book, tolerance.minor))
    await session.execute("ANALYZE receipt_match")
    await session.execute(_KEEP_BY_RECEIPT, now)
    await session.execute(_LINES_BY_RECEIPT, book)
    await session.execute(_MOVEMENTS_BY_RECEIPT, book)


def _literal(sql: str, book: Book, tolerance_minor: int) -> str:
    """CREATE TABLE AS takes no parameters; both are of closed kinds."""
    return sql.replace("$1", f"'{book.value}'").replace("$2", str(int(tolerance_minor)))


_REVERSED_IN_BOOKS: Final = """
    SELECT l.id AS line, b.id AS movement FROM statement_line l
      JOIN book_movement b ON b.linked = l.linked AND b.book = l.book AND b.amount = l.amount
     WHERE l.book = $1 AND l.match_id IS NULL AND l.set_aside = '' AND l.kind = 'reversal' AND l.linked <> ''
       AND b.match_id IS NULL AND b.set_aside = '' ORDER BY l.id, b.id"""
_UNDONE_LINES: Final = """
    SELECT l.id AS line, o.id AS other FROM statement_line l
      JOIN statement_line o ON o.receipt = l.linked AND o.book = l.book AND o.amount = -l.amount
     WHERE l.book = $1 AND l.match_id IS NULL AND l.set_aside = '' AND l.kind = 'reversal' AND l.linked <> ''
       AND o.match_id IS NULL AND o.set_aside = '' ORDER BY l.id, o.id"""
_UNDONE_MOVEMENTS: Final = """
    SELECT b.id AS movement, o.id AS other FROM book_movement b
      JOIN journal_reversal r ON r.reversal_id = b.journal_id
      JOIN book_movement o ON o.journal_id = r.journal_id AND o.account_code = b.account_code
     WHERE b.book = $1 AND b.match_id IS NULL AND o.match_id IS NULL AND b.set_aside = '' AND o.set_aside = ''
       AND o.amount = -b.amount ORDER BY b.id"""


async def _reversals(session: WriteSession, book: Book, now: datetime) -> None:
    """A reversal on both sides is a match; one that is on one side alone goes with what it undid, if that is open."""
    used: set[tuple[str, int]] = set()
    both = [
        Joined(_SURE, [row["line"]], [row["movement"]])
        for row in await session.rows(_REVERSED_IN_BOOKS, book)
        if _take(used, ("line", row["line"]), ("movement", row["movement"]))
    ]
    await keep_all(session, Stage.RECEIPT, both, now=now)
    there = [
        Joined(_SURE, [row["line"], row["other"]], [])
        for row in await session.rows(_UNDONE_LINES, book)
        if _take(used, ("line", row["line"]), ("line", row["other"]))
    ]
    here = [
        Joined(_SURE, [], [row["movement"], row["other"]])
        for row in await session.rows(_UNDONE_MOVEMENTS, book)
        if _take(used, ("movement", row["movement"]), ("movement", row["other"]))
    ]
    await keep_all(session, Stage.REVERSAL_PAIR, [*there, *here], now=now)


def _take(used: set[tuple[str, int]], *wanted: tuple[str, int]) -> bool:
    """Whether all are free; they are taken then."""
    if used.intersection(wanted):
        return False
    used.update(wanted)
    return True


def _groups_sql(one: str, many: str) -> str:
    """One row of a side and the rows of the other with its reference and day that make its amount together.

    Only where the one side has no receipt: with different receipts it is other money.
    """
    return f"""
        SELECT o.id AS one, array_agg(m.id ORDER BY m.id) AS many
          FROM {one} o JOIN {many} m
            ON m.book = o.book AND m.currency = o.currency AND m.reference = o.reference
           AND (m.amount > 0) = (o.amount > 0) AND m.at BETWEEN o.at - interval '1 day' AND o.at + interval '1 day'
         WHERE o.book = $1 AND o.match_id IS NULL AND o.set_aside = '' AND length(o.reference) >= 4
           AND o.receipt = '' AND m.match_id IS NULL AND m.set_aside = ''
         GROUP BY o.id, o.amount HAVING count(*) > 1 AND sum(m.amount) = o.amount ORDER BY o.id"""


async def _by_groups(session: WriteSession, book: Book, now: datetime) -> None:
    """Several lines that make one movement, and several movements that make one line."""
    for is_line_one in (False, True):
        sides = ("statement_line", "book_movement") if is_line_one else ("book_movement", "statement_line")
        found = await session.rows(_groups_sql(*sides), book)
        claims = Counter(number for row in found for number in row["many"])
        alone = [row for row in found if all(claims[number] == 1 for number in row["many"])]
        joined = [
            Joined(_GROUP_CONFIDENCE, [row["one"]], row["many"])
            if is_line_one
            else Joined(_GROUP_CONFIDENCE, row["many"], [row["one"]])
            for row in alone
        ]
        await keep_all(session, Stage.GROUP, joined, now=now)


async def summary(session: WriteSession, book: Book, now: datetime) -> Matched:
    """What the matching of this moment found, and what is left."""
    found = await session.rows(
        "SELECT stage, count(*) AS n FROM reconciliation_match WHERE matched_at = $1 GROUP BY stage", now
    )
    row = await session.row(
        """SELECT (SELECT count(*) FROM statement_line
                    WHERE book = $1 AND match_id IS NULL AND set_aside = '') AS lines,
                  (SELECT count(*) FROM book_movement b WHERE book = $1 AND match_id IS NULL AND set_aside = ''
                      AND EXISTS (SELECT 1 FROM statement_file f WHERE f.book = $1
                                     AND b.at BETWEEN f.first_at AND f.last_at)) AS movements,
                  (SELECT coalesce(sum(difference), 0)::bigint FROM reconciliation_match
                    WHERE matched_at = $2) AS differences""",
        book,
        now,
    )
    if row is None:
        raise AssertionError("a question for counts has an answer")
    return Matched(
        by_stage={Stage(each["stage"]): each["n"] for each in found},
        open_lines=row["lines"],
        open_movements=row["movements"],
        differences=Money(row["differences"], HOME),
    )
