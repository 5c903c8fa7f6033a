"""What do our own books say that moved at the provider? One movement per journal and account, with what is known of it.

The seam to the areas that make these journals is narrow: a journal names its payment or its receipt, in `meta` or as
the second part of its key.
"""

from datetime import datetime, timedelta
from typing import Final

from core.db.engine import WriteSession
from core.reconciliation.model import ACCOUNTS, Book

AROUND: Final = timedelta(days=3)
"""Booked so much before or after the provider's moment, a movement still belongs to the period of a statement."""

_COLLECT: Final = """
    INSERT INTO book_movement (journal_id, account_code, book, at, business_date, amount, currency, receipt, linked,
                               reference, phone, name)
    SELECT j.id, a.code, $1, j.event_at, j.business_date,
           sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END), e.currency,
           coalesce(CASE WHEN u.id IS NULL
                         THEN upper(coalesce(nullif(j.meta ->> 'receipt', ''), p.receipt, s.receipt)) END, ''),
           coalesce(CASE WHEN u.id IS NOT NULL
                         THEN upper(coalesce(nullif(u.meta ->> 'receipt', ''), p.receipt, s.receipt)) END, ''),
           upper(regexp_replace(coalesce(nullif(j.meta ->> 'reference', ''), p.account_reference, ''),
                                '[^[:alnum:]]', '', 'g')),
           regexp_replace(coalesce(p.phone, j.meta ->> 'phone', ''), '\\D', '', 'g'),
           coalesce(nullif(j.meta ->> 'payer', ''), m.first_name || ' ' || m.last_name, '')
      FROM ledger_account a
      JOIN entry e ON e.account_id = a.id
      JOIN journal j ON j.id = e.journal_id
      LEFT JOIN journal_reversal r ON r.reversal_id = j.id
      LEFT JOIN journal u ON u.id = r.journal_id
      CROSS JOIN LATERAL string_to_array(coalesce(u.key, j.key), ':') AS k(parts)
      LEFT JOIN payment p ON p.id = coalesce(coalesce(u.meta, j.meta) ->> 'payment',
                                             CASE WHEN k.parts[1] = 'payment' THEN k.parts[2] END)
      LEFT JOIN paybill_receipt s ON k.parts[1] = 'paybill' AND s.receipt = k.parts[2]
      LEFT JOIN member m ON m.id = p.member_id
     WHERE split_part(a.code, '.', 1) = ANY($2::text[]) AND j.event_at BETWEEN $3 AND $4
       AND NOT EXISTS (SELECT 1 FROM book_movement b WHERE b.journal_id = j.id AND b.account_code = a.code)
     GROUP BY j.id, a.code, e.currency, u.id, p.id, s.receipt, m.id
    HAVING sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END) <> 0
    ON CONFLICT (journal_id, account_code) DO NOTHING"""


async def collect(session: WriteSession, book: Book, *, since: datetime, until: datetime) -> None:
    """Put the journals of a period beside the statements; those that are there stay as they are."""
    codes = [str(code) for code in ACCOUNTS[book]]
    await session.execute(_COLLECT, book, codes, since - AROUND, until + AROUND)
