"""Collect money from a member's phone, once: request, submit, ask again, give up."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

import msgspec
import structlog

from core import outbox
from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.errors import IdempotencyConflict, PaymentInProgress, PaymentOutOfRange
from core.ids import Ids
from core.members import store as members
from core.members.model import Member
from core.money import Money
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.payments import lifecycle, store
from core.payments.model import FactSource, Payment, PaymentState, Purpose, account_reference
from core.payments.ports import (
    CollectionReply,
    CollectionRequest,
    Enquiry,
    Outcome,
    PaymentCollector,
    PaymentEnquiry,
    SendVerdict,
)
from core.phone import Msisdn

_log = structlog.get_logger(__name__)

UNANSWERED = "no_answer"
"""The reason of a payment that ended without anybody's word about it."""

LEAST_COLLECTED: Final = Money(100)
"""One shilling: M-Pesa moves no less."""

MOST_COLLECTED: Final = Money(25_000_000)
"""What M-Pesa moves at once (Safaricom's tariff: 250,000 shillings a transaction)."""

DESCRIPTIONS: Final[Mapping[Purpose, str]] = MappingProxyType(
    {
        Purpose.LOAN_REPAYMENT: "Loan payment",
        Purpose.SAVINGS: "Savings",
        Purpose.SHARES: "Shares",
        Purpose.FEE: "Fee",
    }
)
"""What the payer's phone shows; at most 13 characters (Daraja's limit)."""


async def request_collection(
    session: WriteSession,
    *,
    payment_id: str,
    member: Member,
    purpose: Purpose,
    subject: str,
    amount: Money,
    channel: str,
    now: datetime,
    phone: Msisdn | None = None,
    asked_by: str | None = None,
) -> Payment:
    """Save the intent and have the phone prompted after the commit; the same id is one payment.

    The member's own phone is asked where none is given; the member asked where `asked_by` names nobody else. Whether
    the purpose may be paid for is `core.collecting`'s to say. Raises PaymentOutOfRange for what M-Pesa does not move,
    PaymentInProgress when a prompt may still be on this phone, IdempotencyConflict when the id was used for another
    payment.
    """
    payment = Payment(
        payment_id=payment_id,
        member_id=member.member_id,
        purpose=purpose,
        subject=subject,
        phone=phone or member.phone,
        amount=amount,
        collected=amount.rounded_up_to_major(),
        account_reference=account_reference(payment_id),
        state=PaymentState.REQUESTED,
        provider_request_id=None,
        receipt=None,
        reason="",
        enquiries=0,
        requested_at=now,
        sent_at=None,
    )
    if not LEAST_COLLECTED <= payment.collected <= MOST_COLLECTED:
        raise PaymentOutOfRange(minimum_minor=LEAST_COLLECTED.minor, maximum_minor=MOST_COLLECTED.minor)
    # The member's row is the queue of one: two requests of one member come one after the other.
    await members.lock(session, member.member_id)
    if not await store.add(session, payment, channel=channel):
        return await _same_as_before(session, payment)
    rival = await store.open_prompt(session, payment.phone, now=now, besides=payment_id)
    if rival is not None:
        raise PaymentInProgress(payment_id=rival)
    await outbox.enqueue(session, outbox.CollectPayment(payment_id), key=f"collect:{payment_id}", at=now)
    await audit.record(
        session,
        at=now,
        actor=asked_by or member.member_id,
        action="payment.requested",
        subject=payment_id,
        facts={"amount": amount.plain(), "purpose": purpose, "for": subject, "channel": channel},
    )
    return payment


async def _same_as_before(session: WriteSession, asked: Payment) -> Payment:
    known = await store.find(session, asked.payment_id)
    if _asked(known) != _asked(asked):
        raise IdempotencyConflict(key=asked.payment_id)
    return known


def _asked(payment: Payment) -> tuple[object, ...]:
    """What a repeat has in common with the first time."""
    return payment.member_id, payment.purpose, payment.subject, payment.phone, payment.amount


async def submit(
    database: Database, clock: Clock, ids: Ids, collector: PaymentCollector, *, payment_id: str, tries: int
) -> datetime | None:
    """Send a requested payment to the provider, at most once; when to try again, or None when it is over.

    Found as `submitting`, an earlier worker died between sending and saving: the phone may be ringing, so it
    becomes unknown and is never sent again.
    """
    async with database.unit_of_work() as session:
        payment = await store.lock(session, payment_id)
        now = clock.now()
        if payment.state is PaymentState.SUBMITTING:
            await store.move(
                session,
                payment,
                PaymentState.UNKNOWN,
                reason="worker stopped while sending",
                enquire_at=now + lifecycle.TRACELESS_AFTER,
            )
        if payment.state is not PaymentState.REQUESTED:
            return None
        if now - payment.requested_at > lifecycle.STALE_AFTER:
            await fail(session, payment, ids=ids, reason="expired", now=now)
            return None
        await store.move(session, payment, PaymentState.SUBMITTING, sent_at=now)

    reply = await collector.collect(
        CollectionRequest(
            payment_id=payment_id,
            phone=payment.phone,
            amount=payment.collected,
            account_reference=payment.account_reference,
            description=DESCRIPTIONS[payment.purpose],
        )
    )
    _log.info("prompt sent", payment=payment_id, verdict=reply.verdict, reason=reply.reason)
    return await _save_reply(database, clock, ids, payment_id=payment_id, reply=reply, tries=tries)


async def _save_reply(
    database: Database, clock: Clock, ids: Ids, *, payment_id: str, reply: CollectionReply, tries: int
) -> datetime | None:
    now = clock.now()
    async with database.unit_of_work() as session:
        payment = await store.lock(session, payment_id)
        if payment.state is not PaymentState.SUBMITTING:
            # The callback was quicker than the reply to our own request.
            await store.complete(session, payment_id, provider_request_id=reply.provider_request_id)
            return None
        match reply.verdict:
            case SendVerdict.ACCEPTED:
                await store.move(
                    session,
                    payment,
                    PaymentState.SUBMITTED,
                    provider_request_id=reply.provider_request_id,
                    enquire_at=now + lifecycle.FIRST_ENQUIRY,
                )
            case SendVerdict.BUSY if tries < lifecycle.BUSY_TRIES_MAX:
                await store.move(session, payment, PaymentState.REQUESTED, reason=reply.reason)
                return now + lifecycle.BUSY_RETRY
            case SendVerdict.REFUSED | SendVerdict.BUSY:
                await fail(session, payment, ids=ids, reason=reply.reason, now=now)
            case SendVerdict.UNKNOWN:
                await store.move(
                    session,
                    payment,
                    PaymentState.UNKNOWN,
                    reason=reply.reason,
                    enquire_at=now + lifecycle.TRACELESS_AFTER,
                )
    return None


async def fail(session: WriteSession, payment: Payment, *, ids: Ids, reason: str, now: datetime) -> None:
    """End a locked payment without money moved, and tell the member why and how to try again: we never do by ourselves.

    Where nobody could say so, the member is not promised that nothing was taken. After failing again and again on one
    day they read how to pay without a prompt.
    """
    await store.move(session, payment, PaymentState.FAILED, reason=reason, settled_at=now)
    member = await members.find(session, payment.member_id)
    await notices.tell(
        session,
        ids=ids,
        member_id=member.member_id,
        phone=payment.phone,
        kind=await _kind_of_failure(session, payment, reason, now),
        language=member.language,
        facts={
            "amount": str(payment.collected),
            "reason": reason,
            "account_reference": paybill_reference(member, payment),
        },
        key=f"payment:{payment.payment_id}:failed",
        now=now,
    )
    await audit.record(
        session,
        at=now,
        actor="provider",
        action="payment.failed",
        subject=payment.payment_id,
        facts={"reason": reason},
    )


async def _kind_of_failure(session: WriteSession, payment: Payment, reason: str, now: datetime) -> NoticeKind:
    if reason == UNANSWERED:
        return NoticeKind.PAYMENT_UNANSWERED
    failed = await store.failed_since(session, payment, since=now - lifecycle.FAILURES_WITHIN)
    often = failed >= lifecycle.FAILURES_MOST
    return NoticeKind.PAYMENT_BY_PAYBILL if often else NoticeKind.PAYMENT_FAILED


def paybill_reference(member: Member, payment: Payment) -> str:
    """What to type as account number to pay for the same without a prompt (`references.py` reads it)."""
    letter = {Purpose.LOAN_REPAYMENT: "L", Purpose.SHARES: "S"}.get(payment.purpose)
    return payment.account_reference if letter is None else f"{member.number}{letter}"


async def hear(
    database: Database, clock: Clock, *, payment_id: str, source: FactSource, heard: Enquiry
) -> bool:
    """Keep what a provider told us of a payment, before anything is done about it; False for a repeat."""
    async with database.unit_of_work() as session:
        return await hear_in(session, payment_id=payment_id, source=source, heard=heard, now=clock.now())


async def hear_in(
    session: WriteSession, *, payment_id: str, source: FactSource, heard: Enquiry, now: datetime
) -> bool:
    """The same within a transaction."""
    return await store.hear(
        session,
        payment_id=payment_id,
        source=source,
        enquiry=heard,
        fingerprint=_fingerprint(payment_id, heard),
        at=now,
    )


def _fingerprint(payment_id: str, heard: Enquiry) -> bytes:
    """By what was said, not how or when: a repeat differs in headers, and a query may say what a callback said."""
    said = [
        payment_id,
        heard.outcome,
        heard.result_code,
        heard.receipt,
        heard.amount.minor if heard.amount else None,
        heard.provider_request_id,
    ]
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).digest()


async def enquire(
    database: Database, clock: Clock, ids: Ids, provider: PaymentEnquiry, *, payment_id: str
) -> Enquiry | None:
    """Ask the provider about a payment that is due for it; what it said when that is final, else None.

    The next enquiry is planned before asking, so that a worker that dies here asks again. A request whose handle
    we never got can't be asked about: once its prompt is long gone the member is told that there was no answer, and
    an incident has a person hold it against the provider's statement. A late confirmation still wins.
    """
    async with database.unit_of_work() as session:
        payment = await store.lock(session, payment_id)
        now = clock.now()
        if payment.state not in {PaymentState.SUBMITTED, PaymentState.UNKNOWN}:
            await store.plan_enquiry(session, payment_id, at=None, count=False)
            return None
        if payment.provider_request_id is None:
            await fail(session, payment, ids=ids, reason=UNANSWERED, now=now)
            await store.raise_incident(
                session, payment_id, "no word from the provider: hold it against the statement"
            )
            return None
        gap = lifecycle.next_enquiry(payment.enquiries + 1)
        await store.plan_enquiry(session, payment_id, at=now + gap, count=True)
    heard = await provider.enquire(payment.provider_request_id)
    return None if heard.outcome is Outcome.PENDING else heard
