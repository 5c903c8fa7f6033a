"""Bind money for an agreed time, or break it before; what happens at its end is in `maturities`.

The member asks, or `by` of staff in their name.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import IdempotencyConflict, InsufficientFunds, NotATermDeposit, NotEnoughSaved
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.postings.savings import fixed_deposit_opening_key
from core.money import Money
from core.savings import rules, store, term_store
from core.savings.model import Account, SavingsProduct
from core.savings.products import USUAL_PRODUCTS, Catalogue
from core.savings.service.maturities import end_terms, endings_of, tell_owners
from core.savings.term_deposits import AtMaturity, Offer, TermState, offer, reckoned
from core.savings.term_store import TermDeposit


async def open_fixed_deposit(
    session: WriteSession,
    *,
    account_id: str,
    member_id: str,
    source_id: str,
    amount: Money,
    months: int,
    at_maturity: AtMaturity,
    now: datetime,
    by: str | None = None,
    products: Catalogue = USUAL_PRODUCTS,
) -> Offer:
    """Move money from an own account into a new fixed deposit, once by `account_id`; what was agreed.

    A repeat is told what stands: after a renewal, the terms that run now on the amount first bound. At maturity it
    pays into the account that it came from. Raises UnknownSavingsAccount, AccountNotOpen, NotWithdrawable,
    NotEnoughSaved, TermOutOfRange, AmountOutOfRange, and IdempotencyConflict when `account_id` was used for something
    else.
    """
    asked = _Asked(SavingsProduct.FIXED_DEPOSIT, member_id, source_id, amount, months, at_maturity)
    source = await _source(session, source_id, member_id)
    known = await _known(session, account_id, asked, products)
    if known is not None:
        return known
    rules.refuse_payment_out(source, products[source.product])
    agreed = offer(products[asked.product], amount=amount, months=months, on=business_date(now))
    code = await _open(session, account_id, asked, agreed, products)
    journal = postings.fixed_deposit_opened(
        deposit_id=account_id,
        event_at=now,
        business_date=agreed.began_on,
        paid_from=source.ledger_code,
        deposit=(code, amount),
    )
    try:
        await ledger.post(session, [journal])
    except InsufficientFunds as short:
        raise NotEnoughSaved(available_minor=short.available_minor, asked_minor=short.asked_minor) from short
    await _record(session, "term.opened", account_id, by=by or member_id, now=now, amount=amount.plain())
    return agreed


async def open_recurring_deposit(
    session: WriteSession,
    *,
    account_id: str,
    member_id: str,
    payout_account_id: str,
    contribution: Money,
    months: int,
    at_maturity: AtMaturity,
    now: datetime,
    by: str | None = None,
    products: Catalogue = USUAL_PRODUCTS,
) -> Offer:
    """Agree to save so much every month, once by `account_id`; the offer reckons with all months kept.

    Nothing is moved yet: the member pays in, or a standing order does. Raises UnknownSavingsAccount, AccountNotOpen,
    NotWithdrawable, TermOutOfRange, AmountOutOfRange, IdempotencyConflict.
    """
    asked = _Asked(
        SavingsProduct.RECURRING_DEPOSIT, member_id, payout_account_id, contribution, months, at_maturity
    )
    payout = await _source(session, payout_account_id, member_id)
    known = await _known(session, account_id, asked, products)
    if known is not None:
        return known
    rules.refuse_payment_out(payout, products[payout.product])
    agreed = offer(
        products[asked.product], amount=contribution, months=months, on=business_date(now), recurring=True
    )
    await _open(session, account_id, asked, agreed, products)
    await _record(
        session, "term.opened", account_id, by=by or member_id, now=now, amount=contribution.plain()
    )
    return agreed


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one account id stands for."""

    product: SavingsProduct
    member_id: str
    payout_account_id: str
    amount: Money
    """Bound at once, or every month."""
    months: int
    at_maturity: AtMaturity

    @property
    def is_monthly(self) -> bool:
        return self.product is SavingsProduct.RECURRING_DEPOSIT


async def _source(session: WriteSession, account_id: str, member_id: str) -> Account:
    accounts = await store.lock(session, [account_id])
    return rules.own(accounts.get(account_id), account_id=account_id, member_id=member_id)


async def _known(session: ReadSession, account_id: str, asked: _Asked, products: Catalogue) -> Offer | None:
    """What was agreed when the same was asked before. Raises UnknownSavingsAccount, IdempotencyConflict."""
    account = await store.find(session, account_id)
    if account is None:
        return None
    rules.own(account, account_id=account_id, member_id=asked.member_id)
    deposit = await term_store.find(session, account_id)
    if deposit is None or await _asked_before(session, account, deposit) != asked:
        raise IdempotencyConflict(key=account_id)
    return reckoned(
        products[account.product],
        percent=account.agreed_percent or Fraction(0),
        amount=asked.amount,
        months=deposit.months,
        on=deposit.began_on,
        recurring=asked.is_monthly,
    )


async def _asked_before(session: ReadSession, account: Account, deposit: TermDeposit) -> _Asked:
    if deposit.contribution_minor is None:
        opened = await ledger.find_journal(session, fixed_deposit_opening_key(account.account_id))
        amount = opened.journal.lines[0].amount
    else:
        amount = Money(deposit.contribution_minor, account.balance.currency)
    return _Asked(
        account.product,
        account.member_id,
        deposit.payout_account_id,
        amount,
        deposit.months,
        deposit.at_maturity,
    )


async def _open(
    session: WriteSession, account_id: str, asked: _Asked, agreed: Offer, products: Catalogue
) -> str:
    code = await store.open_account(
        session,
        account_id=account_id,
        member_id=asked.member_id,
        product=asked.product,
        on=agreed.began_on,
        agreed_percent=agreed.percent,
        products=products,
    )
    deposit = TermDeposit(
        account_id=account_id,
        months=agreed.months,
        began_on=agreed.began_on,
        matures_on=agreed.matures_on,
        contribution_minor=asked.amount.minor if asked.is_monthly else None,
        at_maturity=asked.at_maturity,
        payout_account_id=asked.payout_account_id,
        state=TermState.RUNNING,
    )
    await term_store.add(session, deposit)
    return code


async def break_term(
    session: WriteSession,
    *,
    ids: Ids,
    account_id: str,
    member_id: str,
    now: datetime,
    by: str | None = None,
    products: Catalogue = USUAL_PRODUCTS,
) -> Money:
    """End a deposit before its time at the lower rate; what is paid to the payout account.

    Raises UnknownSavingsAccount, NotATermDeposit, NotEnoughSaved while any of it is held, and AccountNotOpen where the
    payout account is closed.
    """
    rules.own(await store.find(session, account_id), account_id=account_id, member_id=member_id)
    deposit = await term_store.lock(session, account_id)
    if deposit is None or deposit.state is not TermState.RUNNING:
        raise NotATermDeposit(account=account_id)
    [ending] = await endings_of(session, [deposit], products, broken_on=business_date(now))
    rules.refuse_payment_in(ending.payout)
    if ending.running.minimum > 0:
        raise NotEnoughSaved(available_minor=0, asked_minor=ending.running.balance)
    await end_terms(session, [ending], TermState.BROKEN, products=products, now=now)
    await tell_owners(session, ids, [ending], now)
    await _record(session, "term.broken", account_id, by=by or member_id, now=now, paid=ending.paid.plain())
    return ending.paid


async def _record(
    session: WriteSession, action: str, account_id: str, *, by: str, now: datetime, **facts: str
) -> None:
    await audit.record(session, at=now, actor=by, action=action, subject=account_id, facts=facts)
