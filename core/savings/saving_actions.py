"""Which work on savings needs two people? Rates, money that was held, and the deposits of who leaves."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

import msgspec

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import AccountNotOpen, ContradictorySavingsTerms, HoldEndsElsewhere, HoldNotOpen
from core.savings import hold_store, interest_store, rules, store
from core.savings.model import AccountStatus, HoldReason, HoldState, SavingsProduct
from core.savings.products import USUAL_PRODUCTS
from core.savings.service import accounts, holds
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission

SAVINGS_WAIT: Final = timedelta(days=3)
"""As long as any other request about money."""

HELD_BY_STAFF: Final = frozenset({HoldReason.LEGAL, HoldReason.DISPUTE})
"""Other holds belong to a loan or a payment, which ends them."""


class InterestRate(msgspec.Struct, frozen=True, kw_only=True):
    """What a product earns, and an overdraft costs, from a day on: percent a year as decimal text."""

    product: SavingsProduct
    since: date
    percent: str
    overdraft_percent: str
    reason: str


async def _look_at_rate(session: ReadSession, now: datetime, facts: InterestRate) -> str:
    _ = session
    _refuse_rate(facts, today=business_date(now))
    return f"rate:{facts.product}:{facts.since.isoformat()}"


async def _set_rate(session: WriteSession, decision: Decision, facts: InterestRate) -> dict[str, str]:
    _refuse_rate(facts, today=business_date(decision.at))
    await interest_store.set_rate(
        session,
        product=facts.product,
        since=facts.since,
        percent=Fraction(facts.percent),
        overdraft_percent=Fraction(facts.overdraft_percent),
    )
    return {"product": facts.product, "percent": facts.percent}


def _refuse_rate(facts: InterestRate, *, today: date) -> None:
    """Days that are over keep the rate that members were told; deposits for a time have their agreed one."""
    terms = USUAL_PRODUCTS[facts.product]
    if terms.interest is None or terms.term is not None:
        raise ContradictorySavingsTerms(what="product", value=facts.product)
    if facts.since < today:
        raise ContradictorySavingsTerms(what="since", value=facts.since.isoformat())


SET_INTEREST_RATE: Final = CheckedAction(
    code="savings.set_rate",
    facts=InterestRate,
    propose=Permission.SAVINGS_TERMS,
    approve=Permission.SAVINGS_APPROVE,
    life=SAVINGS_WAIT,
    look=_look_at_rate,
    do=_set_rate,
)


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """Which hold is to end, and why."""

    hold: str
    reason: str


async def _look_at_release(session: ReadSession, now: datetime, facts: Release) -> str:
    _ = now
    hold = await hold_store.find(session, facts.hold)
    if hold is None or hold.state is not HoldState.HELD:
        raise HoldNotOpen(hold=facts.hold)
    if hold.reason not in HELD_BY_STAFF:
        raise HoldEndsElsewhere(hold=facts.hold, reason=hold.reason)
    return facts.hold


async def _release(session: WriteSession, decision: Decision, facts: Release) -> dict[str, str]:
    hold = await holds.release_hold(session, hold_id=facts.hold, by=decision.checker, now=decision.at)
    return {"released": hold.amount.plain()}


RELEASE_HOLD: Final = CheckedAction(
    code="savings.release_hold",
    facts=Release,
    propose=Permission.SAVINGS_HOLD,
    approve=Permission.SAVINGS_APPROVE,
    life=SAVINGS_WAIT,
    look=_look_at_release,
    do=_release,
)


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Which deposits of a leaving member go to which own account, and the day on which the member gave notice."""

    member_id: str
    account: str
    pay_to: str
    notice_on: date
    reason: str


async def _look_at_refund(session: ReadSession, now: datetime, facts: Refund) -> str:
    today = business_date(now)
    if facts.notice_on > today:
        raise ContradictorySavingsTerms(what="notice_on", value=facts.notice_on.isoformat())
    account = rules.own(
        await store.find(session, facts.account), account_id=facts.account, member_id=facts.member_id
    )
    rules.own(await store.find(session, facts.pay_to), account_id=facts.pay_to, member_id=facts.member_id)
    if account.status is not AccountStatus.ACTIVE:
        raise AccountNotOpen(account=facts.account, status=account.status)
    rules.refuse_before_notice(account, USUAL_PRODUCTS[account.product], asked_on=facts.notice_on, on=today)
    return facts.account


async def _refund(session: WriteSession, decision: Decision, facts: Refund) -> dict[str, str]:
    moved = await accounts.leave_deposits(
        session,
        account_id=facts.account,
        member_id=facts.member_id,
        pay_to=facts.pay_to,
        asked_on=facts.notice_on,
        by=decision.maker,
        now=decision.at,
    )
    return {"moved": moved.plain()}


REFUND_DEPOSITS: Final = CheckedAction(
    code="savings.refund_deposits",
    facts=Refund,
    propose=Permission.SAVINGS_SERVE,
    approve=Permission.SAVINGS_APPROVE,
    life=SAVINGS_WAIT,
    look=_look_at_refund,
    do=_refund,
)

SAVING_ACTIONS: Final = (SET_INTEREST_RATE, RELEASE_HOLD, REFUND_DEPOSITS)
