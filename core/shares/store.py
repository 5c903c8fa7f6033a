"""All SQL of share accounts; the yearly distribution has a store of its own."""

from collections.abc import Mapping, Sequence
from datetime import date

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.ledger import store as ledger
from core.ledger.chart import Gl, own_account
from core.money import Currency, Money
from core.shares.model import ShareAccount


async def open_account(session: WriteSession, *, account_id: str, member_id: str, on: date) -> str:
    """Open a member's share account and its place in the ledger; the ledger code."""
    terms = own_account(Gl.SHARE_CAPITAL, account_id, f"shares of {member_id}")
    await ledger.open_accounts(session, [terms])
    await session.execute(
        "INSERT INTO share_account (id, member_id, ledger_code, opened_on) VALUES ($1, $2, $3, $4)",
        account_id,
        member_id,
        terms.code,
        on,
    )
    return terms.code


_ACCOUNT = """SELECT h.id, h.member_id, h.ledger_code, a.balance, a.minimum, a.currency
               FROM share_account h JOIN ledger_account a ON a.code = h.ledger_code"""


async def find(session: ReadSession, member_id: str) -> ShareAccount | None:
    """A member's share account."""
    row = await session.row(f"{_ACCOUNT} WHERE h.member_id = $1", member_id)
    return None if row is None else _account(row)


async def lock(session: WriteSession, member_ids: Sequence[str]) -> Mapping[str, ShareAccount]:
    """The share accounts of those members that have one, held for this transaction in the order of postings."""
    rows = await session.rows(
        f"""{_ACCOUNT} WHERE h.member_id = ANY($1::text[]) ORDER BY a.code COLLATE "C" FOR UPDATE OF a""",
        member_ids,
    )
    return {row["member_id"]: _account(row) for row in rows}


def _account(row: asyncpg.Record) -> ShareAccount:
    currency = Currency(row["currency"])
    return ShareAccount(
        row["id"],
        row["member_id"],
        row["ledger_code"],
        Money(row["balance"], currency),
        Money(row["balance"] - (row["minimum"] or 0), currency),
    )
