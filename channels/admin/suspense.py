"""What came in and belongs to nobody yet, and how does it find its place? A second person agrees."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, Amount, Most, Page, Said, page
from channels.admin.writing import Write
from core.clock import business_date
from core.db.engine import WriteSession
from core.ledger import suspense
from core.ledger.book_actions import CLEAR_SUSPENSE, Clearing
from core.ledger.suspense import OpenReceipt
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/ledger/suspense", tags=["ledger"])

_PARTS_MAX = 20
_Reader = Annotated[SignedIn, needs(Permission.LEDGER_READ)]
_Poster = Annotated[SignedIn, needs(Permission.LEDGER_POST)]
_After = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]


class Waiting(BaseModel):
    """A receipt of which `open` has no place yet. `receipt` is the key of its journal."""

    receipt: str
    received_on: date
    amount: Amount
    open: Amount

    @classmethod
    def of(cls, receipt: OpenReceipt) -> "Waiting":
        return cls(
            receipt=receipt.receipt,
            received_on=receipt.received_on,
            amount=Amount.of(receipt.amount),
            open=Amount.of(receipt.open),
        )


class Portion(Said):
    """So much for one account."""

    account: str = Field(min_length=1, max_length=100)
    amount: str = Field(pattern=r"^\d{1,15}(\.\d{1,2})?$", examples=["1000.00"])


class ClearingSaid(Said):
    """Where all or a part of a receipt belongs; today's business if no day is given."""

    receipt: str = Field(min_length=1, max_length=200)
    given_to: list[Portion] = Field(min_length=1, max_length=_PARTS_MAX)
    reason: str = Field(min_length=3, max_length=500)
    business_date: date | None = None


@router.get("")
async def still_open(
    _: _Reader, desk: Desk, after: _After = None, most: Most = PAGE_DEFAULT
) -> Page[Waiting]:
    """Receipts that wait for their place, the oldest first."""
    async with desk.database.reading() as session:
        found = await suspense.still_open(session, after=after, most=most + 1)
    return page(found, most, Waiting.of, lambda each: each.receipt)


@router.post("/clearings", response_model=Approval, status_code=202)
async def clear(said: ClearingSaid, who: _Poster, write: Write) -> Response:
    """Ask for a receipt to be moved to members' savings or other accounts. Loans are paid from there."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = Clearing(
            receipt=said.receipt,
            business_date=said.business_date or business_date(now),
            given_to=tuple((part.account, part.amount) for part in said.given_to),
            reason=said.reason,
        )
        request = await checking.propose(session, now, write.desk.ids, CLEAR_SUSPENSE, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)
