"""Buy shares, and pass them to another member: share capital leaves in no other way."""

from datetime import datetime

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import BelowMinimumShares, InsufficientFunds, NoShareAccount, NotEnoughSaved
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.store import Posted
from core.money import Money
from core.savings import rules as savings_rules
from core.savings import store as savings
from core.savings.order_store import StandingOrder
from core.savings.products import USUAL_PRODUCTS, Catalogue
from core.savings.service import standing_orders
from core.savings.standing_orders import Destination, OrderTerms
from core.shares import store
from core.shares.model import USUAL_SHARES, ShareRules


async def buy_shares(
    session: WriteSession,
    *,
    key: str,
    member_id: str,
    source_id: str,
    amount: Money,
    now: datetime,
    shares: ShareRules = USUAL_SHARES,
    products: Catalogue = USUAL_PRODUCTS,
) -> Posted:
    """Buy whole shares out of a savings account, once by `key`.

    Raises InvalidAmount, NotWholeShares, NoShareAccount, UnknownSavingsAccount, AccountNotOpen, NotWithdrawable,
    NotEnoughSaved, CurrencyMismatch.
    """
    shares.whole(amount)
    accounts = await savings.lock(session, [source_id])
    source = savings_rules.own(accounts.get(source_id), account_id=source_id, member_id=member_id)
    savings_rules.refuse_payment_out(source, products[source.product])
    own = (await store.lock(session, [member_id])).get(member_id)
    if own is None:
        raise NoShareAccount
    journal = postings.shares_bought(
        key=f"shares:{key}",
        event_at=now,
        business_date=business_date(now),
        paid_from=source.ledger_code,
        shares=(own.ledger_code, amount),
    )
    try:
        [posted] = await ledger.post(session, [journal])
    except InsufficientFunds as short:
        raise NotEnoughSaved(available_minor=short.available_minor, asked_minor=short.asked_minor) from short
    return posted


async def order_shares(
    session: WriteSession,
    *,
    order_id: str,
    member_id: str,
    source_id: str,
    terms: OrderTerms,
    now: datetime,
    by: str | None = None,
    shares: ShareRules = USUAL_SHARES,
) -> StandingOrder:
    """Buy whole shares by standing order. Raises what `buy_shares` and `standing_orders.set_order` do."""
    if terms.amount is not None:
        shares.whole(terms.amount)
    own = (await store.lock(session, [member_id])).get(member_id)
    if own is None:
        raise NoShareAccount
    return await standing_orders.set_order(
        session,
        order_id=order_id,
        member_id=member_id,
        source_id=source_id,
        destination=Destination.SHARES,
        destination_id=own.account_id,
        terms=terms,
        now=now,
        by=by,
    )


async def transfer_shares(
    session: WriteSession,
    *,
    key: str,
    member_id: str,
    receiver_id: str,
    amount: Money,
    by: str,
    now: datetime,
    leaving: bool = False,
    shares: ShareRules = USUAL_SHARES,
) -> Posted:
    """Pass whole shares to another member, once by `key`. Who stays keeps the minimum; who leaves passes all on.

    Raises InvalidAmount, NotWholeShares, NoShareAccount, BelowMinimumShares, CurrencyMismatch.
    """
    shares.whole(amount)
    accounts = await store.lock(session, [member_id, receiver_id])
    giver, receiver = accounts.get(member_id), accounts.get(receiver_id)
    if giver is None or receiver is None or member_id == receiver_id:
        raise NoShareAccount
    journal = postings.shares_transferred(
        key=f"shares:{key}",
        event_at=now,
        business_date=business_date(now),
        given_from=giver.ledger_code,
        given_to=receiver.ledger_code,
        amount=amount,
    )
    try:
        [posted] = await ledger.post(session, [journal])
    except InsufficientFunds as short:
        raise BelowMinimumShares(minimum_minor=0, available_minor=short.available_minor) from short
    kept = Money.zero(amount.currency) if leaving else shares.minimum
    if posted.is_new and giver.available - amount < kept:
        available = max(giver.available - kept, Money.zero(amount.currency))
        raise BelowMinimumShares(minimum_minor=kept.minor, available_minor=available.minor)
    if posted.is_new:
        facts = {"to": receiver_id, "amount": amount.plain(), "leaving": str(leaving)}
        await audit.record(
            session, at=now, actor=by, action="shares.transferred", subject=member_id, facts=facts
        )
    return posted
