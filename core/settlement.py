"""What does a confirmed payment do? Weigh every fact heard of it, post the money once, tell the member."""

from datetime import datetime

import structlog

from core import crediting
from core.audit import security
from core.audit import store as audit
from core.clock import Clock
from core.db.engine import Database, WriteSession
from core.ids import Ids
from core.payments import receipt_store, store
from core.payments import service as payments
from core.payments.decision import Decision, Verdict, decide
from core.payments.model import FactSource, Payment, PaymentState
from core.payments.ports import Enquiry, Outcome

_log = structlog.get_logger(__name__)


async def settle(database: Database, clock: Clock, ids: Ids, *, payment_id: str) -> PaymentState:
    """Act on what was heard of a payment and not acted on yet; safe to call at any time, by anyone, at once.

    Raises UnknownPayment.
    """
    async with database.unit_of_work() as session:
        return (await settle_heard(session, ids, payment_id=payment_id, now=clock.now())).state


async def settle_heard(session: WriteSession, ids: Ids, *, payment_id: str, now: datetime) -> Payment:
    """The same within a transaction; the payment as it stands then. Raises UnknownPayment."""
    payment = await store.lock(session, payment_id)
    for fact_id, source, heard in await store.unhandled_facts(session, payment_id):
        decision = await _decide(session, payment, heard, source)
        await _act(session, ids, payment, heard, decision.verdict, now=now)
        if decision.incident:
            await store.raise_incident(session, payment_id, decision.incident)
            _log.warning("payment needs a look", payment=payment_id, what=decision.incident, source=source)
        if decision.is_suspicious:
            await security.note(
                session,
                kind="payments.contradicting_word",
                source=source,
                detail=f"{payment_id}: {decision.incident}",
                at=now,
            )
        await store.fact_handled(session, fact_id, at=now)
        payment = await store.lock(session, payment_id)
    return payment


async def _decide(session: WriteSession, payment: Payment, heard: Enquiry, source: FactSource) -> Decision:
    """What is heard, unless its receipt has been credited elsewhere: one receipt is one payment."""
    decision = decide(payment, heard)
    if decision.verdict is not Verdict.CONFIRM or not heard.receipt:
        return decision
    other = await store.by_receipt(session, heard.receipt)
    is_taken = other not in {None, payment.payment_id}
    if source is not FactSource.PAYBILL:
        is_taken = is_taken or await receipt_store.is_kept(session, heard.receipt)
    if is_taken:
        return Decision(Verdict.HOLD, f"receipt {heard.receipt} came before", is_suspicious=True)
    return decision


async def _act(
    session: WriteSession, ids: Ids, payment: Payment, heard: Enquiry, verdict: Verdict, *, now: datetime
) -> None:
    match verdict:
        case Verdict.CONFIRM:
            await _confirm(session, ids, payment, heard, now=now)
        case Verdict.FAIL:
            await payments.fail(session, payment, ids=ids, reason=heard.reason, now=now)
        case Verdict.HOLD if payment.state is not PaymentState.UNKNOWN:
            await store.move(session, payment, PaymentState.UNKNOWN, reason="held")
        case Verdict.NOTHING if payment.state is PaymentState.CONFIRMED and heard.outcome is Outcome.PAID:
            # An enquiry confirmed it without a receipt; the callback brings that later.
            await store.complete(session, payment.payment_id, receipt=heard.receipt)
        case _:
            pass


async def _confirm(
    session: WriteSession, ids: Ids, payment: Payment, heard: Enquiry, *, now: datetime
) -> None:
    await store.move(
        session,
        payment,
        PaymentState.CONFIRMED,
        provider_request_id=heard.provider_request_id,
        receipt=heard.receipt,
        settled_at=now,
    )
    await crediting.credit(session, ids, payment, crediting.Received(heard.receipt or "", now))
    await audit.record(
        session,
        at=now,
        actor="provider",
        action="payment.confirmed",
        subject=payment.payment_id,
        facts={"amount": payment.collected.plain(), "receipt": heard.receipt or ""},
    )
