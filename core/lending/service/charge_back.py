"""What when a bank or provider takes a payment back, in part or whole? That much is due again."""

from datetime import datetime

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import ChargebackTooLarge, LoanNotRunning, UnknownLoanEvent
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.account import Side
from core.lending import running as loans
from core.lending.event_store import Entry
from core.lending.events import Chargeback, Payment
from core.lending.lifecycle import LoanStatus
from core.lending.model import Portion
from core.lending.running import Running
from core.lending.service.closing import after_event
from core.lending.service.repeated import found_again
from core.money import Money


async def charge_back(
    session: WriteSession,
    *,
    key: str,
    loan_id: str,
    number: int,
    amount: Money,
    reason: str,
    by: str,
    now: datetime,
) -> Running:
    """So much of the payment of event `number` was taken back, from where it had come in. Once by `key`.

    It is principal that is due again, so no interest is earned twice; a loan that was cleared runs again. Raises
    UnknownLoan, LoanNotRunning, UnknownLoanEvent, ChargebackTooLarge, AmountNotPositive, CurrencyMismatch,
    PeriodClosed, IdempotencyConflict.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    if await found_again(session, key, loan_id, amount=amount) is not None:
        return running
    payment = refuse_unfit(running, number, amount)
    change = loans.changed(running, Chargeback(today, amount, number), entered_on=today)
    journal = postings.loan_charged_back(
        key=f"loan:{loan_id}:{change.event.number}",
        loan_id=loan_id,
        event_at=now,
        business_date=today,
        taken_from=await _came_in(session, payment),
        due_again=(_due_again(running), amount),
    )
    await ledger.post(session, [journal])
    made = await loans.save(session, change, now=now, actor=by, amount=amount, journal=journal.key, key=key)
    await after_event(session, change, now=now, actor=by, reason=reason)
    return made


def refuse_unfit(running: Running, number: int, amount: Money) -> Entry:
    """The payment that is charged back.

    Raises LoanNotRunning, UnknownLoanEvent where that event is no payment that stands, ChargebackTooLarge for more
    than is left of it.
    """
    if running.loan.status in {LoanStatus.DISBURSING, LoanStatus.CANCELLED}:
        raise LoanNotRunning(loan=running.loan.loan_id, status=running.loan.status)
    payment = running.entry(number)
    if payment is None or payment.journal is None or payment.reversed_by is not None:
        raise UnknownLoanEvent(event=number)
    if not isinstance(payment.event.what, Payment):
        raise UnknownLoanEvent(event=number)
    if running.loan.rules.reopens != (Portion.PRINCIPAL,):
        raise AssertionError(f"{running.loan.loan_id}: interest that is due again would be income twice")
    left = running.money(payment.amount - _charged_back(running, number))
    if amount > left:
        raise ChargebackTooLarge(asked=amount.plain(), paid=left.plain())
    return payment


def _charged_back(running: Running, number: int) -> int:
    return sum(
        entry.amount
        for entry in running.entries
        if isinstance(entry.event.what, Chargeback)
        and entry.event.what.payment == number
        and entry.reversed_by is None
    )


def _due_again(running: Running) -> str:
    """The principal; what is recovered for a loan that is off the books."""
    is_off = running.state.written_off_on is not None
    return running.accounts.recovered if is_off else running.accounts.principal


async def _came_in(session: ReadSession, payment: Entry) -> str:
    """The account that a payment was debited to."""
    if payment.journal is None:
        raise AssertionError(f"event {payment.event.number} moved nothing in the books")
    journal = (await ledger.find_journal(session, payment.journal)).journal
    return next(line.account for line in journal.lines if line.side is Side.DEBIT)
