"""Which work on breaks needs two people? Matching by hand, booking from a statement, setting aside, undoing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import msgspec

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import AmountsDiffer, NotOpen, UnknownMatch
from core.ledger import periods, store, suspense
from core.ledger.chart import Gl, code_in
from core.ledger.journal import Journal
from core.ledger.postings import provider_charge_taken, receipt_unmatched
from core.money import Currency, Money
from core.reconciliation import movements
from core.reconciliation.decisions import learn_from
from core.reconciliation.model import ACCOUNTS, Book, LineKind, Stage
from core.reconciliation.writing import Joined, keep_all
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission

WAITS: Final = timedelta(days=3)
_SURE: Final = 100


class HandMatch(msgspec.Struct, frozen=True, kw_only=True):
    """Lines and movements that are one money, and why; both sides come to the same amount."""

    lines: tuple[int, ...]
    movements: tuple[int, ...]
    reason: str


class LineToBook(msgspec.Struct, frozen=True, kw_only=True):
    """A line that our books lack: money in goes to suspense, a charge to expense."""

    line: int
    reason: str


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """Lines and movements that need nothing more, and why."""

    lines: tuple[int, ...]
    movements: tuple[int, ...]
    reason: str


class MatchToUndo(msgspec.Struct, frozen=True, kw_only=True):
    """A match that was wrong; what it joined is open again."""

    match: int
    reason: str


async def _open(
    session: ReadSession, lines: Sequence[int], ours: Sequence[int], *, lock: str = ""
) -> tuple[list[asyncpg.Record], list[asyncpg.Record]]:
    """The rows, each once, all of one currency and book. Raises NotOpen."""
    sql = (
        "SELECT * FROM {table} WHERE id = ANY($1::bigint[]) AND match_id IS NULL AND set_aside = '' ORDER BY id "
        + lock
    )
    found = await session.rows(sql.format(table="statement_line"), list(lines))
    movements_found = await session.rows(sql.format(table="book_movement"), list(ours))
    kinds = {(row["currency"], row["book"]) for row in (*found, *movements_found)}
    if len(found) != len(set(lines)) or len(movements_found) != len(set(ours)) or len(kinds) != 1:
        raise NotOpen(lines=tuple(lines), movements=tuple(ours))
    return found, movements_found


def _refuse_different(lines: Sequence[asyncpg.Record], ours: Sequence[asyncpg.Record]) -> None:
    totals = [sum(row["amount"] for row in side) for side in (lines, ours)]
    if totals[0] != totals[1]:
        raise AmountsDiffer(lines_minor=totals[0], movements_minor=totals[1])


async def _look_at_match(session: ReadSession, now: datetime, facts: HandMatch) -> str:
    _ = now
    lines, ours = await _open(session, facts.lines, facts.movements)
    _refuse_different(lines, ours)
    return _subject(facts.lines, facts.movements)


def _subject(lines: Sequence[int], ours: Sequence[int]) -> str:
    """One waiting request per line or movement that comes first."""
    return f"line:{min(lines)}" if lines else f"movement:{min(ours)}"


async def _match(session: WriteSession, decision: Decision, facts: HandMatch) -> dict[str, str]:
    lines, ours = await _open(session, facts.lines, facts.movements, lock="FOR UPDATE")
    _refuse_different(lines, ours)
    await learn_from(session, decision, lines=facts.lines, movements=facts.movements)
    joined = Joined(_SURE, facts.lines, facts.movements)
    [number] = await keep_all(session, Stage.HAND, [joined], now=decision.at, by=decision.checker)
    return {"match": str(number)}


async def _look_at_booking(session: ReadSession, now: datetime, facts: LineToBook) -> str:
    [line], _ = await _open(session, [facts.line], [])
    _refuse_unbookable(line)
    await periods.refuse_closed(session, business_date(now))
    return _subject([facts.line], [])


def _refuse_unbookable(line: asyncpg.Record) -> None:
    """Money that left and is no charge has a story that somebody has to tell: it is booked by hand and then matched."""
    if line["amount"] < 0 and line["kind"] != LineKind.CHARGE:
        raise NotOpen(lines=(line["id"],), movements=())


async def _book(session: WriteSession, decision: Decision, facts: LineToBook) -> dict[str, str]:
    """The books of today: the day of the line may be closed. The line's own moment stands with the journal."""
    [line], _ = await _open(session, [facts.line], [], lock="FOR UPDATE")
    _refuse_unbookable(line)
    journal = _journal(line, decision)
    if line["amount"] > 0:
        posted = await suspense.keep(session, journal)
    else:
        [posted] = await store.post(session, [journal])
    book = Book(line["book"])
    await movements.collect(session, book, since=line["at"], until=decision.at)
    row = await session.row(
        "SELECT id FROM book_movement WHERE journal_id = $1 AND book = $2", posted.journal_id, book
    )
    if row is None:
        raise AssertionError(f"journal {journal.key} moved nothing in its book")
    joined = Joined(_SURE, [facts.line], [row["id"]])
    await keep_all(session, Stage.BOOKED, [joined], now=decision.at, by=decision.checker)
    return {"journal": journal.key, "number": str(posted.journal_id)}


def _journal(line: asyncpg.Record, decision: Decision) -> Journal:
    currency = Currency(line["currency"])
    account = code_in(ACCOUNTS[Book(line["book"])][0], currency)
    meta = {"receipt": line["receipt"], "reference": line["reference"], "payer": line["name"]}
    if line["amount"] > 0:
        return receipt_unmatched(
            key=f"statement_line:{line['id']}",
            event_at=line["at"],
            business_date=business_date(decision.at),
            received_in=account,
            amount=Money(line["amount"], currency),
            meta={name: text for name, text in meta.items() if text},
        )
    return provider_charge_taken(
        key=f"statement_line:{line['id']}",
        event_at=line["at"],
        business_date=business_date(decision.at),
        taken_from=account,
        expense=code_in(Gl.PROVIDER_CHARGES, currency),
        amount=Money(-line["amount"], currency),
        receipt=line["receipt"],
    )


async def _look_at_setting_aside(session: ReadSession, now: datetime, facts: SetAside) -> str:
    _ = now
    await _open(session, facts.lines, facts.movements)
    return _subject(facts.lines, facts.movements)


async def _set_aside(session: WriteSession, decision: Decision, facts: SetAside) -> dict[str, str]:
    await _open(session, facts.lines, facts.movements, lock="FOR UPDATE")
    await learn_from(session, decision, lines=facts.lines, movements=())
    for table, numbers in (("statement_line", facts.lines), ("book_movement", facts.movements)):
        await session.execute(
            f"UPDATE {table} SET set_aside = $2 WHERE id = ANY($1::bigint[])", list(numbers), facts.reason
        )
    return {"set_aside": str(len(facts.lines) + len(facts.movements))}


async def _look_at_undoing(session: ReadSession, now: datetime, facts: MatchToUndo) -> str:
    _ = now
    row = await session.row("SELECT stage FROM reconciliation_match WHERE id = $1", facts.match)
    # What was booked from the statement is undone by reversing its journal.
    if row is None or row["stage"] == Stage.BOOKED:
        raise UnknownMatch(match_id=facts.match)
    return f"match:{facts.match}"


async def _undo(session: WriteSession, decision: Decision, facts: MatchToUndo) -> dict[str, str]:
    _ = await _look_at_undoing(session, decision.at, facts)
    for table in ("statement_line", "book_movement"):
        await session.execute(f"UPDATE {table} SET match_id = NULL WHERE match_id = $1", facts.match)
    await session.execute("DELETE FROM reconciliation_match WHERE id = $1", facts.match)
    return {"match": str(facts.match)}


MATCH_BY_HAND: Final = CheckedAction(
    code="reconciliation.match",
    facts=HandMatch,
    propose=Permission.RECONCILIATION_WORK,
    approve=Permission.LEDGER_APPROVE,
    life=WAITS,
    look=_look_at_match,
    do=_match,
)
BOOK_LINE: Final = CheckedAction(
    code="reconciliation.book",
    facts=LineToBook,
    propose=Permission.RECONCILIATION_WORK,
    approve=Permission.LEDGER_APPROVE,
    life=WAITS,
    look=_look_at_booking,
    do=_book,
)
SET_ASIDE: Final = CheckedAction(
    code="reconciliation.set_aside",
    facts=SetAside,
    propose=Permission.RECONCILIATION_WORK,
    approve=Permission.LEDGER_APPROVE,
    life=WAITS,
    look=_look_at_setting_aside,
    do=_set_aside,
)
UNDO_MATCH: Final = CheckedAction(
    code="reconciliation.undo_match",
    facts=MatchToUndo,
    propose=Permission.RECONCILIATION_WORK,
    approve=Permission.LEDGER_APPROVE,
    life=WAITS,
    look=_look_at_undoing,
    do=_undo,
)
RECONCILIATION_ACTIONS: Final = (MATCH_BY_HAND, BOOK_LINE, SET_ASIDE, UNDO_MATCH)
