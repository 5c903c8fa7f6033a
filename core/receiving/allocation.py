"""Where does a receipt belong that nobody could place? One of staff says, another agrees, and it is posted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from core.audit import store as audit
from core.clock import business_date
from core.crediting import Received, journals_of
from core.db.engine import ReadSession, WriteSession
from core.errors import NoLoanToRepay, NoShareAccount, PartsDiffer, ReceiptPlaced, UnknownFee
from core.ledger import suspense
from core.ledger.chart import Gl
from core.lending import store as loans
from core.lending.lifecycle import LoanStatus
from core.members import store as members
from core.money import Money
from core.payments import receipt_store
from core.payments.model import FeeKind, Purpose
from core.payments.receipt import ReceiptState
from core.payments.receipt_store import KeptReceipt
from core.receiving.division import PaymentPart
from core.receiving.service import credit_parts, suspense_key
from core.savings import rules as savings_rules
from core.savings import store as savings
from core.shares import store as shares
from core.staff.checked import CheckedAction, Decision
from core.staff.permissions import Permission


class AllocatedPart(msgspec.Struct, frozen=True):
    """So much for one purpose; what the subject is, `Purpose` says. The amount is decimal text."""

    purpose: Purpose
    subject: str
    amount: str


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a receipt is and what for, as whoever decides reads it; the parts make up all of it."""

    receipt: str
    member_id: str
    parts: tuple[AllocatedPart, ...]
    reason: str


async def _look(session: ReadSession, now: datetime, facts: Allocation) -> str:
    _ = now
    kept = await receipt_store.find(session, facts.receipt)
    await _refuse(session, kept, facts)
    return facts.receipt


async def _refuse(session: ReadSession, kept: KeptReceipt, facts: Allocation) -> Sequence[PaymentPart]:
    """The parts. Raises ReceiptPlaced, PartsDiffer, UnknownMember and what says that a subject is not the member's."""
    if kept.state is not ReceiptState.SUSPENSE:
        raise ReceiptPlaced(receipt=facts.receipt)
    waiting = await suspense.find(session, suspense_key(facts.receipt))
    await members.find(session, facts.member_id)
    parts = [
        PaymentPart(part.purpose, part.subject, Money.parse(part.amount, waiting.open.currency))
        for part in facts.parts
    ]
    asked = sum((part.amount for part in parts), start=Money.zero(waiting.open.currency))
    if asked != waiting.open or not all(part.amount for part in parts):
        raise PartsDiffer(receipt=facts.receipt, open_minor=waiting.open.minor, asked_minor=asked.minor)
    for part in parts:
        await _refuse_subject(session, part, facts.member_id)
    return parts


async def _refuse_subject(session: ReadSession, part: PaymentPart, member_id: str) -> None:
    match part.purpose:
        case Purpose.LOAN_REPAYMENT:
            loan = await loans.find(session, part.subject)
            if loan is None or loan.member_id != member_id or loan.status is not LoanStatus.ACTIVE:
                raise NoLoanToRepay
        case Purpose.SAVINGS:
            account = await savings.find(session, part.subject)
            savings_rules.refuse_payment_in(
                savings_rules.own(account, account_id=part.subject, member_id=member_id)
            )
        case Purpose.SHARES:
            own = await shares.find(session, member_id)
            if own is None or own.account_id != part.subject:
                raise NoShareAccount
        case Purpose.FEE:
            if part.subject not in set(FeeKind):
                raise UnknownFee(fee=part.subject)


async def _allocate(session: WriteSession, decision: Decision, facts: Allocation) -> dict[str, str]:
    """The money leaves suspense for where it belongs, on the day it was paid as far as loans go."""
    kept = await receipt_store.lock(session, facts.receipt)
    parts = await _refuse(session, kept, facts)
    member = await members.lock(session, facts.member_id)
    received = Received(
        facts.receipt, decision.at, paid_on=business_date(kept.receipt.paid_at), source=Gl.SUSPENSE
    )
    payments = await credit_parts(session, decision.ids, member, parts, received)
    journals = [journal for payment in payments for journal in journals_of(payment)]
    await suspense.cleared_elsewhere(session, suspense_key(facts.receipt), journals)
    await receipt_store.decide(
        session, facts.receipt, ReceiptState.ALLOCATED, why=facts.reason, member_id=facts.member_id
    )
    await audit.record(
        session,
        at=decision.at,
        actor=decision.maker,
        action="payment.receipt_allocated",
        subject=facts.receipt,
        facts={"member": facts.member_id, "reason": facts.reason},
    )
    return {"payments": ", ".join(payment.payment_id for payment in payments)}


ALLOCATE_RECEIPT: Final = CheckedAction(
    code="payments.allocate_receipt",
    facts=Allocation,
    propose=Permission.PAYMENTS_PLACE,
    approve=Permission.PAYMENTS_APPROVE,
    life=timedelta(days=3),
    look=_look,
    do=_allocate,
)
"""As long as any other request about money."""
