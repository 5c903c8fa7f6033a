"""Who did what? The audit trail, for those who may read it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, AfterNumber, Most, Page, page
from core.audit import store as audit
from core.audit.chain import AuditEvent
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/audit", tags=["audit"])


class Event(BaseModel):
    """Who did what to which thing, and when."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    facts: dict[str, str]

    @classmethod
    def of(cls, event: AuditEvent) -> "Event":
        return cls(
            id=event.event_id,
            at=event.at,
            actor=event.actor,
            action=event.action,
            subject=event.subject,
            facts=event.facts,
        )


@router.get("")
async def events(
    _: Annotated[SignedIn, needs(Permission.AUDIT_READ)],
    desk: Desk,
    actor: Annotated[str | None, Query(max_length=64)] = None,
    subject: Annotated[str | None, Query(max_length=64)] = None,
    after: AfterNumber = None,
    most: Most = PAGE_DEFAULT,
) -> Page[Event]:
    """The trail, the newest first; of one person or about one thing if asked so."""
    async with desk.database.reading() as session:
        found = await audit.latest(
            session,
            actor=actor,
            subject=subject,
            before=after,
            most=most + 1,
        )
    return page(found, most, Event.of, lambda each: str(each.event_id))
