"""All SQL of share accounts."""

from datetime import date

from core.db.engine import WriteSession
from core.ledger import store as ledger
from core.ledger.chart import Gl, own_account


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
