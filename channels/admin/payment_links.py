"""How does staff give somebody an address to pay at?"""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.payments import AMOUNT
from channels.admin.schemas import Amount, Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.members import store as members
from core.money import Money
from core.payment_links import service
from core.payment_links.service import PaymentLink
from core.payments.model import Purpose
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(tags=["payments"])

_Reader = Annotated[SignedIn, needs(Permission.PAYMENTS_READ)]
_Maker = Annotated[SignedIn, needs(Permission.PAYMENTS_PROMPT)]
_DAYS_MOST = 90


class LinkShown(BaseModel):
    """A link. `path` stands after the address of this installation; `path`/qr.svg is its picture."""

    id: str
    path: str
    member_id: str
    purpose: str
    subject: str
    amount: Amount
    expires_at: datetime
    is_closed: bool
    is_paid: bool

    @classmethod
    def of(cls, link: PaymentLink) -> "LinkShown":
        return cls(
            id=link.link_id,
            path=f"/pay/{link.link_id}",
            member_id=link.member_id,
            purpose=link.purpose,
            subject=link.subject,
            amount=Amount.of(link.amount),
            expires_at=link.expires_at,
            is_closed=link.is_closed,
            is_paid=link.is_paid,
        )


class Making(Said):
    """What a link asks for, and for how many days."""

    purpose: Purpose
    subject: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=AMOUNT, examples=["1000.00"])
    days: int = Field(default=service.LIFE.days, ge=1, le=_DAYS_MOST)


@router.post("/members/{member_id}/payment-links", response_model=LinkShown, status_code=201)
async def make(member_id: str, said: Making, who: _Maker, write: Write) -> Response:
    """Make a link by which anybody pays this amount for the member, once."""

    async def work(session: WriteSession, now: datetime) -> LinkShown:
        link = await service.make(
            session,
            link_id=write.desk.ids.new("lnk"),
            member=await members.find(session, member_id),
            purpose=said.purpose,
            subject=said.subject,
            amount=Money.parse(said.amount),
            by=who.staff.staff_id,
            now=now,
            life=timedelta(days=said.days),
        )
        return LinkShown.of(link)

    return await write.answer(who, work, status=201)


@router.get("/payment-links/{link_id}")
async def link(link_id: str, _: _Reader, desk: Desk) -> LinkShown:
    """A link as it stands."""
    async with desk.database.reading() as session:
        return LinkShown.of(await service.find(session, link_id))


@router.post("/payment-links/{link_id}/close", response_model=LinkShown)
async def close(link_id: str, who: _Maker, write: Write) -> Response:
    """Nobody pays by it any more."""

    async def work(session: WriteSession, now: datetime) -> LinkShown:
        return LinkShown.of(await service.close(session, link_id, by=who.staff.staff_id, now=now))

    return await write.answer(who, work)
