"""When may an application be paid out, and what becomes of it then? The seam to the running loan."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import ApplicationNotOpen
from core.lending import guarantee_store
from core.lending.applications import collateral_store, store
from core.lending.applications.appraise import refuse_beyond_limit
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.opening import open_application, security
from core.lending.terms import Terms


@dataclass(frozen=True, slots=True)
class ReadyLoan:
    """An application that may be paid out now, on these terms; it is held for the transaction."""

    application: Application
    terms: Terms


async def ready_for_disbursement(session: WriteSession, application_id: str, *, now: datetime) -> ReadyLoan:
    """Approved, accepted, within today's limit and fully secured.

    Raises UnknownApplication, ApplicationNotOpen, LoanAboveLimit, NotFullySecured.
    """
    application = await open_application(session, application_id, now=now, states={ApplicationState.ACCEPTED})
    if application.terms is None:
        raise ApplicationNotOpen(state=application.state)
    await refuse_beyond_limit(session, application, now=now)
    (await security(session, application, now=now)).refuse_if_lacking()
    return ReadyLoan(application, application.terms)


async def became_loan(
    session: WriteSession, ready: ReadyLoan, *, loan_id: str, by: str, now: datetime
) -> Application:
    """The loan was made in this transaction: guarantees and collateral stand for it from now on."""
    application = ready.application
    application.may_become(ApplicationState.DISBURSED)
    disbursed = replace(application, state=ApplicationState.DISBURSED, loan_id=loan_id)
    await store.save(session, disbursed)
    await guarantee_store.withdraw_unanswered(session, application.application_id)
    await guarantee_store.move_to_loan(session, application_id=application.application_id, loan_id=loan_id)
    await collateral_store.move_to_loan(session, application_id=application.application_id, loan_id=loan_id)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="loan_application.disbursed",
        subject=application.application_id,
        facts={"loan": loan_id},
    )
    return disbursed
