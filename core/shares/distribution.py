"""Distribute a year: declare it, reckon every member, book what is owed, pay each as they chose.

Each step may be stopped and begun again; none pays anybody twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import DividendAlreadyDeclared, DividendNotDeclared, DividendTooEarly
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.ledger.journal import Journal
from core.ledger.postings.sides import Part
from core.members import store as members
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.savings import interest_store
from core.savings.ports import LoanDue, LoanPart, LoanRepayer
from core.savings.sweeps import plan_sweeps
from core.shares import dividend_store
from core.shares.dividend import (
    Capitalisation,
    DividendRules,
    Payout,
    PayoutPlan,
    member_dividend,
    payout_plan,
)
from core.shares.dividend_store import Declared, Unpaid
from core.shares.model import USUAL_SHARES, ShareRules


async def declare(
    session: WriteSession,
    rules: DividendRules,
    *,
    pays_on: date,
    by: str,
    now: datetime,
    capitalise: Capitalisation | None = None,
) -> None:
    """The meeting has decided on a year that is over. Raises DividendTooEarly, DividendAlreadyDeclared."""
    today = business_date(now)
    refuse_unfinished(rules.year, today=today)
    is_new = await dividend_store.declare(
        session, rules, capitalise or Capitalisation(), declared_on=today, pays_on=pays_on
    )
    if not is_new:
        raise DividendAlreadyDeclared(year=rules.year)
    facts = {"shares": str(rules.share_percent), "deposits": str(rules.deposit_percent)}
    await audit.record(
        session, at=now, actor=by, action="dividend.declared", subject=str(rules.year), facts=facts
    )


def refuse_unfinished(year: int, *, today: date) -> None:
    """Raises DividendTooEarly for a year that is not over."""
    if today.year <= year:
        raise DividendTooEarly(year=year)


async def choose_payout(
    session: WriteSession, *, member_id: str, payout: Payout, now: datetime, by: str | None = None
) -> None:
    """Where a member wants this and later years' earnings. `by` is who of staff writes it down, else the member.

    A choice that can't be followed on the day of payment goes the next best way. Raises UnknownMember.
    """
    await members.find(session, member_id)
    await dividend_store.set_choice(session, member_id=member_id, payout=payout)
    await audit.record(
        session,
        at=now,
        actor=by or member_id,
        action="dividend.choice",
        subject=member_id,
        facts={"payout": payout.value},
    )


async def reckon_members(
    session: WriteSession, *, year: int, after: str = "", most: int = 1_000
) -> str | None:
    """Work out the next members by id; the last one to go on behind, None when all are done.

    Raises DividendNotDeclared, also when the year is booked.
    """
    declared = await _open(session, year)
    withholding = await interest_store.withholding(session)
    members = await dividend_store.member_years(session, year=year, after=after, most=most)
    if not members:
        return None
    earned = [
        (
            member.member_id,
            member_dividend(
                declared.rules,
                deposits=member.deposits,
                shares=member.shares,
                residence=member.residence,
                rates=withholding,
                paid_on=declared.pays_on,
            ),
        )
        for member in members
        if member.earns or not declared.rules.active_only
    ]
    await dividend_store.keep(session, year, [(member_id, made) for member_id, made in earned if made.gross])
    return members[-1].member_id


async def book(session: WriteSession, *, year: int, now: datetime) -> Money:
    """All members are reckoned: book the sum as owed to them, and what it was. Raises DividendNotDeclared."""
    await _open(session, year)
    today = business_date(now)
    dividend, interest = await dividend_store.totals(session, year)
    if dividend or interest:
        journal = postings.dividend_declared(
            year=year, event_at=now, business_date=today, dividend=dividend, deposit_interest=interest
        )
        await ledger.post(session, [journal])
    await dividend_store.booked(session, year, on=today)
    return dividend + interest


async def _open(session: WriteSession, year: int) -> Declared:
    declared = await dividend_store.lock(session, year)
    if declared is None or declared.booked_on is not None:
        raise DividendNotDeclared(year=year)
    return declared


async def pay_members(
    session: WriteSession,
    *,
    ids: Ids,
    year: int,
    now: datetime,
    loans: LoanRepayer | None = None,
    shares: ShareRules = USUAL_SHARES,
    most: int = 500,
) -> int:
    """Pay up to `most` members what they earned less tax, what is overdue on loans first; how many. Call until none.

    To M-Pesa it is held as a payout. Raises DividendNotDeclared before the year is booked.
    """
    declared = await dividend_store.lock(session, year)
    if declared is None or declared.booked_on is None:
        raise DividendNotDeclared(year=year)
    unpaid = await dividend_store.lock_unpaid(session, year=year, most=most)
    today = business_date(now)
    dues = await _held_dues(session, loans, [one.member_id for one in unpaid], on=today) if loans else ()
    owed = _owed(dues)
    plans = [_plan(one, owed, declared, shares) for one in unpaid]
    if loans is None:
        plans = [_with_ahead(plan, Money.zero(plan.loans.currency)) for plan in plans]
    journals = [_journal(year, one, plan, now) for one, plan in zip(unpaid, plans, strict=True)]
    await ledger.post_batch(session, journals)
    if loans:
        paired = list(zip(unpaid, plans, strict=True))
        await _clear_arrears(session, loans, dues, paired, year=year, now=now)
        ahead = await _pay_ahead(session, loans, paired, year=year, now=now)
        plans = [_with_ahead(plan, ahead.get(one.member_id)) for one, plan in paired]
    await dividend_store.paid(
        session,
        year,
        [(one.member_id, plan) for one, plan in zip(unpaid, plans, strict=True)],
        on=today,
    )
    await tell_members(session, ids=ids, news=[_news(year, one) for one in unpaid], now=now)
    return len(unpaid)


async def _held_dues(
    session: WriteSession, loans: LoanRepayer, member_ids: Sequence[str], *, on: date
) -> Sequence[LoanDue]:
    """What is due on these members' loans, which are held: before any account, as everywhere."""
    running = await loans.open_of(session, member_ids)
    await loans.hold(session, [loan.loan_id for loan in running])
    return await loans.due_of(session, member_ids, on=on)


def _owed(dues: Sequence[LoanDue]) -> Mapping[str, Money]:
    owed: dict[str, Money] = {}
    for due in dues:
        owed[due.member_id] = owed.get(due.member_id, Money.zero(due.amount.currency)) + due.amount
    return owed


def _plan(unpaid: Unpaid, owed: Mapping[str, Money], declared: Declared, shares: ShareRules) -> PayoutPlan:
    nothing = Money.zero(unpaid.gross.currency)
    arrears = owed.get(unpaid.member_id, nothing) if unpaid.savings_code else nothing
    payout = _reachable(unpaid)
    return payout_plan(
        unpaid.gross - unpaid.tax,
        payout,
        arrears=arrears,
        share_price=shares.price,
        capitalise=declared.capitalise,
    )


def _reachable(unpaid: Unpaid) -> Payout:
    """The member's choice, or the next best where they have no such account."""
    if unpaid.payout is Payout.DEPOSITS and unpaid.deposits_code is not None:
        return Payout.DEPOSITS
    if unpaid.savings_code is None:
        return Payout.MPESA if unpaid.deposits_code is None else Payout.DEPOSITS
    if unpaid.payout is Payout.DEPOSITS or (unpaid.payout is Payout.SHARES and unpaid.shares_code is None):
        return Payout.SAVINGS
    return unpaid.payout


def _journal(year: int, unpaid: Unpaid, plan: PayoutPlan, now: datetime) -> Journal:
    parts: list[Part] = [
        (unpaid.savings_code or "", plan.savings + plan.arrears + plan.loans),
        (unpaid.deposits_code or "", plan.deposits),
        (unpaid.shares_code or "", plan.shares),
        (Gl.PAYOUTS_HELD, plan.mpesa),
    ]
    return postings.dividend_paid(
        year=year,
        member_id=unpaid.member_id,
        event_at=now,
        business_date=business_date(now),
        gross=unpaid.gross,
        withheld=unpaid.tax,
        paid_to=[part for part in parts if part[1]],
    )


async def _clear_arrears(
    session: WriteSession,
    loans: LoanRepayer,
    dues: Sequence[LoanDue],
    plans: Sequence[tuple[Unpaid, PayoutPlan]],
    *,
    year: int,
    now: datetime,
) -> None:
    free = {one.member_id: plan.arrears for one, plan in plans if plan.arrears}
    codes = {one.member_id: one.savings_code or "" for one, _ in plans}
    parts = [
        LoanPart(f"dividend:{year}:{due.loan_id}", due.loan_id, codes[due.member_id], amount)
        for due, amount in plan_sweeps(dues, free)
    ]
    if parts:
        await loans.repay(session, parts, on=business_date(now), now=now)


async def _pay_ahead(
    session: WriteSession,
    loans: LoanRepayer,
    plans: Sequence[tuple[Unpaid, PayoutPlan]],
    *,
    year: int,
    now: datetime,
) -> Mapping[str, Money]:
    """Pay the loans of who wants that; what they took, by member: one paid off may take less than it asked."""
    codes = {one.member_id: one.savings_code or "" for one, plan in plans if plan.loans}
    left = {one.member_id: plan.loans for one, plan in plans if plan.loans}
    took = {member_id: Money.zero(amount.currency) for member_id, amount in left.items()}
    for loan in await loans.open_of(session, sorted(left)) if left else ():
        for due, amount in plan_sweeps([loan], left):
            part = LoanPart(f"dividend:{year}:ahead:{due.loan_id}", due.loan_id, codes[due.member_id], amount)
            [taken] = (await loans.repay(session, [part], on=business_date(now), now=now)).values()
            left[due.member_id] -= taken
            took[due.member_id] += taken
    return took


def _with_ahead(plan: PayoutPlan, taken: Money | None) -> PayoutPlan:
    """What loans really took; the rest stays on savings."""
    return plan if taken is None else replace(plan, loans=taken, savings=plan.savings + plan.loans - taken)


def _news(year: int, unpaid: Unpaid) -> News:
    facts = {"year": str(year), "amount": str(unpaid.gross - unpaid.tax), "tax": str(unpaid.tax)}
    return News(unpaid.member_id, NoticeKind.DIVIDEND_PAID, facts, f"dividend:{year}:{unpaid.member_id}")
