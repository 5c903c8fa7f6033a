"""Who asks for a loan, and what becomes of it? The queue, one application, and the ways it goes on."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.loan_application_shapes import (
    ApplicationPicture,
    ApplicationShown,
    CollateralShown,
    GuaranteeShown,
    LimitShown,
    MatchShown,
    OfferShown,
    PaidOutShown,
    SecurityShown,
    VoteShown,
)
from channels.admin.schemas import PAGE_DEFAULT, After, Most, Page, Said, page
from channels.admin.writing import Write
from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import ApplicationNotOpen, DisclosureChanged, UnknownApplication
from core.lending import guarantee_store
from core.lending.applications import collateral_store, limits, opening, store
from core.lending.applications.accept_terms import Shown, accept_terms, offer_of
from core.lending.applications.apply import apply_for_loan
from core.lending.applications.appraise import appraise
from core.lending.applications.disburse_application import disburse_application
from core.lending.applications.leave_off import withdraw_application
from core.lending.applications.model import OPEN, Application, ApplicationState
from core.lending.applications.route import USUAL_ROUTE
from core.lending.applications.vote import vote
from core.lending.eligibility import Pay
from core.lending.eligibility_store import eligibility_facts
from core.lending.lifecycle import PaidTo
from core.lending.matching import Wish
from core.lending.policies import Purpose
from core.members.model import Language
from core.money import Money
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/loan-applications", tags=["loan applications"])

_Reader = Annotated[SignedIn, needs(Permission.APPLICATIONS_READ)]
_Server = Annotated[SignedIn, needs(Permission.APPLICATIONS_SERVE)]
_Decider = Annotated[SignedIn, needs(Permission.APPLICATIONS_DECIDE)]
_BRANCH = "branch"
_INSTALMENTS_MAX = 600

AmountSaid = Annotated[str, Field(min_length=1, max_length=30, examples=["60000.00"])]
_Instalments = Annotated[int, Field(ge=1, le=_INSTALMENTS_MAX)]


class PaySaid(Said):
    """Basic pay a month, and everything that is deducted from it."""

    basic: AmountSaid
    deductions: AmountSaid

    def pay(self) -> Pay:
        return Pay(Money.parse(self.basic), Money.parse(self.deductions))


class Wanted(Said):
    """What a member at the counter asks for."""

    member_id: str = Field(max_length=64)
    product: str = Field(max_length=40, examples=["development"])
    amount: AmountSaid
    instalments: _Instalments
    purpose: Purpose
    pay: PaySaid | None = None


class Appraisal(Said):
    """What the loan officer recommends; at most what was asked."""

    amount: AmountSaid
    instalments: _Instalments
    finding: str = Field(min_length=3, max_length=2000)
    pay: PaySaid | None = None


class Word(Said):
    """Why one says yes or no."""

    reason: str = Field(min_length=3, max_length=500)


class Signature(Said):
    """The member signed this text with these figures, which are those of the offer."""

    text: str = Field(min_length=20, max_length=20_000)
    text_key: str = Field(default="loan_agreement", max_length=60)
    text_version: int = Field(ge=1)
    language: Language
    to_pay: AmountSaid
    apr: str = Field(max_length=12, examples=["12.00"])


class PayOutSaid(Said):
    """Where the money goes."""

    paid_to: PaidTo = PaidTo.SAVINGS


@router.get("")
async def queue(
    _: _Reader,
    desk: Desk,
    state: Annotated[list[ApplicationState] | None, Query(description="Those that are open if none.")] = None,
    member_id: Annotated[str | None, Query(max_length=64)] = None,
    after: After = None,
    most: Most = PAGE_DEFAULT,
) -> Page[ApplicationShown]:
    """Applications, the oldest first; of one member if asked so."""
    async with desk.database.reading() as session:
        found = await store.queue(
            session, states=state or sorted(OPEN), after=after or "", most=most + 1, member_id=member_id
        )
    return page(found, most, ApplicationShown.of, lambda each: each.application_id)


@router.get("/limit")
async def limit(
    _: _Reader,
    desk: Desk,
    member_id: Annotated[str, Query(max_length=64)],
    product: Annotated[str, Query(max_length=40)],
    instalments: Annotated[int, Query(ge=1, le=_INSTALMENTS_MAX)] = 12,
) -> LimitShown:
    """How much a member may borrow on a product, and what every rule says."""
    async with desk.database.reading() as session:
        found = await limits.loan_limit(
            session, member_id, product, instalments=instalments, on=business_date(desk.clock.now())
        )
    return LimitShown.of(found)


@router.get("/products")
async def matching(
    _: _Reader,
    desk: Desk,
    member_id: Annotated[str, Query(max_length=64)],
    purpose: Purpose,
    amount: Annotated[str, Query(max_length=30)],
    months: Annotated[int, Query(ge=1, le=_INSTALMENTS_MAX)],
) -> list[MatchShown]:
    """The products for a member's wish, the best first."""
    wish = Wish(purpose, Money.parse(amount), months)
    async with desk.database.reading() as session:
        found = await limits.matching_products(session, member_id, wish, on=business_date(desk.clock.now()))
    return [MatchShown.of(match) for match in found]


@router.get("/{application_id}")
async def picture(application_id: str, _: _Reader, desk: Desk) -> ApplicationPicture:
    """One application with the member's limit now, guarantees, collateral, votes and the cost of its terms."""
    async with desk.database.reading() as session:
        application = await store.find(session, application_id)
        if application is None:
            raise UnknownApplication
        return await _picture(session, application, desk.clock.now())


async def _picture(session: ReadSession, application: Application, now: datetime) -> ApplicationPicture:
    facts = await eligibility_facts(session, application.member_id, business_date(now), pay=application.pay)
    policy = limits.policy_of(application.product)
    subject = application.loan_id or application.application_id
    offer = offer_of(application, now=now)
    tier = USUAL_ROUTE.tier(application.amount)
    return ApplicationPicture(
        application=ApplicationShown.of(application),
        limit_now=LimitShown.of(limits.limit_on(facts, policy, application.instalments)),
        security=SecurityShown.of(await opening.security(session, application, now=now)),
        guarantees=[GuaranteeShown.of(each) for each in await guarantee_store.of_subject(session, subject)],
        collateral=[CollateralShown.of(each) for each in await collateral_store.of_subject(session, subject)],
        votes=[VoteShown.of(each) for each in await store.votes(session, application.application_id)],
        votes_needed=tier.votes,
        roles_that_vote=sorted(tier.roles),
        offer=None if offer is None else OfferShown.of(offer),
    )


@router.post("", response_model=ApplicationShown, status_code=201)
async def write_down(said: Wanted, who: _Server, write: Write) -> Response:
    """Write down what a member at the counter asks for. Refused above their limit, with the rule that binds."""
    amount, pay = Money.parse(said.amount), said.pay.pay() if said.pay else None

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        made = await apply_for_loan(
            session,
            write.desk.ids,
            application_id=write.desk.ids.new("app"),
            member_id=said.member_id,
            product=said.product,
            amount=amount,
            instalments=said.instalments,
            purpose=said.purpose,
            channel=_BRANCH,
            by=who.staff.staff_id,
            now=now,
            pay=pay,
        )
        return ApplicationShown.of(made)

    return await write.answer(who, work, status=201)


@router.post("/{application_id}/appraise", response_model=ApplicationShown)
async def appraise_application(
    application_id: str,
    said: Appraisal,
    who: Annotated[SignedIn, needs(Permission.APPLICATIONS_APPRAISE)],
    write: Write,
) -> Response:
    """Recommend an amount. Not for what one wrote down oneself."""
    amount, pay = Money.parse(said.amount), said.pay.pay() if said.pay else None

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        appraised = await appraise(
            session,
            application_id=application_id,
            amount=amount,
            instalments=said.instalments,
            pay=pay,
            finding=said.finding,
            by=who.staff.staff_id,
            now=now,
        )
        return ApplicationShown.of(appraised)

    return await write.answer(who, work)


@router.post("/{application_id}/approve", response_model=ApplicationShown)
async def approve(application_id: str, said: Word, who: _Decider, write: Write) -> Response:
    """Vote for it. With enough votes it is approved in that moment."""
    return await _vote(application_id, said, who, write, is_for=True)


@router.post("/{application_id}/reject", response_model=ApplicationShown)
async def reject(application_id: str, said: Word, who: _Decider, write: Write) -> Response:
    """Vote against it, and why. With enough votes it is over in that moment."""
    return await _vote(application_id, said, who, write, is_for=False)


async def _vote(application_id: str, said: Word, who: SignedIn, write: Write, *, is_for: bool) -> Response:
    async def work(session: WriteSession, now: datetime) -> BaseModel:
        voted = await vote(
            session,
            write.desk.ids,
            application_id=application_id,
            voter=who.staff,
            is_for=is_for,
            reason=said.reason,
            now=now,
        )
        return ApplicationShown.of(voted)

    return await write.answer(who, work)


@router.post("/{application_id}/withdraw", response_model=ApplicationShown)
async def withdraw(application_id: str, said: Word, who: _Server, write: Write) -> Response:
    """The member doesn't want it any more."""

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        ended = await withdraw_application(
            session,
            write.desk.ids,
            application_id=application_id,
            by=who.staff.staff_id,
            now=now,
            reason=said.reason,
        )
        return ApplicationShown.of(ended)

    return await write.answer(who, work)


@router.post("/{application_id}/accept", response_model=ApplicationShown)
async def accept(application_id: str, said: Signature, who: _Server, write: Write) -> Response:
    """The member signed the terms at the counter. What they signed is kept word for word."""
    to_pay = Money.parse(said.to_pay)

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        application = await store.lock(session, application_id)
        if application is None:
            raise UnknownApplication
        offer = offer_of(application, now=now)
        if offer is None:
            raise ApplicationNotOpen(state=application.state)
        if (to_pay, said.apr) != (offer.figures.to_pay, offer.figures.apr):
            raise DisclosureChanged
        accepted = await accept_terms(
            session,
            application_id=application_id,
            member_id=application.member_id,
            shown=Shown(said.text_key, said.text_version, said.language, said.text, offer.figures),
            channel=_BRANCH,
            by=who.staff.staff_id,
            now=now,
        )
        return ApplicationShown.of(accepted)

    return await write.answer(who, work)


@router.post("/{application_id}/disburse", response_model=PaidOutShown)
async def pay_out(
    application_id: str,
    said: PayOutSaid,
    who: Annotated[SignedIn, needs(Permission.APPLICATIONS_DISBURSE)],
    write: Write,
) -> Response:
    """Pay out what is accepted and fully secured; to M-Pesa the loan runs when it arrived. Not what one appraised."""

    async def work(session: WriteSession, now: datetime) -> BaseModel:
        ids = write.desk.ids
        running = await disburse_application(
            session,
            ids,
            application_id=application_id,
            loan_id=ids.new("lon"),
            paid_to=said.paid_to,
            disburser=write.desk.disburser,
            by=who.staff.staff_id,
            now=now,
        )
        return PaidOutShown.of(running.loan)

    return await write.answer(who, work)
