"""How is a later part of a loan paid out, up to what was agreed?"""

from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import AmountNotPositive, LoanNotRunning, TrancheAboveAgreed
from core.ids import Ids
from core.ledger import postings
from core.ledger import store as ledger
from core.lending import running as loans
from core.lending import store
from core.lending.adjusting import debits_of
from core.lending.booked import Position
from core.lending.charges import capitalised
from core.lending.events import Disbursement
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.running import Change, Running
from core.lending.service.closing import after_event
from core.lending.service.disburse import account_credited
from core.lending.service.repeated import found_again
from core.money import Money
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind


async def pay_out_tranche(
    session: WriteSession,
    *,
    ids: Ids,
    key: str,
    loan_id: str,
    amount: Money,
    paid_to: PaidTo,
    by: str,
    now: datetime,
) -> Running:
    """Pay out a later part, to savings or over the bank, once by `key`; the rows due after today carry it.

    Raises UnknownLoan, LoanNotRunning, AmountNotPositive, CurrencyMismatch, TrancheAboveAgreed, UnknownSavingsAccount,
    PeriodClosed, IdempotencyConflict.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    what = Disbursement(today, amount)
    if await found_again(session, key, loan_id, amount=amount) is not None:
        return running
    _refuse_unfit(running, amount)
    credited = await account_credited(session, running.loan.member_id, paid_to, running.currency)
    change = loans.changed(running, what, entered_on=today)
    journal = postings.loan_disbursed(
        loan_id=loan_id,
        event_at=now,
        business_date=today,
        principal=(running.loan.principal_code, amount),
        paid_from=credited,
        tranche=_number(running),
    )
    await ledger.post(session, [journal])
    await _post_rest(session, change, amount, now)
    made = await loans.save(session, change, now=now, actor=by, amount=amount, journal=journal.key, key=key)
    await store.add_paid_out(session, loan_id, amount)
    await after_event(session, change, now=now, actor=by)
    await _tell(session, ids, made, amount, change.event.number, now)
    return await loans.read_loan(session, loan_id, on=today)


def left_to_pay_out(running: Running) -> Money:
    """What was agreed and is not paid out yet."""
    terms = running.loan.terms
    on_top = sum((each.total for each in capitalised(terms)), start=running.money(0))
    return terms.principal + on_top - running.money(sum(amount for _, amount in running.state.disbursed))


def _refuse_unfit(running: Running, amount: Money) -> None:
    if running.loan.status is not LoanStatus.ACTIVE:
        raise LoanNotRunning(loan=running.loan.loan_id, status=running.loan.status)
    if amount.minor <= 0:
        raise AmountNotPositive(amount=amount.plain())
    left = left_to_pay_out(running)
    if amount > left:
        raise TrancheAboveAgreed(asked=amount.plain(), left=left.plain())


def _number(running: Running) -> int:
    """Counts every pay-out there was, undone ones too, so that no two have one journal's key."""
    return 1 + sum(isinstance(entry.event.what, Disbursement) for entry in running.entries)


async def _post_rest(session: WriteSession, change: Change, amount: Money, now: datetime) -> None:
    """What a new plan takes from rows beside the principal lent: cents of interest that are not asked any more."""
    running = change.before
    rest = change.moved.less(Position(principal=amount.minor))
    debits = debits_of(rest, running.accounts, running.currency)
    if debits:
        journal = postings.loan_parts_moved(
            key=f"loan:{running.loan.loan_id}:{change.event.number}",
            loan_id=running.loan.loan_id,
            event_at=now,
            business_date=business_date(now),
            debits=debits,
            credits_=[],
        )
        await ledger.post(session, [journal])


async def _tell(
    session: WriteSession, ids: Ids, made: Running, amount: Money, number: int, now: datetime
) -> None:
    loan = made.loan
    first = next((row for row in made.state.rows if row.outstanding), None)
    facts = {
        "product": loan.product.code,
        "number": loan.number,
        "amount": str(amount),
        "due": str(made.money(0 if first is None else first.outstanding)),
        "on": "" if first is None else first.due_on.isoformat(),
    }
    news = News(loan.member_id, NoticeKind.LOAN_PAID_OUT, facts, f"loan:{loan.loan_id}:{number}:paid_out")
    await tell_members(session, ids=ids, news=[news], now=now)
