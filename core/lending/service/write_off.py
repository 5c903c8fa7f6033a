"""How is a loan given up in the books? Against what was set aside for it; the member still owes it."""

from datetime import datetime

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import LoanNotRunning
from core.ledger import postings
from core.ledger import store as ledger
from core.lending import running as loans
from core.lending import standing_store
from core.lending.classification import LoanClass
from core.lending.events import WriteOff
from core.lending.lifecycle import LoanStatus
from core.lending.running import Running
from core.lending.service.closing import after_event
from core.lending.service.repeated import found_again
from core.money import Money

_SUSPENDED = frozenset({LoanClass.SUBSTANDARD, LoanClass.DOUBTFUL, LoanClass.LOSS})
"""Classes whose interest is no income."""


async def write_off(
    session: WriteSession, *, key: str, loan_id: str, reason: str, by: str, now: datetime
) -> Running:
    """Take a loan off the books, once by `key`; what comes in on it later is recovered.

    Raises UnknownLoan, LoanNotRunning, PeriodClosed, IdempotencyConflict.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    what = WriteOff(today)
    if await found_again(session, key, loan_id, what=what) is not None:
        return running
    if running.loan.status is not LoanStatus.ACTIVE:
        raise LoanNotRunning(loan=loan_id, status=running.loan.status)
    change = loans.changed(running, what, entered_on=today)
    owed = running.position
    suspended, allowance = await _set_aside(session, running)
    journal = postings.loan_written_off(
        loan_id=f"{loan_id}:{change.event.number}",
        event_at=now,
        business_date=today,
        accounts=running.accounts,
        principal=(running.accounts.principal, running.money(owed.principal)),
        interest=running.money(owed.interest_due),
        interest_in_suspense=suspended,
        fee=running.money(owed.fees_due),
        penalty=running.money(owed.penalties_due),
        allowance=allowance,
    )
    await ledger.post(session, [journal])
    amount = running.money(change.amount)
    made = await loans.save(session, change, now=now, actor=by, amount=amount, journal=journal.key, key=key)
    await after_event(session, change, now=now, actor=by, reason=reason)
    return made


async def _set_aside(session: WriteSession, running: Running) -> tuple[Money, Money]:
    """Interest of the loan that stands in suspense, and what of the allowance was made for it.

    Neither more than the account of its product holds: it is one for all loans.
    """
    nothing = running.money(0)
    standing = await standing_store.standing(session, running.loan.loan_id)
    if standing is None:
        return nothing, nothing
    accounts, owed = running.accounts, running.position
    held = await ledger.balances(session, [accounts.interest_in_suspense, accounts.allowance])
    in_suspense = max(nothing, -held.get(accounts.interest_in_suspense, nothing))
    in_allowance = max(nothing, -held.get(accounts.allowance, nothing))
    interest = running.money(owed.interest_due) if standing.loan_class in _SUSPENDED else nothing
    suspended = min(interest, in_suspense)
    all_owed = running.money(owed.principal + owed.interest_due + owed.fees_due + owed.penalties_due)
    return suspended, min(standing.provision, in_allowance, all_owed - suspended)
