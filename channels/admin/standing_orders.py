"""Which standing orders has a member, which wait for approval, and who lets them run?"""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import PAGE_DEFAULT, After, Amount, Most, Page, page
from channels.admin.writing import Write
from core.db.engine import WriteSession
from core.members import store as members
from core.savings import order_store
from core.savings.order_store import StandingOrder
from core.savings.service import standing_orders
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(tags=["savings"])

_Reader = Annotated[SignedIn, needs(Permission.MEMBERS_READ)]
_Decider = Annotated[SignedIn, needs(Permission.SAVINGS_APPROVE)]


class OrderShown(BaseModel):
    """A standing order. Without an amount it takes all that is above `keep`."""

    id: str
    member_id: str
    source: str
    destination: str
    destination_id: str
    trigger: str
    amount: Amount | None
    keep: Amount
    every_months: int
    starts_on: date
    ends_on: date | None
    status: str
    due_on: date

    @classmethod
    def of(cls, order: StandingOrder) -> "OrderShown":
        terms = order.terms
        return cls(
            id=order.order_id,
            member_id=order.member_id,
            source=order.source_id,
            destination=order.destination,
            destination_id=order.destination_id,
            trigger=terms.trigger,
            amount=None if terms.amount is None else Amount.of(terms.amount),
            keep=Amount.of(terms.keep),
            every_months=terms.every_months,
            starts_on=terms.starts_on,
            ends_on=terms.ends_on,
            status=order.status,
            due_on=order.due_on,
        )


class Orders(BaseModel):
    """A member's orders that have not ended, in the order in which they run."""

    items: list[OrderShown]


@router.get("/members/{member_id}/standing-orders")
async def orders_of(member_id: str, _: _Reader, desk: Desk) -> Orders:
    """A member's standing orders."""
    async with desk.database.reading() as session:
        await members.find(session, member_id)
        return Orders(items=[OrderShown.of(each) for each in await order_store.of_member(session, member_id)])


@router.get("/standing-orders/waiting")
async def waiting_orders(
    _: _Reader, desk: Desk, after: After = None, most: Most = PAGE_DEFAULT
) -> Page[OrderShown]:
    """Orders of members that wait for approval."""
    async with desk.database.reading() as session:
        found = await order_store.waiting(session, after=after or "", most=most + 1)
    return page(found, most, OrderShown.of, lambda each: each.order_id)


@router.post("/standing-orders/{order_id}/approve", response_model=OrderShown)
async def approve_order(order_id: str, who: _Decider, write: Write) -> Response:
    """Let a member's order run from its next day on."""

    async def work(session: WriteSession, now: datetime) -> OrderShown:
        order = await standing_orders.approve_order(
            session, order_id=order_id, by=who.staff.staff_id, now=now
        )
        return OrderShown.of(order)

    return await write.answer(who, work)


@router.post("/standing-orders/{order_id}/reject", response_model=OrderShown)
async def reject_order(order_id: str, who: _Decider, write: Write) -> Response:
    """Refuse a member's order; it stays on the record."""

    async def work(session: WriteSession, now: datetime) -> OrderShown:
        order = await standing_orders.reject_order(session, order_id=order_id, by=who.staff.staff_id, now=now)
        return OrderShown.of(order)

    return await write.answer(who, work)
