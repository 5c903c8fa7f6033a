"""What came from providers and found no place? Receipts of the paybill, calls that fit nothing, likely attacks."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.payments import AMOUNT
from channels.admin.schemas import PAGE_DEFAULT, After, AfterNumber, Amount, Most, Page, Said, page
from channels.admin.writing import Write
from core.audit import security
from core.audit.security import SecurityEvent
from core.db.engine import WriteSession
from core.payments import callbacks, receipt_store
from core.payments.callback_store import KeptCall
from core.payments.model import Purpose
from core.payments.receipt_store import KeptReceipt
from core.payments.references import Match
from core.receiving.allocation import ALLOCATE_RECEIPT, AllocatedPart, Allocation
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/work", tags=["work"])

_Reader = Annotated[SignedIn, needs(Permission.WORK_READ)]
_Doer = Annotated[SignedIn, needs(Permission.WORK_DO)]
_Placer = Annotated[SignedIn, needs(Permission.PAYMENTS_PLACE)]
_PARTS_MAX = 20


class Suggestion(BaseModel):
    """A member who may have been meant, how sure that is (0 to 100), and why."""

    member_id: str
    confidence: int
    why: str
    loan_id: str | None

    @classmethod
    def of(cls, match: Match) -> "Suggestion":
        return cls(
            member_id=match.member_id,
            confidence=match.confidence,
            why=match.why,
            loan_id=match.loan_id,
        )


class ReceiptShown(BaseModel):
    """Money that waits in suspense. `reference` is what the payer typed as account number."""

    receipt: str
    amount: Amount
    reference: str
    payer_name: str
    payer_ending: str
    paid_at: datetime
    received_at: datetime
    suggestions: list[Suggestion]

    @classmethod
    def of(cls, kept: KeptReceipt) -> "ReceiptShown":
        receipt = kept.receipt
        return cls(
            receipt=receipt.receipt,
            amount=Amount.of(receipt.amount),
            reference=receipt.reference,
            payer_name=receipt.payer_name,
            payer_ending=receipt.payer_ending,
            paid_at=receipt.paid_at,
            received_at=kept.received_at,
            suggestions=[Suggestion.of(each) for each in kept.suggestions],
        )


class PlacePart(Said):
    """So much for one purpose; `subject` is a loan's, account's or share account's id, or a fee."""

    purpose: Purpose
    subject: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=AMOUNT, examples=["1000.00"])


class Placing(Said):
    """Whose the money is and what for. The parts make up the receipt."""

    member_id: str = Field(min_length=1, max_length=64)
    parts: list[PlacePart] = Field(min_length=1, max_length=_PARTS_MAX)
    reason: str = Field(min_length=3, max_length=500)


class CallShown(BaseModel):
    """A call that fits nothing; its body is without secrets and whole phone numbers."""

    id: str
    kind: str
    named: str
    body: str
    source: str
    why: str
    repeats: int
    received_at: datetime

    @classmethod
    def of(cls, kept: KeptCall) -> "CallShown":
        return cls(
            id=kept.callback_id,
            kind=kept.call.kind,
            named=kept.call.named,
            body=kept.call.body,
            source=kept.call.source,
            why=kept.why,
            repeats=kept.repeats,
            received_at=kept.received_at,
        )


class Seen(Said):
    """What was found and done about it."""

    reason: str = Field(min_length=3, max_length=500)


class Resolved(BaseModel):
    """The call that waits no more."""

    id: str


class SecurityShown(BaseModel):
    """So many events of a kind from one source within an hour; `detail` is of the first."""

    id: int
    kind: str
    source: str
    hour: datetime
    count: int
    detail: str
    last_at: datetime

    @classmethod
    def of(cls, event: SecurityEvent) -> "SecurityShown":
        return cls(
            id=event.event_id,
            kind=event.kind,
            source=event.source,
            hour=event.hour,
            count=event.count,
            detail=event.detail,
            last_at=event.last_at,
        )


@router.get("/receipts")
async def receipts(
    _: _Reader, desk: Desk, after: After = None, most: Most = PAGE_DEFAULT
) -> Page[ReceiptShown]:
    """Receipts of the paybill that wait for their place, the oldest first, with who may have been meant."""
    async with desk.database.reading() as session:
        found = await receipt_store.waiting(session, after=after or "", most=most + 1)
    return page(found, most, ReceiptShown.of, lambda each: each.receipt.receipt)


@router.post("/receipts/{receipt}/place", response_model=Approval, status_code=202)
async def place(receipt: str, said: Placing, who: _Placer, write: Write) -> Response:
    """Ask for a receipt to be credited to a member. A colleague agrees under /approvals."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = Allocation(
            receipt=receipt,
            member_id=said.member_id,
            parts=tuple(AllocatedPart(part.purpose, part.subject, part.amount) for part in said.parts),
            reason=said.reason,
        )
        request = await checking.propose(session, now, write.desk.ids, ALLOCATE_RECEIPT, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)


@router.get("/callbacks")
async def calls_that_fit_nothing(
    _: _Reader, desk: Desk, after: After = None, most: Most = PAGE_DEFAULT
) -> Page[CallShown]:
    """Providers' calls that fit nothing of ours, the oldest first."""
    async with desk.database.reading() as session:
        found = await callbacks.parked(session, after=after or "", most=most + 1)
    return page(found, most, CallShown.of, lambda each: each.callback_id)


@router.post("/callbacks/{callback_id}/resolve", response_model=Resolved)
async def resolve_call(callback_id: str, said: Seen, who: _Doer, write: Write) -> Response:
    """Say that a call was looked at. It stays kept."""

    async def work(session: WriteSession, now: datetime) -> Resolved:
        await callbacks.resolve(session, callback_id, by=who.staff.staff_id, reason=said.reason, now=now)
        return Resolved(id=callback_id)

    return await write.answer(who, work)


@router.get("/security-events")
async def security_events(
    _: _Reader, desk: Desk, after: AfterNumber = None, most: Most = PAGE_DEFAULT
) -> Page[SecurityShown]:
    """What looked like an attack, the newest first."""
    async with desk.database.reading() as session:
        found = await security.latest(session, before=after, most=most + 1)
    return page(found, most, SecurityShown.of, lambda each: str(each.event_id))
