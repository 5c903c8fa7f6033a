"""How does a member agree to the terms? They are shown the cost in full, and what they said yes to is kept."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.audit import store as audit
from core.clock import business_date
from core.db.engine import WriteSession
from core.errors import DisclosureChanged, UnknownApplication
from core.lending.applications import store
from core.lending.applications.disclosure import Accepted, Disclosure, Figures, disclose
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.opening import open_application


@dataclass(frozen=True, slots=True)
class Shown:
    """What the member read or was read: the text word for word, and the figures in it."""

    text_key: str
    text_version: int
    language: str
    text: str
    figures: Figures


def offer_of(application: Application, *, now: datetime) -> Disclosure | None:
    """The cost of the terms on offer, if they were paid out today; None before they are approved."""
    return None if application.terms is None else disclose(application.terms, business_date(now))


async def accept_terms(
    session: WriteSession,
    *,
    application_id: str,
    member_id: str,
    shown: Shown,
    channel: str,
    by: str,
    now: datetime,
) -> Application:
    """The member accepts the terms they were shown. A repeat changes nothing.

    `by` is the member, or who of staff took their signature. Raises UnknownApplication, ApplicationNotOpen,
    DisclosureChanged where the figures shown aren't those of the offer.
    """
    known = await store.lock(session, application_id)
    if known is None or known.member_id != member_id:
        raise UnknownApplication
    if known.accepted is not None and known.accepted.figures == shown.figures:
        return known
    application = await open_application(session, application_id, now=now, states={ApplicationState.APPROVED})
    offer = offer_of(application, now=now)
    if offer is None:
        raise AssertionError(f"{application_id} is approved without terms")
    if offer.figures != shown.figures:
        raise DisclosureChanged
    accepted = replace(
        application,
        state=ApplicationState.ACCEPTED,
        accepted=Accepted(
            text_key=shown.text_key,
            text_version=shown.text_version,
            language=shown.language,
            text=shown.text,
            figures=shown.figures,
            channel=channel,
            at=now,
        ),
    )
    await store.save(session, accepted)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="loan_application.accepted",
        subject=application_id,
        facts={
            "text": f"{shown.text_key}/{shown.text_version}/{shown.language}",
            "to_pay": shown.figures.to_pay.plain(),
            "apr": shown.figures.apr,
        },
    )
    return accepted
