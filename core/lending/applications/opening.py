"""Which application is meant, and may this still be done with it? Asked by every verb before it acts."""

from collections.abc import Collection
from datetime import datetime

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import ApplicationNotOpen, UnknownApplication
from core.lending import guarantee_store
from core.lending.applications import collateral_store, limits, store
from core.lending.applications.model import OPEN, Application, ApplicationState
from core.lending.applications.security import Security, security_of
from core.lending.eligibility import EligibilityFacts
from core.lending.eligibility_store import eligibility_facts


async def open_application(
    session: WriteSession,
    application_id: str,
    *,
    now: datetime,
    states: Collection[ApplicationState] = OPEN,
    member_id: str | None = None,
) -> Application:
    """The application, held for this transaction, in one of these states; of this member where one is named.

    Raises UnknownApplication, ApplicationNotOpen, of which one past its time is too.
    """
    application = await store.lock(session, application_id)
    if application is None or member_id not in {None, application.member_id}:
        raise UnknownApplication
    if application.state not in states:
        raise ApplicationNotOpen(state=application.state)
    if now >= application.expires_at:
        raise ApplicationNotOpen(state=ApplicationState.EXPIRED)
    return application


async def facts_of(session: ReadSession, application: Application, *, now: datetime) -> EligibilityFacts:
    """What is known of the applicant today, with what the application says of their pay and of loans it clears."""
    return await eligibility_facts(
        session,
        application.member_id,
        business_date(now),
        pay=application.pay,
        clears=application.clears,
    )


async def security(session: ReadSession, application: Application, *, now: datetime) -> Security:
    """What stands behind an application now."""
    facts = await facts_of(session, application, now=now)
    return security_of(
        application.amount,
        facts,
        limits.policy_of(application.product),
        await guarantee_store.of_subject(session, application.application_id),
        await collateral_store.of_subject(session, application.application_id),
    )
