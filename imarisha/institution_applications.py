"""Who has asked the demo institution for a loan lately? Applications in every state, so that staff find some work.

They go through the same use cases as anybody's. Only neighbours ask, so the named people's stories stay untouched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.db.engine import WriteSession
from core.ids import Ids
from core.lending.applications.accept_terms import Shown, accept_terms, offer_of
from core.lending.applications.answer_guarantee import accept_guarantee
from core.lending.applications.apply import apply_for_loan
from core.lending.applications.appraise import appraise
from core.lending.applications.ask_guarantor import request_guarantee
from core.lending.applications.leave_off import withdraw_application
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.vote import vote
from core.lending.policies import Purpose
from core.members.model import Member
from core.money import Money
from core.staff.model import Staff
from core.staff.permissions import Role

_S = ApplicationState


@dataclass(frozen=True)
class Asked:
    """What one neighbour asked for, so many days ago, and how far it has come."""

    neighbour: int
    product: str
    amount: Money
    instalments: int
    purpose: Purpose
    days_ago: int
    state: ApplicationState
    guarantor: int | None = None
    """A neighbour who stands for a quarter of it."""


ASKED: Final = (
    Asked(8, "development", Money(4_000_000), 12, Purpose.SCHOOL_FEES, 1, _S.APPLIED),
    Asked(14, "emergency", Money(500_000), 6, Purpose.MEDICAL, 2, _S.APPLIED),
    Asked(12, "development", Money(8_000_000), 24, Purpose.BUSINESS, 4, _S.APPRAISED, guarantor=18),
    Asked(18, "development", Money(4_500_000), 12, Purpose.FARM, 5, _S.APPROVED),
    Asked(10, "emergency", Money(900_000), 6, Purpose.EMERGENCY, 6, _S.ACCEPTED),
    Asked(16, "development", Money(6_000_000), 36, Purpose.HOME, 8, _S.REJECTED),
    Asked(6, "development", Money(1_500_000), 12, Purpose.OTHER, 9, _S.WITHDRAWN),
)


async def ask(
    session: WriteSession,
    now: datetime,
    ids: Ids,
    members: Mapping[str, Member],
    staff: Mapping[Role, Staff],
) -> None:
    """Write the applications of those neighbours down who are members; by phone number, as `found` knows them."""
    for asked in ASKED:
        known = {asked.neighbour, asked.neighbour if asked.guarantor is None else asked.guarantor}
        if all(phone_of(neighbour) in members for neighbour in known):
            await _live_through(session, now - timedelta(days=asked.days_ago), ids, members, staff, asked)


def phone_of(neighbour: int) -> str:
    """The number of a neighbour by place."""
    return f"+2547120{neighbour:05d}"


async def _live_through(
    session: WriteSession,
    at: datetime,
    ids: Ids,
    members: Mapping[str, Member],
    staff: Mapping[Role, Staff],
    asked: Asked,
) -> None:
    member = members[phone_of(asked.neighbour)]
    application = await apply_for_loan(
        session,
        ids,
        application_id=ids.new("app"),
        member_id=member.member_id,
        product=asked.product,
        amount=asked.amount,
        instalments=asked.instalments,
        purpose=asked.purpose,
        channel="ussd",
        by=member.member_id,
        now=at,
    )
    if asked.guarantor is not None:
        guarantor = members[phone_of(asked.guarantor)].member_id
        await _guarantee(session, at, ids, application, guarantor)
    if asked.state is _S.WITHDRAWN:
        await withdraw_application(
            session, ids, application_id=application.application_id, by=member.member_id, now=at
        )
    elif asked.state is not _S.APPLIED:
        await _decide(session, at, ids, application, staff, asked.state)


async def _guarantee(
    session: WriteSession, at: datetime, ids: Ids, application: Application, guarantor: str
) -> None:
    amount = Money(application.asked.minor // 4, application.asked.currency)
    request = await request_guarantee(
        session,
        ids,
        guarantee_id=ids.new("gua"),
        application_id=application.application_id,
        guarantor_id=guarantor,
        amount=amount,
        by=application.member_id,
        now=at,
    )
    await accept_guarantee(
        session,
        ids,
        guarantee_id=request.guarantee_id,
        guarantor_id=guarantor,
        amount=amount,
        by=guarantor,
        now=at,
    )


async def _decide(
    session: WriteSession,
    at: datetime,
    ids: Ids,
    application: Application,
    staff: Mapping[Role, Staff],
    state: ApplicationState,
) -> None:
    application = await appraise(
        session,
        application_id=application.application_id,
        amount=application.asked,
        instalments=application.asked_instalments,
        pay=None,
        finding="Visited the business; savings are regular.",
        by=staff[Role.LOAN_OFFICER].staff_id,
        now=at,
    )
    if state is not _S.APPRAISED:
        application = await vote(
            session,
            ids,
            application_id=application.application_id,
            voter=staff[Role.ADMIN],
            is_for=state is not _S.REJECTED,
            reason="The purpose is not clear." if state is _S.REJECTED else "Within the policy.",
            now=at,
        )
    offer = offer_of(application, now=at)
    if state is _S.ACCEPTED and offer is not None:
        figures = offer.figures
        text = f"You borrow {figures.principal} and pay back {figures.to_pay}. APR {figures.apr}%."
        await accept_terms(
            session,
            application_id=application.application_id,
            member_id=application.member_id,
            shown=Shown("loan_agreement", 1, "en", text, figures),
            channel="branch",
            by=staff[Role.LOAN_OFFICER].staff_id,
            now=at,
        )
