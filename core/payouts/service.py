"""Send money to a member, once: request, release, submit, ask again, hear."""

from datetime import datetime

import structlog

from core import outbox
from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, ReadSession, WriteSession
from core.errors import IdempotencyConflict, NoIncident
from core.money import Money
from core.payments.ports import SendVerdict
from core.payouts import fact_store, float_store, lifecycle, store
from core.payouts.model import FactSource, Payout, PayoutPurpose, PayoutState, Wait
from core.payouts.ports import Fault, Heard, Outcome, PayoutEnquiry, PayoutReply, PayoutRequest, PayoutSender

_log = structlog.get_logger(__name__)

UNANSWERED = "no word from the provider: hold it against the statement"


async def request(session: WriteSession, payout: Payout, *, channel: str, by: str) -> None:
    """Save the intent, to be sent after the commit unless it waits for an approval.

    The caller posts its hold in the same transaction. Raises IdempotencyConflict when there is one of this id;
    `known` says whether it is the same.
    """
    awaits = payout.state is PayoutState.AWAITING_APPROVAL
    now = payout.requested_at
    next_at = now + (lifecycle.APPROVAL_LIFE if awaits else lifecycle.SENDING_AT_MOST)
    if not await store.add(session, payout, channel=channel, next_at=next_at):
        raise IdempotencyConflict(key=payout.payout_id)
    if not awaits:
        await _enqueue(session, payout, at=now)
    facts = {
        "amount": payout.amount.plain(),
        "total": payout.total.plain(),
        "purpose": payout.purpose.value,
        "for": payout.subject,
        "channel": channel,
    }
    await _record(session, payout, "payout.requested", by=by, now=now, facts=facts)


async def known(
    session: ReadSession,
    payout_id: str,
    *,
    member_id: str,
    purpose: PayoutPurpose,
    subject: str,
    amount: Money,
) -> Payout | None:
    """The payout of this id, or None. Raises IdempotencyConflict where the id was used for another."""
    found = await store.find_or_none(session, payout_id)
    if found is None:
        return None
    if (found.member_id, found.purpose, found.subject, found.amount) != (member_id, purpose, subject, amount):
        raise IdempotencyConflict(key=payout_id)
    return found


async def release(session: WriteSession, payout: Payout, *, now: datetime) -> None:
    """A locked payout was approved: it goes out after the commit."""
    await store.move(session, payout, PayoutState.REQUESTED, next_at=now + lifecycle.SENDING_AT_MOST)
    await _enqueue(session, payout, at=now)


async def _enqueue(session: WriteSession, payout: Payout, *, at: datetime) -> None:
    # The sweep sends what this row's job could not: its `next_at` lies just behind it.
    job = outbox.SendPayout(payout.payout_id)
    await outbox.enqueue(session, job, key=f"payout:{payout.payout_id}", at=at)


async def queue_again(database: Database, clock: Clock, *, payout_id: str) -> None:
    """Have a payout whose time has come sent, or asked about, by a worker; safe to call by anyone, at once."""
    async with database.unit_of_work() as session:
        payout, now = await store.lock(session, payout_id), clock.now()
        if payout.state is PayoutState.SUBMITTING:
            await _give_up_waiting(session, payout, now=now)
            return
        job: outbox.Job = outbox.AskAboutPayout(payout_id)
        if payout.state is PayoutState.REQUESTED:
            job = outbox.SendPayout(payout_id)
        key = f"payout:{payout_id}:{payout.state}:{now.isoformat()}"
        await outbox.enqueue(session, job, key=key, at=now)
        await store.act_at(session, payout_id, now + lifecycle.SENDING_AT_MOST)


async def submit(database: Database, clock: Clock, sender: PayoutSender, *, payout_id: str) -> None:
    """Send a requested payout to the provider, each attempt at most once; what follows is heard or planned.

    It stays requested while the float does not reach for it or payouts are stopped. Found as `submitting` after the
    time that sending takes, an earlier worker died: the money may be gone, so it is asked about and never sent again.
    """
    sent = await _claim(database, clock, payout_id)
    if sent is None:
        return
    reply = await sender.send(
        PayoutRequest(reference=sent.reference, purpose=sent.purpose, phone=sent.phone, amount=sent.amount)
    )
    _log.info("payout sent", payout=payout_id, verdict=reply.verdict, reason=reply.reason)
    async with database.unit_of_work() as session:
        await _save_reply(session, payout_id, sent.attempt, reply, now=clock.now())


async def _claim(database: Database, clock: Clock, payout_id: str) -> Payout | None:
    """The payout, saved as being sent and its money promised; None where nothing is to be sent now."""
    async with database.unit_of_work() as session:
        payout = await store.lock(session, payout_id)
        now = clock.now()
        if payout.state is PayoutState.SUBMITTING:
            await _give_up_waiting(session, payout, now=now)
            return None
        if payout.state is not PayoutState.REQUESTED:
            return None
        standing = await float_store.lock(session)
        if standing.stopped:
            await store.wait(session, payout_id, Wait.SETUP, next_at=None)
            return None
        if standing.available is None or standing.available < payout.amount:
            await store.wait(session, payout_id, Wait.FLOAT, next_at=now + lifecycle.FLOAT_RETRY)
            return None
        await float_store.reserve(session, payout.amount)
        await store.move(
            session, payout, PayoutState.SUBMITTING, sent_at=now, next_at=now + lifecycle.SENDING_AT_MOST
        )
        return payout


async def _give_up_waiting(session: WriteSession, payout: Payout, *, now: datetime) -> None:
    if payout.sent_at is not None and now < payout.sent_at + lifecycle.SENDING_AT_MOST:
        # Another worker is at it.
        return
    await store.move(session, payout, PayoutState.UNKNOWN, reason="worker stopped while sending", next_at=now)


async def _save_reply(
    session: WriteSession, payout_id: str, attempt: int, reply: PayoutReply, *, now: datetime
) -> None:
    payout = await store.lock(session, payout_id)
    if payout.attempt != attempt:
        return
    if reply.verdict is SendVerdict.ACCEPTED:
        await store.complete(session, payout_id, provider_request_id=reply.provider_request_id)
    if payout.state is not PayoutState.SUBMITTING:
        # The result was quicker than the reply to our own request.
        return
    match reply.verdict:
        case SendVerdict.ACCEPTED:
            await store.move(session, payout, PayoutState.SUBMITTED, next_at=now + lifecycle.FIRST_ENQUIRY)
        case SendVerdict.UNKNOWN:
            await store.move(
                session,
                payout,
                PayoutState.UNKNOWN,
                reason=reply.reason,
                next_at=now + lifecycle.FIRST_ENQUIRY,
            )
        case SendVerdict.BUSY:
            await _back_to_requested(session, payout, Wait.PROVIDER, now + lifecycle.PROVIDER_RETRY)
        case SendVerdict.REFUSED if reply.fault is Fault.MEMBER:
            refused = Heard(FactSource.REPLY, Outcome.NOT_PAID, attempt, reason=reply.reason)
            await fact_store.hear(session, payout_id, refused, at=now)
        case _:
            await stop_sending(session, reply.reason, now=now)
            await _back_to_requested(session, payout, Wait.SETUP, None)


async def _back_to_requested(
    session: WriteSession, payout: Payout, waits_for: Wait, next_at: datetime | None
) -> None:
    """The provider surely did nothing: the same attempt may be sent again, under the same reference."""
    await float_store.release(session, payout.amount)
    await store.move(session, payout, PayoutState.REQUESTED, waits_for=waits_for, next_at=next_at)


async def prove(session: WriteSession, payout: Payout, fault: Fault, *, reason: str, now: datetime) -> None:
    """The provider said that a locked payout moved nothing, for a reason of ours: it is asked before a new attempt."""
    if fault is Fault.SETUP:
        await stop_sending(session, reason, now=now)
    waits_for = {Fault.FLOAT: Wait.FLOAT, Fault.SETUP: Wait.SETUP}.get(fault, Wait.PROVIDER)
    await store.move(
        session,
        payout,
        PayoutState.UNKNOWN,
        reason=reason,
        waits_for=waits_for,
        next_at=now + lifecycle.PROVED_AFTER,
    )


async def try_again(session: WriteSession, payout: Payout, *, now: datetime) -> None:
    """It said so again: a new attempt, under a reference of its own, goes out when what it waits for is mended."""
    await _back_to_requested(session, payout, payout.waits_for, now)
    await store.next_attempt(session, payout.payout_id)


async def stop_sending(session: WriteSession, reason: str, *, now: datetime) -> None:
    """Nothing is sent until staff have mended our set-up: a few wrong tries lock the operator at the provider."""
    await float_store.stop(session, reason)
    _log.error("payouts stopped", reason=reason)
    await audit.record(
        session,
        at=now,
        actor="provider",
        action="payouts.stopped",
        subject=float_store.ACCOUNT,
        facts={"reason": reason},
    )


async def settle(
    session: WriteSession, payout: Payout, *, receipt: str | None, by: str, now: datetime
) -> None:
    """A locked payout's money is with the member. What that means in the books is its purpose's to post.

    Raises ReceiptTaken.
    """
    await store.complete(session, payout.payout_id, receipt=receipt)
    await store.move(session, payout, PayoutState.SETTLED, next_at=None, settled_at=now)
    await float_store.spend(session, payout.amount, was_reserved=payout.state in lifecycle.SENT)
    facts = {"amount": payout.amount.plain(), "receipt": receipt or ""}
    await _record(session, payout, "payout.settled", by=by, now=now, facts=facts)


async def void(session: WriteSession, payout: Payout, *, reason: str, by: str, now: datetime) -> None:
    """A locked payout's money never left. Its hold is its purpose's to give back."""
    await store.move(session, payout, PayoutState.VOIDED, reason=reason, next_at=None, settled_at=now)
    if payout.state in lifecycle.SENT:
        await float_store.release(session, payout.amount)
    await _record(session, payout, "payout.voided", by=by, now=now, facts={"reason": reason})


async def doubt(session: WriteSession, payout: Payout, *, now: datetime) -> None:
    """The provider gave up on a locked payout that was sent, without a word about the money: it is asked soon."""
    await store.move(
        session,
        payout,
        PayoutState.UNKNOWN,
        reason="too long in the provider's queue",
        waits_for=payout.waits_for,
        next_at=now + lifecycle.AFTER_TIMEOUT,
    )


async def close_incident(
    session: WriteSession, payout_id: str, *, by: str, reason: str, now: datetime
) -> None:
    """A person has looked: the trail keeps what it was and what they say. Raises UnknownPayout, NoIncident."""
    payout = await store.lock(session, payout_id)
    if not payout.incident:
        raise NoIncident(payment_id=payout_id)
    await store.clear_incident(session, payout_id)
    facts = {"incident": payout.incident, "reason": reason}
    await _record(session, payout, "payout.incident_closed", by=by, now=now, facts=facts)


async def hold_back(session: WriteSession, payout: Payout) -> None:
    """Money moved, but not as it was asked: nothing happens to a locked payout until a person has looked."""
    if payout.state is PayoutState.VOIDED:
        return
    if payout.state not in lifecycle.SENT:
        await float_store.reserve(session, payout.amount)
    await store.move(session, payout, PayoutState.UNKNOWN, reason="held", next_at=None)


async def _record(
    session: WriteSession, payout: Payout, action: str, *, by: str, now: datetime, facts: dict[str, str]
) -> None:
    await audit.record(session, at=now, actor=by, action=action, subject=payout.payout_id, facts=facts)


async def hear(database: Database, clock: Clock, *, payout_id: str, heard: Heard) -> bool:
    """Keep what was told of a payout, before anything is done about it; False for a repeat."""
    async with database.unit_of_work() as session:
        return await fact_store.hear(session, payout_id, heard, at=clock.now())


async def enquire(database: Database, clock: Clock, provider: PayoutEnquiry, *, payout_id: str) -> None:
    """Ask the provider about a payout that is due for it; the answer comes by callback.

    The next enquiry is planned before asking, so that a worker that dies here asks again.
    """
    async with database.unit_of_work() as session:
        payout = await store.lock(session, payout_id)
        now = clock.now()
        if payout.state not in {PayoutState.SUBMITTED, PayoutState.UNKNOWN}:
            return
        made = payout.enquiries + 1
        if payout.state is PayoutState.SUBMITTED:
            reason = "no result in time"
            await store.move(session, payout, PayoutState.UNKNOWN, reason=reason, next_at=now)
        await store.plan_enquiry(session, payout_id, at=now + lifecycle.next_enquiry(made))
        if made >= lifecycle.ENQUIRIES_BEFORE_INCIDENT:
            await store.raise_incident(session, payout_id, UNANSWERED)
    taken = await provider.ask(payout.reference)
    _log.info("payout asked about", payout=payout_id, enquiry=made, taken=taken)
