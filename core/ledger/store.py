"""All SQL of the ledger: open accounts, post journals, read balances and movements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.errors import (
    AmountOverflow,
    CurrencyMismatch,
    IdempotencyConflict,
    InsufficientFunds,
    PeriodClosed,
    Refusal,
    UnknownAccount,
    UnknownJournal,
)
from core.ledger.account import AccountTerms, Side
from core.ledger.journal import Journal, Line
from core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a journal. `is_new` is false when its key had been posted before; nothing changed then."""

    journal_id: int
    is_new: bool


class _Shortfall(msgspec.Struct):
    account: str
    available: int
    asked: int


class _Misplaced(msgspec.Struct):
    account: str
    kept_in: str | None
    asked: str


class _TooEarly(msgspec.Struct):
    business_date: date
    open_from: date


@dataclass(frozen=True, slots=True)
class StoredJournal:
    """A journal as it is in the books. `reverses` and `reversed_by` are keys of journals."""

    journal_id: int
    journal: Journal
    reverses: str | None
    reversed_by: str | None


async def open_accounts(session: WriteSession, accounts: Iterable[AccountTerms]) -> None:
    """Add accounts to the books; one that is there already stays as it is."""
    await session.execute_many(
        """INSERT INTO ledger_account (code, name, kind, currency, parent, hot, minimum, heading, line, liquidity,
                                       income_kind)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (code) DO NOTHING""",
        [
            (
                terms.code,
                terms.name,
                terms.kind,
                terms.currency,
                terms.parent,
                terms.hot,
                terms.minimum,
                terms.heading,
                terms.line,
                terms.liquidity,
                terms.income_kind,
            )
            for terms in accounts
        ],
    )


async def post(session: WriteSession, journals: Sequence[Journal]) -> list[Posted]:
    """Write journals in one call, each at most once by its key, all or none. For a few; see `post_batch`.

    An account moves in the order in which the journals are given: what one brings in, a later one may take out.
    Raises InsufficientFunds when an account would pass its floor, IdempotencyConflict when a key was used
    for other facts, PeriodClosed for a day in a closed month, UnknownAccount, CurrencyMismatch for a line in
    another currency than its account's, and AmountOverflow.
    """
    in_order = _in_order(journals)
    lines = [line for journal in journals for line in journal.lines]
    # The one order in which accounts are locked, whoever posts; equal accounts keep the order of their lines.
    by_account = sorted(range(len(lines)), key=lambda place: lines[place].account)
    arguments = [*_joined(in_order, journals), _SEPARATOR.join(str(place + 1) for place in by_account)]
    return await _posted(session, _POST, arguments, journals, in_order)


async def post_batch(session: WriteSession, journals: Sequence[Journal]) -> list[Posted]:
    """As `post`, in a few statements over all journals: faster from about two dozen on, for thousands.

    Memory grows with the journals (about 2 KB each on either side); ten thousand a call are a good measure.
    """
    if not journals:
        return []
    in_order = _in_order(journals)
    return await _posted(session, _POST_BATCH, _joined(in_order, journals), journals, in_order)


def _in_order(journals: Sequence[Journal]) -> list[Journal]:
    """By key: two calls that share keys wait for each other instead of deadlocking. Lines stay as given."""
    if len({journal.key for journal in journals}) != len(journals):
        raise AssertionError("journals of one call have different keys")
    return sorted(journals, key=lambda journal: journal.key)


async def _posted(
    session: WriteSession,
    sql: str,
    arguments: Sequence[str],
    journals: Sequence[Journal],
    in_order: Sequence[Journal],
) -> list[Posted]:
    try:
        row = await session.row(sql, *arguments)
    except asyncpg.PostgresError as error:
        raise _refusal(error) from error
    if row is None:
        raise AssertionError("the posting function answers with one row")
    posted = {
        journal.key: Posted(abs(number), number > 0)
        for journal, number in zip(in_order, row["numbers"], strict=True)
    }
    return [posted[journal.key] for journal in journals]


_POST = "SELECT ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS numbers"
_POST_BATCH = "SELECT ledger_post_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS numbers"
_SEPARATOR = "\x1f"


def _joined(in_order: Sequence[Journal], journals: Sequence[Journal]) -> list[str]:
    """The arguments of the posting function, each list as one text: journals by key, their lines as given."""
    places = {journal.key: str(n) for n, journal in enumerate(in_order, 1)}
    lines = [(places[journal.key], line) for journal in journals for line in journal.lines]
    return [
        _SEPARATOR.join(values)
        for values in (
            [journal.key for journal in in_order],
            [journal.fingerprint.hex() for journal in in_order],
            [journal.kind for journal in in_order],
            [journal.event_at.isoformat() for journal in in_order],
            [journal.business_date.isoformat() for journal in in_order],
            [msgspec.json.encode(journal.meta).decode() for journal in in_order],
            [n for n, _ in lines],
            [line.account for _, line in lines],
            [line.side for _, line in lines],
            [str(line.amount.minor) for _, line in lines],
            [line.amount.currency for _, line in lines],
        )
    ]


async def balance(session: ReadSession, code: str) -> Money:
    """An account's balance on its normal side. Raises KeyError for a code that isn't in the books."""
    row = await session.row(
        "SELECT currency, ledger_balance(code) AS minor FROM ledger_account WHERE code = $1", code
    )
    if row is None:
        raise KeyError(code)
    return Money(row["minor"], Currency(row["currency"]))


async def balances(session: ReadSession, codes: Sequence[str]) -> dict[str, Money]:
    """The balances of several accounts in one question; a code that isn't in the books is left out."""
    rows = await session.rows(
        """SELECT code, currency, ledger_balance(code) AS minor FROM ledger_account
            WHERE code = ANY($1::text[]) AND NOT heading""",
        codes,
    )
    return {row["code"]: Money(row["minor"], Currency(row["currency"])) for row in rows}


async def lock_entries(session: WriteSession, codes: Sequence[str]) -> dict[str, int]:
    """The number of each account's newest entry, 0 without one; the accounts are held for this transaction.

    A step that is keyed by it happens once for what an account was when it was looked at.
    """
    rows = await session.rows(
        """SELECT code, id FROM ledger_account WHERE code = ANY($1::text[])
            ORDER BY code COLLATE "C" FOR NO KEY UPDATE""",
        codes,
    )
    newest = await session.rows(
        """SELECT a.id, (SELECT max(e.id) FROM entry e WHERE e.account_id = a.id) AS entry
             FROM unnest($1::bigint[]) AS a(id)""",
        [row["id"] for row in rows],
    )
    entries = {row["id"]: row["entry"] or 0 for row in newest}
    return {row["code"]: entries[row["id"]] for row in rows}


async def is_posted(session: ReadSession, key: str) -> bool:
    """Whether there is a journal with this key: what it did is not judged again by how things stand now."""
    return await session.row("SELECT FROM journal WHERE key = $1", key) is not None


async def find_journal(session: ReadSession, key: str) -> StoredJournal:
    """A journal with its lines, in the order in which they were posted. Raises UnknownJournal."""
    rows = await session.rows(
        """SELECT j.id, j.kind, j.event_at, j.business_date, j.meta::text AS meta, a.code, e.side, e.amount, e.currency,
                  undone.key AS reverses, undoing.key AS reversed_by
             FROM journal j
             JOIN entry e ON e.journal_id = j.id
             JOIN ledger_account a ON a.id = e.account_id
             LEFT JOIN journal_reversal of_other ON of_other.reversal_id = j.id
             LEFT JOIN journal undone ON undone.id = of_other.journal_id
             LEFT JOIN journal_reversal by_other ON by_other.journal_id = j.id
             LEFT JOIN journal undoing ON undoing.id = by_other.reversal_id
            WHERE j.key = $1 ORDER BY e.id""",
        key,
    )
    if not rows:
        raise UnknownJournal(key=key)
    first = rows[0]
    journal = Journal(
        key=key,
        kind=first["kind"],
        event_at=first["event_at"],
        business_date=first["business_date"],
        lines=tuple(
            Line(row["code"], Side(row["side"]), Money(row["amount"], Currency(row["currency"])))
            for row in rows
        ),
        meta=msgspec.json.decode(first["meta"], type=dict[str, str]),
    )
    return StoredJournal(first["id"], journal, first["reverses"], first["reversed_by"])


def _refusal(error: asyncpg.PostgresError) -> Exception:
    detail = error.detail or ""
    match error.sqlstate:
        case "IM001":
            short = msgspec.json.decode(detail, type=_Shortfall)
            return InsufficientFunds(
                account=short.account, available_minor=short.available, asked_minor=short.asked
            )
        case "IM002":
            return IdempotencyConflict(key=detail)
        case "IM003":
            return _misplaced(msgspec.json.decode(detail, type=_Misplaced))
        case "IM006":
            early = msgspec.json.decode(detail, type=_TooEarly)
            return PeriodClosed(business_date=early.business_date, open_from=early.open_from)
        case "22003":  # numeric value out of range: a balance that grew beyond what it is kept in
            return AmountOverflow(amount_minor=None)
        case _:
            return error


def _misplaced(line: _Misplaced) -> Refusal:
    if line.kept_in is None:
        return UnknownAccount(account=line.account)
    return CurrencyMismatch(left=line.kept_in, right=line.asked)
