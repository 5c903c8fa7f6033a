"""Take money out of an account to the member's own phone: what it costs, and the request that holds it."""

from datetime import datetime, time

from core.clock import NAIROBI, business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import (
    CurrencyMismatch,
    DailyLimitReached,
    MemberNotActive,
    NotEnoughSaved,
    WithdrawalCostChanged,
)
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.members import store as members
from core.members.model import Member, MemberStatus
from core.members.waiting import refuse_paused
from core.money import Money
from core.payouts import service as payouts
from core.payouts import store as payout_store
from core.payouts.model import Payout, PayoutPurpose, PayoutState, Wait
from core.savings import rules, store
from core.savings.model import Account
from core.savings.products import USUAL_PRODUCTS, Catalogue
from core.savings.service.withdrawal_ends import charged
from core.savings.withdrawal_actions import ask_for_approval
from core.savings.withdrawals import USUAL_WITHDRAWALS, WithdrawalQuote, WithdrawalTerms, quote


async def quote_withdrawal(
    session: ReadSession,
    *,
    member_id: str,
    account_id: str,
    amount: Money,
    now: datetime,
    terms: WithdrawalTerms = USUAL_WITHDRAWALS,
    products: Catalogue = USUAL_PRODUCTS,
) -> WithdrawalQuote:
    """What a withdrawal would cost now, to be shown before the PIN; refuses what `request_withdrawal` would.

    Raises InvalidAmount, NotWholeShillings, PayoutOutOfRange, WithdrawalsPaused, DailyLimitReached,
    UnknownSavingsAccount, AccountNotOpen, NotWithdrawable, CurrencyMismatch, NotEnoughSaved.
    """
    found = await store.find(session, account_id)
    account = rules.own(found, account_id=account_id, member_id=member_id)
    member = await members.find(session, member_id)
    return await _allowed(session, account, member, amount, now, terms, products)


async def request_withdrawal(
    session: WriteSession,
    *,
    ids: Ids,
    payout_id: str,
    member_id: str,
    account_id: str,
    amount: Money,
    total_shown: Money,
    channel: str,
    now: datetime,
    by: str | None = None,
    terms: WithdrawalTerms = USUAL_WITHDRAWALS,
    products: Catalogue = USUAL_PRODUCTS,
) -> Payout:
    """Hold the money and have it sent to the member's phone after the commit; the same `payout_id` is one withdrawal.

    `payout_id` (prefix `wdl`) was made when the confirm screen was shown, `total_shown` is what that screen said, and
    `by` who of staff asks for the member, None where the member does. A large one comes back as AWAITING_APPROVAL.
    Raises what `quote_withdrawal` raises, MemberNotActive, WithdrawalCostChanged, and IdempotencyConflict when the id
    was used for something else.
    """
    # The member's row is the queue of one: two withdrawals of one member come one after the other.
    member = await members.lock(session, member_id)
    account = rules.own(
        (await store.lock(session, [account_id])).get(account_id), account_id=account_id, member_id=member_id
    )
    known = await payouts.known(
        session,
        payout_id,
        member_id=member_id,
        purpose=PayoutPurpose.WITHDRAWAL,
        subject=account_id,
        amount=amount,
    )
    if known is not None:
        return known
    if member.status is not MemberStatus.ACTIVE:
        raise MemberNotActive(status=member.status)
    quoted = await _allowed(session, account, member, amount, now, terms, products)
    if quoted.total != total_shown:
        raise WithdrawalCostChanged(shown_minor=total_shown.minor, total_minor=quoted.total.minor)
    payout = _payout(payout_id, member, account, quoted, now=now)
    await payouts.request(session, payout, channel=channel, by=by or member_id)
    await _hold(session, payout, account, products, now=now)
    if quoted.needs_approval:
        await ask_for_approval(session, ids, payout, maker=by or member_id, now=now)
    return payout


async def _allowed(
    session: ReadSession,
    account: Account,
    member: Member,
    amount: Money,
    now: datetime,
    terms: WithdrawalTerms,
    products: Catalogue,
) -> WithdrawalQuote:
    rules.above_zero(amount)
    rules.refuse_payment_out(account, products[account.product])
    refuse_paused(member, now)
    if amount.currency is not account.balance.currency:
        raise CurrencyMismatch(left=account.balance.currency, right=amount.currency)
    quoted = quote(terms, amount, on=business_date(now))
    day_began = datetime.combine(business_date(now), time(), NAIROBI)
    taken = await payout_store.withdrawn_since(session, account.member_id, day_began)
    if taken + amount.minor > terms.daily_most:
        raise DailyLimitReached(left_minor=max(terms.daily_most - taken, 0), asked_minor=amount.minor)
    if account.available < quoted.total:
        raise NotEnoughSaved(available_minor=account.available.minor, asked_minor=quoted.total.minor)
    return quoted


def _payout(
    payout_id: str, member: Member, account: Account, quoted: WithdrawalQuote, *, now: datetime
) -> Payout:
    return Payout(
        payout_id=payout_id,
        member_id=member.member_id,
        purpose=PayoutPurpose.WITHDRAWAL,
        subject=account.account_id,
        phone=member.phone,
        amount=quoted.amount,
        fee=quoted.fee,
        excise=quoted.excise,
        state=PayoutState.AWAITING_APPROVAL if quoted.needs_approval else PayoutState.REQUESTED,
        attempt=1,
        waits_for=Wait.NOTHING,
        provider_request_id=None,
        receipt=None,
        reason="",
        incident="",
        enquiries=0,
        requested_at=now,
        sent_at=None,
        settled_at=None,
    )


async def _hold(
    session: WriteSession, payout: Payout, account: Account, products: Catalogue, *, now: datetime
) -> None:
    charge, excise = charged(payout, account, products)
    journal = postings.payout_held(
        payment_id=payout.payout_id,
        event_at=now,
        business_date=business_date(now),
        account=account.ledger_code,
        amount=payout.amount,
        charge=charge,
        excise=excise,
    )
    # The account is locked, and held enough a moment ago.
    await ledger.post(session, [journal])
