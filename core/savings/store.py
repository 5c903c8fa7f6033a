"""All SQL of savings accounts."""

from datetime import date

from core.db.engine import ReadSession, WriteSession
from core.ledger import store as ledger
from core.ledger.chart import own_account
from core.savings.model import SavingsProduct


async def open_account(
    session: WriteSession, *, account_id: str, member_id: str, product: SavingsProduct, on: date
) -> str:
    """Open a member's account and its place in the ledger; the ledger code."""
    terms = own_account(product.parent, account_id, f"{product} of {member_id}")
    await ledger.open_accounts(session, [terms])
    await session.execute(
        """INSERT INTO savings_account (id, member_id, product, ledger_code, opened_on)
           VALUES ($1, $2, $3, $4, $5)""",
        account_id,
        member_id,
        product,
        terms.code,
        on,
    )
    return terms.code


async def ledger_code(session: ReadSession, *, member_id: str, product: SavingsProduct) -> str | None:
    """Where a member's money in this product stands in the ledger; None without such an account."""
    row = await session.row(
        "SELECT ledger_code FROM savings_account WHERE member_id = $1 AND product = $2", member_id, product
    )
    return None if row is None else row["ledger_code"]
