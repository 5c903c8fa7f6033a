"""How does a member bind money for an agreed time at the counter, and break it before?"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.doors import needs
from channels.admin.interest_rates import decimal_percent
from channels.admin.schemas import Amount, Said
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.money import Money
from core.savings.service import term_deposits
from core.savings.term_deposits import AtMaturity, Offer
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/members/{member_id}", tags=["savings"])

_Server = Annotated[SignedIn, needs(Permission.SAVINGS_SERVE)]
_MONTHS_MAX = 600


class _Agreement(Said):
    amount: str = Field(pattern=r"^\d{1,15}(\.\d{1,2})?$", examples=["50000.00"])
    months: int = Field(ge=1, le=_MONTHS_MAX)
    at_maturity: AtMaturity = AtMaturity.PAY_OUT


class FixedDeposit(_Agreement):
    """An amount from an own account for so many months; it is paid back there."""

    source: str = Field(min_length=1, max_length=64)


class RecurringDeposit(_Agreement):
    """So much every month for so many months, and the own account that is paid in the end."""

    pay_to: str = Field(min_length=1, max_length=64)


class Agreed(BaseModel):
    """What was agreed; `interest` is before tax, and of a recurring deposit with every month paid."""

    account: str
    months: int
    percent: str = Field(examples=["8.5"])
    began_on: date
    matures_on: date
    interest: Amount

    @classmethod
    def of(cls, account_id: str, offer: Offer) -> "Agreed":
        return cls(
            account=account_id,
            months=offer.months,
            percent=decimal_percent(offer.percent),
            began_on=offer.began_on,
            matures_on=offer.matures_on,
            interest=Amount.of(offer.interest),
        )


class Broken(BaseModel):
    """What the payout account was paid."""

    paid: Amount


@router.post("/fixed-deposits", response_model=Agreed)
async def open_fixed_deposit(member_id: str, said: FixedDeposit, who: _Server, write: Write) -> Response:
    """Move money from an own account into a new fixed deposit."""

    async def work(session: WriteSession, now: datetime) -> Agreed:
        account_id = write.desk.ids.new("acc")
        offer = await term_deposits.open_fixed_deposit(
            session,
            account_id=account_id,
            member_id=member_id,
            source_id=said.source,
            amount=Money.parse(said.amount),
            months=said.months,
            at_maturity=said.at_maturity,
            now=now,
            by=who.staff.staff_id,
        )
        return Agreed.of(account_id, offer)

    return await write.answer(who, work)


@router.post("/recurring-deposits", response_model=Agreed)
async def open_recurring_deposit(
    member_id: str, said: RecurringDeposit, who: _Server, write: Write
) -> Response:
    """Agree to save so much every month. Nothing is moved yet."""

    async def work(session: WriteSession, now: datetime) -> Agreed:
        account_id = write.desk.ids.new("acc")
        offer = await term_deposits.open_recurring_deposit(
            session,
            account_id=account_id,
            member_id=member_id,
            payout_account_id=said.pay_to,
            contribution=Money.parse(said.amount),
            months=said.months,
            at_maturity=said.at_maturity,
            now=now,
            by=who.staff.staff_id,
        )
        return Agreed.of(account_id, offer)

    return await write.answer(who, work)


@router.post("/accounts/{account_id}/break", response_model=Broken)
async def break_term(member_id: str, account_id: str, who: _Server, write: Write) -> Response:
    """End a deposit before its time at the lower rate, as the member asks."""

    async def work(session: WriteSession, now: datetime) -> Broken:
        paid = await term_deposits.break_term(
            session,
            ids=write.desk.ids,
            account_id=account_id,
            member_id=member_id,
            now=now,
            by=who.staff.staff_id,
        )
        return Broken(paid=Amount.of(paid))

    return await write.answer(who, work)
