"""All SQL of statements of savings and shares: whole periods, and pages of one that stay where they are.

Movements stand in order of business date, and within a day as they were posted; so one that was posted late for an
earlier day stands on that day. The statement of one account is one query, and so sees the books at one moment; to
read several that fit together takes a MomentSession.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import asyncpg

from core.db.engine import ReadSession
from core.errors import UnknownMember
from core.ledger.account import AccountKind, Side
from core.money import Currency, Money
from core.reports.statement import AccountStatement, Movement, Period

PAGE_LINES = 200

REFERENCE = "coalesce(p.receipt, 'J' || j.id)"
PAYMENT_OF_JOURNAL = "LEFT JOIN payment p ON p.id = j.meta->>'payment'"


@dataclass(frozen=True, slots=True)
class AccountKey:
    """One of a member's accounts, and where its money stands in the ledger."""

    number: str
    product: str
    ledger_code: str


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a page ended: behind this entry of this day, of the entries that there were when reading began."""

    on: date
    entry: int
    newest_entry: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """A part of a statement that adds up by itself; its opening balance is the closing one of the page before."""

    statement: AccountStatement
    next: Bookmark | None
    """Where to go on; None on the last page."""


async def member_id_of(session: ReadSession, number: str) -> str:
    """Who has this number on the member card. Raises UnknownMember."""
    row = await session.row("SELECT id FROM member WHERE number = $1", number)
    if row is None:
        raise UnknownMember
    return str(row["id"])


async def accounts_of(session: ReadSession, member_id: str) -> list[AccountKey]:
    """A member's savings accounts in the order they were opened, and the shares."""
    rows = await session.rows(
        """SELECT id, product, ledger_code, 1 AS part, opened_on FROM savings_account WHERE member_id = $1
           UNION ALL
           SELECT id, 'shares', ledger_code, 2, NULL FROM share_account WHERE member_id = $1
           ORDER BY part, opened_on, product DESC""",
        member_id,
    )
    return [AccountKey(row["id"], row["product"], row["ledger_code"]) for row in rows]


async def account_statement(session: ReadSession, account: AccountKey, period: Period) -> AccountStatement:
    """The account over the period, whole. Raises KeyError for an account that isn't in the books."""
    rows = await session.rows(_LINES, account.ledger_code, period.until, period.since, 0, None, None)
    return _statement(account, period, rows, reaches_end=True)


async def account_page(
    session: ReadSession,
    account: AccountKey,
    period: Period,
    *,
    after: Bookmark | None = None,
    most: int = PAGE_LINES,
) -> AccountPage:
    """The next movements of a period. Raises KeyError for an account that isn't in the books.

    What is posted after the first page was read doesn't move the later ones.
    """
    on, entry, newest = (after.on, after.entry, after.newest_entry) if after else (period.since, 0, None)
    rows = await session.rows(_LINES, account.ledger_code, period.until, on, entry, newest, most + 1)
    is_last = len(rows) <= most
    statement = _statement(account, period, rows[:most], reaches_end=is_last)
    last = rows[:most][-1]
    return AccountPage(statement, None if is_last else Bookmark(last["day"], last["entry"], last["newest"]))


async def account_pages(
    session: ReadSession, account: AccountKey, period: Period, *, most: int = PAGE_LINES
) -> AsyncIterator[AccountStatement]:
    """All pages of a period one after another, for a statement that is too long to hold."""
    page = await account_page(session, account, period, most=most)
    yield page.statement
    while page.next is not None:
        page = await account_page(session, account, period, after=page.next, most=most)
        yield page.statement


# $1 the account, $2 the last day, ($3, $4) the day and entry after which the lines begin, $5 the newest entry to be
# seen or NULL for all that there are, $6 how many lines. One row at least comes back, for the balances.
_LINES = f"""
WITH account AS (SELECT id, kind, currency FROM ledger_account WHERE code = $1),
own AS MATERIALIZED (
    SELECT e.id AS entry, e.side, e.amount, j.business_date AS day, j.event_at, j.kind, {REFERENCE} AS reference,
           CASE e.side WHEN 'C' THEN e.amount ELSE -e.amount END AS change
      FROM account a JOIN entry e ON e.account_id = a.id JOIN journal j ON j.id = e.journal_id {PAYMENT_OF_JOURNAL}
     WHERE j.business_date <= $2 AND ($5::bigint IS NULL OR e.id <= $5)
)
SELECT a.kind AS account_kind, a.currency, line.*,
       (SELECT coalesce(sum(change), 0)::bigint FROM own WHERE (day, entry) <= ($3, $4)) AS before,
       (SELECT coalesce(sum(change), 0)::bigint FROM own) AS at_end,
       coalesce($5, (SELECT max(entry) FROM own), 0) AS newest
  FROM account a LEFT JOIN LATERAL (
       SELECT entry, side, amount, day, event_at, kind, reference FROM own
        WHERE (day, entry) > ($3, $4) ORDER BY day, entry LIMIT $6) line ON true
 ORDER BY day, entry
"""


def _statement(
    account: AccountKey, period: Period, rows: list[asyncpg.Record], *, reaches_end: bool
) -> AccountStatement:
    if not rows:
        raise KeyError(account.ledger_code)
    first = rows[0]
    currency = Currency(first["currency"])
    side = AccountKind(first["account_kind"]).normal_side
    movements = tuple(_movement(row, currency) for row in rows if row["entry"] is not None)
    opening = _standing(first["before"], side, currency)
    moved = sum((m.credit - m.debit for m in movements), start=Money.zero(currency))
    closing = _standing(first["at_end"], side, currency) if reaches_end else opening + _on(side, moved)
    return AccountStatement(
        account.number, account.product, period, opening, movements, closing, grows_by=side
    )


def _movement(row: asyncpg.Record, currency: Currency) -> Movement:
    amount, nothing = Money(row["amount"], currency), Money.zero(currency)
    is_debit = row["side"] == Side.DEBIT
    return Movement(
        on=row["day"],
        at=row["event_at"],
        kind=row["kind"],
        reference=row["reference"],
        debit=amount if is_debit else nothing,
        credit=nothing if is_debit else amount,
    )


def _standing(credits_less_debits: int, side: Side, currency: Currency) -> Money:
    return _on(side, Money(credits_less_debits, currency))


def _on(side: Side, credits_less_debits: Money) -> Money:
    return credits_less_debits if side is Side.CREDIT else -credits_less_debits
