"""Which of my accounts? Rows that several conversations about saved money choose from."""

from collections.abc import Iterable

from core.errors import NoShareAccount
from dialogs.desk import Desk
from dialogs.savings_desk import AccountHeld
from dialogs.values import Row

SHARES = "shares"
"""Stands for the share account where the others are savings products."""

MOST = 12
"""Accounts a member may have and still find on the screens."""


def account_row(account: AccountHeld) -> Row:
    """An account to choose: its id, product, the member's own word for it, and what is free on it."""
    return {
        "account_id": account.account_id,
        "account": account.product,
        "name": account.name,
        "available": account.available.minor,
    }


async def payers(desk: Desk, member_id: str) -> list[Row]:
    """Accounts that money can leave now."""
    return [
        account_row(account)
        for account in await desk.accounts(member_id)
        if account.pays_out and account.available
    ]


async def takers(desk: Desk, member_id: str, *, besides: str = "") -> list[Row]:
    """Accounts that take money, the share account among them."""
    rows = [
        account_row(account)
        for account in await desk.accounts(member_id)
        if account.takes_money and account.account_id != besides
    ]
    try:
        held = await desk.shares_held(member_id)
    except NoShareAccount:
        return rows
    return [
        *rows,
        {"account_id": held.account_id, "account": SHARES, "name": "", "available": held.price.minor},
    ]


def savings_of(accounts: Iterable[AccountHeld]) -> AccountHeld | None:
    """The savings account that money comes from where only one can be meant."""
    return next((each for each in accounts if each.product == "savings" and each.pays_out), None)
