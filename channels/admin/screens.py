"""What did a member see on the phone at 14:02? The kept screens, for disputes; for those who may read the trail."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, AfterNumber, Most, Page, page
from core.audit import shown
from core.audit.shown import KeptScreen
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/screens", tags=["audit"])


class Screen(BaseModel):
    """A screen as it stood on a phone, long numbers hidden. `agreed` says that a change was made on it.

    `seal` chains it to the screens before; empty for the few seconds until it is chained.
    """

    id: int
    at: datetime
    member_id: str
    phone: str
    channel: str
    network: str
    came_from: str
    label: str
    language: str
    text: str
    agreed: bool
    seal: str

    @classmethod
    def of(cls, kept: KeptScreen) -> "Screen":
        screen = kept.screen
        return cls(
            id=kept.screen_id,
            at=screen.at,
            member_id=screen.member_id,
            phone=screen.phone,
            channel=screen.channel,
            network=screen.network,
            came_from=screen.came_from,
            label=screen.label,
            language=screen.language,
            text=screen.text,
            agreed=screen.bound,
            seal=kept.seal,
        )


@router.get("")
async def screens(
    _: Annotated[SignedIn, needs(Permission.AUDIT_READ)],
    desk: Desk,
    member: Annotated[str | None, Query(max_length=64)] = None,
    phone: Annotated[str | None, Query(max_length=16, pattern=r"^\+\d{7,15}$")] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    after: AfterNumber = None,
    most: Most = PAGE_DEFAULT,
) -> Page[Screen]:
    """Screens, the newest first; of one member, of a phone number, between two moments."""
    async with desk.database.reading() as session:
        found = await shown.find(
            session,
            member_id=member,
            phone=phone,
            since=since,
            until=until,
            before=after,
            most=most + 1,
        )
    return page(found, most, Screen.of, lambda each: str(each.screen_id))
