"""Which days are closed, and who is late? The state of closes, closing days by hand, and the list of arrears."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import Amount, BusinessDay, Said
from channels.admin.writing import Write
from core import day_close
from core.audit import store as audit
from core.clock import business_date
from core.closing import store as record
from core.closing.model import DayState, StepName, StepState
from core.day_close import Closing
from core.db.engine import WriteSession
from core.lending import collection_store
from core.lending.collection_queue import QueueEntry
from core.lending.repayer import SavingsRepayLoans
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(tags=["day close"])

_DAYS_SHOWN = 31
_Reader = Annotated[SignedIn, needs(Permission.LEDGER_READ)]
_Closer = Annotated[SignedIn, needs(Permission.DAYS_CLOSE)]
_Collector = Annotated[SignedIn, needs(Permission.ARREARS_READ)]


class StepShown(BaseModel):
    """One step of a day's end, and how much it did."""

    step: StepName
    done: int
    finished_at: datetime | None

    @classmethod
    def of(cls, state: StepState) -> "StepShown":
        return cls(step=state.step, done=state.done, finished_at=state.finished_at)


class CloseShown(BaseModel):
    """How far the end of a day has come."""

    business_date: date
    started_at: datetime
    finished_at: datetime | None
    steps: list[StepShown]

    @classmethod
    def of(cls, state: DayState) -> "CloseShown":
        return cls(
            business_date=state.business_date,
            started_at=state.started_at,
            finished_at=state.finished_at,
            steps=[StepShown.of(step) for step in state.steps],
        )


class Closes(BaseModel):
    """The days whose close has begun, the newest first, and the days that are over and wait."""

    closes: list[CloseShown]
    waiting: list[date]


class ToClose(Said):
    """The last day to be closed; the days before it are closed first."""

    business_date: BusinessDay


class DaysClosed(BaseModel):
    """The days that were closed by this, in order."""

    closed: list[date]


class Late(BaseModel):
    """A loan in arrears, as it was last aged."""

    loan_id: str
    member_id: str
    days_past_due: int
    overdue: Amount
    loan_class: str
    officer: str | None
    last_contact_on: date | None

    @classmethod
    def of(cls, entry: QueueEntry) -> "Late":
        case = entry.case
        return cls(
            loan_id=case.loan_id,
            member_id=case.member_id,
            days_past_due=case.days_past_due,
            overdue=Amount.of(case.overdue),
            loan_class=case.loan_class,
            officer=case.officer,
            last_contact_on=case.last_contact_on,
        )


class Arrears(BaseModel):
    """Loans in arrears, in the order in which they should be called about."""

    on: date
    loans: list[Late]


@router.get("/closes")
async def closes(_: _Reader, desk: Desk) -> Closes:
    """How far the ends of the last days have come, and which days wait for theirs."""
    async with desk.database.reading() as session:
        known = await record.latest(session, most=_DAYS_SHOWN)
        waiting = await day_close.days_to_close(session, desk.clock.now())
    return Closes(closes=[CloseShown.of(each) for each in known], waiting=list(waiting))


@router.post("/closes", response_model=DaysClosed)
async def close_days(said: ToClose, who: _Closer, write: Write) -> Response:
    """Close the days up to one that is over; what is closed stays so. A worker does this every night by itself."""
    desk = write.desk
    closing = Closing(desk.database, desk.clock, desk.ids, SavingsRepayLoans())
    # In transactions of its own, one a step: a close that is cut off goes on with the next try.
    closed = await day_close.close_missed(closing, through=said.business_date)

    async def work(session: WriteSession, now: datetime) -> DaysClosed:
        await audit.record(
            session,
            at=now,
            actor=who.staff.staff_id,
            action="days.closed",
            subject=said.business_date.isoformat(),
            facts={"closed": " ".join(day.isoformat() for day in closed)},
        )
        return DaysClosed(closed=closed)

    return await write.answer(who, work)


@router.get("/arrears")
async def arrears(_: _Collector, desk: Desk, officer: str | None = None) -> Arrears:
    """Loans in arrears as they were last aged, the most urgent first; those of one officer where one is named."""
    on = business_date(desk.clock.now())
    async with desk.database.reading() as session:
        queue = await collection_store.queue(session, on=on, officer=officer)
    return Arrears(on=on, loans=[Late.of(entry) for entry in queue])
