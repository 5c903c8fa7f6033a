"""What accounts has a member, and what is done with them at the counter? Always in the member's name."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import Amount, Said
from channels.admin.writing import Write
from core.db.engine import ReadSession, WriteSession
from core.members import store as members
from core.savings import hold_store, store
from core.savings.model import Account, Hold, SavingsProduct
from core.savings.saving_actions import REFUND_DEPOSITS, Refund
from core.savings.service import accounts
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/members/{member_id}/accounts", tags=["savings"])

_Reader = Annotated[SignedIn, needs(Permission.MEMBERS_READ)]
_Server = Annotated[SignedIn, needs(Permission.SAVINGS_SERVE)]


class HoldShown(BaseModel):
    """So much of an account may not move. `subject` names what for."""

    id: str
    amount: Amount
    reason: str
    subject: str
    until: date | None
    state: str

    @classmethod
    def of(cls, hold: Hold) -> "HoldShown":
        return cls(
            id=hold.hold_id,
            amount=Amount.of(hold.amount),
            reason=hold.reason,
            subject=hold.subject,
            until=hold.until,
            state=hold.state,
        )


class AccountShown(BaseModel):
    """A savings account; `available` is the balance less what is held and what must stay."""

    id: str
    product: str
    name: str
    status: str
    opened_on: date
    balance: Amount
    available: Amount
    holds: list[HoldShown]

    @classmethod
    async def of(cls, session: ReadSession, account: Account) -> "AccountShown":
        return cls(
            id=account.account_id,
            product=account.product,
            name=account.name,
            status=account.status,
            opened_on=account.opened_on,
            balance=Amount.of(account.balance),
            available=Amount.of(account.available),
            holds=[HoldShown.of(each) for each in await hold_store.on_account(session, account.ledger_code)],
        )


class Accounts(BaseModel):
    """A member's accounts that are not closed, the oldest first."""

    items: list[AccountShown]


class Opening(Said):
    """A new account of a product without an agreed time; `name` is the member's own word for it."""

    product: SavingsProduct
    name: str = Field(default="", max_length=60)


class Closing(Said):
    """Which own account takes what is left."""

    pay_to: str = Field(min_length=1, max_length=64)


class RefundSaid(Said):
    """The member leaves: who takes the deposits, when notice was given, and why."""

    pay_to: str = Field(min_length=1, max_length=64)
    notice_on: date
    reason: str = Field(min_length=3, max_length=500)


class Closed(BaseModel):
    """What was moved on closing, interest of the running period included."""

    moved: Amount


@router.get("")
async def accounts_of(member_id: str, _: _Reader, desk: Desk) -> Accounts:
    """A member's savings accounts, and what is held on them."""
    async with desk.database.reading() as session:
        await members.find(session, member_id)
        found = await store.of_member(session, member_id)
        return Accounts(items=[await AccountShown.of(session, each) for each in found])


@router.post("", response_model=AccountShown)
async def open_account(member_id: str, said: Opening, who: _Server, write: Write) -> Response:
    """Open an account. Deposits for an agreed time have routes of their own."""

    async def work(session: WriteSession, now: datetime) -> AccountShown:
        opened = await accounts.open_account(
            session,
            account_id=write.desk.ids.new("acc"),
            member_id=member_id,
            product=said.product,
            now=now,
            name=said.name,
            by=who.staff.staff_id,
        )
        return await AccountShown.of(session, opened)

    return await write.answer(who, work)


@router.post("/{account_id}/wake", response_model=AccountShown)
async def wake_account(member_id: str, account_id: str, who: _Server, write: Write) -> Response:
    """Let a dormant account be used again, after having made sure who asks."""

    async def work(session: WriteSession, now: datetime) -> AccountShown:
        woken = await accounts.wake_account(
            session, account_id=account_id, member_id=member_id, by=who.staff.staff_id, now=now
        )
        return await AccountShown.of(session, woken)

    return await write.answer(who, work)


@router.post("/{account_id}/close", response_model=Closed)
async def close_account(
    member_id: str, account_id: str, said: Closing, who: _Server, write: Write
) -> Response:
    """Pay the running interest, move all to another account of the member, and close."""

    async def work(session: WriteSession, now: datetime) -> Closed:
        moved = await accounts.close_account(
            session,
            account_id=account_id,
            member_id=member_id,
            pay_to=said.pay_to,
            by=who.staff.staff_id,
            now=now,
        )
        return Closed(moved=Amount.of(moved))

    return await write.answer(who, work)


@router.post("/{account_id}/refund", response_model=Approval, status_code=202)
async def refund_deposits(
    member_id: str, account_id: str, said: RefundSaid, who: _Server, write: Write
) -> Response:
    """Ask for what a leaving member could not draw on, when the time of notice is over. A colleague agrees."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = Refund(
            member_id=member_id,
            account=account_id,
            pay_to=said.pay_to,
            notice_on=said.notice_on,
            reason=said.reason,
        )
        request = await checking.propose(session, now, write.desk.ids, REFUND_DEPOSITS, facts, who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)
