"""How is an event of a loan undone? By the mirror of its journal, and by what later payments are worth without it."""

from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import NotReversible, UnknownLoanEvent
from core.ledger import postings, reversals
from core.ledger import store as ledger
from core.ledger.journal import Journal
from core.lending import event_store
from core.lending import running as loans
from core.lending.adjusting import debits_of
from core.lending.booked import Recognised
from core.lending.event_store import Entry
from core.lending.events import (
    BalanceRefund,
    ChargeAdded,
    Chargeback,
    ChargeWaived,
    Happening,
    InterestPause,
    Payment,
    PaymentKind,
    ReAge,
    ReAmortise,
    Reschedule,
    Reversal,
    WriteOff,
)
from core.lending.running import Change, Running
from core.lending.service.closing import after_event
from core.lending.service.repay import account_for_excess
from core.lending.service.repeated import found_again
from core.money import Money

_REVERSIBLE = (
    Payment,
    ChargeAdded,
    ChargeWaived,
    Chargeback,
    WriteOff,
    Reschedule,
    ReAge,
    ReAmortise,
    InterestPause,
)


async def reverse_event(
    session: WriteSession, *, key: str, loan_id: str, number: int, reason: str, by: str, now: datetime
) -> Running:
    """Undo an event of a loan, once by `key`; what was paid later is divided anew.

    What had been above the debt is taken from where it went. Raises UnknownLoan, LoanNotRunning, UnknownLoanEvent,
    NotReversible for a reversal, a disbursement, what was reversed already or a write-off on which money was
    recovered; PeriodClosed; InsufficientFunds where the member spent what was above the debt; IdempotencyConflict.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    if await found_again(session, key, loan_id, what=Reversal(number)) is not None:
        return running
    loans.refuse_unless_paid_out(running)
    entry = _reversible(running, number)
    income = {row: Recognised(-early.interest, -early.fees) for row, early in entry.early.items()}
    change = loans.changed(running, Reversal(number), entered_on=today, income=income)
    mirrored = await _mirror(session, entry, reason=reason, now=now)
    journal = await adjust(session, change, mirrored=mirrored, let_off=_let_off(entry), now=now)
    reversed_ = await loans.save(
        session,
        change,
        now=now,
        actor=by,
        amount=running.money(entry.amount),
        excess=running.money(entry.excess),
        journal=journal or (None if mirrored is None else f"reversal:{mirrored.key}"),
        key=key,
    )
    await event_store.note_reversed(session, loan_id, [number], by=change.event.number)
    await after_event(session, change, now=now, actor=by, reason=reason)
    return await pay_back_excess(session, reversed_, by=by, now=now)


async def adjust(
    session: WriteSession, change: Change, *, mirrored: Journal | None, now: datetime, let_off: int = 0
) -> str | None:
    """Post what a replayed loan moved beside the mirror of a journal; the key, None where nothing is left to move.

    What is overpaid by it is credited to the member.
    """
    running = change.before
    debits = debits_of(change.moved, running.accounts, running.currency, mirrored=mirrored, let_off=let_off)
    over = running.money(change.state.overpaid - running.state.overpaid)
    if not debits and not over:
        return None
    journal = postings.loan_parts_moved(
        key=f"loan:{running.loan.loan_id}:{change.event.number}",
        loan_id=running.loan.loan_id,
        event_at=now,
        business_date=business_date(now),
        debits=debits,
        credits_=[(await account_for_excess(session, running.loan.member_id), over)],
    )
    await ledger.post(session, [journal])
    return journal.key


async def pay_back_excess(session: WriteSession, running: Running, *, by: str, now: datetime) -> Running:
    """What a loan is overpaid by was credited to the member, so the loan's log says that it was paid out."""
    over = Money(running.state.overpaid, running.currency)
    if not over:
        return running
    today = business_date(now)
    change = loans.changed(running, BalanceRefund(today, over), entered_on=today)
    return await loans.save(
        session, change, now=now, actor=by, amount=over, journal=running.entries[-1].journal
    )


def _reversible(running: Running, number: int) -> Entry:
    entry = running.entry(number)
    if entry is None:
        raise UnknownLoanEvent(event=number)
    what: Happening = entry.event.what
    if isinstance(what, WriteOff) and any(
        isinstance(later.event.what, Payment) and later.event.number > number and later.reversed_by is None
        for later in running.entries
    ):
        raise NotReversible(event=number, because="recovered_since")
    if not isinstance(what, (*_REVERSIBLE, Reversal)):
        raise NotReversible(event=number, because="not_by_itself")
    return entry


def _let_off(entry: Entry) -> int:
    what = entry.event.what
    is_waiver = isinstance(what, Payment) and what.kind is PaymentKind.INTEREST_WAIVER
    return entry.amount if is_waiver else 0


async def _mirror(session: WriteSession, entry: Entry, *, reason: str, now: datetime) -> Journal | None:
    """Post the mirror of the event's journal; the journal it mirrors."""
    if entry.journal is None:
        return None
    await reversals.reverse(
        session, entry.journal, event_at=now, business_date=business_date(now), reason=reason
    )
    return (await ledger.find_journal(session, entry.journal)).journal
