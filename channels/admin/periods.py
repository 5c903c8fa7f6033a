"""Which months of the books are closed, and who asks for the next? A second person agrees under /approvals."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.ledger import periods
from core.ledger.book_actions import CLOSE_MONTH, CLOSE_YEAR, REOPEN_MONTH, Month, YearEnd
from core.ledger.periods import ClosedPeriod
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/ledger", tags=["ledger"])

_Reader = Annotated[SignedIn, needs(Permission.LEDGER_READ)]
_Closer = Annotated[SignedIn, needs(Permission.LEDGER_CLOSE)]


class MonthSaid(Said):
    """A month by any of its days, and why."""

    month: date = Field(examples=["2026-02-01"])
    reason: str = Field(min_length=3, max_length=500)

    def facts(self) -> Month:
        return Month(month=periods.month_of(self.month), reason=self.reason)


class YearSaid(Said):
    """The last day of the year that is to be closed."""

    year_end: date = Field(examples=["2025-12-31"])


class ClosedMonth(BaseModel):
    """A month that takes no more journals."""

    month: date
    is_year_end: bool
    closed_by: str
    closed_at: datetime

    @classmethod
    def of(cls, period: ClosedPeriod) -> "ClosedMonth":
        return cls(
            month=period.month,
            is_year_end=period.is_year_end,
            closed_by=period.closed_by,
            closed_at=period.closed_at,
        )


class Months(BaseModel):
    """Every closed month, the latest first. The books take journals from `open_from` on; null takes any day."""

    open_from: date | None
    closed: list[ClosedMonth]


@router.get("/months")
async def months(_: _Reader, desk: Desk) -> Months:
    """Which months are closed."""
    async with desk.database.reading() as session:
        closed = await periods.closed_periods(session)
        return Months(
            open_from=await periods.open_from(session), closed=[ClosedMonth.of(each) for each in closed]
        )


@router.post("/months/close", response_model=Approval, status_code=202)
async def close_month(said: MonthSaid, who: _Closer, write: Write) -> Response:
    """Ask for the next month to be closed, when it is over."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        request = await checking.propose(session, now, write.desk.ids, CLOSE_MONTH, said.facts(), who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)


@router.post("/months/reopen", response_model=Approval, status_code=202)
async def reopen_month(said: MonthSaid, who: _Closer, write: Write) -> Response:
    """Ask for the month that was closed last to take journals again. The end of a year stays closed."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        request = await checking.propose(session, now, write.desk.ids, REOPEN_MONTH, said.facts(), who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)


@router.post("/years/close", response_model=Approval, status_code=202)
async def close_year(said: YearSaid, who: _Closer, write: Write) -> Response:
    """Ask for a year's income and expense to go to retained earnings, and its last month to be closed."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = YearEnd(year_end=said.year_end)
        return Approval.of(await checking.propose(session, now, write.desk.ids, CLOSE_YEAR, facts, who), now)

    return await write.answer(who, work, status=202)
