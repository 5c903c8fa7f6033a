"""What follows when a loan is cleared? Guarantors are free again, with their deposits; security is given back."""

from datetime import datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.lending import guarantee_store
from core.lending.applications import collateral_store
from core.lending.lifecycle import LoanStatus
from core.lending.record import written_event
from core.lending.running import Change
from core.savings import hold_store
from core.savings.service.holds import release_hold


async def after_event(
    session: WriteSession, change: Change, *, now: datetime, actor: str, reason: str = ""
) -> None:
    """Write the trail of an event, and free guarantors where it cleared the loan."""
    loan = change.before.loan
    await audit.record(
        session,
        at=now,
        actor=actor,
        action=f"loan.{written_event(change.event.what)[0]}",
        subject=loan.loan_id,
        facts={"event": str(change.event.number), "status": change.status, "reason": reason},
    )
    if change.status is LoanStatus.CLOSED and loan.status is not LoanStatus.CLOSED:
        await release_guarantees(session, loan.loan_id, by=actor, now=now)


async def release_guarantees(session: WriteSession, subject: str, *, by: str, now: datetime) -> None:
    """Nobody stands for this loan any more; what was held for it is free. A hold's subject is its guarantee."""
    for guarantee in await guarantee_store.release_all(session, subject):
        for hold in await hold_store.for_subject(session, guarantee.guarantee_id):
            await release_hold(session, hold_id=hold.hold_id, by=by, now=now)
    await collateral_store.release_all(session, subject, at=now)
