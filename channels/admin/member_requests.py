"""What do members ask of a person? To be called, or to have data corrected or deleted; whoever did it says what."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, After, Most, Page, Said, page
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.membership import requests, store
from core.membership.model import MemberRequest
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/member-requests", tags=["members"])


class RequestShown(BaseModel):
    """A request, and its answer where it has one."""

    id: str
    member_id: str
    kind: str
    words: str
    asked_at: datetime
    answered_at: datetime | None
    answered_by: str | None
    answer: str

    @classmethod
    def of(cls, request: MemberRequest) -> "RequestShown":
        return cls(
            id=request.request_id,
            member_id=request.member_id,
            kind=request.kind,
            words=request.words,
            asked_at=request.asked_at,
            answered_at=request.closed_at,
            answered_by=request.closed_by,
            answer=request.answer,
        )


class Answer(Said):
    """What was done, or why not."""

    answer: str = Field(min_length=3, max_length=500)


@router.get("")
async def waiting(
    _: Annotated[SignedIn, needs(Permission.MEMBERS_READ)],
    desk: Desk,
    after: After = None,
    most: Most = PAGE_DEFAULT,
) -> Page[RequestShown]:
    """Requests that nobody has answered, the oldest first."""
    async with desk.database.reading() as session:
        found = await store.waiting_requests(session, after=after or "", most=most + 1)
    return page(found, most, RequestShown.of, lambda each: each.request_id)


@router.post("/{request_id}/answer", response_model=RequestShown)
async def answer(
    request_id: str, said: Answer, who: Annotated[SignedIn, needs(Permission.MEMBERS_ANSWER)], write: Write
) -> Response:
    """Take a request off the list; a later answer changes nothing."""

    async def work(session: WriteSession, now: datetime) -> RequestShown:
        request = await requests.answer_request(
            session, now, request_id=request_id, by=who.staff.staff_id, answer=said.answer
        )
        return RequestShown.of(request)

    return await write.answer(who, work)
