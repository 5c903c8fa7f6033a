"""How does the counter set, rest, wake and end a member's standing orders, as the member asks?"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from channels.admin.doors import needs
from channels.admin.schemas import BusinessDay, Said
from channels.admin.standing_orders import OrderShown
from channels.admin.writing import Write, Writing
from core.db.engine import WriteSession
from core.lending.service.order_repayment import order_repayment
from core.money import Money
from core.savings.order_store import StandingOrder
from core.savings.service import standing_orders
from core.savings.standing_orders import Destination, OrderTerms, Trigger
from core.shares.service import order_shares
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/members/{member_id}/standing-orders", tags=["savings"])

_AMOUNT = r"^\d{1,15}(\.\d{1,2})?$"
_Server = Annotated[SignedIn, needs(Permission.SAVINGS_SERVE)]
_Change = Callable[..., Awaitable[StandingOrder]]


class OrderSaid(Said):
    """What is moved, from where to where, and when. `surplus` takes all above `keep` and has no amount."""

    source: str = Field(min_length=1, max_length=64)
    destination: Destination
    destination_id: str = Field(
        default="", max_length=64, description="The account or the loan; left out for shares."
    )
    trigger: Trigger = Trigger.ON_DATE
    amount: str | None = Field(default=None, pattern=_AMOUNT, examples=["500.00"])
    keep: str = Field(default="0", pattern=_AMOUNT)
    starts_on: BusinessDay
    ends_on: BusinessDay | None = None
    every_months: int = Field(default=1, ge=1, le=120)
    allows_part: bool = False
    tolerance_days: int = Field(default=3, ge=0, le=30)
    priority: int = Field(default=5, ge=1, le=100)

    def terms(self) -> OrderTerms:
        return OrderTerms(
            trigger=self.trigger,
            amount=None if self.amount is None else Money.parse(self.amount),
            keep=Money.parse(self.keep),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            every_months=self.every_months,
            allows_part=self.allows_part,
            tolerance_days=self.tolerance_days,
            priority=self.priority,
        )


@router.post("", response_model=OrderShown, status_code=201)
async def set_order(member_id: str, said: OrderSaid, who: _Server, write: Write) -> Response:
    """Set an order that the member signed."""

    async def work(session: WriteSession, now: datetime) -> OrderShown:
        order_id = write.desk.ids.new("sto")
        order = await _set(session, order_id, member_id, said, by=who.staff.staff_id, now=now)
        return OrderShown.of(order)

    return await write.answer(who, work, status=201)


async def _set(
    session: WriteSession, order_id: str, member_id: str, said: OrderSaid, *, by: str, now: datetime
) -> StandingOrder:
    terms = said.terms()
    if said.destination is Destination.SHARES:
        return await order_shares(
            session,
            order_id=order_id,
            member_id=member_id,
            source_id=said.source,
            terms=terms,
            now=now,
            by=by,
        )
    if said.destination is Destination.LOAN:
        return await order_repayment(
            session,
            order_id=order_id,
            member_id=member_id,
            source_id=said.source,
            loan_id=said.destination_id,
            terms=terms,
            now=now,
            by=by,
        )
    return await standing_orders.set_order(
        session,
        order_id=order_id,
        member_id=member_id,
        source_id=said.source,
        destination=Destination.ACCOUNT,
        destination_id=said.destination_id,
        terms=terms,
        now=now,
        by=by,
    )


@router.post("/{order_id}/pause", response_model=OrderShown)
async def pause_order(member_id: str, order_id: str, who: _Server, write: Write) -> Response:
    """Let it rest until the member says otherwise."""
    return await _changed(standing_orders.pause_order, member_id, order_id, who, write)


@router.post("/{order_id}/resume", response_model=OrderShown)
async def resume_order(member_id: str, order_id: str, who: _Server, write: Write) -> Response:
    """Let it run again from its next day on; days that passed are not made up for."""
    return await _changed(standing_orders.resume_order, member_id, order_id, who, write)


@router.post("/{order_id}/end", response_model=OrderShown)
async def end_order(member_id: str, order_id: str, who: _Server, write: Write) -> Response:
    """The member wants no more of it."""
    return await _changed(standing_orders.end_order, member_id, order_id, who, write)


async def _changed(change: _Change, member_id: str, order_id: str, who: SignedIn, write: Writing) -> Response:
    async def work(session: WriteSession, now: datetime) -> OrderShown:
        order = await change(session, order_id=order_id, member_id=member_id, now=now, by=who.staff.staff_id)
        return OrderShown.of(order)

    return await write.answer(who, work)
