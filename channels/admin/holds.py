"""How does staff keep money from moving, and let it go? A court's order or a dispute; letting go needs two people."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from channels.admin.approvals import Approval
from channels.admin.doors import needs
from channels.admin.savings import HoldShown
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.money import Money
from core.savings.model import HoldReason
from core.savings.saving_actions import RELEASE_HOLD, Release
from core.savings.service import holds
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/holds", tags=["savings"])

_Holder = Annotated[SignedIn, needs(Permission.SAVINGS_HOLD)]


class StaffReason(StrEnum):
    """Why staff hold money; loans and payments place holds of their own."""

    LEGAL = HoldReason.LEGAL.value
    DISPUTE = HoldReason.DISPUTE.value


class HoldSaid(Said):
    """How much of which account, and what for: a court's file number, say. Until a last day, or until released."""

    account: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=r"^\d{1,15}(\.\d{1,2})?$", examples=["1000.00"])
    reason: StaffReason
    subject: str = Field(min_length=3, max_length=200)
    until: date | None = None


class ReleaseSaid(Said):
    """Why the money is free again."""

    reason: str = Field(min_length=3, max_length=500)


@router.post("", response_model=HoldShown)
async def place_hold(said: HoldSaid, who: _Holder, write: Write) -> Response:
    """Hold money now: nobody waits for a second person while it could be moved."""

    async def work(session: WriteSession, now: datetime) -> HoldShown:
        hold = await holds.place_hold(
            session,
            hold_id=write.desk.ids.new("hld"),
            account_id=said.account,
            amount=Money.parse(said.amount),
            reason=HoldReason(said.reason),
            subject=said.subject,
            by=who.staff.staff_id,
            now=now,
            until=said.until,
        )
        return HoldShown.of(hold)

    return await write.answer(who, work)


@router.post("/{hold_id}/release", response_model=Approval, status_code=202)
async def release_hold(hold_id: str, said: ReleaseSaid, who: _Holder, write: Write) -> Response:
    """Ask for a hold that staff placed to end. A colleague agrees under /approvals."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = Release(hold=hold_id, reason=said.reason)
        return Approval.of(
            await checking.propose(session, now, write.desk.ids, RELEASE_HOLD, facts, who), now
        )

    return await write.answer(who, work, status=202)
