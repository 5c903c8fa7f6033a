"""Where does a member want what their shares and deposits earn? Shown, and written down as they ask."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.members import store as members
from core.shares import dividend_store
from core.shares.distribution import choose_payout
from core.shares.dividend import Payout
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/members/{member_id}/dividend-choice", tags=["shares"])


class ChoiceSaid(Said):
    """To savings, deposits, shares, the member's loans, or M-Pesa; it holds for every year paid from now on."""

    payout: Payout


class ChoiceShown(BaseModel):
    """Where the member is paid; savings until they choose otherwise. What is overdue on loans goes first."""

    payout: Payout


@router.get("")
async def payout_choice(
    member_id: str, _: Annotated[SignedIn, needs(Permission.MEMBERS_READ)], desk: Desk
) -> ChoiceShown:
    """Where a member's dividend goes."""
    async with desk.database.reading() as session:
        await members.find(session, member_id)
        return ChoiceShown(payout=await dividend_store.choice(session, member_id))


@router.post("", response_model=ChoiceShown)
async def choose(
    member_id: str,
    said: ChoiceSaid,
    who: Annotated[SignedIn, needs(Permission.SAVINGS_SERVE)],
    write: Write,
) -> Response:
    """Write down what the member wants."""

    async def work(session: WriteSession, now: datetime) -> ChoiceShown:
        await choose_payout(session, member_id=member_id, payout=said.payout, now=now, by=who.staff.staff_id)
        return ChoiceShown(payout=said.payout)

    return await write.answer(who, work)
