"""How does a member look to staff, piece by piece?"""

from datetime import date, datetime

from pydantic import BaseModel

from channels.admin.schemas import Amount
from core.lending.loan import LoanStanding
from core.members.model import Member, PinRecord
from core.notices.store import Told
from core.overview import Overview, StatementMovement


class MemberShown(BaseModel):
    """A member. `number` is what is printed on the card."""

    id: str
    number: str
    first_name: str
    last_name: str
    phone: str
    language: str
    status: str
    birth_date: date

    @classmethod
    def of(cls, member: Member) -> "MemberShown":
        return cls(
            id=member.member_id,
            number=member.number,
            first_name=member.first_name,
            last_name=member.last_name,
            phone=member.phone.e164,
            language=member.language,
            status=member.status,
            birth_date=member.birth_date,
        )


class PinShown(BaseModel):
    """How a PIN stands; never what it is."""

    is_set: bool
    is_locked: bool
    locked_until: datetime | None
    only_staff_unlock: bool
    wrong_tries: int

    @classmethod
    def of(cls, pin: PinRecord, now: datetime) -> "PinShown":
        standing = pin.standing
        return cls(
            is_set=pin.hash is not None,
            is_locked=standing.is_locked(now),
            locked_until=standing.locked_until if standing.is_locked(now) else None,
            only_staff_unlock=standing.locked_for_staff,
            wrong_tries=standing.wrong_tries,
        )


class Balances(BaseModel):
    """What a member has."""

    savings: Amount
    deposits: Amount
    shares: Amount

    @classmethod
    def of(cls, standing: Overview) -> "Balances":
        return cls(
            savings=Amount.of(standing.savings),
            deposits=Amount.of(standing.deposits),
            shares=Amount.of(standing.shares),
        )


class LoanShown(BaseModel):
    """A running loan, and what it asks today."""

    id: str
    product: str
    to_clear: Amount
    due_now: Amount
    days_late: int

    @classmethod
    def of(cls, loan: LoanStanding) -> "LoanShown":
        return cls(
            id=loan.loan_id,
            product=loan.product.code,
            to_clear=Amount.of(loan.owed.to_clear),
            due_now=Amount.of(loan.owed.due_now),
            days_late=loan.owed.days_late,
        )


class MovementShown(BaseModel):
    """A movement as the member sees it on a statement."""

    on: date
    kind: str
    change: Amount

    @classmethod
    def of(cls, movement: StatementMovement) -> "MovementShown":
        return cls(on=movement.on, kind=movement.kind, change=Amount.of(movement.change))


class NoticeShown(BaseModel):
    """A message to the member, and what became of it."""

    id: str
    kind: str
    facts: dict[str, str]
    state: str
    reason: str
    created_at: datetime
    sent_at: datetime | None

    @classmethod
    def of(cls, told: Told) -> "NoticeShown":
        return cls(
            id=told.notice.notice_id,
            kind=told.notice.kind,
            facts=told.notice.facts,
            state=told.notice.state,
            reason=told.reason,
            created_at=told.created_at,
            sent_at=told.sent_at,
        )
