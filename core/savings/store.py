"""All SQL of savings accounts themselves; holds, interest, orders and terms have stores of their own."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.errors import AccountExists
from core.ledger import store as ledger
from core.ledger.chart import own_account
from core.ledger.product_accounts import savings_product_terms
from core.money import Currency, Money
from core.savings.interest_terms import Interval
from core.savings.model import Account, AccountStatus, SavingsProduct
from core.savings.periods import months_later, period_from
from core.savings.products import USUAL_PRODUCTS, Catalogue, ProductTerms

ACCOUNT = """s.id, s.member_id, s.product, s.name, s.status, s.opened_on, s.ledger_code, s.agreed_percent,
             a.currency, a.balance, a.minimum"""
ACCOUNTS = "savings_account s JOIN ledger_account a ON a.code = s.ledger_code"


async def open_account(
    session: WriteSession,
    *,
    account_id: str,
    member_id: str,
    product: SavingsProduct,
    on: date,
    name: str = "",
    agreed_percent: Fraction | None = None,
    products: Catalogue = USUAL_PRODUCTS,
) -> str:
    """Open a member's account and its place in the ledger; the ledger code. Raises AccountExists."""
    terms = products[product]
    own = own_account(product.parent, account_id, f"{product} of {member_id}")
    await ledger.open_accounts(session, [*savings_product_terms(product, product.value, product.parent), own])
    row = await session.row(
        """INSERT INTO savings_account (id, member_id, product, ledger_code, opened_on, name, floor, agreed_percent,
                                        interest_from, posts_on, quiet_check_on)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $5, $9, $10) ON CONFLICT DO NOTHING RETURNING id""",
        account_id,
        member_id,
        product,
        own.code,
        on,
        name,
        terms.floor,
        None if agreed_percent is None else str(agreed_percent),
        first_posting(terms, opened_on=on),
        first_quiet_check(terms, on),
    )
    if row is None:
        raise AccountExists(product=product)
    return own.code


def first_posting(terms: ProductTerms, *, opened_on: date) -> date | None:
    """When a new account's first interest is posted; None where the year's end or a maturity decides."""
    if terms.interest is None or terms.interest.posting is Interval.AT_MATURITY:
        return None
    return period_from(terms.interest, opened_on, opened_on=opened_on).posted_on


def first_quiet_check(terms: ProductTerms, moved_on: date) -> date | None:
    """The first day on which an account that moved last on `moved_on` can be too quiet; None if it may rest."""
    months = terms.warned_after_months or terms.dormant_after_months
    return None if months is None else months_later(moved_on, months)


async def ledger_code(session: ReadSession, *, member_id: str, product: SavingsProduct) -> str | None:
    """Where a member's money in this product goes in the ledger: the oldest account that is not closed, or None."""
    row = await session.row(
        """SELECT ledger_code FROM savings_account WHERE member_id = $1 AND product = $2 AND status <> 'closed'
            ORDER BY opened_on, id LIMIT 1""",
        member_id,
        product,
    )
    return None if row is None else row["ledger_code"]


async def of_member(session: ReadSession, member_id: str) -> Sequence[Account]:
    """A member's accounts that are not closed, the oldest first."""
    rows = await session.rows(
        f"""SELECT {ACCOUNT} FROM {ACCOUNTS} WHERE s.member_id = $1 AND s.status <> 'closed'
            ORDER BY s.opened_on, s.id""",
        member_id,
    )
    return [account_of(row) for row in rows]


async def find(session: ReadSession, account_id: str) -> Account | None:
    row = await session.row(f"SELECT {ACCOUNT} FROM {ACCOUNTS} WHERE s.id = $1", account_id)
    return None if row is None else account_of(row)


async def lock(session: WriteSession, account_ids: Sequence[str]) -> Mapping[str, Account]:
    """Those accounts that exist, with their ledger rows, held for this transaction in the order of postings."""
    rows = await session.rows(
        f"""SELECT {ACCOUNT} FROM {ACCOUNTS} WHERE s.id = ANY(string_to_array($1, ','))
            ORDER BY a.code COLLATE "C" FOR UPDATE OF a, s""",
        ",".join(account_ids),
    )
    return {row["id"]: account_of(row) for row in rows}


async def set_status(
    session: WriteSession, account_id: str, status: AccountStatus, *, closed_on: date | None = None
) -> None:
    await session.execute(
        """UPDATE savings_account SET status = $2, closed_on = $3,
                  posts_on = CASE $2 WHEN 'closed' THEN NULL ELSE posts_on END,
                  quiet_check_on = CASE $2 WHEN 'active' THEN quiet_check_on END
            WHERE id = $1""",
        account_id,
        status,
        closed_on,
    )


async def set_floor(session: WriteSession, account_id: str, floor_minor: int) -> None:
    """What payments out must leave from now on."""
    await session.execute("UPDATE savings_account SET floor = $2 WHERE id = $1", account_id, floor_minor)


async def set_quiet_check(session: WriteSession, account_id: str, on: date | None) -> None:
    await session.execute(
        "UPDATE savings_account SET quiet_check_on = $2, warned_on = NULL WHERE id = $1", account_id, on
    )


def account_of(row: asyncpg.Record) -> Account:
    """A row of ACCOUNT."""
    currency = Currency(row["currency"])
    agreed = row["agreed_percent"]
    return Account(
        account_id=row["id"],
        member_id=row["member_id"],
        product=SavingsProduct(row["product"]),
        name=row["name"],
        status=AccountStatus(row["status"]),
        opened_on=row["opened_on"],
        ledger_code=row["ledger_code"],
        balance=Money(row["balance"], currency),
        available=Money(row["balance"] - (row["minimum"] or 0), currency),
        agreed_percent=None if agreed is None else Fraction(agreed),
    )
