"""Run standing orders whose day, or whose salary, has come. Each run happens once, whoever asks again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.clock import business_date
from core.db.engine import WriteSession
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.journal import Journal
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.savings import order_store, rules, store
from core.savings.model import Account, AccountStatus
from core.savings.order_store import Run, StandingOrder
from core.savings.ports import LoanPart, LoanRepayer
from core.savings.products import USUAL_PRODUCTS, Catalogue, Withdrawal
from core.savings.service.order_fees import charge_failed_orders
from core.savings.standing_orders import (
    Attempt,
    Destination,
    OrderStatus,
    RunState,
    Trigger,
    attempt,
    next_due,
)

_DAY = timedelta(days=1)


async def run_due_orders(
    session: WriteSession,
    *,
    ids: Ids,
    on: date,
    now: datetime,
    loans: LoanRepayer | None = None,
    most: int = 500,
    products: Catalogue = USUAL_PRODUCTS,
) -> int:
    """Try up to `most` orders whose day it is, by account and priority; how many. Call until none.

    Orders to loans wait until `loans` is given. A run that fails in the end costs a fee. A second run of a day finds
    nothing to try.
    """
    due = await order_store.lock_due(session, on=on, most=most, with_loans=loans is not None)
    await _run(session, due, ids=ids, on=on, now=now, loans=loans, products=products)
    return len(due)


async def salary_credited(
    session: WriteSession,
    *,
    ids: Ids,
    account_id: str,
    now: datetime,
    loans: LoanRepayer | None = None,
    products: Catalogue = USUAL_PRODUCTS,
) -> int:
    """A salary has come to an account: its salary orders run at once, the first priority first; how many.

    Two credits on one day run them once. What is short is tried again with the day's other orders.
    """
    on = business_date(now)
    await order_store.wake_salary_orders(session, source_id=account_id, on=on)
    due = await order_store.lock_due(
        session, on=on, most=1_000, with_loans=loans is not None, source_id=account_id
    )
    of_salary = [order for order in due if order.terms.trigger is Trigger.ON_SALARY]
    await _run(session, of_salary, ids=ids, on=on, now=now, loans=loans, products=products)
    return len(of_salary)


@dataclass(frozen=True, slots=True)
class _Tried:
    order: StandingOrder
    made: Attempt


async def _run(
    session: WriteSession,
    due: Sequence[StandingOrder],
    *,
    ids: Ids,
    on: date,
    now: datetime,
    loans: LoanRepayer | None,
    products: Catalogue,
) -> None:
    if not due:
        return
    if loans is not None:
        await loans.hold(session, [o.destination_id for o in due if o.destination is Destination.LOAN])
    named = {order.source_id for order in due}
    named |= {order.destination_id for order in due if order.destination is Destination.ACCOUNT}
    accounts = await store.lock(session, sorted(named))
    tried = _try_all(due, accounts, products, on)
    journals = [
        _journal(one, accounts, on, now)
        for one in tried
        if one.made.take and one.order.destination is not Destination.LOAN
    ]
    await ledger.post_batch(session, journals)
    if loans is not None:
        tried = await _repay(session, tried, accounts, loans, on=on, now=now)
    ended = [one for one in tried if one.made.state is not RunState.WAITING]
    await order_store.register(session, [_run_of(one, on) for one in ended])
    await order_store.move_on(session, [_moved(one, on) for one in tried])
    failed = [one.order for one in ended if one.made.state is RunState.UNSUCCESSFUL]
    await charge_failed_orders(session, failed, on=on, now=now)
    await tell_members(
        session,
        ids=ids,
        news=[_failure(one) for one in ended if one.made.state in {RunState.PARTIAL, RunState.UNSUCCESSFUL}],
        now=now,
    )


def _try_all(
    due: Sequence[StandingOrder], accounts: Mapping[str, Account], products: Catalogue, on: date
) -> list[_Tried]:
    """One after another, each against what the ones before have left or brought; they are posted in that order."""
    free = {account_id: account.available for account_id, account in accounts.items()}
    tried = []
    for order in due:
        may_run = _may_leave(accounts[order.source_id], products) and _arrives(order, accounts)
        available = free[order.source_id] if may_run else Money.zero(order.taken.currency)
        made = attempt(order.terms, due_on=order.due_on, taken=order.taken, available=available, on=on)
        free[order.source_id] -= made.take
        if order.destination is Destination.ACCOUNT and order.destination_id in free:
            free[order.destination_id] += made.take
        tried.append(_Tried(order, made))
    return tried


def _may_leave(account: Account, products: Catalogue) -> bool:
    """Nothing leaves an account that sleeps or is closed, nor one that a member may not draw on."""
    draws = products[account.product].withdrawal is Withdrawal.AT_ANY_TIME
    return account.status is AccountStatus.ACTIVE and draws


def _arrives(order: StandingOrder, accounts: Mapping[str, Account]) -> bool:
    """Whether the other side takes money: an account in another currency would stop everybody's orders."""
    if order.destination is Destination.SHARES:
        return order.destination_code is not None
    if order.destination is Destination.LOAN:
        return True
    destination = accounts.get(order.destination_id)
    return (
        destination is not None
        and rules.takes_money(destination)
        and destination.balance.currency is order.taken.currency
    )


def _key(order: StandingOrder) -> str:
    return f"standing_order:{order.order_id}:{order.due_on.isoformat()}:{order.attempts}"


def _journal(tried: _Tried, accounts: Mapping[str, Account], on: date, now: datetime) -> Journal:
    order, amount = tried.order, tried.made.take
    source = accounts[order.source_id].ledger_code
    if order.destination is Destination.SHARES and order.destination_code is not None:
        return postings.shares_bought(
            key=_key(order),
            event_at=now,
            business_date=on,
            paid_from=source,
            shares=(order.destination_code, amount),
        )
    return postings.money_transferred(
        key=_key(order),
        kind="standing_order",
        event_at=now,
        business_date=on,
        given_from=source,
        given_to=[(accounts[order.destination_id].ledger_code, amount)],
    )


async def _repay(
    session: WriteSession,
    tried: Sequence[_Tried],
    accounts: Mapping[str, Account],
    loans: LoanRepayer,
    *,
    on: date,
    now: datetime,
) -> list[_Tried]:
    """Orders to loans, with what each loan really took: one that is cleared takes less, and that run is done."""
    parts = [
        LoanPart(
            _key(one.order),
            one.order.destination_id,
            accounts[one.order.source_id].ledger_code,
            one.made.take,
        )
        for one in tried
        if one.made.take and one.order.destination is Destination.LOAN
    ]
    took = await loans.repay(session, parts, on=on, now=now) if parts else {}
    return [
        _Tried(one.order, Attempt(took[_key(one.order)], _after_taking(one.made, took[_key(one.order)])))
        if _key(one.order) in took
        else one
        for one in tried
    ]


def _after_taking(made: Attempt, took: Money) -> RunState:
    return made.state if took == made.take else RunState.DONE


def _run_of(tried: _Tried, on: date) -> Run:
    order = tried.order
    return Run(
        order.order_id, order.due_on, tried.made.state, order.taken + tried.made.take, order.attempts + 1, on
    )


def _moved(tried: _Tried, on: date) -> StandingOrder:
    order = tried.order
    if tried.made.state is RunState.WAITING:
        return replace(
            order, taken=order.taken + tried.made.take, attempts=order.attempts + 1, try_on=on + _DAY
        )
    return after_run(order, order.due_on)


def after_run(order: StandingOrder, day: date) -> StandingOrder:
    """The order waiting for its first run after `day`, or ended."""
    rested = replace(order, taken=Money.zero(order.taken.currency), attempts=0, try_on=None)
    if order.terms.trigger is Trigger.ON_SALARY:
        return rested
    following = next_due(order.terms, day)
    if following is None:
        return replace(rested, status=OrderStatus.ENDED)
    return replace(rested, due_on=following, try_on=following)


def _failure(tried: _Tried) -> News:
    order = tried.order
    facts = {
        "amount": str(order.terms.amount or order.taken),
        "taken": str(order.taken + tried.made.take),
        "on": order.due_on.isoformat(),
    }
    key = f"standing_order:{order.order_id}:{order.due_on.isoformat()}"
    return News(order.member_id, NoticeKind.ORDER_FAILED, facts, key)
