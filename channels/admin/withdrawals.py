"""How does a member at the counter have money sent to their phone? Told the cost first, then asked for."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.payout_shapes import PayoutShown, QuoteShown
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.money import Money
from core.savings.service.withdraw import quote_withdrawal, request_withdrawal
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/withdrawals", tags=["payouts"])

_Server = Annotated[SignedIn, needs(Permission.SAVINGS_SERVE)]
_AMOUNT = r"^\d{1,12}(\.\d{1,2})?$"


class WithdrawalSaid(Said):
    """How much of which account, and the total that the member was told."""

    member_id: str = Field(min_length=1, max_length=64)
    account: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=_AMOUNT, examples=["1000"])
    total_told: str = Field(pattern=_AMOUNT, examples=["1006.00"])


@router.get("/cost")
async def cost(
    _: _Server,
    desk: Desk,
    member_id: Annotated[str, Query(max_length=64)],
    account: Annotated[str, Query(max_length=64)],
    amount: Annotated[str, Query(pattern=_AMOUNT)],
) -> QuoteShown:
    """What a withdrawal would cost now, or why it can't be made."""
    async with desk.database.reading() as session:
        quoted = await quote_withdrawal(
            session,
            member_id=member_id,
            account_id=account,
            amount=Money.parse(amount),
            now=desk.clock.now(),
            terms=desk.withdrawals,
        )
    return QuoteShown.of(quoted)


@router.post("", response_model=PayoutShown, status_code=202)
async def withdraw(said: WithdrawalSaid, who: _Server, write: Write) -> Response:
    """Hold the money and have it sent to the member's own phone. A large one waits under /approvals."""

    async def work(session: WriteSession, now: datetime) -> PayoutShown:
        payout = await request_withdrawal(
            session,
            ids=write.desk.ids,
            payout_id=write.desk.ids.new("wdl"),
            member_id=said.member_id,
            account_id=said.account,
            amount=Money.parse(said.amount),
            total_shown=Money.parse(said.total_told),
            channel="branch",
            by=who.staff.staff_id,
            now=now,
            terms=write.desk.withdrawals,
        )
        return PayoutShown.of(payout)

    return await write.answer(who, work, status=202)
