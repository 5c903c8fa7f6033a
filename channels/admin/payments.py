"""Which payments were there, and how is a member's phone asked for one from the counter?"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.payment_shapes import PaymentShown
from channels.admin.schemas import PAGE_DEFAULT, After, BusinessDay, Most, Page, Said, page
from channels.admin.writing import Write
from core.collecting import request_payment, tell_asked
from core.db.engine import WriteSession
from core.members import store as members
from core.money import Money
from core.payments import history
from core.payments.history import Wanted
from core.payments.incidents import SeenPayment
from core.payments.model import PaymentState, Purpose
from core.phone import Msisdn
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(tags=["payments"])

_Reader = Annotated[SignedIn, needs(Permission.PAYMENTS_READ)]
_Prompter = Annotated[SignedIn, needs(Permission.PAYMENTS_PROMPT)]
_Text = Annotated[str | None, Query(max_length=64)]

AMOUNT = r"^\d{1,9}(\.\d{1,2})?$"
CHANNEL = "staff"


class Prompting(Said):
    """What the member is asked to pay for; `subject` is a loan's, account's or share account's id, or a fee."""

    purpose: Purpose
    subject: str = Field(min_length=1, max_length=64)
    amount: str = Field(pattern=AMOUNT, examples=["1000.00"])
    phone: str | None = Field(default=None, max_length=32, description="Another phone than the member's.")


@router.get("/payments")
async def payments(
    _: _Reader,
    desk: Desk,
    member_id: _Text = None,
    state: PaymentState | None = None,
    purpose: Purpose | None = None,
    receipt: _Text = None,
    channel: _Text = None,
    since: Annotated[BusinessDay | None, Query()] = None,
    until: Annotated[BusinessDay | None, Query()] = None,
    after: After = None,
    most: Most = PAGE_DEFAULT,
) -> Page[PaymentShown]:
    """Payments, the newest first; a receipt of the paybill that was divided is several."""
    wanted = Wanted(member_id, state, purpose, receipt, channel, since, until)
    async with desk.database.reading() as session:
        found = await history.search(session, wanted, after=after or "", most=most + 1)
    return page(found, most, PaymentShown.of, lambda each: each.payment.payment_id)


@router.get("/payments/{payment_id}")
async def payment(payment_id: str, _: _Reader, desk: Desk) -> PaymentShown:
    """One payment as it stands now: asked again, it shows what becomes of a prompt."""
    async with desk.database.reading() as session:
        return PaymentShown.of(await history.look_at(session, payment_id))


@router.post("/members/{member_id}/payments", response_model=PaymentShown, status_code=202)
async def prompt(member_id: str, said: Prompting, who: _Prompter, write: Write) -> Response:
    """Have a phone asked for a payment by M-Pesa. The member reads in an SMS who asks and for what."""

    async def work(session: WriteSession, now: datetime) -> PaymentShown:
        asked = await request_payment(
            session,
            payment_id=write.desk.ids.new("pay"),
            member=await members.find(session, member_id),
            purpose=said.purpose,
            subject=said.subject,
            amount=Money.parse(said.amount),
            channel=CHANNEL,
            now=now,
            phone=None if said.phone is None else Msisdn.parse(said.phone),
            asked_by=who.staff.staff_id,
        )
        await tell_asked(session, write.desk.ids, asked, now=now)
        return PaymentShown.of(SeenPayment(asked, ""))

    return await write.answer(who, work, status=202)
