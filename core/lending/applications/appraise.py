"""What does a loan officer find, and what do they recommend? The appraisal before the votes."""

from dataclasses import replace
from datetime import datetime

from core.audit import store as audit
from core.db.engine import ReadSession, WriteSession
from core.errors import SomebodyElseDecides, VotedAlready
from core.lending.applications import limits, store
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.opening import facts_of, open_application
from core.lending.eligibility import Pay
from core.money import Money

_APPRAISABLE = frozenset({ApplicationState.APPLIED, ApplicationState.APPRAISED})


async def appraise(
    session: WriteSession,
    *,
    application_id: str,
    amount: Money,
    instalments: int,
    pay: Pay | None,
    finding: str,
    by: str,
    now: datetime,
) -> Application:
    """Recommend an amount and term, at most what was asked, after looking at pay and limit again.

    A second look replaces the first as long as nobody voted. Raises UnknownApplication, ApplicationNotOpen,
    SomebodyElseDecides for who wrote the application down, VotedAlready, LoanTermNotOffered, LoanBelowLeast,
    LoanAboveLimit.
    """
    application = await open_application(session, application_id, now=now, states=_APPRAISABLE)
    if by == application.written_by:
        raise SomebodyElseDecides(because="wrote_it_down")
    if await store.votes(session, application_id):
        raise VotedAlready
    appraised = replace(
        application,
        state=ApplicationState.APPRAISED,
        offered=min(amount, application.asked),
        offered_instalments=instalments,
        pay=pay or application.pay,
        appraised_by=by,
        appraisal=finding,
    )
    await refuse_beyond_limit(session, appraised, now=now)
    await store.save(session, appraised)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="loan_application.appraised",
        subject=application_id,
        facts={"amount": appraised.amount.plain(), "instalments": str(instalments)},
    )
    return appraised


async def refuse_beyond_limit(session: ReadSession, application: Application, *, now: datetime) -> None:
    """Hold what is recommended against the limit of today.

    Raises LoanTermNotOffered, LoanBelowLeast, LoanAboveLimit.
    """
    policy = limits.policy_of(application.product)
    limits.refuse_term(policy, application.instalments)
    facts = await facts_of(session, application, now=now)
    limits.refuse_amount(application.amount, policy, limits.limit_on(facts, policy, application.instalments))
