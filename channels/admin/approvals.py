"""What waits for a second person? The queue, and saying yes, no, or never mind."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from channels.admin.desk import Desk
from channels.admin.doors import AnyStaff, needs
from channels.admin.schemas import PAGE_DEFAULT, After, Most, Page, Said, page
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.staff import checking, request_store
from core.staff.approval import Request
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/approvals", tags=["approvals"])


class Approval(BaseModel):
    """Something one person asked for and another decides on, or has decided on."""

    id: str
    action: str = Field(examples=["ledger.post_by_hand"])
    subject: str
    facts: dict[str, object]
    maker: str
    made_at: datetime
    expires_at: datetime
    state: str
    checker: str | None
    decided_at: datetime | None
    reason: str
    outcome: dict[str, str] = Field(examples=[{"journal": "4711"}])

    @classmethod
    def of(cls, request: Request, now: datetime) -> "Approval":
        return cls(
            id=request.request_id,
            action=request.action,
            subject=request.subject,
            facts=msgspec.json.decode(request.facts, type=dict[str, object]),
            maker=request.maker,
            made_at=request.made_at,
            expires_at=request.expires_at,
            state=request.state_at(now),
            checker=request.checker,
            decided_at=request.decided_at,
            reason=request.reason,
            outcome=request.outcome,
        )


class Rejection(Said):
    """Why not. The reason stays with the request."""

    reason: str = Field(min_length=3, max_length=500)


@router.get("/waiting")
async def waiting(
    who: Annotated[SignedIn, needs(Permission.APPROVALS_READ)],
    desk: Desk,
    after: After = None,
    most: Most = PAGE_DEFAULT,
) -> Page[Approval]:
    """What I may decide on or asked for myself, the oldest first."""
    now = desk.clock.now()
    mine = [code for code, action in desk.actions.items() if action.approve in who.staff.permissions]
    async with desk.database.reading() as session:
        found = await request_store.waiting(
            session, actions=mine, maker=who.staff.staff_id, now=now, after=after or "", most=most + 1
        )
    return page(found, most, lambda each: Approval.of(each, now), lambda each: each.request_id)


@router.get("")
async def approvals(
    _: Annotated[SignedIn, needs(Permission.APPROVALS_READ)],
    desk: Desk,
    maker: Annotated[str | None, Query(max_length=64)] = None,
    subject: Annotated[str | None, Query(max_length=64)] = None,
    after: After = None,
    most: Most = PAGE_DEFAULT,
) -> Page[Approval]:
    """Requests in any state, the newest first; of one person or about one thing if asked so."""
    now = desk.clock.now()
    async with desk.database.reading() as session:
        found = await request_store.latest(session, maker=maker, subject=subject, before=after, most=most + 1)
    return page(found, most, lambda each: Approval.of(each, now), lambda each: each.request_id)


@router.get("/{request_id}")
async def approval(
    request_id: str, _: Annotated[SignedIn, needs(Permission.APPROVALS_READ)], desk: Desk
) -> Approval:
    """One request."""
    async with desk.database.reading() as session:
        return Approval.of(await request_store.find(session, request_id), desk.clock.now())


# Each action names the permission that decides on it, so these doors only ask who it is.
@router.post("/{request_id}/approve", response_model=Approval)
async def approve(request_id: str, who: AnyStaff, write: Write) -> Response:
    """Agree: it is done now. Never for what one asked for oneself."""
    desk = write.desk

    async def work(session: WriteSession, now: datetime) -> Approval:
        decided = await checking.approve(session, now, desk.ids, desk.actions, who, request_id=request_id)
        return Approval.of(decided, now)

    return await write.answer(who, work)


@router.post("/{request_id}/reject", response_model=Approval)
async def reject(request_id: str, said: Rejection, who: AnyStaff, write: Write) -> Response:
    """Say no, and why."""
    desk = write.desk

    async def work(session: WriteSession, now: datetime) -> Approval:
        decided = await checking.reject(
            session, now, desk.ids, desk.actions, who, request_id=request_id, reason=said.reason
        )
        return Approval.of(decided, now)

    return await write.answer(who, work)


@router.post("/{request_id}/withdraw", response_model=Approval)
async def withdraw(request_id: str, who: AnyStaff, write: Write) -> Response:
    """Take back what I asked for."""
    desk = write.desk

    async def work(session: WriteSession, now: datetime) -> Approval:
        ended = await checking.withdraw(session, now, desk.ids, desk.actions, who, request_id=request_id)
        return Approval.of(ended, now)

    return await write.answer(who, work)
