"""Do the books agree with themselves? Every entry added again and held against every stored balance."""

from dataclasses import dataclass
from datetime import date

from core.db.engine import ReadSession, WriteSession
from core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in the books that doesn't add up: where, what is stored and what the entries say."""

    where: str
    stored: str
    computed: str

    def __str__(self) -> str:
        return f"{self.where}: stored {self.stored}, entries say {self.computed}"


# Each row: where, stored, computed. All must be empty.
_CHECKS: tuple[str, ...] = (
    # Every journal balances per currency.
    """SELECT 'journal ' || j.key, '0', sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END)::text
         FROM entry e JOIN journal j ON j.id = e.journal_id
        GROUP BY j.key, e.currency HAVING sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END) <> 0""",
    # No journal without entries, no entry without an account of its currency.
    """SELECT 'journal ' || j.key, 'entries', 'none' FROM journal j
        WHERE NOT EXISTS (SELECT FROM entry e WHERE e.journal_id = j.id)""",
    """SELECT 'entry ' || e.id, e.account_id::text, 'no such account in ' || e.currency FROM entry e
         LEFT JOIN ledger_account a ON a.id = e.account_id AND a.currency = e.currency WHERE a.id IS NULL""",
    # The row balance of a member's own account is the sum of its entries, and within its floor.
    """SELECT 'account ' || a.code, a.balance::text, coalesce(s.total, 0)::text
         FROM ledger_account a LEFT JOIN (
              SELECT e.account_id, sum(CASE WHEN (e.side = 'D') = (b.kind IN ('asset', 'expense'))
                                            THEN e.amount ELSE -e.amount END) AS total
                FROM entry e JOIN ledger_account b ON b.id = e.account_id GROUP BY e.account_id
         ) s ON s.account_id = a.id
        WHERE NOT a.hot AND a.balance <> coalesce(s.total, 0)""",
    # A hot account has no row balance.
    """SELECT 'account ' || code, balance::text, 'none in the row' FROM ledger_account WHERE hot AND balance <> 0""",
    # A minimum above zero is what a payment out must leave: an account may not have reached it yet.
    """SELECT 'account ' || code, balance::text, 'not below ' || minimum FROM ledger_account
        WHERE NOT hot AND minimum IS NOT NULL AND balance < least(minimum, 0)""",
    # Each entry's balance-after follows from the one before it.
    """SELECT 'entry ' || id, balance_after::text, running::text FROM (
           SELECT e.id, e.balance_after, sum(CASE WHEN (e.side = 'D') = (a.kind IN ('asset', 'expense'))
                  THEN e.amount ELSE -e.amount END) OVER (PARTITION BY e.account_id ORDER BY e.id) AS running
             FROM entry e JOIN ledger_account a ON a.id = e.account_id WHERE NOT a.hot
       ) r WHERE balance_after IS DISTINCT FROM running""",
    # A hot account's snapshot is the sum of the entries it covers.
    """SELECT 'snapshot of ' || a.code, h.balance::text, coalesce(sum(
              CASE WHEN (e.side = 'D') = (a.kind IN ('asset', 'expense')) THEN e.amount ELSE -e.amount END), 0)::text
         FROM hot_balance h JOIN ledger_account a ON a.id = h.account_id
         LEFT JOIN entry e ON e.account_id = a.id AND e.id <= h.upto_entry
        GROUP BY a.code, h.balance HAVING h.balance <> coalesce(sum(
              CASE WHEN (e.side = 'D') = (a.kind IN ('asset', 'expense')) THEN e.amount ELSE -e.amount END), 0)""",
    # Nothing is posted to a heading; an own account has the currency of the account above it.
    """SELECT 'heading ' || a.code, count(e.id)::text || ' entries', '0 entries'
         FROM ledger_account a JOIN entry e ON e.account_id = a.id WHERE a.heading GROUP BY a.code""",
    """SELECT 'account ' || a.code, a.currency, control.currency FROM ledger_account a
         JOIN ledger_account control ON control.code = a.parent AND NOT control.heading
        WHERE NOT a.hot AND a.currency <> control.currency""",
    # No journal came into a month after it was closed.
    """SELECT 'journal ' || j.key, 'posted ' || j.posted_at, 'closed ' || p.closed_at
         FROM closed_period p JOIN journal j ON j.business_date >= p.month
              AND j.business_date < p.month + interval '1 month' AND j.posted_at > p.closed_at""",
    # A reversal is the mirror of what it reverses.
    """SELECT 'reversal ' || r.key, 'mirror of ' || j.key, 'differs'
         FROM journal_reversal l JOIN journal j ON j.id = l.journal_id JOIN journal r ON r.id = l.reversal_id
        WHERE EXISTS (
              SELECT FROM entry e WHERE e.journal_id IN (j.id, r.id) GROUP BY e.account_id
              HAVING sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END) <> 0)""",
    # What waits in suspense is what its account holds, and each receipt is cleared by what is linked to it.
    """SELECT 'suspense ' || a.code, ledger_balance(a.code)::text, coalesce(s.open, 0)::text
         FROM ledger_account a LEFT JOIN (
              SELECT account_code, sum(amount - cleared) AS open FROM suspense_receipt GROUP BY account_code
         ) s ON s.account_code = a.code
        WHERE (a.code = '2090' OR a.code LIKE '2090.%') AND ledger_balance(a.code) <> coalesce(s.open, 0)""",
    """SELECT 'receipt ' || j.key, s.cleared::text, coalesce(l.total, 0)::text
         FROM suspense_receipt s JOIN journal j ON j.id = s.journal_id LEFT JOIN (
              SELECT receipt_id, sum(amount) AS total FROM suspense_clearing GROUP BY receipt_id
         ) l ON l.receipt_id = s.journal_id
        WHERE s.cleared <> coalesce(l.total, 0)""",
    # What was folded by day is what the entries so far say.
    """SELECT 'turnover of ' || a.code || ' on ' || coalesce(t.business_date, f.business_date),
              coalesce(t.debit, 0) || ' / ' || coalesce(t.credit, 0),
              coalesce(f.debit, 0) || ' / ' || coalesce(f.credit, 0)
         FROM daily_turnover t
         FULL JOIN ledger_turnover(0, (SELECT upto_entry FROM hot_horizon)) f
              USING (account_id, business_date, closing)
         JOIN ledger_account a ON a.id = account_id
        WHERE (t.debit, t.credit) IS DISTINCT FROM (f.debit, f.credit)""",
    # The whole: debits equal credits in every currency.
    """SELECT 'all entries in ' || currency, sum(amount) FILTER (WHERE side = 'D')::text,
              sum(amount) FILTER (WHERE side = 'C')::text
         FROM entry GROUP BY currency
       HAVING sum(amount) FILTER (WHERE side = 'D') IS DISTINCT FROM sum(amount) FILTER (WHERE side = 'C')""",
)


async def differences(session: ReadSession) -> list[Difference]:
    """Add up every entry again; an empty list means that the books agree."""
    found = []
    for check in _CHECKS:
        found += [Difference(*(str(value) for value in row.values())) for row in await session.rows(check)]
    return found


async def balance_on(session: ReadSession, code: str, day: date) -> Money:
    """An account's balance on its normal side at the end of a business day; a control account's with all under it.

    Raises KeyError for a code that isn't in the books.
    """
    row = await session.row(
        """SELECT a.currency, CASE WHEN a.hot THEN
                  (SELECT coalesce(sum(t.debit - t.credit), 0)
                     FROM ledger_turnover_until($2) t WHERE t.account_id = a.id)
                  ELSE
                  (SELECT coalesce(sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END), 0)
                     FROM entry e JOIN journal j ON j.id = e.journal_id
                    WHERE e.account_id = a.id AND j.business_date <= $2)
                  END::bigint * (CASE WHEN a.kind IN ('asset', 'expense') THEN 1 ELSE -1 END) AS minor
             FROM ledger_account a WHERE a.code = $1 AND NOT a.heading""",
        code,
        day,
    )
    if row is None:
        raise KeyError(code)
    return Money(row["minor"], Currency(row["currency"]))


async def rebuild(session: WriteSession) -> list[Difference]:
    """Compute every stored balance anew from the entries, and say what had been wrong.

    Balances after each entry are written once like the entry itself; where those differ, `differences` says so
    still. Nobody else writes meanwhile.
    """
    await session.execute("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE")
    wrong = await differences(session)
    for statement in _REBUILD:
        await session.execute(statement)
    return wrong


_REBUILD = (
    """UPDATE ledger_account a SET balance = s.total FROM (
              SELECT b.id, coalesce(sum(CASE WHEN (e.side = 'D') = (b.kind IN ('asset', 'expense'))
                                             THEN e.amount ELSE -e.amount END), 0) AS total
                FROM ledger_account b LEFT JOIN entry e ON e.account_id = b.id WHERE NOT b.hot GROUP BY b.id
       ) s WHERE s.id = a.id AND a.balance <> s.total""",
    "UPDATE ledger_account SET balance = 0 WHERE hot AND balance <> 0",
    """UPDATE hot_balance h SET balance = (
              SELECT coalesce(sum(CASE WHEN (e.side = 'D') = (a.kind IN ('asset', 'expense'))
                                       THEN e.amount ELSE -e.amount END), 0)
                FROM ledger_account a JOIN entry e ON e.account_id = a.id
               WHERE a.id = h.account_id AND e.id <= h.upto_entry)""",
    "DELETE FROM daily_turnover",
    "SELECT ledger_fold_turnover(0, (SELECT upto_entry FROM hot_horizon))",
)


async def advance_snapshots(session: WriteSession) -> int:
    """Fold the settled entries of hot accounts into their snapshots; the number of accounts folded.

    Works in two steps over two calls, so that no running transaction is passed; safe to call at any time.
    """
    row = await session.row("SELECT ledger_advance_snapshots() AS folded")
    return int(row["folded"]) if row else 0
