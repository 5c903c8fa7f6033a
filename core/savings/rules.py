"""May this money move? Decisions about one account, from its row and its product's terms. Pure."""

from datetime import date, timedelta

from core.errors import AccountNotOpen, InvalidAmount, NotWithdrawable, UnknownSavingsAccount
from core.money import Money
from core.savings.model import Account, AccountStatus, SavingsProduct
from core.savings.products import ProductTerms, Withdrawal


def own(account: Account | None, *, account_id: str, member_id: str) -> Account:
    """The account, if there is one and it is this member's. Raises UnknownSavingsAccount."""
    if account is None or account.member_id != member_id:
        raise UnknownSavingsAccount(account=account_id)
    return account


def above_zero(amount: Money) -> Money:
    """Raises InvalidAmount."""
    if amount.minor <= 0:
        raise InvalidAmount(text=str(amount))
    return amount


def refuse_payment_out(account: Account, terms: ProductTerms, *, matures_on: date | None = None) -> None:
    """Raises AccountNotOpen, NotWithdrawable. Whether enough is there is the ledger's to say."""
    if account.status is not AccountStatus.ACTIVE:
        raise AccountNotOpen(account=account.account_id, status=account.status)
    if terms.withdrawal is not Withdrawal.AT_ANY_TIME:
        raise NotWithdrawable(product=account.product, until=matures_on)


def takes_money(account: Account) -> bool:
    """A closed account takes none, and a fixed deposit its one amount when it is opened."""
    return account.status is not AccountStatus.CLOSED and account.product is not SavingsProduct.FIXED_DEPOSIT


def refuse_payment_in(account: Account) -> None:
    """Raises AccountNotOpen for one that takes no money."""
    if not takes_money(account):
        raise AccountNotOpen(account=account.account_id, status=account.status)


def refuse_before_notice(account: Account, terms: ProductTerms, *, asked_on: date, on: date) -> None:
    """Raises NotWithdrawable with the first day on which it is paid."""
    payable_on = asked_on + timedelta(days=terms.notice_days)
    if on < payable_on:
        raise NotWithdrawable(product=account.product, until=payable_on)
