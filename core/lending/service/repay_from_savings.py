"""How does a member pay a loan out of their own savings? At once, without a provider."""

from datetime import datetime

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import (
    InsufficientFunds,
    NoLoanToRepay,
    NotEnoughSaved,
    RepaymentOutOfRange,
    UnknownSavingsAccount,
)
from core.ids import Ids
from core.lending import event_store, store
from core.lending import running as loans
from core.lending.lifecycle import LoanStatus
from core.lending.service.repay import RepaymentResult, post_repayment
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.savings import rules
from core.savings import store as savings
from core.savings.model import Account, SavingsProduct
from core.savings.products import USUAL_PRODUCTS, Catalogue


async def repay_from_savings(
    session: WriteSession,
    ids: Ids,
    *,
    key: str,
    member_id: str,
    loan_id: str,
    amount: Money,
    now: datetime,
    products: Catalogue = USUAL_PRODUCTS,
) -> RepaymentResult:
    """Take a repayment from the member's savings, once by `key`, and confirm it by SMS.

    Raises NoLoanToRepay for a loan that is not the member's or is closed, RepaymentOutOfRange, UnknownSavingsAccount,
    AccountNotOpen, NotEnoughSaved, IdempotencyConflict.
    """
    loan = await store.lock(session, loan_id)
    if loan is None or loan.member_id != member_id:
        raise NoLoanToRepay
    if await event_store.of_key(session, key) is None:
        if loan.status is not LoanStatus.ACTIVE:
            raise NoLoanToRepay
        await _refuse_amount(session, loan_id, amount, now=now)
    source = await savings_of(session, member_id)
    rules.refuse_payment_out(source, products[source.product])
    try:
        result = await post_repayment(
            session,
            key=key,
            loan_id=loan_id,
            amount=amount,
            paid_from=source.ledger_code,
            paid_on=business_date(now),
            by=member_id,
            now=now,
        )
    except InsufficientFunds as short:
        raise NotEnoughSaved(available_minor=short.available_minor, asked_minor=short.asked_minor) from short
    await _confirm(session, ids, member_id, result, key=key, now=now)
    return result


async def savings_of(session: ReadSession, member_id: str) -> Account:
    """The member's savings account, the oldest that is not closed. Raises UnknownSavingsAccount."""
    for account in await savings.of_member(session, member_id):
        if account.product is SavingsProduct.SAVINGS:
            return account
    raise UnknownSavingsAccount(account=SavingsProduct.SAVINGS)


async def _refuse_amount(session: WriteSession, loan_id: str, amount: Money, *, now: datetime) -> None:
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    to_clear = running.money(running.to_clear(today).total)
    if not Money.zero(amount.currency) < amount <= to_clear:
        raise RepaymentOutOfRange(minimum_minor=1, maximum_minor=to_clear.minor)


async def _confirm(
    session: WriteSession, ids: Ids, member_id: str, result: RepaymentResult, *, key: str, now: datetime
) -> None:
    kind = NoticeKind.LOAN_CLEARED if result.is_cleared else NoticeKind.REPAYMENT_RECEIVED
    facts = {
        "receipt": "",
        "amount": str(result.paid),
        "product": result.loan.product.code,
        "balance": str(result.to_clear),
        "excess": "",
    }
    news = News(member_id, kind, facts, f"{key}:confirmed")
    await tell_members(session, ids=ids, news=[news], now=now)
