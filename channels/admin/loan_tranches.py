"""What money goes out on a running loan, and what comes back out of it? Later tranches, and payments taken back."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from channels.admin.approvals import Approval
from channels.admin.doors import needs
from channels.admin.loan_shapes import LoanShown
from channels.admin.schemas import Said
from channels.admin.writing import Write
from core.clock import business_date
from core.db.engine import WriteSession
from core.lending.applications.pay_tranche import pay_tranche
from core.lending.checked_changes import CHARGE_BACK, TakenBack
from core.lending.lifecycle import PaidTo
from core.money import Money
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/loans/{loan_id}", tags=["loans"])

_AMOUNT = r"^\d{1,15}(\.\d{1,2})?$"


class TrancheSaid(Said):
    """How much of what was agreed is paid out now, and where it goes."""

    amount: str = Field(pattern=_AMOUNT, examples=["50000.00"])
    paid_to: Literal[PaidTo.SAVINGS, PaidTo.BANK] = PaidTo.SAVINGS


class ChargebackSaid(Said):
    """How much of which payment, by its number in the loan's log, a bank or provider took back."""

    event: int = Field(ge=1, le=2**31 - 1)
    amount: str = Field(pattern=_AMOUNT, examples=["5000.00"])
    reason: str = Field(min_length=3, max_length=500)


@router.post("/tranches", response_model=LoanShown, status_code=201)
async def pay_out_tranche(
    loan_id: str,
    said: TrancheSaid,
    who: Annotated[SignedIn, needs(Permission.APPLICATIONS_DISBURSE)],
    write: Write,
) -> Response:
    """Pay out a later part. Not of what one appraised."""

    async def work(session: WriteSession, now: datetime) -> LoanShown:
        made = await pay_tranche(
            session,
            write.desk.ids,
            key=f"staff:{who.staff.staff_id}:{write.key}",
            loan_id=loan_id,
            amount=Money.parse(said.amount),
            paid_to=said.paid_to,
            by=who.staff.staff_id,
            now=now,
        )
        return LoanShown.of(made, business_date(now))

    return await write.answer(who, work, status=201)


@router.post("/chargebacks", response_model=Approval, status_code=202)
async def charge_back(
    loan_id: str, said: ChargebackSaid, who: Annotated[SignedIn, needs(Permission.LOANS_SERVE)], write: Write
) -> Response:
    """Ask for a payment that was taken back to be due again. A colleague agrees under /approvals."""
    facts = TakenBack(loan=loan_id, event=said.event, amount=said.amount, reason=said.reason)

    async def work(session: WriteSession, now: datetime) -> Approval:
        request = await checking.propose(session, now, write.desk.ids, CHARGE_BACK, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)
