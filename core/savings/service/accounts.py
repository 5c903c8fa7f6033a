"""Open, name, wake and close accounts; save towards a goal."""

from datetime import date, datetime

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import AccountNotEmpty, AccountNotOpen, ContradictorySavingsTerms, IdempotencyConflict
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.members import store as members
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.payouts import store as payouts
from core.savings import goals, hold_store, interest_store, rules, store, term_store
from core.savings.goals import GoalStanding
from core.savings.model import Account, AccountStatus, SavingsProduct
from core.savings.periods import Period
from core.savings.products import USUAL_PRODUCTS, Catalogue, Withdrawal
from core.savings.service.interest import figures_of, post_figures


async def open_account(
    session: WriteSession,
    *,
    account_id: str,
    member_id: str,
    product: SavingsProduct,
    now: datetime,
    name: str = "",
    by: str | None = None,
    products: Catalogue = USUAL_PRODUCTS,
) -> Account:
    """Open an account of a product without an agreed time. Once by `account_id`. The member does where `by` is None.

    Raises UnknownMember, AccountExists, ContradictorySavingsTerms for a product that needs a term, and
    UnknownSavingsAccount or IdempotencyConflict when `account_id` was used for something else.
    """
    known = await store.find(session, account_id)
    if known is not None:
        rules.own(known, account_id=account_id, member_id=member_id)
        if (known.product, known.name) != (product, name):
            raise IdempotencyConflict(key=account_id)
        return known
    if products[product].term is not None:
        raise ContradictorySavingsTerms(what="term", value=product)
    await members.lock(session, member_id)
    await store.open_account(
        session,
        account_id=account_id,
        member_id=member_id,
        product=product,
        on=business_date(now),
        name=name,
        products=products,
    )
    await _record(session, "account.opened", account_id, by=by or member_id, now=now, product=product.value)
    return (await store.lock(session, [account_id]))[account_id]


async def set_goal(
    session: WriteSession, *, account_id: str, member_id: str, target: Money, target_on: date, now: datetime
) -> GoalStanding:
    """What a member saves for, and by when. Raises UnknownSavingsAccount, InvalidAmount, ContradictorySavingsTerms."""
    account = rules.own(
        (await store.lock(session, [account_id])).get(account_id), account_id=account_id, member_id=member_id
    )
    rules.above_zero(target)
    today = business_date(now)
    if target_on <= today:
        raise ContradictorySavingsTerms(what="target_on", value=target_on.isoformat())
    standing = goals.standing(saved=account.balance, target=target, target_on=target_on, on=today)
    await term_store.set_goal(session, account_id=account_id, target=target, target_on=target_on)
    await _record(session, "goal.set", account_id, by=member_id, now=now, target=target.plain())
    return standing


async def goal_standing(session: ReadSession, *, account_id: str, on: date) -> GoalStanding | None:
    """How far a goal is; None where none is set."""
    stored = await term_store.goal(session, account_id)
    if stored is None:
        return None
    target, target_on, saved = stored
    return goals.standing(saved=saved, target=target, target_on=target_on, on=on)


async def congratulate(session: WriteSession, *, ids: Ids, now: datetime, most: int = 500) -> int:
    """Tell members whose goal is reached, once for each target; how many. Call until none."""
    news = [
        News(
            member_id,
            NoticeKind.GOAL_REACHED,
            {"amount": str(target), "name": name},
            f"goal:{account_id}:{target.minor}",
        )
        for account_id, member_id, name, target in await term_store.goals_reached(session, most=most)
    ]
    return await tell_members(session, ids=ids, news=news, now=now)


async def wake_account(
    session: WriteSession,
    *,
    account_id: str,
    member_id: str,
    by: str,
    now: datetime,
    products: Catalogue = USUAL_PRODUCTS,
) -> Account:
    """A dormant account is used again; the caller has made sure who asks.

    Raises UnknownSavingsAccount, AccountNotOpen.
    """
    account = rules.own(
        (await store.lock(session, [account_id])).get(account_id), account_id=account_id, member_id=member_id
    )
    if account.status is AccountStatus.CLOSED:
        raise AccountNotOpen(account=account_id, status=account.status)
    if account.status is AccountStatus.DORMANT:
        await store.set_status(session, account_id, AccountStatus.ACTIVE)
        check_on = store.first_quiet_check(products[account.product], business_date(now))
        await store.set_quiet_check(session, account_id, check_on)
        await _record(session, "account.woken", account_id, by=by, now=now)
    return (await store.lock(session, [account_id]))[account_id]


async def close_account(
    session: WriteSession,
    *,
    account_id: str,
    member_id: str,
    pay_to: str,
    by: str,
    now: datetime,
    products: Catalogue = USUAL_PRODUCTS,
) -> Money:
    """Settle the running period's interest, move everything to another own account and close; what was moved.

    The minimum balance is free on closing; what is held is not, and what the overdraft cost is paid first. Raises
    UnknownSavingsAccount, AccountNotOpen, NotWithdrawable, and AccountNotEmpty while something is held or owed on it,
    or a deposit will pay into it, or money on its way out may come back.
    """
    accounts = await store.lock(session, [account_id, pay_to])
    account = rules.own(accounts.get(account_id), account_id=account_id, member_id=member_id)
    destination = rules.own(accounts.get(pay_to), account_id=pay_to, member_id=member_id)
    rules.refuse_payment_out(account, products[account.product])
    rules.refuse_payment_in(destination)
    is_held = bool(await hold_store.on_account(session, account.ledger_code))
    if (
        is_held
        or account.balance.minor < 0
        or account_id == pay_to
        or await term_store.is_awaited_by(session, account_id)
        or await payouts.is_under_way(session, account_id)
    ):
        raise AccountNotEmpty(account=account_id)
    await store.set_floor(session, account_id, 0)
    await _settle_running_interest(session, account, products, now)
    left = (await store.lock(session, [account_id]))[account_id].balance
    if left:
        await _move_all(session, account, destination, left, now)
    await store.set_status(session, account_id, AccountStatus.CLOSED, closed_on=business_date(now))
    await _record(session, "account.closed", account_id, by=by, now=now, moved=left.plain())
    return left


async def _settle_running_interest(
    session: WriteSession, account: Account, products: Catalogue, now: datetime
) -> None:
    """What it earned is paid and what its overdraft cost is charged. Raises AccountNotEmpty where that is not there."""
    terms = products[account.product].interest
    running = await interest_store.lock_one(session, account.account_id)
    today = business_date(now)
    if terms is None or running is None or running.since >= today:
        return
    rates = await interest_store.rates(session, products)
    withholding = await interest_store.withholding(session)
    figures = figures_of(running, terms, rates, withholding, Period(running.since, today, today))
    if figures.let_go:
        raise AccountNotEmpty(account=account.account_id)
    await post_figures(session, [figures], products, now)


async def _move_all(
    session: WriteSession, account: Account, destination: Account, left: Money, now: datetime
) -> None:
    journal = postings.money_transferred(
        key=f"account_closed:{account.account_id}:{business_date(now).isoformat()}",
        kind="account_closed",
        event_at=now,
        business_date=business_date(now),
        given_from=account.ledger_code,
        given_to=[(destination.ledger_code, left)],
    )
    await ledger.post(session, [journal])


async def leave_deposits(
    session: WriteSession,
    *,
    account_id: str,
    member_id: str,
    pay_to: str,
    asked_on: date,
    by: str,
    now: datetime,
    products: Catalogue = USUAL_PRODUCTS,
) -> Money:
    """Refund what a leaving member could not draw on, when the notice given on `asked_on` is over.

    Staff decide that a member leaves. Raises UnknownSavingsAccount, AccountNotOpen, NotWithdrawable, AccountNotEmpty.
    """
    account = rules.own(await store.find(session, account_id), account_id=account_id, member_id=member_id)
    rules.refuse_before_notice(account, products[account.product], asked_on=asked_on, on=business_date(now))
    return await close_account(
        session,
        account_id=account_id,
        member_id=member_id,
        pay_to=pay_to,
        by=by,
        now=now,
        products=products.with_withdrawal(account.product, Withdrawal.AT_ANY_TIME),
    )


async def _record(
    session: WriteSession, action: str, account_id: str, *, by: str, now: datetime, **facts: str
) -> None:
    await audit.record(session, at=now, actor=by, action=action, subject=account_id, facts=facts)
