"""Set standing orders, and pause, resume, end, approve or reject them; `order_runs` runs them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import (
    ContradictorySavingsTerms,
    IdempotencyConflict,
    UnknownSavingsAccount,
    UnknownStandingOrder,
)
from core.money import Money
from core.savings import order_store, rules, store
from core.savings.model import Account
from core.savings.order_store import StandingOrder
from core.savings.products import USUAL_PRODUCTS, Catalogue
from core.savings.service.order_runs import after_run
from core.savings.standing_orders import (
    Destination,
    OrderStatus,
    OrderTerms,
    Trigger,
    next_due,
)

_DAY = timedelta(days=1)


async def set_order(
    session: WriteSession,
    *,
    order_id: str,
    member_id: str,
    source_id: str,
    destination: Destination,
    destination_id: str,
    terms: OrderTerms,
    now: datetime,
    needs_approval: bool = False,
    by: str | None = None,
    products: Catalogue = USUAL_PRODUCTS,
) -> StandingOrder:
    """A member orders money to be moved by itself, once by `order_id`. It runs from its first day on.

    `by` is who of staff writes it down for them, here and below; else the member.

    Whether the member may pay on that loan, or to that share account, is for the caller to know, who stands above.
    Raises UnknownSavingsAccount, AccountNotOpen, NotWithdrawable, ContradictorySavingsTerms, CurrencyMismatch,
    IdempotencyConflict.
    """
    known = await _known(session, order_id, member_id, source_id, (destination, destination_id), terms)
    if known is not None:
        return known
    accounts = await store.lock(session, [source_id, destination_id])
    source = rules.own(accounts.get(source_id), account_id=source_id, member_id=member_id)
    rules.refuse_payment_out(source, products[source.product])
    _refuse_destination(destination, destination_id, source, accounts, terms)
    today = business_date(now)
    first = _first_run(terms, today)
    order = StandingOrder(
        order_id=order_id,
        member_id=member_id,
        source_id=source_id,
        destination=destination,
        destination_id=destination_id,
        terms=terms,
        status=OrderStatus.PENDING if needs_approval else OrderStatus.OPEN,
        due_on=first,
        taken=Money.zero(terms.keep.currency),
        attempts=0,
        try_on=None if terms.trigger is Trigger.ON_SALARY else first,
    )
    if not await order_store.add(session, order, at=now):
        # Set by a repeat of this request in the meantime.
        return (
            await _known(session, order_id, member_id, source_id, (destination, destination_id), terms)
            or order
        )
    await _record(session, "order.set", order, by=by or member_id, now=now)
    return order


async def _known(
    session: WriteSession,
    order_id: str,
    member_id: str,
    source_id: str,
    destination: tuple[Destination, str],
    terms: OrderTerms,
) -> StandingOrder | None:
    known = await order_store.lock(session, order_id)
    if known is None:
        return None
    before = known.member_id, known.source_id, (known.destination, known.destination_id), known.terms
    if before != (member_id, source_id, destination, terms):
        raise IdempotencyConflict(key=order_id)
    return known


def _first_run(terms: OrderTerms, today: date) -> date:
    first = terms.starts_on if terms.starts_on >= today else next_due(terms, today - _DAY)
    if first is None or (terms.ends_on is not None and first > terms.ends_on):
        raise ContradictorySavingsTerms(what="ends_on", value=str(terms.ends_on))
    return first


def _refuse_destination(
    destination: Destination,
    destination_id: str,
    source: Account,
    accounts: Mapping[str, Account],
    terms: OrderTerms,
) -> None:
    if terms.keep.currency is not source.balance.currency:
        raise ContradictorySavingsTerms(what="currency", value=terms.keep.currency)
    if destination is Destination.ACCOUNT:
        if destination_id not in accounts or destination_id == source.account_id:
            raise UnknownSavingsAccount(account=destination_id)
        rules.refuse_payment_in(accounts[destination_id])
        _ = source.balance + accounts[destination_id].balance
    elif destination is Destination.SHARES and (terms.allows_part or terms.trigger is Trigger.SURPLUS):
        # A part of a share can't be bought.
        raise ContradictorySavingsTerms(what="allows_part", value=destination)


async def approve_order(session: WriteSession, *, order_id: str, by: str, now: datetime) -> StandingOrder:
    """Staff let a waiting order run. Raises UnknownStandingOrder."""
    return await _change(session, order_id, {OrderStatus.PENDING}, OrderStatus.OPEN, by=by, now=now)


async def reject_order(session: WriteSession, *, order_id: str, by: str, now: datetime) -> StandingOrder:
    """Staff refuse a waiting order; it stays on the record. Raises UnknownStandingOrder."""
    return await _change(session, order_id, {OrderStatus.PENDING}, OrderStatus.REJECTED, by=by, now=now)


async def pause_order(
    session: WriteSession, *, order_id: str, member_id: str, now: datetime, by: str | None = None
) -> StandingOrder:
    """The member lets it rest. Raises UnknownStandingOrder."""
    return await _change(
        session,
        order_id,
        {OrderStatus.OPEN},
        OrderStatus.PAUSED,
        by=by or member_id,
        now=now,
        member_id=member_id,
    )


async def resume_order(
    session: WriteSession, *, order_id: str, member_id: str, now: datetime, by: str | None = None
) -> StandingOrder:
    """It runs again from its next day on; days that passed are not made up for. Raises UnknownStandingOrder."""
    return await _change(
        session,
        order_id,
        {OrderStatus.PAUSED},
        OrderStatus.OPEN,
        by=by or member_id,
        now=now,
        member_id=member_id,
    )


async def end_order(
    session: WriteSession, *, order_id: str, member_id: str, now: datetime, by: str | None = None
) -> StandingOrder:
    """The member wants no more of it. Raises UnknownStandingOrder."""
    running = {OrderStatus.PENDING, OrderStatus.OPEN, OrderStatus.PAUSED}
    return await _change(
        session, order_id, running, OrderStatus.ENDED, by=by or member_id, now=now, member_id=member_id
    )


async def _change(
    session: WriteSession,
    order_id: str,
    before: set[OrderStatus],
    after: OrderStatus,
    *,
    by: str,
    now: datetime,
    member_id: str | None = None,
) -> StandingOrder:
    order = await order_store.lock(session, order_id)
    if order is None or order.status not in before or member_id not in {None, order.member_id}:
        raise UnknownStandingOrder(order=order_id)
    changed = replace(order, status=after, try_on=None)
    if after is OrderStatus.OPEN:
        changed = _opened(changed, business_date(now))
    await order_store.move_on(session, [changed])
    await _record(session, f"order.{changed.status}", changed, by=by, now=now)
    return changed


def _opened(order: StandingOrder, today: date) -> StandingOrder:
    """Ready for its next day."""
    if order.terms.trigger is Trigger.ON_SALARY:
        return order
    if order.due_on >= today:
        return replace(order, try_on=order.due_on)
    return after_run(order, today - _DAY)


async def _record(
    session: WriteSession, action: str, order: StandingOrder, *, by: str, now: datetime
) -> None:
    facts = {"source": order.source_id, "to": order.destination_id, "trigger": order.terms.trigger.value}
    await audit.record(session, at=now, actor=by, action=action, subject=order.order_id, facts=facts)
