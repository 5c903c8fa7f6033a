"""What came in and belongs to nobody yet? Receipts in suspense, what cleared them, and what is still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.errors import NotInSuspense, UnknownJournal
from core.ledger import postings, store
from core.ledger.account import Side
from core.ledger.chart import Gl, code_in
from core.ledger.journal import Journal
from core.ledger.postings.sides import Part, total
from core.ledger.store import Posted
from core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class OpenReceipt:
    """A receipt of which something still waits in suspense. `receipt` is the key of its journal."""

    receipt: str
    received_on: date
    amount: Money
    open: Money


async def keep(session: WriteSession, receipt: Journal) -> Posted:
    """Post a receipt whose credit goes to suspense, and keep it on the list until it is cleared; once by its key."""
    [posted] = await store.post(session, [receipt])
    if posted.is_new:
        await note(session, posted.journal_id, receipt)
    return posted


async def note(session: WriteSession, journal_id: int, journal: Journal) -> None:
    """Put what a posted journal credited to suspense on the list: an excess with no account to go to, say."""
    credited = [
        line.amount
        for line in journal.lines
        if line.side is Side.CREDIT and line.account == code_in(Gl.SUSPENSE, line.amount.currency)
    ]
    if credited:
        amount = sum(credited[1:], start=credited[0])
        await session.execute(
            """INSERT INTO suspense_receipt (journal_id, account_code, amount, currency, received_on)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (journal_id) DO NOTHING""",
            journal_id,
            code_in(Gl.SUSPENSE, amount.currency),
            amount.minor,
            amount.currency,
            journal.business_date,
        )


async def clear(
    session: WriteSession,
    receipt: str,
    *,
    key: str,
    event_at: datetime,
    business_date: date,
    given_to: Sequence[Part],
) -> Posted:
    """Move all or a part of a receipt from suspense to where it belongs; once by `key`.

    Raises UnknownJournal for what is no receipt in suspense, NotInSuspense when less is open, and what
    `store.post` raises.
    """
    receipt_id, open_now = await _lock(session, receipt)
    journal = postings.suspense_cleared(
        key=key, event_at=event_at, business_date=business_date, receipt_key=receipt, given_to=given_to
    )
    [posted] = await store.post(session, [journal])
    if posted.is_new:
        amount = total(given_to)
        if amount > open_now:
            raise NotInSuspense(receipt=receipt, open_minor=open_now.minor, asked_minor=amount.minor)
        await _link(session, posted.journal_id, receipt_id, amount.minor)
    return posted


async def cleared_elsewhere(session: WriteSession, receipt: str, journals: Sequence[str]) -> None:
    """Journals of other areas took their money out of suspense from this receipt; keys that aren't posted don't count.

    Raises UnknownJournal, NotInSuspense when less was open.
    """
    receipt_id, open_now = await _lock(session, receipt)
    rows = await session.rows(
        """SELECT e.journal_id, sum(e.amount)::bigint AS amount
             FROM journal j JOIN entry e ON e.journal_id = j.id JOIN ledger_account a ON a.id = e.account_id
            WHERE j.key = ANY($1::text[]) AND a.code = $2 AND e.side = 'D' GROUP BY e.journal_id ORDER BY 1""",
        journals,
        code_in(Gl.SUSPENSE, open_now.currency),
    )
    taken = sum(row["amount"] for row in rows)
    if taken > open_now.minor:
        raise NotInSuspense(receipt=receipt, open_minor=open_now.minor, asked_minor=taken)
    for row in rows:
        await _link(session, row["journal_id"], receipt_id, row["amount"])


async def undo(session: WriteSession, journal_id: int, *, reversal_id: int) -> None:
    """What a reversal means here: a reversed receipt waits no more, a reversed clearing opens its receipt again.

    Raises NotInSuspense for a receipt of which a part was cleared: that is reversed first.
    """
    kept = await session.row(
        """SELECT j.key, s.amount, s.cleared FROM suspense_receipt s JOIN journal j ON j.id = s.journal_id
            WHERE s.journal_id = $1 FOR UPDATE OF s""",
        journal_id,
    )
    if kept is not None:
        if kept["cleared"]:
            open_minor = kept["amount"] - kept["cleared"]
            raise NotInSuspense(receipt=kept["key"], open_minor=open_minor, asked_minor=kept["amount"])
        await _link(session, reversal_id, journal_id, kept["amount"])
    cleared = await session.row(
        "SELECT receipt_id, amount FROM suspense_clearing WHERE journal_id = $1", journal_id
    )
    if cleared is not None:
        await _link(session, reversal_id, cleared["receipt_id"], -cleared["amount"])


_RECEIPTS = """SELECT j.key, s.received_on, s.amount, s.amount - s.cleared AS open, s.currency
                 FROM suspense_receipt s JOIN journal j ON j.id = s.journal_id"""


async def still_open(
    session: ReadSession, *, after: str | None = None, most: int | None = None
) -> list[OpenReceipt]:
    """Receipts that are not cleared in full, the oldest first; at most so many behind the receipt `after`."""
    rows = await session.rows(
        f"""{_RECEIPTS}
            WHERE s.cleared < s.amount
              AND ($1::text IS NULL OR (s.received_on, s.journal_id) > (
                   SELECT r.received_on, r.journal_id FROM suspense_receipt r JOIN journal k ON k.id = r.journal_id
                    WHERE k.key = $1))
            ORDER BY s.received_on, s.journal_id LIMIT $2""",
        after,
        most,
    )
    return [_open_receipt(row) for row in rows]


async def find(session: ReadSession, receipt: str) -> OpenReceipt:
    """A receipt that was kept here, cleared or not. Raises UnknownJournal."""
    row = await session.row(f"{_RECEIPTS} WHERE j.key = $1", receipt)
    if row is None:
        raise UnknownJournal(key=receipt)
    return _open_receipt(row)


def _open_receipt(row: asyncpg.Record) -> OpenReceipt:
    currency = Currency(row["currency"])
    return OpenReceipt(
        receipt=row["key"],
        received_on=row["received_on"],
        amount=Money(row["amount"], currency),
        open=Money(row["open"], currency),
    )


async def cleared_by(session: ReadSession, receipt: str) -> list[tuple[str, Money]]:
    """What cleared a receipt: keys of journals and amounts, below zero where a clearing was reversed."""
    rows = await session.rows(
        """SELECT c.key, l.amount, s.currency FROM journal j
             JOIN suspense_receipt s ON s.journal_id = j.id
             JOIN suspense_clearing l ON l.receipt_id = s.journal_id
             JOIN journal c ON c.id = l.journal_id
            WHERE j.key = $1 ORDER BY l.journal_id""",
        receipt,
    )
    return [(row["key"], Money(row["amount"], Currency(row["currency"]))) for row in rows]


async def _lock(session: WriteSession, receipt: str) -> tuple[int, Money]:
    row = await session.row(
        """SELECT s.journal_id, s.amount - s.cleared AS open, s.currency
             FROM suspense_receipt s JOIN journal j ON j.id = s.journal_id WHERE j.key = $1 FOR UPDATE OF s""",
        receipt,
    )
    if row is None:
        raise UnknownJournal(key=receipt)
    return row["journal_id"], Money(row["open"], Currency(row["currency"]))


async def _link(session: WriteSession, journal_id: int, receipt_id: int, amount_minor: int) -> None:
    await session.execute(
        "INSERT INTO suspense_clearing (journal_id, receipt_id, amount) VALUES ($1, $2, $3)",
        journal_id,
        receipt_id,
        amount_minor,
    )
    await session.execute(
        "UPDATE suspense_receipt SET cleared = cleared + $2 WHERE journal_id = $1", receipt_id, amount_minor
    )
