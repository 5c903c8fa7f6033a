"""What has gone wrong and waits for a person? Payments with incidents, and jobs that failed at their last try."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.payment_shapes import PaymentShown
from channels.admin.schemas import PAGE_DEFAULT, After, AfterNumber, Most, Page, Said, page
from channels.admin.writing import Write
from core import outbox
from core.audit import store as audit
from core.db.engine import WriteSession
from core.errors import UnknownJob
from core.outbox import DeadLetter
from core.payments import incidents
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/work", tags=["work"])

_Reader = Annotated[SignedIn, needs(Permission.WORK_READ)]
_Doer = Annotated[SignedIn, needs(Permission.WORK_DO)]
_JobId = Annotated[int, Path(ge=1, le=2**62)]


class Closing(Said):
    """What was found and done about it."""

    reason: str = Field(min_length=3, max_length=500)


class Closed(BaseModel):
    """The payment whose incident is closed."""

    payment_id: str


class FailedJob(BaseModel):
    """A job that failed at its last try."""

    id: int
    kind: str
    facts: dict[str, str]
    tries: int
    last_error: str
    created_at: datetime

    @classmethod
    def of(cls, letter: DeadLetter) -> "FailedJob":
        return cls(
            id=letter.row_id,
            kind=letter.kind,
            facts=letter.facts,
            tries=letter.tries,
            last_error=letter.last_error,
            created_at=letter.created_at,
        )


class Retried(BaseModel):
    """The job that will be tried again."""

    id: int


@router.get("/incidents")
async def payments_with_incidents(
    _: _Reader, desk: Desk, after: After = None, most: Most = PAGE_DEFAULT
) -> Page[PaymentShown]:
    """Payments that a person should look at, the oldest first."""
    async with desk.database.reading() as session:
        found = await incidents.with_incident(session, after=after or "", most=most + 1)
    return page(found, most, PaymentShown.of, lambda each: each.payment.payment_id)


@router.post("/incidents/{payment_id}/close", response_model=Closed)
async def close_incident(payment_id: str, said: Closing, who: _Doer, write: Write) -> Response:
    """Say that a payment was looked at. The trail keeps the incident."""

    async def work(session: WriteSession, now: datetime) -> Closed:
        await incidents.close(session, now, payment_id, by=who.staff.staff_id, reason=said.reason)
        return Closed(payment_id=payment_id)

    return await write.answer(who, work)


@router.get("/failed-jobs")
async def failed_jobs(
    _: _Reader, desk: Desk, after: AfterNumber = None, most: Most = PAGE_DEFAULT
) -> Page[FailedJob]:
    """Jobs that failed for good, the oldest first."""
    async with desk.database.reading() as session:
        found = await outbox.dead(session, after=after or 0, most=most + 1)
    return page(found, most, FailedJob.of, lambda each: str(each.row_id))


@router.post("/failed-jobs/{job_id}/retry", response_model=Retried)
async def retry_job(job_id: _JobId, who: _Doer, write: Write) -> Response:
    """Have a failed job tried again, with all its tries."""

    async def work(session: WriteSession, now: datetime) -> Retried:
        if not await outbox.revive(session, job_id, at=now):
            raise UnknownJob(row_id=job_id)
        await audit.record(
            session, at=now, actor=who.staff.staff_id, action="work.job_retried", subject=f"job:{job_id}"
        )
        return Retried(id=job_id)

    return await write.answer(who, work)
