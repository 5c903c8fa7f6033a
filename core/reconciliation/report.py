"""How does a book agree on one day? Both sides' sums, what was matched and how, and what is open."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from core.db.engine import MomentSession
from core.money import Money
from core.reconciliation.model import HOME, Book, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """Amounts are in less out. `matched_lines` counts by the stage that found them."""

    book: Book
    on: date
    lines: int
    lines_amount: Money
    movements: int
    movements_amount: Money
    matched_lines: dict[Stage, int]
    open_lines: int
    open_lines_amount: Money
    open_movements: int
    open_movements_amount: Money
    set_aside: int

    @property
    def agrees(self) -> bool:
        """Whether nobody has to look at anything of the day."""
        return not self.open_lines and not self.open_movements


_SIDE: Final = """
    SELECT count(*) AS every, coalesce(sum(amount), 0)::bigint AS amount,
           count(*) FILTER (WHERE match_id IS NULL AND set_aside = '') AS open,
           coalesce(sum(amount) FILTER (WHERE match_id IS NULL AND set_aside = ''), 0)::bigint AS open_amount,
           count(*) FILTER (WHERE set_aside <> '') AS aside
      FROM {table} WHERE book = $1 AND currency = $3
       AND at >= $2::date::timestamp AT TIME ZONE 'Africa/Nairobi'
       AND at < ($2::date + 1)::timestamp AT TIME ZONE 'Africa/Nairobi'"""
_STAGES: Final = """
    SELECT m.stage, count(*) AS n FROM statement_line l JOIN reconciliation_match m ON m.id = l.match_id
     WHERE l.book = $1 AND l.currency = $3 AND l.at >= $2::date::timestamp AT TIME ZONE 'Africa/Nairobi'
       AND l.at < ($2::date + 1)::timestamp AT TIME ZONE 'Africa/Nairobi' GROUP BY m.stage"""


async def day_report(session: MomentSession, book: Book, on: date) -> DayReport:
    """The report of one day in Nairobi, in shillings."""
    lines = await session.row(_SIDE.format(table="statement_line"), book, on, HOME)
    ours = await session.row(_SIDE.format(table="book_movement"), book, on, HOME)
    stages = await session.rows(_STAGES, book, on, HOME)
    if lines is None or ours is None:
        raise AssertionError("a question for sums has an answer")
    return DayReport(
        book=book,
        on=on,
        lines=lines["every"],
        lines_amount=Money(lines["amount"], HOME),
        movements=ours["every"],
        movements_amount=Money(ours["amount"], HOME),
        matched_lines={Stage(row["stage"]): row["n"] for row in stages},
        open_lines=lines["open"],
        open_lines_amount=Money(lines["open_amount"], HOME),
        open_movements=ours["open"],
        open_movements_amount=Money(ours["open_amount"], HOME),
        set_aside=lines["aside"] + ours["aside"],
    )
