"""Who are the members, and how do they stand? Search, the whole picture of one, registration, PIN."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.audit import Event
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.member_shapes import (
    Balances,
    LoanShown,
    MemberShown,
    MovementShown,
    NoticeShown,
    PinShown,
)
from channels.admin.payment_shapes import PaymentShown
from channels.admin.schemas import PAGE_DEFAULT, After, Day, Most, Page, Said, page
from channels.admin.writing import Write
from core import admission, overview
from core.admission import Applicant
from core.audit import store as audit
from core.db.engine import WriteSession
from core.members import directory, service
from core.members import store as members
from core.members.model import Language, MemberStatus
from core.members.national_id import NationalId
from core.membership import identity
from core.notices import store as notices
from core.payments import incidents
from core.phone import Msisdn
from core.staff import request_store
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/members", tags=["members"])

_LATEST = 20
_Reader = Annotated[SignedIn, needs(Permission.MEMBERS_READ)]


class Picture(BaseModel):
    """Everything about a member on one page; of each list the latest."""

    member: MemberShown
    pin: PinShown
    balances: Balances
    loans: list[LoanShown]
    movements: list[MovementShown]
    payments: list[PaymentShown]
    notices: list[NoticeShown]
    approvals: list[Approval]
    trail: list[Event]
    """Empty for those who may not read the audit trail."""


class Registration(Said):
    """What a person says of themselves who asks to join."""

    first_name: str = Field(min_length=1, max_length=60)
    last_name: str = Field(min_length=1, max_length=60)
    phone: str = Field(min_length=9, max_length=32, examples=["0711 000 009"])
    language: Language = Language.ENGLISH
    birth_date: Day
    national_id: str = Field(default="", max_length=20, examples=["12345678"])
    """Kept sealed; by it the member gets a new PIN by phone. May be left out."""


class NationalIdShown(BaseModel):
    """A whole national id; null where none is on file."""

    national_id: str | None


class Registered(BaseModel):
    """The person as written down, and the request that a second person decides on."""

    member: MemberShown
    approval: Approval


class Unlocked(BaseModel):
    """Whether there was a lock, or were wrong tries, to lift."""

    was_locked: bool


@router.get("")
async def search(
    _: _Reader,
    desk: Desk,
    q: Annotated[str, Query(max_length=80, description="Phone, member number, or beginnings of names.")] = "",
    status: MemberStatus | None = None,
    after: After = None,
    most: Most = PAGE_DEFAULT,
) -> Page[MemberShown]:
    """Find members."""
    async with desk.database.reading() as session:
        found = await directory.search(session, q, status=status, after=after or "", most=most + 1)
    return page(found, most, MemberShown.of, lambda each: each.member_id)


@router.get("/{member_id}")
async def picture(member_id: str, who: _Reader, desk: Desk) -> Picture:
    """Accounts, loans, payments, messages and requests of one member."""
    now = desk.clock.now()
    async with desk.database.reading() as session:
        member = await members.find(session, member_id)
        _, pin = await members.by_phone(session, member.phone.e164)
        standing = await overview.overview(session, member_id=member_id, now=now)
        movements = await overview.latest_movements(session, member_id=member_id, most=_LATEST)
        paid = await incidents.of_member(session, member_id, most=_LATEST)
        told = await notices.of_member(session, member_id, most=_LATEST)
        asked = await request_store.latest(session, maker=None, subject=member_id, before=None, most=_LATEST)
        trail = (
            await audit.latest(session, actor=None, subject=member_id, before=None, most=_LATEST)
            if Permission.AUDIT_READ in who.staff.permissions
            else []
        )
    return Picture(
        member=MemberShown.of(member),
        pin=PinShown.of(pin, now),
        balances=Balances.of(standing),
        loans=[LoanShown.of(loan) for loan in standing.loans],
        movements=[MovementShown.of(movement) for movement in movements],
        payments=[PaymentShown.of(each) for each in paid],
        notices=[NoticeShown.of(each) for each in told],
        approvals=[Approval.of(each, now) for each in asked],
        trail=[Event.of(each) for each in trail],
    )


@router.post("", response_model=Registered, status_code=202)
async def register(
    said: Registration, who: Annotated[SignedIn, needs(Permission.MEMBERS_REGISTER)], write: Write
) -> Response:
    """Write down who asks to join. A colleague decides under /approvals; agreeing opens the accounts."""
    applicant = Applicant(
        first_name=said.first_name,
        last_name=said.last_name,
        phone=Msisdn.parse(said.phone),
        language=said.language,
        birth_date=said.birth_date,
        national_id=NationalId.parse(said.national_id) if said.national_id else None,
    )

    async def work(session: WriteSession, now: datetime) -> Registered:
        member, request = await admission.register(
            session,
            now,
            write.desk.ids,
            applicant,
            maker=who.staff.staff_id,
            sealer=write.desk.sealer,
        )
        return Registered(member=MemberShown.of(member), approval=Approval.of(request, now))

    return await write.answer(who, work, status=202)


@router.get("/{member_id}/national-id")
async def national_id(
    member_id: str, who: Annotated[SignedIn, needs(Permission.MEMBERS_IDENTITY)], desk: Desk
) -> NationalIdShown:
    """The whole number, to hold it against the card. The trail says who saw it."""
    async with desk.database.unit_of_work() as session:
        known = await identity.reveal_national_id(
            session, desk.clock.now(), desk.sealer, member_id=member_id, by=who.staff.staff_id
        )
    return NationalIdShown(national_id=known.number if known else None)


@router.post("/{member_id}/pin/unlock", response_model=Unlocked)
async def unlock_pin(
    member_id: str, who: Annotated[SignedIn, needs(Permission.PINS_UNLOCK)], write: Write
) -> Response:
    """Lift the lock of a member's PIN, after having made sure who asks. The PIN itself stays."""

    async def work(session: WriteSession, now: datetime) -> Unlocked:
        lifted = await service.unlock_pin(session, now, member_id=member_id, by=who.staff.staff_id)
        return Unlocked(was_locked=lifted)

    return await write.answer(who, work)
