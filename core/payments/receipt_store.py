"""All SQL of the paybill's receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.errors import UnknownReceipt
from core.money import Currency, Money
from core.payments.receipt import PaybillReceipt, ReceiptState
from core.payments.references import Match


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A receipt, what became of it, and, where that is unsure, who may have been meant."""

    receipt: PaybillReceipt
    state: ReceiptState
    member_id: str | None
    why: str
    suggestions: tuple[Match, ...]
    received_at: datetime


async def add(session: WriteSession, receipt: PaybillReceipt, *, at: datetime) -> bool:
    """Keep a receipt; False for one that is there already. It waits in suspense until `decide` says otherwise."""
    row = await session.row(
        """INSERT INTO paybill_receipt (receipt, amount, currency, reference, payer_name, payer_hash, payer_ending,
                                        paid_at, received_at, state)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'suspense') ON CONFLICT (receipt) DO NOTHING
           RETURNING receipt""",
        receipt.receipt,
        receipt.amount.minor,
        receipt.amount.currency,
        receipt.reference,
        receipt.payer_name,
        receipt.payer_hash,
        receipt.payer_ending,
        receipt.paid_at,
        at,
    )
    return row is not None


async def decide(
    session: WriteSession,
    receipt: str,
    state: ReceiptState,
    *,
    why: str,
    member_id: str | None = None,
    suggestions: Sequence[Match] = (),
) -> None:
    """Write down what became of a kept receipt."""
    await session.execute(
        """UPDATE paybill_receipt SET state = $2, why = $3, member_id = $4, suggestions = $5::jsonb
            WHERE receipt = $1""",
        receipt,
        state,
        why,
        member_id,
        msgspec.json.encode(suggestions).decode(),
    )


async def find(session: ReadSession, receipt: str) -> KeptReceipt:
    """Raises UnknownReceipt."""
    return _kept(receipt, await session.row("SELECT * FROM paybill_receipt WHERE receipt = $1", receipt))


async def lock(session: WriteSession, receipt: str) -> KeptReceipt:
    """The receipt, held for this transaction. Raises UnknownReceipt."""
    row = await session.row("SELECT * FROM paybill_receipt WHERE receipt = $1 FOR UPDATE", receipt)
    return _kept(receipt, row)


async def is_kept(session: ReadSession, receipt: str) -> bool:
    """Whether the paybill confirmed it and it is no prompt's money."""
    row = await session.row(
        "SELECT 1 FROM paybill_receipt WHERE receipt = $1 AND state <> 'prompted'", receipt
    )
    return row is not None


async def waiting(session: ReadSession, *, after: str, most: int) -> list[KeptReceipt]:
    """Receipts that a person must place, the oldest first, those behind the receipt `after`.

    One that was cleared in the books alone waits no more.
    """
    rows = await session.rows(
        """SELECT * FROM paybill_receipt
            WHERE state = 'suspense'
              AND EXISTS (SELECT 1 FROM suspense_receipt s JOIN journal j ON j.id = s.journal_id
                           WHERE j.key = 'paybill:' || paybill_receipt.receipt AND s.cleared < s.amount)
              AND ($1 = '' OR (received_at, receipt) > (
                  SELECT received_at, receipt FROM paybill_receipt WHERE receipt = $1))
            ORDER BY received_at, receipt LIMIT $2""",
        after,
        most,
    )
    return [_kept(row["receipt"], row) for row in rows]


def _kept(receipt: str, row: asyncpg.Record | None) -> KeptReceipt:
    if row is None:
        raise UnknownReceipt(receipt=receipt)
    return KeptReceipt(
        receipt=PaybillReceipt(
            receipt=row["receipt"],
            amount=Money(row["amount"], Currency(row["currency"])),
            reference=row["reference"],
            paid_at=row["paid_at"],
            payer_name=row["payer_name"],
            payer_hash=row["payer_hash"],
            payer_ending=row["payer_ending"],
        ),
        state=ReceiptState(row["state"]),
        member_id=row["member_id"],
        why=row["why"],
        suggestions=tuple(msgspec.json.decode(row["suggestions"], type=list[Match])),
        received_at=row["received_at"],
    )
