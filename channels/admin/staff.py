"""Who works here? Colleagues, their locks and their sessions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.staff import people, store, try_store
from core.staff.model import SignedIn, Staff
from core.staff.permissions import Permission

router = APIRouter(prefix="/staff", tags=["staff"])


class Colleague(BaseModel):
    """A person of staff, with their roles and what these permit."""

    id: str
    email: str
    first_name: str
    last_name: str
    status: str
    roles: list[str]
    permissions: list[str]
    locked_until: datetime | None = None

    @classmethod
    def of(cls, staff: Staff, locked_until: datetime | None = None) -> "Colleague":
        return cls(
            id=staff.staff_id,
            email=staff.email,
            first_name=staff.first_name,
            last_name=staff.last_name,
            status=staff.status,
            roles=sorted(staff.roles),
            permissions=sorted(staff.permissions),
            locked_until=locked_until,
        )


class SessionsEnded(BaseModel):
    """How many sessions were ended."""

    sessions_ended: int


@router.get("")
async def colleagues(_: Annotated[SignedIn, needs(Permission.STAFF_READ)], desk: Desk) -> list[Colleague]:
    """Everybody who works or worked here, by name."""
    async with desk.database.reading() as session:
        locked = await try_store.locked_until(session)
        return [Colleague.of(staff, locked.get(staff.email)) for staff in await store.everybody(session)]


@router.post("/{staff_id}/unlock", response_model=Colleague)
async def unlock(
    staff_id: str, who: Annotated[SignedIn, needs(Permission.STAFF_MANAGE)], write: Write
) -> Response:
    """Lift the locks of a colleague's sign-in, wherever they are."""

    async def work(session: WriteSession, now: datetime) -> Colleague:
        await people.let_in_again(session, now, staff_id, by=who.staff.staff_id)
        return Colleague.of(await store.find(session, staff_id))

    return await write.answer(who, work)


@router.post("/{staff_id}/sessions/end", response_model=SessionsEnded)
async def end_sessions(
    staff_id: str, who: Annotated[SignedIn, needs(Permission.STAFF_MANAGE)], write: Write
) -> Response:
    """Sign a colleague out everywhere."""

    async def work(session: WriteSession, now: datetime) -> SessionsEnded:
        ended = await people.end_sessions(session, now, staff_id, by=who.staff.staff_id)
        return SessionsEnded(sessions_ended=ended)

    return await write.answer(who, work)
