"""What are other currencies worth, and when is what we hold of them brought to its worth? A second person agrees."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, Most, Page, Said, page
from channels.admin.writing import Write
from core.clock import business_date
from core.db.engine import WriteSession
from core.ledger import exchange
from core.ledger.book_actions import REVALUE, SET_EXCHANGE_RATE, PublishedRate, RevaluationDay
from core.ledger.exchange import EnteredRate
from core.money import Currency
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/ledger/exchange-rates", tags=["ledger"])

_Reader = Annotated[SignedIn, needs(Permission.LEDGER_READ)]
_Keeper = Annotated[SignedIn, needs(Permission.LEDGER_CLOSE)]


class RateSaid(Said):
    """What one whole unit of a currency costs in shillings from a day on, and who published it."""

    currency: Currency
    per_unit: str = Field(pattern=r"^\d{1,9}(\.\d{1,8})?$", examples=["129.2450"])
    valid_from: date = Field(lt=date.max)
    source: str = Field(min_length=3, max_length=200, examples=["Central Bank of Kenya"])


class RevaluationSaid(Said):
    """The day whose rates hold; today if none is given."""

    on: date | None = None


class RateShown(BaseModel):
    """A rate as it was entered."""

    currency: str
    per_unit: str
    valid_from: date
    source: str

    @classmethod
    def of(cls, entered: EnteredRate) -> "RateShown":
        return cls(
            currency=entered.rate.currency,
            per_unit=entered.per_unit,
            valid_from=entered.rate.valid_from,
            source=entered.source,
        )


@router.get("")
async def exchange_rates(
    _: _Reader,
    desk: Desk,
    currency: Currency,
    before: Annotated[
        date | None, Query(alias="after", description="`next` of the page before: a day.")
    ] = None,
    most: Most = PAGE_DEFAULT,
) -> Page[RateShown]:
    """One currency's rates, the newest first."""
    async with desk.database.reading() as session:
        found = await exchange.entered_rates(session, currency, before=before, most=most + 1)
    return page(found, most, RateShown.of, lambda each: each.rate.valid_from.isoformat())


@router.post("", response_model=Approval, status_code=202)
async def set_exchange_rate(said: RateSaid, who: _Keeper, write: Write) -> Response:
    """Ask for a rate to be entered. The rate of a day is never changed; a correction holds from a later day."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = PublishedRate(
            currency=said.currency,
            per_unit=said.per_unit,
            valid_from=said.valid_from,
            source=said.source,
        )
        request = await checking.propose(session, now, write.desk.ids, SET_EXCHANGE_RATE, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)


@router.post("/revaluation", response_model=Approval, status_code=202)
async def revalue(said: RevaluationSaid, who: _Keeper, write: Write) -> Response:
    """Ask for what we hold in other currencies to be brought to its worth at a day's rates."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = RevaluationDay(on=said.on or business_date(now))
        return Approval.of(await checking.propose(session, now, write.desk.ids, REVALUE, facts, who), now)

    return await write.answer(who, work, status=202)
