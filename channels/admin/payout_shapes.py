"""How do payouts, their float and what a withdrawal costs look to staff?"""

from datetime import datetime

from pydantic import BaseModel

from channels.admin.schemas import Amount
from core.payouts.fact_store import Stray, Told
from core.payouts.float_store import FloatStanding, Queue
from core.payouts.model import Payout
from core.savings.withdrawals import WithdrawalQuote


class PayoutShown(BaseModel):
    """A payout. `incident` says what a person should look at; empty for nothing."""

    id: str
    member_id: str
    purpose: str
    subject: str
    phone: str
    amount: Amount
    fee: Amount
    excise: Amount
    state: str
    waits_for: str
    attempt: int
    receipt: str | None
    reason: str
    incident: str
    requested_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None

    @classmethod
    def of(cls, payout: Payout) -> "PayoutShown":
        return cls(
            id=payout.payout_id,
            member_id=payout.member_id,
            purpose=payout.purpose,
            subject=payout.subject,
            phone=payout.phone.e164,
            amount=Amount.of(payout.amount),
            fee=Amount.of(payout.fee),
            excise=Amount.of(payout.excise),
            state=payout.state,
            waits_for=payout.waits_for,
            attempt=payout.attempt,
            receipt=payout.receipt,
            reason=payout.reason,
            incident=payout.incident,
            requested_at=payout.requested_at,
            sent_at=payout.sent_at,
            settled_at=payout.settled_at,
        )


class WordShown(BaseModel):
    """Something that was heard of a payout."""

    at: datetime
    source: str
    outcome: str
    attempt: int
    result_code: str
    result_text: str
    reason: str
    receipt: str | None

    @classmethod
    def of(cls, told: Told) -> "WordShown":
        facts = told.facts
        return cls(
            at=told.at,
            source=told.source,
            outcome=told.outcome,
            attempt=facts.attempt,
            result_code=facts.result_code,
            result_text=facts.result_text,
            reason=facts.reason,
            receipt=facts.receipt,
        )


class StrayShown(BaseModel):
    """Something that was heard of a payout we never made."""

    id: int
    payout_id: str
    heard: WordShown

    @classmethod
    def of(cls, stray: Stray) -> "StrayShown":
        return cls(id=stray.fact_id, payout_id=stray.payout_id, heard=WordShown.of(stray.told))


class PayoutPicture(BaseModel):
    """A payout with everything that was heard of it."""

    payout: PayoutShown
    heard: list[WordShown]


class FloatShown(BaseModel):
    """The utility account as we know it, and what waits for it. `stopped` says why nothing is sent."""

    balance: Amount | None
    balance_at: datetime | None
    reserved: Amount
    available: Amount | None
    is_low: bool
    stopped: str
    waiting: int
    waiting_amount: Amount
    waiting_for_float: int

    @classmethod
    def of(cls, standing: FloatStanding, queue: Queue) -> "FloatShown":
        available = standing.available
        return cls(
            balance=None if standing.balance is None else Amount.of(standing.balance),
            balance_at=standing.balance_at,
            reserved=Amount.of(standing.reserved),
            available=None if available is None else Amount.of(available),
            is_low=standing.low_since is not None,
            stopped=standing.stopped,
            waiting=queue.count,
            waiting_amount=Amount.of(queue.amount),
            waiting_for_float=queue.for_float,
        )


class QuoteShown(BaseModel):
    """What a withdrawal costs: `amount` reaches the phone, `total` leaves the account."""

    amount: Amount
    fee: Amount
    excise: Amount
    total: Amount
    needs_approval: bool

    @classmethod
    def of(cls, quoted: WithdrawalQuote) -> "QuoteShown":
        return cls(
            amount=Amount.of(quoted.amount),
            fee=Amount.of(quoted.fee),
            excise=Amount.of(quoted.excise),
            total=Amount.of(quoted.total),
            needs_approval=quoted.needs_approval,
        )
