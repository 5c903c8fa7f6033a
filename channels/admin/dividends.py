"""How does a year's dividend come about? Declared by two people, reckoned for every member, booked by two people."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, Amount, Most, Page, Said, page
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.shares import distribution, progress_store
from core.shares.dividend import ShareTreatment, Weighting
from core.shares.progress_store import Progress
from core.shares.share_actions import BOOK_DIVIDEND, DECLARE_DIVIDEND, Declaration, DividendYear
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/dividends", tags=["shares"])

_AMOUNT = r"^\d{1,15}(\.\d{1,2})?$"
_PERCENT = r"^\d{1,2}(\.\d{1,4})?$"
_FIRST_YEAR, _LAST_YEAR = 1900, 9999
_Reader = Annotated[SignedIn, needs(Permission.LEDGER_READ)]
_Declarer = Annotated[SignedIn, needs(Permission.SAVINGS_TERMS)]
_Year = Annotated[int, Path(ge=_FIRST_YEAR, le=_LAST_YEAR)]


class DeclarationSaid(Said):
    """What the meeting decided for a year that is over."""

    year: int = Field(ge=_FIRST_YEAR, le=_LAST_YEAR)
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


class Reckoning(Said):
    """Behind which member to go on: `next` of the answer before; null begins."""

    after: str | None = Field(default=None, max_length=64)


class Reckoned(BaseModel):
    """`next` goes on; it is null when every member is reckoned."""

    next: str | None


@router.get("")
async def dividends(
    _: _Reader,
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


@router.post("", response_model=Approval, status_code=202)
async def declare_dividend(said: DeclarationSaid, who: _Declarer, write: Write) -> Response:
    """Ask for what the meeting decided on a year to be entered."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        request = await checking.propose(session, now, write.desk.ids, DECLARE_DIVIDEND, said.facts(), who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)


@router.post("/{year}/reckonings", response_model=Reckoned)
async def reckon_members(year: _Year, said: Reckoning, who: _Declarer, write: Write) -> Response:
    """Work out what the next thousand members earn, to be seen before it is booked. A repeat changes nothing."""

    async def work(session: WriteSession, now: datetime) -> Reckoned:
        _ = now
        return Reckoned(next=await distribution.reckon_members(session, year=year, after=said.after or ""))

    return await write.answer(who, work)


@router.post("/{year}/booking", response_model=Approval, status_code=202)
async def book_dividend(year: _Year, who: _Declarer, write: Write) -> Response:
    """Ask for all that members earn to be booked as owed; whoever is not reckoned yet is reckoned first."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = DividendYear(year=year)
        return Approval.of(
            await checking.propose(session, now, write.desk.ids, BOOK_DIVIDEND, facts, who), now
        )

    return await write.answer(who, work, status=202)
