"""How much tax is withheld, and where does a member pay tax? Changed by two people under /approvals."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.interest_rates import DatedRate
from channels.admin.schemas import BusinessDay, Said
from channels.admin.writing import Write, Writing
from core.db.engine import WriteSession
from core.members import store as members
from core.savings import interest_store
from core.savings.tax_actions import (
    SET_RESIDENCE,
    SET_WITHHOLDING,
    TaxResidence,
    WithholdingRate,
)
from core.savings.withholding import Residence, TaxedPayment
from core.staff import checking
from core.staff.checked import CheckedAction, FactsT
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(tags=["savings"])

_PERCENT = r"^\d{1,2}(\.\d{1,4})?$"
_REASON = Field(min_length=3, max_length=500, examples=["Finance Act 2026"])
_Reader = Annotated[SignedIn, needs(Permission.MEMBERS_READ)]
_Asker = Annotated[SignedIn, needs(Permission.SAVINGS_TERMS)]


class WithholdingSaid(Said):
    """What is withheld from a kind of payment to members of a residence from a day on; today or later."""

    payment: TaxedPayment
    residence: Residence
    since: BusinessDay
    percent: str = Field(pattern=_PERCENT, examples=["5"])
    reason: str = _REASON


class WithholdingShown(BaseModel):
    """All rates of one kind of payment and residence, the oldest first."""

    payment: TaxedPayment
    residence: Residence
    rates: list[DatedRate]


class WithholdingRates(BaseModel):
    """Every rate of tax that is withheld."""

    items: list[WithholdingShown]


class ResidenceSaid(Said):
    """Where the member pays tax, or that they hold a certificate of exemption."""

    residence: Residence
    reason: str = _REASON


class ResidenceShown(BaseModel):
    """Where the member pays tax; a resident as long as nothing else is known."""

    residence: Residence


@router.get("/savings/withholding")
async def withholding_rates(_: _Reader, desk: Desk) -> WithholdingRates:
    """What is withheld from interest and dividends over time."""
    async with desk.database.reading() as session:
        known = await interest_store.withholding(session)
    return WithholdingRates(
        items=[
            WithholdingShown(
                payment=payment, residence=residence, rates=[DatedRate.of(row) for row in history.rows]
            )
            for (payment, residence), history in sorted(known.histories.items())
        ]
    )


@router.post("/savings/withholding", response_model=Approval, status_code=202)
async def set_withholding(said: WithholdingSaid, who: _Asker, write: Write) -> Response:
    """Ask for a rate that holds from a day on."""
    facts = WithholdingRate(
        payment=said.payment,
        residence=said.residence,
        since=said.since,
        percent=said.percent,
        reason=said.reason,
    )
    return await _propose(write, who, SET_WITHHOLDING, facts)


@router.get("/members/{member_id}/tax-residence")
async def tax_residence(member_id: str, _: _Reader, desk: Desk) -> ResidenceShown:
    """Where a member pays tax."""
    async with desk.database.reading() as session:
        await members.find(session, member_id)
        return ResidenceShown(residence=await interest_store.residence(session, member_id))


@router.post("/members/{member_id}/tax-residence", response_model=Approval, status_code=202)
async def set_residence(member_id: str, said: ResidenceSaid, who: _Asker, write: Write) -> Response:
    """Ask for another residence, as the member has shown it."""
    facts = TaxResidence(member_id=member_id, residence=said.residence, reason=said.reason)
    return await _propose(write, who, SET_RESIDENCE, facts)


async def _propose(write: Writing, who: SignedIn, action: CheckedAction[FactsT], facts: FactsT) -> Response:
    async def work(session: WriteSession, now: datetime) -> Approval:
        return Approval.of(await checking.propose(session, now, write.desk.ids, action, facts, who), now)

    return await write.answer(who, work, status=202)
