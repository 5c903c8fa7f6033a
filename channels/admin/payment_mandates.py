"""Which collections has a member agreed to, and who writes them down, pauses and ends them?"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.payments import AMOUNT
from channels.admin.schemas import Amount, BusinessDay, Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.mandates import service, store
from core.mandates.model import Mandate, MandateStatus, MandateTerms, Rhythm
from core.members import store as members
from core.money import Money
from core.payments.model import Purpose
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(tags=["payments"])

_Reader = Annotated[SignedIn, needs(Permission.PAYMENTS_READ)]
_Giver = Annotated[SignedIn, needs(Permission.PAYMENTS_PROMPT)]


class MandateShown(BaseModel):
    """A mandate. Without an amount it asks for what is due on the loan."""

    id: str
    member_id: str
    purpose: str
    subject: str
    amount: Amount | None
    rhythm: str
    starts_on: date
    ends_on: date | None
    status: str
    next_on: date

    @classmethod
    def of(cls, mandate: Mandate) -> "MandateShown":
        terms = mandate.terms
        return cls(
            id=mandate.mandate_id,
            member_id=mandate.member_id,
            purpose=terms.purpose,
            subject=terms.subject,
            amount=None if terms.amount is None else Amount.of(terms.amount),
            rhythm=terms.rhythm,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            status=mandate.status,
            next_on=mandate.next_on,
        )


class Mandates(BaseModel):
    """A member's mandates, the newest first."""

    items: list[MandateShown]


class Giving(Said):
    """What the member agreed to; without an amount what is due on the loan is asked for."""

    purpose: Purpose
    subject: str = Field(min_length=1, max_length=64)
    amount: str | None = Field(default=None, pattern=AMOUNT, examples=["1000.00"])
    rhythm: Rhythm
    starts_on: BusinessDay
    ends_on: BusinessDay | None = None


@router.get("/members/{member_id}/mandates")
async def mandates(member_id: str, _: _Reader, desk: Desk) -> Mandates:
    """What a member agreed to be asked for, ended ones too."""
    async with desk.database.reading() as session:
        await members.find(session, member_id)
        found = await store.of_member(session, member_id)
    return Mandates(items=[MandateShown.of(each) for each in found])


@router.post("/members/{member_id}/mandates", response_model=MandateShown, status_code=201)
async def give(member_id: str, said: Giving, who: _Giver, write: Write) -> Response:
    """Write down a member's mandate: their phone is asked on each of its days, and their M-Pesa PIN decides."""

    async def work(session: WriteSession, now: datetime) -> MandateShown:
        terms = MandateTerms(
            purpose=said.purpose,
            subject=said.subject,
            amount=None if said.amount is None else Money.parse(said.amount),
            rhythm=said.rhythm,
            starts_on=said.starts_on,
            ends_on=said.ends_on,
        )
        mandate = await service.give(
            session,
            mandate_id=write.desk.ids.new("mnd"),
            member=await members.find(session, member_id),
            terms=terms,
            by=who.staff.staff_id,
            now=now,
        )
        return MandateShown.of(mandate)

    return await write.answer(who, work, status=201)


@router.post("/mandates/{mandate_id}/pause", response_model=MandateShown)
async def pause(mandate_id: str, who: _Giver, write: Write) -> Response:
    """Nobody is asked by it until it goes on."""
    return await _change(mandate_id, MandateStatus.PAUSED, who, write)


@router.post("/mandates/{mandate_id}/resume", response_model=MandateShown)
async def resume(mandate_id: str, who: _Giver, write: Write) -> Response:
    """It goes on with its next day; days that passed are not made up for."""
    return await _change(mandate_id, MandateStatus.ACTIVE, who, write)


@router.post("/mandates/{mandate_id}/end", response_model=MandateShown)
async def end(mandate_id: str, who: _Giver, write: Write) -> Response:
    """The member takes it back."""
    return await _change(mandate_id, MandateStatus.ENDED, who, write)


async def _change(mandate_id: str, to: MandateStatus, who: SignedIn, write: Write) -> Response:
    async def work(session: WriteSession, now: datetime) -> MandateShown:
        changed = await service.change(session, mandate_id, to, by=who.staff.staff_id, now=now)
        return MandateShown.of(changed)

    return await write.answer(who, work)
