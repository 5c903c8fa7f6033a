"""How is a loan paid back? A member asks for a payment, and money that came is divided and posted, once."""

from dataclasses import dataclass
from datetime import date, datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import NoLoanToRepay, RepaymentOutOfRange
from core.ledger import postings, suspense
from core.ledger import store as ledger
from core.ledger.chart import Gl, code_in
from core.ledger.journal import Journal
from core.lending import running as loans
from core.lending import store
from core.lending.booked import Position
from core.lending.events import Payment as LoanPayment
from core.lending.lifecycle import LoanStatus
from core.lending.loan import Loan
from core.lending.running import Change, Running
from core.lending.service.closing import after_event
from core.lending.service.repeated import found_again
from core.members.model import Member
from core.money import Money
from core.payments import service as payments
from core.payments.model import Payment, Purpose
from core.savings import store as savings
from core.savings.model import SavingsProduct

LEAST_REPAYMENT_MINOR = 100
"""One shilling: M-Pesa moves no less."""


@dataclass(frozen=True, slots=True)
class RepaymentResult:
    """What a confirmed repayment did. `to_clear` is what is left; `excess` went to the member's savings."""

    loan: Loan
    paid: Money
    excess: Money
    to_clear: Money

    @property
    def is_cleared(self) -> bool:
        return not self.to_clear


async def request_repayment(
    session: WriteSession,
    *,
    payment_id: str,
    member: Member,
    loan_id: str,
    amount: Money,
    channel: str,
    now: datetime,
) -> Payment:
    """Have the member's phone asked for a repayment; the same payment id is one payment.

    Raises NoLoanToRepay for a loan that is not the member's or is closed, RepaymentOutOfRange, PaymentInProgress.
    """
    await refuse_repayment(session, member_id=member.member_id, loan_id=loan_id, amount=amount, now=now)
    return await payments.request_collection(
        session,
        payment_id=payment_id,
        member=member,
        purpose=Purpose.LOAN_REPAYMENT,
        subject=loan_id,
        amount=amount,
        channel=channel,
        now=now,
    )


async def refuse_repayment(
    session: WriteSession, *, member_id: str, loan_id: str, amount: Money, now: datetime
) -> None:
    """Raises NoLoanToRepay for a loan that is not the member's or is closed, RepaymentOutOfRange."""
    loan = await store.lock(session, loan_id)
    if loan is None or loan.member_id != member_id or loan.status is not LoanStatus.ACTIVE:
        raise NoLoanToRepay
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    to_clear = running.money(running.to_clear(today).total)
    least = Money(min(LEAST_REPAYMENT_MINOR, to_clear.minor), amount.currency)
    if not least <= amount <= to_clear:
        raise RepaymentOutOfRange(minimum_minor=least.minor, maximum_minor=to_clear.minor)


async def apply_repayment(
    session: WriteSession,
    payment: Payment,
    *,
    now: datetime,
    paid_on: date | None = None,
    paid_from: str = Gl.MPESA_PAYBILL,
) -> RepaymentResult:
    """Divide a confirmed payment over its loan and post it, once. What is above the debt goes to savings.

    The whole shillings that were collected may be above the amount asked for; and the loan may owe less by now.
    `paid_on` is the day on which it was paid, where we hear of it later; never before the loan was paid out.
    """
    running = await loans.lock_loan(session, payment.subject, on=business_date(now))
    day = max(min(paid_on or business_date(now), business_date(now)), running.loan.disbursed_on)
    return await _receive(
        session,
        running,
        received=payment.collected,
        for_loan=payment.amount,
        paid_on=day,
        paid_from=paid_from,
        journal_key=f"payment:{payment.payment_id}",
        payment_id=payment.payment_id,
        actor="provider",
        now=now,
    )


async def post_repayment(
    session: WriteSession,
    *,
    key: str,
    loan_id: str,
    amount: Money,
    paid_from: str,
    paid_on: date,
    by: str,
    now: datetime,
) -> RepaymentResult:
    """Money that came over the counter, the bank or out of an account of the member; `paid_on` may be before today.

    The same `key` is posted once. Raises UnknownLoan, LoanNotRunning, BeforeDisbursement, AmountNotPositive,
    CurrencyMismatch, DatesOutOfOrder for a day that is still to come, PeriodClosed, IdempotencyConflict, and
    InsufficientFunds where an account pays that holds too little.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    if (again := await found_again(session, key, loan_id, amount=amount, on=paid_on)) is not None:
        return _result(running, amount - running.money(again.excess), running.money(again.excess), today)
    loans.refuse_unless_running(running, on=paid_on, today=today)
    return await _receive(
        session,
        running,
        received=amount,
        for_loan=amount,
        paid_on=paid_on,
        paid_from=paid_from,
        journal_key=f"loan:{loan_id}:{running.next_number}",
        key=key,
        actor=by,
        now=now,
    )


async def clear_by_new_loan(
    session: WriteSession, loan_id: str, *, new_loan: str, by: str, now: datetime
) -> RepaymentResult:
    """Settle a loan out of another that is being paid out: its disbursement put the money between the two."""
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    amount = running.money(running.to_clear(today).total)
    return await _receive(
        session,
        running,
        received=amount,
        for_loan=amount,
        paid_on=today,
        paid_from=code_in(Gl.PAYOUTS_HELD, amount.currency),
        journal_key=f"top_up:{new_loan}:{loan_id}",
        key=f"top_up:{new_loan}:{loan_id}",
        actor=by,
        now=now,
    )


async def _receive(
    session: WriteSession,
    running: Running,
    *,
    received: Money,
    for_loan: Money,
    paid_on: date,
    paid_from: str,
    journal_key: str,
    actor: str,
    now: datetime,
    payment_id: str | None = None,
    key: str | None = None,
) -> RepaymentResult:
    today = business_date(now)
    change = _taken(running, for_loan, paid_on=paid_on, today=today)
    taken = Money.zero(received.currency) if change is None else running.money(change.amount)
    excess = received - taken
    excess_code = await account_for_excess(session, running.loan.member_id)
    journal = _journal(
        running, change, journal_key, paid_from, (excess_code, excess), payment_id=payment_id, now=now
    )
    [posted] = await ledger.post(session, [journal])
    await suspense.note(session, posted.journal_id, journal)
    after = running
    if change is not None:
        after = await loans.save(
            session,
            change,
            now=now,
            actor=actor,
            amount=taken,
            excess=excess,
            journal=journal_key,
            payment_id=payment_id,
            key=key,
        )
        await after_event(session, change, now=now, actor=actor)
    return _result(after, taken, excess, today)


def _taken(running: Running, amount: Money, *, paid_on: date, today: date) -> Change | None:
    """The loan with as much of the money as it can take; None where it takes nothing."""
    if running.loan.status in {LoanStatus.CLOSED, LoanStatus.CANCELLED, LoanStatus.DISBURSING}:
        return None
    whole = loans.changed(running, LoanPayment(paid_on, amount), entered_on=today)
    over = running.money(whole.state.overpaid)
    if not over:
        return whole
    if over >= amount:
        return None
    return loans.changed(running, LoanPayment(paid_on, amount - over), entered_on=today)


def _journal(
    running: Running,
    change: Change | None,
    key: str,
    paid_from: str,
    excess: tuple[str, Money],
    *,
    payment_id: str | None,
    now: datetime,
) -> Journal:
    moved = Position() if change is None else change.moved
    is_recovery = change is not None and running.state.written_off_on is not None
    recovered = running.money(change.amount if change is not None and is_recovery else 0)
    return postings.loan_repaid(
        key=key,
        loan_id=running.loan.loan_id,
        event_at=now,
        business_date=business_date(now),
        paid_from=paid_from,
        accounts=running.accounts,
        penalty=running.money(-moved.penalties_due),
        fee=running.money(-moved.fees_due),
        fee_income=running.money(moved.fee_income),
        interest_due=running.money(-moved.interest_due),
        interest_income=running.money(moved.interest_income),
        principal=(running.accounts.principal, running.money(-moved.principal)),
        recovered=recovered,
        excess=excess,
        payment=payment_id,
    )


def _result(running: Running, paid: Money, excess: Money, today: date) -> RepaymentResult:
    left = running.money(running.to_clear(today).total)
    return RepaymentResult(loan=running.loan, paid=paid, excess=excess, to_clear=left)


async def account_for_excess(session: WriteSession, member_id: str) -> str:
    """The member's savings; suspense for a member without any, so that staff see it."""
    code = await savings.ledger_code(session, member_id=member_id, product=SavingsProduct.SAVINGS)
    return code or Gl.SUSPENSE
