"""How is an application decided? Votes along the route; enough of them approve it or turn it down."""

from dataclasses import replace
from datetime import datetime

from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import UnknownApplication, VotedAlready
from core.ids import Ids
from core.lending.applications import store
from core.lending.applications.appraise import refuse_beyond_limit
from core.lending.applications.leave_off import leave_off
from core.lending.applications.model import APPLICATION_LIFE, Application, ApplicationState
from core.lending.applications.opening import open_application
from core.lending.applications.route import USUAL_ROUTE, ApprovalRoute, Outcome, Vote, refuse_unfit
from core.lending.applications.telling import tell_applicant
from core.lending.products import PRODUCTS
from core.notices.model import NoticeKind
from core.staff.model import Staff

_VOTABLE = frozenset({ApplicationState.APPRAISED})


async def vote(
    session: WriteSession,
    ids: Ids,
    *,
    application_id: str,
    voter: Staff,
    is_for: bool,
    reason: str,
    now: datetime,
    route: ApprovalRoute = USUAL_ROUTE,
) -> Application:
    """One person's yes or no to what was recommended. The deciding one approves or rejects it in this transaction.

    The same word again changes nothing. Raises UnknownApplication, ApplicationNotOpen, SomebodyElseDecides,
    VotedAlready; and on the deciding yes LoanAboveLimit, where the member's limit has shrunk since.
    """
    said = await _said_before(session, application_id, voter.staff_id, is_for=is_for)
    if said is not None:
        return said
    application = await open_application(session, application_id, now=now, states=_VOTABLE)
    tier = route.tier(application.amount)
    refuse_unfit(application, voter, tier)
    word = Vote(application_id, voter.staff_id, is_for, reason, now)
    await store.add_vote(session, word, appraised_by=_appraiser(application))
    await audit.record(
        session,
        at=now,
        actor=voter.staff_id,
        action="loan_application.vote_for" if is_for else "loan_application.vote_against",
        subject=application_id,
        facts={"amount": application.amount.plain(), "reason": reason},
    )
    outcome = tier.outcome(await store.votes(session, application_id))
    if outcome is Outcome.APPROVED:
        return await _approve(session, ids, application, by=voter.staff_id, now=now)
    if outcome is Outcome.REJECTED:
        return await leave_off(
            session, ids, application, ApplicationState.REJECTED, reason=reason, by=voter.staff_id, now=now
        )
    return application


async def _said_before(
    session: WriteSession, application_id: str, staff_id: str, *, is_for: bool
) -> Application | None:
    """The application, where this person said the same of it before. Raises UnknownApplication, VotedAlready."""
    application = await store.lock(session, application_id)
    if application is None:
        raise UnknownApplication
    for earlier in await store.votes(session, application_id):
        if earlier.staff_id == staff_id and earlier.is_for is not is_for:
            raise VotedAlready
        if earlier.staff_id == staff_id:
            return application
    return None


def _appraiser(application: Application) -> str:
    if application.appraised_by is None:
        raise AssertionError(f"{application.application_id} is appraised by nobody")
    return application.appraised_by


async def _approve(
    session: WriteSession, ids: Ids, application: Application, *, by: str, now: datetime
) -> Application:
    """The terms are on offer from now on."""
    await refuse_beyond_limit(session, application, now=now)
    application.may_become(ApplicationState.APPROVED)
    product = PRODUCTS[application.product]
    approved = replace(
        application,
        state=ApplicationState.APPROVED,
        terms=product.terms(principal=application.amount, instalments=application.instalments),
        expires_at=now + APPLICATION_LIFE,
    )
    await store.save(session, approved)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="loan_application.approved",
        subject=application.application_id,
        facts={"amount": approved.amount.plain(), "instalments": str(approved.instalments)},
    )
    await tell_applicant(session, ids, approved, NoticeKind.LOAN_APPROVED, now=now)
    return approved
