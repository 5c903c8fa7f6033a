"""When may an application be paid out, and what becomes of it then? The seam to the running loan."""

from dataclasses import replace
from datetime import datetime

from core.audit import store as audit
from core.db.engine import ReadSession, WriteSession
from core.errors import SomebodyElseDecides, UnknownApplication
from core.ids import Ids
from core.lending import guarantee_store
from core.lending import store as loans
from core.lending.applications import collateral_store, store
from core.lending.applications.appraise import refuse_beyond_limit
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.opening import open_application, security
from core.lending.lifecycle import LoanStatus, PaidTo
from core.lending.ports import Disburser
from core.lending.products import PRODUCTS
from core.lending.running import Running
from core.lending.service.disburse import Agreed, disburse
from core.money import Money

_ACCEPTED = frozenset({ApplicationState.ACCEPTED})


async def disburse_application(
    session: WriteSession,
    ids: Ids,
    *,
    application_id: str,
    loan_id: str,
    paid_to: PaidTo,
    disburser: Disburser | None,
    by: str,
    now: datetime,
    first_part: Money | None = None,
) -> Running:
    """Pay an accepted application out, once by the loan's id; its guarantees and things stand for the loan.

    Of `first_part` only where the rest is to follow as tranches. A top-up clears what still runs of its old loans.
    Raises UnknownApplication, ApplicationNotOpen, SomebodyElseDecides for who appraised it, LoanAboveLimit,
    NotFullySecured, and what `disburse` raises.
    """
    known = await store.lock(session, application_id)
    if known is None:
        raise UnknownApplication
    if known.loan_id != loan_id:
        known = await ready_for_disbursement(session, application_id, now=now)
    if by == known.appraised_by:
        raise SomebodyElseDecides(because="appraised_it")
    if known.terms is None:
        raise AssertionError(f"{application_id} is accepted without terms")
    await guarantee_store.withdraw_unanswered(session, application_id)
    agreed = Agreed(
        loan_id=loan_id,
        member_id=known.member_id,
        product=PRODUCTS[known.product],
        terms=known.terms,
        paid_to=paid_to,
        application_id=application_id,
        first_part=first_part,
        clears=await _still_running(session, known),
    )
    running = await disburse(session, agreed, ids=ids, disburser=disburser, by=by, now=now)
    if known.loan_id is None:
        await _became(session, known, loan_id, by=by, now=now)
    return running


async def ready_for_disbursement(session: WriteSession, application_id: str, *, now: datetime) -> Application:
    """The application, held, where it is accepted, within today's limit and fully secured.

    Raises UnknownApplication, ApplicationNotOpen, LoanAboveLimit, NotFullySecured.
    """
    application = await open_application(session, application_id, now=now, states=_ACCEPTED)
    await refuse_beyond_limit(session, application, now=now)
    (await security(session, application, now=now)).refuse_if_lacking()
    return application


async def _still_running(session: ReadSession, application: Application) -> list[str]:
    """What is to be cleared, without what the member has paid off meanwhile."""
    found = [await loans.find(session, loan_id) for loan_id in application.clears]
    return [loan.loan_id for loan in found if loan is not None and loan.status is not LoanStatus.CLOSED]


async def _became(
    session: WriteSession, application: Application, loan_id: str, *, by: str, now: datetime
) -> None:
    application.may_become(ApplicationState.DISBURSED)
    await store.save(session, replace(application, state=ApplicationState.DISBURSED, loan_id=loan_id))
    await collateral_store.move_to_loan(session, application_id=application.application_id, loan_id=loan_id)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="loan_application.disbursed",
        subject=application.application_id,
        facts={"loan": loan_id},
    )
