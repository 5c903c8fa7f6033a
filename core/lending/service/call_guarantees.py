"""Who pays a bad loan? The borrower's own deposits first, then each guarantor in proportion to what they guaranteed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import UnknownSavingsAccount
from core.ids import Ids
from core.lending import guarantee_store
from core.lending import running as loans
from core.lending.guarantees import Guarantee, Recovery, call, recover
from core.lending.running import Running
from core.lending.service.repay import post_repayment
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind
from core.savings import hold_store
from core.savings import store as savings
from core.savings.model import Account, SavingsProduct
from core.savings.service.holds import consume_hold


@dataclass(frozen=True, slots=True)
class Called:
    """What a call took, and from whom."""

    recovery: Recovery
    guarantees: tuple[Guarantee, ...]
    """As they are now, in the order of the shares."""


async def call_guarantees(
    session: WriteSession, *, ids: Ids, key: str, loan_id: str, by: str, now: datetime
) -> Called:
    """Repay a loan out of the borrower's deposits and the guarantors'; each is told. Once by `key`.

    What was held for a guarantee is taken first of all. Raises UnknownLoan, LoanNotRunning, PeriodClosed,
    UnknownSavingsAccount for a guarantor without deposits, InsufficientFunds where they hold too little.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    loans.refuse_unless_running(running, on=today, today=today)
    live = [one for one in await guarantee_store.of_subject(session, loan_id) if one.is_live]
    own = await _deposits(session, running.loan.member_id)
    plan = recover(
        running.money(running.to_clear(today).total),
        running.money(0) if own is None else max(running.money(0), own.available),
        [one.amount for one in live],
    )
    if own is not None and plan.own_deposits:
        await _take(session, running, own, plan.own_deposits, key=f"{key}:own", by=by, now=now)
    called = await _call_all(session, running, live, plan.shares, key=key, by=by, now=now)
    await _tell(session, ids, running, called, now)
    return Called(plan, tuple(called))


async def _call_all(
    session: WriteSession,
    running: Running,
    live: Sequence[Guarantee],
    shares: Sequence[Money],
    *,
    key: str,
    by: str,
    now: datetime,
) -> list[Guarantee]:
    called = []
    for guarantee, share in zip(live, shares, strict=True):
        if not share:
            called.append(guarantee)
            continue
        deposits = await _deposits(session, guarantee.guarantor_id)
        if deposits is None:
            raise UnknownSavingsAccount(account=guarantee.guarantor_id)
        for hold in await hold_store.for_subject(session, guarantee.guarantee_id):
            await consume_hold(session, hold_id=hold.hold_id, by=by, now=now)
        taken = call(guarantee, share, now=now)
        await guarantee_store.save(session, taken)
        await _take(session, running, deposits, share, key=f"{key}:{guarantee.guarantee_id}", by=by, now=now)
        called.append(taken)
    return called


async def _take(
    session: WriteSession,
    running: Running,
    account: Account,
    amount: Money,
    *,
    key: str,
    by: str,
    now: datetime,
) -> None:
    await post_repayment(
        session,
        key=key,
        loan_id=running.loan.loan_id,
        amount=amount,
        paid_from=account.ledger_code,
        paid_on=business_date(now),
        by=by,
        now=now,
    )


async def _deposits(session: WriteSession, member_id: str) -> Account | None:
    """The member's deposits, held for this transaction."""
    accounts = await savings.of_member(session, member_id)
    known = next((each for each in accounts if each.product is SavingsProduct.DEPOSITS), None)
    if known is None:
        return None
    return (await savings.lock(session, [known.account_id])).get(known.account_id)


async def _tell(
    session: WriteSession, ids: Ids, running: Running, called: Sequence[Guarantee], now: datetime
) -> None:
    news = [
        News(
            each.guarantor_id,
            NoticeKind.GUARANTEE_CALLED,
            {"number": running.loan.number, "amount": str(each.recovered)},
            f"guarantee:{each.guarantee_id}:called",
        )
        for each in called
        if each.recovered
    ]
    await tell_members(session, ids=ids, news=news, now=now)
