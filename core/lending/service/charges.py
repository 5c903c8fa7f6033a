"""How is a member charged beside the schedule, or let off? Fees, penalties, and interest that need not be paid."""

from datetime import date, datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import ContradictoryTerms, LoanNotRunning, UnknownLoanEvent
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.journal import Journal
from core.lending import running as loans
from core.lending.events import ChargeAdded, ChargeWaived, PaymentKind
from core.lending.events import Payment as LoanPayment
from core.lending.lifecycle import LoanStatus
from core.lending.model import Portion
from core.lending.running import Change, Running
from core.lending.service.closing import after_event
from core.lending.service.repeated import found_again
from core.money import Money


async def charge(
    session: WriteSession,
    *,
    key: str,
    loan_id: str,
    portion: Portion,
    amount: Money,
    name: str,
    by: str,
    now: datetime,
    due_on: date | None = None,
    excise: Money | None = None,
) -> Running:
    """Charge a fee or a penalty, due on the day or from today; excise comes on top of a fee. Once by `key`.

    Raises UnknownLoan, LoanNotRunning also for one that is off the books, ContradictoryTerms for excise on a penalty,
    AmountNotPositive, CurrencyMismatch, PeriodClosed, IdempotencyConflict.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    duty = excise if excise is not None else Money.zero(amount.currency)
    what = ChargeAdded(due_on or today, portion, amount + duty, name)
    if await found_again(session, key, loan_id, what=what) is not None:
        return running
    _refuse_unchargeable(running, portion, duty)
    change = loans.changed(running, what, entered_on=today)
    journal = _charged(running, change, portion, amount, duty, now)
    return await _written(session, change, journal, amount + duty, key=key, by=by, now=now)


async def waive_charge(
    session: WriteSession, *, key: str, loan_id: str, number: int, reason: str, by: str, now: datetime
) -> Running:
    """What is unpaid of a charge need not be paid any more; `number` is the event that made it. Once by `key`.

    Raises UnknownLoan, LoanNotRunning, UnknownLoanEvent, PeriodClosed, IdempotencyConflict.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    entry = running.entry(number)
    if entry is None or not isinstance(entry.event.what, ChargeAdded) or entry.reversed_by is not None:
        raise UnknownLoanEvent(event=number)
    what = ChargeWaived(max(entry.event.what.due_on, running.loan.disbursed_on), number)
    if await found_again(session, key, loan_id, what=what) is not None:
        return running
    loans.refuse_unless_running(running, on=today, today=today)
    change = loans.changed(running, what, entered_on=today)
    journal = _waived(running, change, now)
    amount = running.money(change.amount)
    return await _written(session, change, journal, amount, key=key, by=by, now=now, reason=reason)


async def waive_interest(
    session: WriteSession, *, key: str, loan_id: str, amount: Money, reason: str, by: str, now: datetime
) -> Running:
    """Let a member off an amount: it is divided as a payment, and we bear it as income forgone. Once by `key`.

    Raises what `charge` raises, and AmountTooLarge for more than is owed.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    what = LoanPayment(today, amount, PaymentKind.INTEREST_WAIVER)
    if await found_again(session, key, loan_id, what=what) is not None:
        return running
    _refuse_off_the_books(running)
    change = loans.changed(running, what, entered_on=today)
    loans.refuse_overpaying(change, amount)
    moved = change.moved
    journal = postings.loan_repaid(
        key=_key(change),
        loan_id=loan_id,
        event_at=now,
        business_date=today,
        paid_from=running.accounts.interest_income,
        accounts=running.accounts,
        penalty=running.money(-moved.penalties_due),
        fee=running.money(-moved.fees_due),
        fee_income=running.money(moved.fee_income),
        interest_due=running.money(-moved.interest_due),
        interest_income=running.money(moved.interest_income),
        principal=(running.accounts.principal, running.money(-moved.principal)),
        excess=(running.accounts.interest_income, running.money(0)),
    )
    return await _written(session, change, journal, amount, key=key, by=by, now=now, reason=reason)


def _refuse_off_the_books(running: Running) -> None:
    """A loan that was written off stands on no account that a charge could be owed on, or let off from."""
    if running.loan.status is not LoanStatus.ACTIVE:
        raise LoanNotRunning(loan=running.loan.loan_id, status=running.loan.status)


def _refuse_unchargeable(running: Running, portion: Portion, duty: Money) -> None:
    _refuse_off_the_books(running)
    if portion is Portion.PENALTY and duty:
        raise ContradictoryTerms("excise_on_penalty", given=duty.plain(), limit="0")


def _key(change: Change) -> str:
    return f"loan:{change.before.loan.loan_id}:{change.event.number}"


def _charged(
    running: Running, change: Change, portion: Portion, amount: Money, duty: Money, now: datetime
) -> Journal:
    if portion is Portion.PENALTY:
        return postings.penalties_charged(
            product=running.loan.product.code,
            run=_key(change),
            event_at=now,
            business_date=business_date(now),
            accounts=running.accounts,
            amount=amount + duty,
        )
    return postings.loan_fee_charged(
        charge_id=_key(change),
        loan_id=running.loan.loan_id,
        event_at=now,
        business_date=business_date(now),
        accounts=running.accounts,
        fee=amount,
        excise=duty,
    )


def _waived(running: Running, change: Change, now: datetime) -> Journal | None:
    moved = change.moved
    if not moved.penalties_due and not moved.fees_due:
        return None
    return postings.loan_dues_waived(
        waiver_id=_key(change),
        loan_id=running.loan.loan_id,
        event_at=now,
        business_date=business_date(now),
        accounts=running.accounts,
        penalty=running.money(-moved.penalties_due),
        fee=running.money(-moved.fees_due),
        interest=running.money(0),
    )


async def _written(
    session: WriteSession,
    change: Change,
    journal: Journal | None,
    amount: Money,
    *,
    key: str,
    by: str,
    now: datetime,
    reason: str = "",
) -> Running:
    if journal is not None:
        await ledger.post(session, [journal])
    made = await loans.save(
        session,
        change,
        now=now,
        actor=by,
        amount=amount,
        journal=None if journal is None else journal.key,
        key=key,
    )
    await after_event(session, change, now=now, actor=by, reason=reason)
    return made
