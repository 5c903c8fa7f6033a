"""How does an application stand, as its member should see it? State, what secures it, and who was asked."""

from dataclasses import dataclass
from datetime import datetime

from core.db.engine import ReadSession
from core.errors import UnknownApplication
from core.lending import guarantee_store
from core.lending.applications import store
from core.lending.applications.model import Application
from core.lending.applications.opening import security
from core.lending.guarantees import Guarantee
from core.members import store as members
from core.members.names import short_name
from core.money import Money

_SHOWN_MOST = 6


@dataclass(frozen=True, slots=True)
class AskedGuarantor:
    """One member who was asked, by the name a borrower is shown."""

    guarantee: Guarantee
    name: str


@dataclass(frozen=True, slots=True)
class ApplicationStanding:
    """An application with what it still lacks; nothing once it is no longer open."""

    application: Application
    missing: Money
    guarantors_missing: int
    asked: tuple[AskedGuarantor, ...]
    """Those who were asked, the oldest first, those whose part is over included."""


async def applications_of(session: ReadSession, member_id: str) -> tuple[Application, ...]:
    """A member's latest applications, the newest first, however they ended."""
    found = await store.latest_of(session, member_id, most=_SHOWN_MOST)
    return tuple(found)


async def application_standing(
    session: ReadSession, application_id: str, *, member_id: str, now: datetime
) -> ApplicationStanding:
    """One of a member's own applications. Raises UnknownApplication."""
    application = await store.find(session, application_id)
    if application is None or application.member_id != member_id:
        raise UnknownApplication
    subject = application_id if application.loan_id is None else application.loan_id
    guarantees = await guarantee_store.of_subject(session, subject)
    names = {
        guarantor: short_name(await members.find(session, guarantor))
        for guarantor in {guarantee.guarantor_id for guarantee in guarantees}
    }
    missing, guarantors_missing = Money.zero(application.amount.currency), 0
    if application.is_open:
        behind = await security(session, application, now=now)
        missing, guarantors_missing = behind.missing, behind.guarantors_missing
    return ApplicationStanding(
        application,
        missing,
        guarantors_missing,
        tuple(AskedGuarantor(guarantee, names[guarantee.guarantor_id]) for guarantee in guarantees),
    )
