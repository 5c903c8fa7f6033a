"""All SQL of the ledger: open accounts, post journals, read balances and movements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.errors import IdempotencyConflict, InsufficientFunds, UnknownAccount
from core.ledger.account import AccountTerms
from core.ledger.journal import Journal
from core.money import Currency, Money

_OVERDRAWN = "IM001"
_KEY_REUSED = "IM002"


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a journal. `is_new` is false when its key had been posted before; nothing changed then."""

    journal_id: int
    is_new: bool


class _Shortfall(msgspec.Struct):
    account: str
    available: int
    asked: int


async def open_accounts(session: WriteSession, accounts: Iterable[AccountTerms]) -> None:
    """Add accounts to the books; one that is there already stays as it is."""
    await session.execute_many(
        """INSERT INTO ledger_account (code, name, kind, currency, parent, hot, minimum)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code) DO NOTHING""",
        [(a.code, a.name, a.kind, a.currency, a.parent, a.hot, a.minimum) for a in accounts],
    )


async def refuse_unknown(session: ReadSession, codes: Sequence[str], currency: Currency) -> None:
    """Raises UnknownAccount for the first of these that takes no postings in this currency."""
    rows = await session.rows(
        "SELECT code FROM ledger_account WHERE code = ANY($1::text[]) AND currency = $2 AND NOT heading",
        list(codes),
        currency,
    )
    known = {row["code"] for row in rows}
    for code in codes:
        if code not in known:
            raise UnknownAccount(account=code)


async def post(session: WriteSession, journals: Sequence[Journal]) -> list[Posted]:
    """Write journals in one call, each at most once by its key, all or none.

    Raises InsufficientFunds when an account would pass its floor, IdempotencyConflict when a key was used
    for other facts.
    """
    in_order = sorted(journals, key=lambda journal: journal.key)
    if len({journal.key for journal in journals}) != len(journals):
        raise AssertionError("journals of one call have different keys")
    try:
        row = await session.row(_POST, *_joined(in_order))
    except asyncpg.PostgresError as error:
        raise _refusal(error) from error
    if row is None:
        raise AssertionError("the posting function answers with one row")
    posted = {
        journal.key: Posted(journal_id, is_new)
        for journal, journal_id, is_new in zip(in_order, row["journal_ids"], row["is_news"], strict=True)
    }
    return [posted[journal.key] for journal in journals]


_POST = "SELECT journal_ids, is_news FROM ledger_post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
_SEPARATOR = "\x1f"


def _joined(journals: Sequence[Journal]) -> list[str]:
    """The arguments of the posting function: each list as one text."""
    lines = [(str(n), line) for n, journal in enumerate(journals, 1) for line in journal.lines]
    return [
        _SEPARATOR.join(values)
        for values in (
            [journal.key for journal in journals],
            [journal.fingerprint.hex() for journal in journals],
            [journal.kind for journal in journals],
            [journal.event_at.isoformat() for journal in journals],
            [journal.business_date.isoformat() for journal in journals],
            [msgspec.json.encode(journal.meta).decode() for journal in journals],
            [n for n, _ in lines],
            [line.account for _, line in lines],
            [line.side for _, line in lines],
            [str(line.amount.minor) for _, line in lines],
            [line.amount.currency for _, line in lines],
            # The one order in which accounts are locked, whoever posts; equal accounts keep the order of their lines.
            [
                str(place + 1)
                for place in sorted(range(len(lines)), key=lambda place: lines[place][1].account)
            ],
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


def _refusal(error: asyncpg.PostgresError) -> Exception:
    detail = error.detail or ""
    if error.sqlstate == _OVERDRAWN:
        short = msgspec.json.decode(detail, type=_Shortfall)
        return InsufficientFunds(
            account=short.account, available_minor=short.available, asked_minor=short.asked
        )
    if error.sqlstate == _KEY_REUSED:
        return IdempotencyConflict(key=detail)
    return error
