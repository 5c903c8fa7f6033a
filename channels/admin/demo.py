"""Which code would the demo's staff read on their phones? Shown to anybody, so mounted in the demo alone."""

from fastapi import APIRouter
from pydantic import BaseModel

from channels.admin.desk import Desk
from channels.admin.doors import OPEN
from core.errors import UnknownStaff
from core.staff import store
from core.staff.second_factor import next_code

router = APIRouter(prefix="/demo", tags=["demo"])


class Code(BaseModel):
    """A code that opens now, and for how long; empty where one waits that long for the next."""

    code: str
    seconds: int


@router.get("/second-factor", dependencies=[OPEN])
async def second_factor(email: str, desk: Desk) -> Code:
    """The next code of this person that was not used yet."""
    async with desk.database.reading() as session:
        known = await store.by_email(session, email.strip().lower())
    if known is None:
        raise UnknownStaff
    totp = desk.keys.factor.totp(known.staff.staff_id, known.factor_serial)
    code, seconds = next_code(totp, last_step=known.factor_last_step, now=desk.clock.now())
    return Code(code=code, seconds=seconds)
