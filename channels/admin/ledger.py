"""What do the books say, and how is something posted by hand? Every posting needs a second person."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from channels.admin.approvals import Approval
from channels.admin.doors import needs
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.checked_actions import POST_BY_HAND
from core.db.engine import WriteSession
from core.ledger.by_hand import HandLine, HandSide, HandTransaction
from core.money import Currency
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/ledger", tags=["ledger"])

_LINES_MAX = 100
_Poster = Annotated[SignedIn, needs(Permission.LEDGER_POST)]


class TransactionLine(Said):
    """So much on one side of one account."""

    account: str = Field(min_length=1, max_length=100, examples=["5260"])
    side: HandSide
    amount: str = Field(pattern=r"^\d{1,15}(\.\d{1,2})?$", examples=["1000.00"])


class Transaction(Said):
    """A transaction to be posted: what is debited is what is credited."""

    business_date: date
    currency: Currency = Currency.KES
    reason: str = Field(min_length=3, max_length=500)
    lines: list[TransactionLine] = Field(min_length=2, max_length=_LINES_MAX)

    def facts(self) -> HandTransaction:
        return HandTransaction(
            business_date=self.business_date,
            currency=self.currency,
            reason=self.reason,
            lines=tuple(
                HandLine(account=line.account, side=line.side, amount=line.amount) for line in self.lines
            ),
        )


@router.post("/transactions", response_model=Approval, status_code=202)
async def post_by_hand(said: Transaction, who: _Poster, write: Write) -> Response:
    """Ask for a manual transaction. It is posted when a colleague agrees under /approvals."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        request = await checking.propose(session, now, write.desk.ids, POST_BY_HAND, said.facts(), who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)
