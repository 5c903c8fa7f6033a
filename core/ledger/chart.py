"""Which accounts do the books have? The chart as data, and how a member's own accounts are named under it."""

from dataclasses import dataclass
from enum import StrEnum

from core.money import Currency


class Side(StrEnum):
    """The two sides of an entry."""

    DEBIT = "D"
    CREDIT = "C"

    @property
    def opposite(self) -> "Side":
        return Side.CREDIT if self is Side.DEBIT else Side.DEBIT


class AccountKind(StrEnum):
    """What an account measures, and with it the side on which it grows."""

    ASSET = "asset"
    """What the society has or is owed; grows by debits."""

    LIABILITY = "liability"
    """What the society owes, members' money above all; grows by credits."""

    EQUITY = "equity"
    """What belongs to the members as owners: shares and reserves; grows by credits."""

    INCOME = "income"
    """What was earned; grows by credits."""

    EXPENSE = "expense"
    """What was spent; grows by debits."""

    @property
    def normal_side(self) -> Side:
        return Side.DEBIT if self in {AccountKind.ASSET, AccountKind.EXPENSE} else Side.CREDIT


class Gl(StrEnum):
    """Codes of the chart of accounts."""

    BANK = "1010"
    MPESA_PAYBILL = "1020"
    LOAN_PRINCIPAL = "1110"
    INTEREST_DUE = "1120"
    MEMBER_SAVINGS = "2010"
    MEMBER_DEPOSITS = "2020"
    SUSPENSE = "2090"
    SHARE_CAPITAL = "3010"
    OPENING_BALANCES = "3900"
    INTEREST_INCOME = "4010"


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """How one ledger account behaves. `minimum` is the least balance in minor units, None for no floor."""

    code: str
    name: str
    kind: AccountKind
    currency: Currency = Currency.KES
    parent: str | None = None
    hot: bool = False
    """Takes postings from everybody at once: no row lock, no floor, balance from snapshot plus later entries."""
    minimum: int | None = None


CHART: tuple[AccountTerms, ...] = (
    AccountTerms(Gl.BANK, "Bank", AccountKind.ASSET, hot=True),
    AccountTerms(Gl.MPESA_PAYBILL, "M-Pesa paybill", AccountKind.ASSET, hot=True),
    AccountTerms(Gl.LOAN_PRINCIPAL, "Loans to members", AccountKind.ASSET, hot=True),
    AccountTerms(Gl.INTEREST_DUE, "Interest due from members", AccountKind.ASSET, hot=True),
    AccountTerms(Gl.MEMBER_SAVINGS, "Members' savings", AccountKind.LIABILITY, hot=True),
    AccountTerms(Gl.MEMBER_DEPOSITS, "Members' deposits", AccountKind.LIABILITY, hot=True),
    AccountTerms(Gl.SUSPENSE, "Receipts not yet matched", AccountKind.LIABILITY, hot=True),
    AccountTerms(Gl.SHARE_CAPITAL, "Share capital", AccountKind.EQUITY, hot=True),
    AccountTerms(Gl.OPENING_BALANCES, "Balances taken over", AccountKind.EQUITY, hot=True),
    AccountTerms(Gl.INTEREST_INCOME, "Interest on loans", AccountKind.INCOME, hot=True),
)

_KIND_BY_CODE = {terms.code: terms.kind for terms in CHART}


def own_account(parent: Gl, owner_id: str, name: str, currency: Currency = Currency.KES) -> AccountTerms:
    """A member's or loan's own account under a chart account, such as `2010:acc_…`; never below zero."""
    return AccountTerms(
        code=own_code(parent, owner_id),
        name=name,
        kind=_KIND_BY_CODE[parent],
        currency=currency,
        parent=parent,
        minimum=0,
    )


def own_code(parent: Gl, owner_id: str) -> str:
    """The code of `own_account`, for a posting."""
    return f"{parent}:{owner_id}"
