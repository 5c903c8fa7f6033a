"""How is a running loan changed? Other dates, more instalments, another rate, a new plan for what is unpaid."""

from datetime import datetime
from typing import TypeAlias

from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import LoanNotRunning, NoInstalmentDue
from core.ids import Ids
from core.lending import running as loans
from core.lending import standing_store
from core.lending.events import InterestPause, ReAge, ReAmortise, Reschedule
from core.lending.lifecycle import LoanStatus
from core.lending.rows import RowKind
from core.lending.running import Running
from core.lending.service.closing import after_event
from core.lending.service.repeated import found_again
from core.lending.service.reverse import adjust, pay_back_excess
from core.notices.bulk import News, tell_members
from core.notices.model import NoticeKind

NewTerms: TypeAlias = Reschedule | ReAge | ReAmortise | InterestPause


async def reschedule(
    session: WriteSession,
    *,
    ids: Ids,
    key: str,
    loan_id: str,
    what: NewTerms,
    reason: str,
    by: str,
    now: datetime,
) -> Running:
    """Change what is asked from now on, once by `key`; the loan's class stays until it is paid as agreed anew.

    The books follow where interest that was income is not asked any more. Raises UnknownLoan, LoanNotRunning,
    NoInstalmentDue, DatesOutOfOrder, ContradictoryTerms, PeriodClosed, IdempotencyConflict.
    """
    today = business_date(now)
    running = await loans.lock_loan(session, loan_id, on=today)
    if await found_again(session, key, loan_id, what=what) is not None:
        return running
    if running.loan.status is not LoanStatus.ACTIVE:
        raise LoanNotRunning(loan=loan_id, status=running.loan.status)
    refuse_settled(running, what)
    change = loans.changed(running, what, entered_on=today)
    journal = await adjust(session, change, mirrored=None, now=now)
    made = await loans.save(session, change, now=now, actor=by, journal=journal, key=key)
    await standing_store.note_renegotiation(session, loan_id=loan_id, on=today)
    await after_event(session, change, now=now, actor=by, reason=reason)
    made = await pay_back_excess(session, made, by=by, now=now)
    await _tell(session, ids, made, change.event.number, now)
    return made


def refuse_settled(running: Running, what: NewTerms) -> None:
    """A new plan begins with an instalment that is still to be paid. Raises NoInstalmentDue."""
    if isinstance(what, Reschedule) and not any(
        row.kind is RowKind.INSTALMENT and row.due_on == what.from_due and row.outstanding
        for row in running.state.rows
    ):
        raise NoInstalmentDue(on=what.from_due)


async def _tell(session: WriteSession, ids: Ids, made: Running, number: int, now: datetime) -> None:
    loan = made.loan
    first = next((row for row in made.state.rows if row.outstanding), None)
    facts = {
        "product": loan.product.code,
        "number": loan.number,
        "due": str(made.money(0 if first is None else first.outstanding)),
        "on": "" if first is None else first.due_on.isoformat(),
    }
    news = News(loan.member_id, NoticeKind.LOAN_CHANGED, facts, f"loan:{loan.loan_id}:{number}:changed")
    await tell_members(session, ids=ids, news=[news], now=now)
