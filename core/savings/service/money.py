"""Move money between accounts, or into one from outside. Each is done once by its key."""

from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import InsufficientFunds, NotEnoughSaved, UnknownSavingsAccount
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.ledger.store import Posted
from core.members import store as members
from core.members.waiting import refuse_paused
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.savings import rules, store
from core.savings.model import Account, SavingsProduct
from core.savings.products import USUAL_PRODUCTS, Catalogue


async def transfer(
    session: WriteSession,
    *,
    ids: Ids,
    key: str,
    member_id: str,
    source_id: str,
    destination_id: str,
    amount: Money,
    now: datetime,
    products: Catalogue = USUAL_PRODUCTS,
) -> Posted:
    """Move a member's money to another account, their own or another member's, who is told. Once by `key`.

    Raises InvalidAmount, UnknownSavingsAccount, AccountNotOpen, NotWithdrawable, NotEnoughSaved, CurrencyMismatch, and
    IdempotencyConflict when `key` was used for something else. To somebody else also WithdrawalsPaused.
    """
    rules.above_zero(amount)
    accounts = await store.lock(session, [source_id, destination_id])
    source = rules.own(accounts.get(source_id), account_id=source_id, member_id=member_id)
    destination = accounts.get(destination_id)
    if destination is None or destination_id == source_id:
        raise UnknownSavingsAccount(account=destination_id)
    _ = amount + source.balance + destination.balance
    if not await ledger.is_posted(session, f"transfer:{key}"):
        rules.refuse_payment_out(source, products[source.product])
        rules.refuse_payment_in(destination)
        if destination.member_id != member_id:
            refuse_paused(await members.find(session, member_id), now)
    journal = postings.money_transferred(
        key=f"transfer:{key}",
        kind="transfer",
        event_at=now,
        business_date=business_date(now),
        given_from=source.ledger_code,
        given_to=[(destination.ledger_code, amount)],
    )
    try:
        [posted] = await ledger.post(session, [journal])
    except InsufficientFunds as short:
        raise NotEnoughSaved(available_minor=short.available_minor, asked_minor=short.asked_minor) from short
    if posted.is_new and destination.member_id != source.member_id:
        await _tell_receiver(session, ids, destination, amount, key=key, now=now)
    return posted


async def pay_in(
    session: WriteSession,
    *,
    key: str,
    account_id: str,
    amount: Money,
    now: datetime,
    received_in: str = Gl.BANK,
) -> Posted:
    """Money came in from outside for an account, over the paybill, the bank or the counter.

    Raises InvalidAmount, UnknownSavingsAccount, AccountNotOpen, CurrencyMismatch, IdempotencyConflict.
    """
    rules.above_zero(amount)
    account = (await store.lock(session, [account_id])).get(account_id)
    if account is None:
        raise UnknownSavingsAccount(account=account_id)
    if not await ledger.is_posted(session, f"paid_in:{key}"):
        rules.refuse_payment_in(account)
    _ = amount + account.balance
    journal = postings.money_paid_in(
        key=f"paid_in:{key}",
        kind="deposit_paid_in" if account.product is SavingsProduct.DEPOSITS else "savings_paid_in",
        event_at=now,
        business_date=business_date(now),
        account=account.ledger_code,
        amount=amount,
        received_in=received_in,
    )
    [posted] = await ledger.post(session, [journal])
    return posted


async def _tell_receiver(
    session: WriteSession, ids: Ids, destination: Account, amount: Money, *, key: str, now: datetime
) -> None:
    facts = {"amount": str(amount), "account": destination.product.value}
    news = News(destination.member_id, NoticeKind.TRANSFER_RECEIVED, facts, f"transfer:{key}")
    await tell_members(session, ids=ids, news=[news], now=now)
