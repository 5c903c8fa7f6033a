"""Do the books agree with themselves? Every entry added again and held against every stored balance."""

from dataclasses import dataclass

from core.db.engine import ReadSession, WriteSession


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
    # A minimum above zero is what a payment out must leave: an account may not have reached it yet.
    """SELECT 'account ' || code, balance::text, 'not below ' || minimum FROM ledger_account
        WHERE NOT hot AND balance < least(minimum, 0)""",
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


async def advance_snapshots(session: WriteSession) -> int:
    """Fold the settled entries of hot accounts into their snapshots; the number of accounts folded.

    Works in two steps over two calls, so that no running transaction is passed; safe to call at any time.
    """
    row = await session.row("SELECT ledger_advance_snapshots() AS folded")
    return int(row["folded"]) if row else 0
