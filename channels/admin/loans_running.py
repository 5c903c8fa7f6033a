"""What is done with a loan once it is approved? Paid out, repaid, charged, and changed when two people agree."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.loan_shapes import LoanShown, PartsShown, RepaymentShown
from channels.admin.schemas import BusinessDay, Said
from channels.admin.writing import Write, Writing
from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import DatesOutOfOrder, UnknownSavingsAccount
from core.ledger.chart import Gl
from core.lending import running as loans
from core.lending.checked_changes import (
    CALL_GUARANTEES,
    RESCHEDULE,
    REVERSE_EVENT,
    WAIVE_CHARGE,
    WRITE_OFF,
    EventChange,
    LoanChange,
    NewPlan,
)
from core.lending.model import Portion
from core.lending.service.charges import charge
from core.lending.service.disburse import settle_disbursement, void_disbursement
from core.lending.service.repay import post_repayment
from core.money import Money
from core.savings import store as savings
from core.savings.model import SavingsProduct
from core.staff import checking
from core.staff.checked import CheckedAction, FactsT
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/loans", tags=["loans"])

_Reader = Annotated[SignedIn, needs(Permission.LOANS_READ)]
_Server = Annotated[SignedIn, needs(Permission.LOANS_SERVE)]
_Decider = Annotated[SignedIn, needs(Permission.LOANS_DECIDE)]
_Reason = Annotated[str, Field(min_length=3, max_length=500)]
_Amount = Annotated[str, Field(min_length=1, max_length=30, examples=["5000.00"])]
_EventNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ReceivedIn(StrEnum):
    """Where the money of a repayment came in."""

    CASH = "cash"
    BANK = "bank"
    SAVINGS = "savings"
    """Out of the member's own savings."""


class Repayment(Said):
    """Money that came for a loan; `paid_on` may be before today."""

    amount: _Amount
    received_in: ReceivedIn
    paid_on: BusinessDay | None = None


class NewCharge(Said):
    """A fee or a penalty; excise comes on top of a fee."""

    portion: Literal[Portion.FEE, Portion.PENALTY] = Field(examples=["fee"])
    amount: _Amount
    excise: _Amount | None = None
    name: str = Field(min_length=1, max_length=60)
    due_on: BusinessDay | None = None


class Why(Said):
    """The reason, which stays in the trail."""

    reason: _Reason


class AboutEvent(Said):
    """Which line of the loan's log, and why."""

    event: _EventNumber
    reason: _Reason


class Plan(Said):
    """From the row due on a day: another due date, more rows, or another rate a year. What is left out stays."""

    from_due: BusinessDay
    new_due: BusinessDay | None = None
    extra_instalments: int = Field(default=0, ge=0, le=600)
    percent_per_year: str | None = Field(default=None, pattern=r"^\d{1,4}(\.\d{1,8})?$")
    reason: _Reason


class Quote(BaseModel):
    """What clears a loan on a day."""

    loan_id: str
    on: date
    to_clear: PartsShown


@router.get("/{loan_id}")
async def loan(loan_id: str, _: _Reader, desk: Desk) -> LoanShown:
    """A loan with its schedule as it stands and everything that happened to it."""
    today = business_date(desk.clock.now())
    async with desk.database.reading() as session:
        return LoanShown.of(await loans.read_loan(session, loan_id, on=today), today)


@router.get("/{loan_id}/quote")
async def quote(loan_id: str, _: _Reader, desk: Desk, on: BusinessDay | None = None) -> Quote:
    """What settles the loan on a day, as it stands now; today if none is given, and none before."""
    today = business_date(desk.clock.now())
    day = on or today
    if day < today:
        raise DatesOutOfOrder(first=today, second=day)
    async with desk.database.reading() as session:
        running = await loans.read_loan(session, loan_id, on=today)
    return Quote(loan_id=loan_id, on=day, to_clear=PartsShown.of(running, running.to_clear(day)))


@router.post("/{loan_id}/payout-settled", response_model=LoanShown)
async def payout_settled(loan_id: str, who: _Decider, write: Write) -> Response:
    """The provider's statement shows that a loan's money arrived."""

    async def work(session: WriteSession, now: datetime) -> LoanShown:
        made = await settle_disbursement(
            session, ids=write.desk.ids, loan_id=loan_id, by=who.staff.staff_id, now=now
        )
        return LoanShown.of(made, business_date(now))

    return await write.answer(who, work)


@router.post("/{loan_id}/payout-failed", response_model=LoanShown)
async def payout_failed(loan_id: str, said: Why, who: _Decider, write: Write) -> Response:
    """A loan's money will never arrive: the loan is undone."""

    async def work(session: WriteSession, now: datetime) -> LoanShown:
        made = await void_disbursement(
            session,
            ids=write.desk.ids,
            loan_id=loan_id,
            reason=said.reason,
            by=who.staff.staff_id,
            now=now,
        )
        return LoanShown.of(made, business_date(now))

    return await write.answer(who, work)


@router.post("/{loan_id}/repayments", response_model=RepaymentShown, status_code=201)
async def repay(loan_id: str, said: Repayment, who: _Server, write: Write) -> Response:
    """Post a repayment that came over the counter or the bank, or out of the member's savings."""

    async def work(session: WriteSession, now: datetime) -> RepaymentShown:
        result = await post_repayment(
            session,
            key=_key(who, write),
            loan_id=loan_id,
            amount=Money.parse(said.amount),
            paid_from=await _account(session, loan_id, said.received_in, now),
            paid_on=said.paid_on or business_date(now),
            by=who.staff.staff_id,
            now=now,
        )
        return RepaymentShown.of(result)

    return await write.answer(who, work, status=201)


@router.post("/{loan_id}/charges", response_model=LoanShown, status_code=201)
async def add_charge(loan_id: str, said: NewCharge, who: _Server, write: Write) -> Response:
    """Charge a fee or a penalty."""

    async def work(session: WriteSession, now: datetime) -> LoanShown:
        made = await charge(
            session,
            key=_key(who, write),
            loan_id=loan_id,
            portion=said.portion,
            amount=Money.parse(said.amount),
            excise=None if said.excise is None else Money.parse(said.excise),
            name=said.name,
            due_on=said.due_on,
            by=who.staff.staff_id,
            now=now,
        )
        return LoanShown.of(made, business_date(now))

    return await write.answer(who, work, status=201)


@router.post("/{loan_id}/reversals", response_model=Approval, status_code=202)
async def reverse(loan_id: str, said: AboutEvent, who: _Server, write: Write) -> Response:
    """Ask to undo an event of the loan; later payments are divided anew."""
    facts = EventChange(loan=loan_id, event=said.event, reason=said.reason)
    return await _propose(write, who, REVERSE_EVENT, facts)


@router.post("/{loan_id}/waivers", response_model=Approval, status_code=202)
async def waive(loan_id: str, said: AboutEvent, who: _Server, write: Write) -> Response:
    """Ask to let the member off what is unpaid of a charge."""
    facts = EventChange(loan=loan_id, event=said.event, reason=said.reason)
    return await _propose(write, who, WAIVE_CHARGE, facts)


@router.post("/{loan_id}/reschedulings", response_model=Approval, status_code=202)
async def new_plan(loan_id: str, said: Plan, who: _Server, write: Write) -> Response:
    """Ask for other dates, more instalments or another rate."""
    facts = NewPlan(
        loan=loan_id,
        reason=said.reason,
        from_due=said.from_due,
        new_due=said.new_due,
        extra_instalments=said.extra_instalments,
        percent_per_year=said.percent_per_year,
    )
    return await _propose(write, who, RESCHEDULE, facts)


@router.post("/{loan_id}/write-off", response_model=Approval, status_code=202)
async def give_up(loan_id: str, said: Why, who: _Server, write: Write) -> Response:
    """Ask to take a loan off the books; the member goes on owing it."""
    return await _propose(write, who, WRITE_OFF, LoanChange(loan=loan_id, reason=said.reason))


@router.post("/{loan_id}/guarantee-call", response_model=Approval, status_code=202)
async def call(loan_id: str, said: Why, who: _Server, write: Write) -> Response:
    """Ask to take a loan from the borrower's deposits and its guarantors."""
    return await _propose(write, who, CALL_GUARANTEES, LoanChange(loan=loan_id, reason=said.reason))


async def _propose(write: Writing, who: SignedIn, action: CheckedAction[FactsT], facts: FactsT) -> Response:
    async def work(session: WriteSession, now: datetime) -> Approval:
        return Approval.of(await checking.propose(session, now, write.desk.ids, action, facts, who), now)

    return await write.answer(who, work, status=202)


def _key(who: SignedIn, write: Writing) -> str:
    return f"staff:{who.staff.staff_id}:{write.key}"


async def _account(session: ReadSession, loan_id: str, received_in: ReceivedIn, now: datetime) -> str:
    if received_in is not ReceivedIn.SAVINGS:
        return Gl.CASH_IN_HAND if received_in is ReceivedIn.CASH else Gl.BANK
    member_id = (await loans.read_loan(session, loan_id, on=business_date(now))).loan.member_id
    code = await savings.ledger_code(session, member_id=member_id, product=SavingsProduct.SAVINGS)
    if code is None:
        raise UnknownSavingsAccount(account=member_id)
    return code
