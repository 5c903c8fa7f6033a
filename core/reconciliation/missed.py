"""Money that the statement has and nobody told us of: it is received now, as if its confirmation had come.

Callbacks get lost, and a prompt whose reply was lost as well can't be asked about: then the statement decides.
"""

from datetime import datetime

from core.db.engine import WriteSession
from core.errors import InvalidPhone
from core.ids import Ids
from core.money import Currency, Money
from core.payments.receipt import PaybillReceipt, phone_hash
from core.phone import Msisdn
from core.receiving.service import Matching, receive
from core.reconciliation.model import Book, ImportedFile, LineKind

_ENDING = 3
"""Digits that a provider leaves at the end of a number it hides."""

# Lines undone by another line of the statement are nobody's money any more.
_MISSED = """
SELECT l.receipt, l.amount, l.currency, l.reference, l.phone, l.name, l.at
  FROM statement_line l
 WHERE l.file_id = $1 AND l.book = $2 AND l.kind = $3 AND l.amount > 0 AND l.receipt <> '' AND l.match_id IS NULL
   AND l.set_aside = ''
   AND NOT EXISTS (SELECT FROM paybill_receipt r WHERE r.receipt = l.receipt)
   AND NOT EXISTS (SELECT FROM payment p WHERE p.receipt = l.receipt)
   AND NOT EXISTS (SELECT FROM statement_line u WHERE u.book = l.book AND u.linked = l.receipt AND u.kind = $4)
   AND NOT EXISTS (SELECT FROM journal j WHERE j.meta->>'receipt' = l.receipt)
 ORDER BY l.id
"""


async def receive_missed(
    session: WriteSession, ids: Ids, file: ImportedFile, *, matching: Matching, now: datetime
) -> int:
    """Credit each new receipt of the paybill that our books don't have, or keep it in suspense; how many."""
    if file.book is not Book.MPESA:
        return 0
    rows = await session.rows(_MISSED, file.file_id, file.book, LineKind.MOVEMENT, LineKind.REVERSAL)
    for row in rows:
        receipt = PaybillReceipt(
            receipt=row["receipt"],
            amount=Money(row["amount"], Currency(row["currency"])),
            reference=row["reference"],
            paid_at=row["at"],
            payer_name=row["name"],
            payer_hash=_hash(row["phone"]),
            payer_ending=_ending(row["phone"]),
        )
        await receive(session, ids, receipt, matching=matching, now=now)
    return len(rows)


def _hash(phone: str) -> str:
    try:
        return phone_hash(Msisdn.parse(phone))
    except InvalidPhone:
        return ""


def _ending(phone: str) -> str:
    return phone[-_ENDING:] if "*" in phone else ""
