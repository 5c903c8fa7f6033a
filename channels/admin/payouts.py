"""What do staff do about money on its way out? See it, end what is stuck, call off what is not sent."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, model_validator

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.payout_shapes import FloatShown, PayoutPicture, PayoutShown, StrayShown, WordShown
from channels.admin.schemas import PAGE_DEFAULT, After, AfterNumber, Most, Page, Said, page
from channels.admin.writing import Write
from core import payout_settlement
from core.db.engine import WriteSession
from core.payout_actions import END_PAYOUT, Found, PayoutEnd
from core.payouts import fact_store, float_store, float_watch, store
from core.payouts import service as payouts
from core.payouts.model import PayoutState
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/payouts", tags=["payouts"])

_Reader = Annotated[SignedIn, needs(Permission.PAYOUTS_READ)]
_Resolver = Annotated[SignedIn, needs(Permission.PAYOUTS_RESOLVE)]


class EndSaid(Said):
    """What the provider's statement says of a payout nobody has word of, and how one knows."""

    found: Found
    receipt: str = Field(default="", pattern=r"^[A-Z0-9]{0,40}$")
    reason: str = Field(min_length=3, max_length=500)

    @model_validator(mode="after")
    def _paid_has_a_receipt(self) -> "EndSaid":
        if self.found is Found.PAID and not self.receipt:
            raise ValueError("a payout that was paid has a receipt in the statement")
        return self


class Word(Said):
    """Why one does it."""

    reason: str = Field(min_length=3, max_length=500)


class StartedAgain(BaseModel):
    """How many payouts go out now that had waited."""

    payouts: int


@router.get("")
async def listed(
    _: _Reader,
    desk: Desk,
    state: Annotated[list[PayoutState] | None, Query(description="Those under way if none.")] = None,
    member_id: Annotated[str | None, Query(max_length=64)] = None,
    incidents: Annotated[bool, Query(description="Only those that a person should look at.")] = False,  # noqa: FBT002 (a query parameter, given by name)
    after: After = None,
    most: Most = PAGE_DEFAULT,
) -> Page[PayoutShown]:
    """Payouts, the oldest first; of one member, or with an incident, in any state."""
    async with desk.database.reading() as session:
        found = await store.listed(
            session,
            states=state or (),
            member_id=member_id,
            only_incidents=incidents,
            after=after or "",
            most=most + 1,
        )
    return page(found, most, PayoutShown.of, lambda each: each.payout_id)


@router.get("/float")
async def utility_float(_: _Reader, desk: Desk) -> FloatShown:
    """How much may still be promised, and what waits."""
    async with desk.database.reading() as session:
        return FloatShown.of(await float_store.find(session), await float_store.queue(session))


@router.get("/strays")
async def strays(
    _: _Reader, desk: Desk, after: AfterNumber = None, most: Most = PAGE_DEFAULT
) -> Page[StrayShown]:
    """Words of the provider that fit no payout of ours, the oldest first."""
    async with desk.database.reading() as session:
        found = await fact_store.strays(session, after=after or 0, most=most + 1)
    return page(found, most, StrayShown.of, lambda each: str(each.fact_id))


@router.get("/{payout_id}")
async def picture(payout_id: str, _: _Reader, desk: Desk) -> PayoutPicture:
    """One payout with everything that was heard of it."""
    async with desk.database.reading() as session:
        payout = await store.find(session, payout_id)
        heard = await fact_store.story(session, payout_id)
    return PayoutPicture(payout=PayoutShown.of(payout), heard=[WordShown.of(each) for each in heard])


@router.post("/{payout_id}/end", response_model=Approval, status_code=202)
async def end(payout_id: str, said: EndSaid, who: _Resolver, write: Write) -> Response:
    """Ask for the end of a payout nobody has word of. A colleague agrees under /approvals. It is never sent again."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = PayoutEnd(payout_id=payout_id, found=said.found, receipt=said.receipt, reason=said.reason)
        request = await checking.propose(session, now, write.desk.ids, END_PAYOUT, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)


@router.post("/{payout_id}/take-back", response_model=PayoutShown)
async def take_back(payout_id: str, said: Word, who: _Resolver, write: Write) -> Response:
    """Call off a payout that is not sent: what was held is free again, a loan is undone."""

    async def work(session: WriteSession, now: datetime) -> PayoutShown:
        payout = await payout_settlement.take_back(
            session,
            write.desk.ids,
            payout_id=payout_id,
            by=who.staff.staff_id,
            because=said.reason,
            now=now,
        )
        return PayoutShown.of(payout)

    return await write.answer(who, work)


@router.post("/{payout_id}/close-incident", response_model=PayoutShown)
async def close_incident(payout_id: str, said: Word, who: _Resolver, write: Write) -> Response:
    """Say that a payout was looked at. The trail keeps the incident."""

    async def work(session: WriteSession, now: datetime) -> PayoutShown:
        await payouts.close_incident(session, payout_id, by=who.staff.staff_id, reason=said.reason, now=now)
        return PayoutShown.of(await store.find(session, payout_id))

    return await write.answer(who, work)


@router.post("/start-again", response_model=StartedAgain)
async def start_again(said: Word, who: _Resolver, write: Write) -> Response:
    """Send payouts again, after the operator's set-up at the provider was mended."""

    async def work(session: WriteSession, now: datetime) -> StartedAgain:
        count = await float_watch.start_again(session, by=who.staff.staff_id, reason=said.reason, now=now)
        return StartedAgain(payouts=count)

    return await write.answer(who, work)
