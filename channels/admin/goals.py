"""What does a member save for on an account, how far are they, and who writes it down?"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import Amount, BusinessDay, Said
from channels.admin.writing import Write
from core.clock import business_date
from core.db.engine import WriteSession
from core.money import Money
from core.savings import rules, store
from core.savings.goals import GoalStanding
from core.savings.service import accounts
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/members/{member_id}/accounts/{account_id}/goal", tags=["savings"])

_AMOUNT = r"^\d{1,15}(\.\d{1,2})?$"


class GoalSaid(Said):
    """How much, and by when; it takes the place of an earlier goal."""

    target: str = Field(pattern=_AMOUNT, examples=["60000.00"])
    target_on: BusinessDay


class GoalShown(BaseModel):
    """How far a goal is; `monthly_needed` reaches it in time."""

    saved: Amount
    target: Amount
    missing: Amount
    percent: int
    monthly_needed: Amount
    is_reached: bool

    @classmethod
    def of(cls, standing: GoalStanding) -> "GoalShown":
        return cls(
            saved=Amount.of(standing.saved),
            target=Amount.of(standing.target),
            missing=Amount.of(standing.missing),
            percent=standing.percent,
            monthly_needed=Amount.of(standing.monthly_needed),
            is_reached=standing.is_reached,
        )


class Goal(BaseModel):
    """An account's goal; null without one."""

    goal: GoalShown | None


@router.get("")
async def goal_of(
    member_id: str, account_id: str, _: Annotated[SignedIn, needs(Permission.MEMBERS_READ)], desk: Desk
) -> Goal:
    """How far the goal of an account is."""
    async with desk.database.reading() as session:
        rules.own(await store.find(session, account_id), account_id=account_id, member_id=member_id)
        standing = await accounts.goal_standing(
            session, account_id=account_id, on=business_date(desk.clock.now())
        )
    return Goal(goal=None if standing is None else GoalShown.of(standing))


@router.post("", response_model=Goal)
async def set_goal(
    member_id: str,
    account_id: str,
    said: GoalSaid,
    who: Annotated[SignedIn, needs(Permission.SAVINGS_SERVE)],
    write: Write,
) -> Response:
    """Write down what the member saves for. They hear when it is reached."""

    async def work(session: WriteSession, now: datetime) -> Goal:
        standing = await accounts.set_goal(
            session,
            account_id=account_id,
            member_id=member_id,
            target=Money.parse(said.target),
            target_on=said.target_on,
            now=now,
            by=who.staff.staff_id,
        )
        return Goal(goal=GoalShown.of(standing))

    return await write.answer(who, work)
