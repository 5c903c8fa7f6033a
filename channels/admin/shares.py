"""How are shares bought and passed on at the counter?"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.doors import needs
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.audit import store as audit
from core.db.engine import WriteSession
from core.money import Money
from core.shares import service
from core.shares.share_actions import TRANSFER_SHARES, Transfer
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/members/{member_id}/shares", tags=["shares"])

_AMOUNT = r"^\d{1,15}(\.\d{1,2})?$"
_Server = Annotated[SignedIn, needs(Permission.SAVINGS_SERVE)]


class Purchase(Said):
    """Whole shares, by their price, out of an own savings account."""

    source: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=_AMOUNT, examples=["1000.00"])


class Bought(BaseModel):
    """The journal of the purchase, by its number."""

    number: int


class TransferSaid(Said):
    """Whole shares for another member, by their price. Who is leaving passes all on."""

    receiver_id: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=_AMOUNT, examples=["1000.00"])
    leaving: bool = False
    reason: str = Field(min_length=3, max_length=500)


@router.post("/purchases", response_model=Bought)
async def buy_shares(member_id: str, said: Purchase, who: _Server, write: Write) -> Response:
    """Buy whole shares, as the member asks."""

    async def work(session: WriteSession, now: datetime) -> Bought:
        key = write.desk.ids.new("shr")
        posted = await service.buy_shares(
            session,
            key=key,
            member_id=member_id,
            source_id=said.source,
            amount=Money.parse(said.amount),
            now=now,
        )
        facts = {"amount": said.amount, "source": said.source, "journal": f"shares:{key}"}
        await audit.record(
            session,
            at=now,
            actor=who.staff.staff_id,
            action="shares.bought",
            subject=member_id,
            facts=facts,
        )
        return Bought(number=posted.journal_id)

    return await write.answer(who, work)


@router.post("/transfers", response_model=Approval, status_code=202)
async def transfer_shares(member_id: str, said: TransferSaid, who: _Server, write: Write) -> Response:
    """Ask for shares to pass to another member. A colleague agrees under /approvals."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = Transfer(
            member_id=member_id,
            receiver_id=said.receiver_id,
            amount=said.amount,
            leaving=said.leaving,
            reason=said.reason,
        )
        request = await checking.propose(session, now, write.desk.ids, TRANSFER_SHARES, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)
