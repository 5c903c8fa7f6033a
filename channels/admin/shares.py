"""How are shares bought and passed on at the counter, and how does a year's dividend come about?"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, Amount, Most, Page, Said, page
from channels.admin.writing import Write
from core.audit import store as audit
from core.db.engine import WriteSession
from core.money import Money
from core.shares import progress_store, service
from core.shares.dividend import ShareTreatment, Weighting
from core.shares.progress_store import Progress
from core.shares.share_actions import DECLARE_DIVIDEND, TRANSFER_SHARES, Declaration, Transfer
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(tags=["shares"])

_AMOUNT = r"^\d{1,15}(\.\d{1,2})?$"
_PERCENT = r"^\d{1,2}(\.\d{1,4})?$"
_Server = Annotated[SignedIn, needs(Permission.SAVINGS_SERVE)]


class Purchase(Said):
    """Whole shares, by their price, out of an own savings account."""

    source: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=_AMOUNT, examples=["1000.00"])


class Bought(BaseModel):
    """The journal of the purchase, by its number."""

    number: int


class TransferSaid(Said):
    """Whole shares for another member, by their price. Who is leaving passes all on."""

    receiver_id: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=_AMOUNT, examples=["1000.00"])
    leaving: bool = False
    reason: str = Field(min_length=3, max_length=500)


class DeclarationSaid(Said):
    """What the meeting decided for a year that is over."""

    year: int = Field(ge=1900, le=9999)
    share_percent: str = Field(pattern=_PERCENT, examples=["12"])
    deposit_percent: str = Field(pattern=_PERCENT, examples=["9.5"])
    weighting: Weighting = Weighting.FROM_NEXT_MONTH
    share_treatment: ShareTreatment = ShareTreatment.WEIGHTED
    last_day_counted: int = Field(default=31, ge=1, le=31)
    minimum_deposits: str = Field(default="0", pattern=_AMOUNT)
    active_only: bool = True
    capitalise_percent: int = Field(default=100, ge=0, le=100)
    capitalise_least: str = Field(default="0", pattern=_AMOUNT)
    pays_on: date

    def facts(self) -> Declaration:
        return Declaration(
            year=self.year,
            share_percent=self.share_percent,
            deposit_percent=self.deposit_percent,
            weighting=self.weighting,
            share_treatment=self.share_treatment,
            last_day_counted=self.last_day_counted,
            minimum_deposits=self.minimum_deposits,
            active_only=self.active_only,
            capitalise_percent=self.capitalise_percent,
            capitalise_least=self.capitalise_least,
            pays_on=self.pays_on,
        )


class DividendShown(BaseModel):
    """A declared year: sums of the members who were reckoned so far, and what of it is paid, net of tax."""

    year: int
    share_percent: str
    deposit_percent: str
    declared_on: date
    pays_on: date
    booked_on: date | None
    members: int
    paid_members: int
    gross: Amount
    tax: Amount
    paid: Amount

    @classmethod
    def of(cls, progress: Progress) -> "DividendShown":
        return cls(
            year=progress.year,
            share_percent=progress.share_percent,
            deposit_percent=progress.deposit_percent,
            declared_on=progress.declared_on,
            pays_on=progress.pays_on,
            booked_on=progress.booked_on,
            members=progress.members,
            paid_members=progress.paid_members,
            gross=Amount.of(progress.gross),
            tax=Amount.of(progress.tax),
            paid=Amount.of(progress.paid),
        )


@router.post("/members/{member_id}/shares/purchases", response_model=Bought)
async def buy_shares(member_id: str, said: Purchase, who: _Server, write: Write) -> Response:
    """Buy whole shares, as the member asks."""

    async def work(session: WriteSession, now: datetime) -> Bought:
        key = write.desk.ids.new("shr")
        posted = await service.buy_shares(
            session,
            key=key,
            member_id=member_id,
            source_id=said.source,
            amount=Money.parse(said.amount),
            now=now,
        )
        facts = {"amount": said.amount, "source": said.source, "journal": f"shares:{key}"}
        await audit.record(
            session,
            at=now,
            actor=who.staff.staff_id,
            action="shares.bought",
            subject=member_id,
            facts=facts,
        )
        return Bought(number=posted.journal_id)

    return await write.answer(who, work)


@router.post("/members/{member_id}/shares/transfers", response_model=Approval, status_code=202)
async def transfer_shares(member_id: str, said: TransferSaid, who: _Server, write: Write) -> Response:
    """Ask for shares to pass to another member. A colleague agrees under /approvals."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = Transfer(
            member_id=member_id,
            receiver_id=said.receiver_id,
            amount=said.amount,
            leaving=said.leaving,
            reason=said.reason,
        )
        request = await checking.propose(session, now, write.desk.ids, TRANSFER_SHARES, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)


@router.get("/dividends")
async def dividends(
    _: Annotated[SignedIn, needs(Permission.LEDGER_READ)],
    desk: Desk,
    before: Annotated[
        int | None, Query(alias="after", ge=1, le=9999, description="`next` of the page before: a year.")
    ] = None,
    most: Most = PAGE_DEFAULT,
) -> Page[DividendShown]:
    """Declared years, the newest first, and how far each is."""
    async with desk.database.reading() as session:
        found = await progress_store.declared_years(session, before=before, most=most + 1)
    return page(found, most, DividendShown.of, lambda each: str(each.year))


@router.post("/dividends", response_model=Approval, status_code=202)
async def declare_dividend(
    said: DeclarationSaid, who: Annotated[SignedIn, needs(Permission.SAVINGS_TERMS)], write: Write
) -> Response:
    """Ask for what the meeting decided on a year to be entered."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        request = await checking.propose(session, now, write.desk.ids, DECLARE_DIVIDEND, said.facts(), who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)
