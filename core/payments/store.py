"""All SQL of payments: intents, their moves, and the facts heard of them."""

from datetime import datetime

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.errors import UnknownPayment
from core.money import Currency, Money
from core.payments.lifecycle import PROMPT_LIFE, RINGING, STALE_AFTER, may_move
from core.payments.model import FactSource, Payment, PaymentState, Purpose
from core.payments.ports import Enquiry, Outcome
from core.phone import Msisdn


async def add(session: WriteSession, payment: Payment, *, channel: str) -> bool:
    """Save a new intent; False when this id is there already."""
    row = await session.row(
        """INSERT INTO payment (id, member_id, purpose, subject, phone, amount, collected, currency, channel,
                                account_reference, state, requested_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT (id) DO NOTHING RETURNING id""",
        payment.payment_id,
        payment.member_id,
        payment.purpose,
        payment.subject,
        payment.phone.e164,
        payment.amount.minor,
        payment.collected.minor,
        payment.amount.currency,
        channel,
        payment.account_reference,
        payment.state,
        payment.requested_at,
    )
    return row is not None


async def find(session: ReadSession, payment_id: str) -> Payment:
    """Raises UnknownPayment."""
    return payment_of(payment_id, await session.row("SELECT * FROM payment WHERE id = $1", payment_id))


async def lock(session: WriteSession, payment_id: str) -> Payment:
    """The payment, held for this transaction. Raises UnknownPayment."""
    row = await session.row("SELECT * FROM payment WHERE id = $1 FOR UPDATE", payment_id)
    return payment_of(payment_id, row)


async def by_provider_request(session: ReadSession, provider_request_id: str) -> str | None:
    """The payment the provider knows by this handle."""
    row = await session.row("SELECT id FROM payment WHERE provider_request_id = $1", provider_request_id)
    return None if row is None else row["id"]


async def by_receipt(session: ReadSession, receipt: str) -> str | None:
    """The payment that has this receipt, the first of its parts."""
    row = await session.row("SELECT id FROM payment WHERE receipt = $1 ORDER BY part LIMIT 1", receipt)
    return None if row is None else row["id"]


async def is_prompted(session: ReadSession, account_reference: str) -> bool:
    """Whether a prompt of ours showed this reference."""
    row = await session.row("SELECT 1 FROM payment WHERE account_reference = $1", account_reference)
    return row is not None


async def lock_prompted(session: WriteSession, *, account_reference: str, receipt: str) -> Payment | None:
    """The prompted payment that showed this reference, or has this receipt, held for this transaction."""
    row = await session.row(
        """SELECT * FROM payment WHERE account_reference = $1 OR (receipt = $2 AND part = 1)
            ORDER BY (receipt = $2) DESC NULLS LAST LIMIT 1 FOR UPDATE""",
        account_reference,
        receipt,
    )
    return None if row is None else payment_of(row["id"], row)


async def add_received(session: WriteSession, payment: Payment, *, channel: str, part: int) -> None:
    """Save money that came without a prompt of ours; confirmed from the beginning, one part of its receipt."""
    await add(session, payment, channel=channel)
    await session.execute(
        "UPDATE payment SET receipt = $2, part = $3, settled_at = requested_at WHERE id = $1",
        payment.payment_id,
        payment.receipt,
        part,
    )


async def open_prompt(session: ReadSession, phone: Msisdn, *, now: datetime, besides: str) -> str | None:
    """Another payment whose prompt may be on this phone, or may still be sent to it."""
    row = await session.row(
        """SELECT id FROM payment WHERE phone = $1 AND id <> $2
              AND (state = 'requested' AND requested_at > $3 OR state = ANY($4::text[]) AND sent_at > $5)
            ORDER BY requested_at DESC LIMIT 1""",
        phone.e164,
        besides,
        now - STALE_AFTER,
        sorted(RINGING),
        now - PROMPT_LIFE,
    )
    return None if row is None else row["id"]


async def move(
    session: WriteSession,
    payment: Payment,
    to: PaymentState,
    *,
    reason: str = "",
    provider_request_id: str | None = None,
    receipt: str | None = None,
    sent_at: datetime | None = None,
    settled_at: datetime | None = None,
    enquire_at: datetime | None = None,
) -> None:
    """Take a locked payment to its next state. A move the lifecycle does not know is a bug."""
    if not may_move(payment.state, to):
        raise AssertionError(f"{payment.payment_id} may not go from {payment.state} to {to}")
    await session.execute(
        """UPDATE payment SET state = $2, reason = $3,
                  provider_request_id = coalesce(provider_request_id, $4), receipt = coalesce(receipt, $5),
                  sent_at = coalesce($6, sent_at), settled_at = coalesce($7, settled_at), enquire_at = $8
            WHERE id = $1""",
        payment.payment_id,
        to,
        reason,
        provider_request_id,
        receipt,
        sent_at,
        settled_at,
        enquire_at,
    )


async def complete(
    session: WriteSession,
    payment_id: str,
    *,
    provider_request_id: str | None = None,
    receipt: str | None = None,
) -> None:
    """Fill in what was not known when the payment moved; what is known stays."""
    await session.execute(
        """UPDATE payment SET provider_request_id = coalesce(provider_request_id, $2),
                  receipt = coalesce(receipt, $3) WHERE id = $1""",
        payment_id,
        provider_request_id,
        receipt,
    )


async def raise_incident(session: WriteSession, payment_id: str, what: str) -> None:
    """Mark the payment for a person to look at; earlier marks are kept, as far as a thousand letters reach."""
    await session.execute(
        """UPDATE payment SET incident = left(CASE incident WHEN '' THEN $2 ELSE incident || '; ' || $2 END, 1000)
            WHERE id = $1""",
        payment_id,
        what,
    )


async def failed_since(session: ReadSession, payment: Payment, *, since: datetime) -> int:
    """How many payments of the member for the same thing have failed since then, this one among them."""
    row = await session.row(
        """SELECT count(*) AS n FROM payment
            WHERE member_id = $1 AND purpose = $2 AND subject = $3 AND state = 'failed' AND requested_at > $4""",
        payment.member_id,
        payment.purpose,
        payment.subject,
        since,
    )
    return 0 if row is None else row["n"]


async def plan_enquiry(session: WriteSession, payment_id: str, *, at: datetime | None, count: bool) -> None:
    """Ask the provider at `at`, or no more with None; `count` when an enquiry has just been made."""
    await session.execute(
        "UPDATE payment SET enquire_at = $2, enquiries = enquiries + $3 WHERE id = $1",
        payment_id,
        at,
        int(count),
    )


async def due_for_enquiry(session: ReadSession, *, now: datetime, most: int = 50) -> list[str]:
    """Payments to ask about or to give up on now."""
    rows = await session.rows(
        "SELECT id FROM payment WHERE enquire_at <= $1 ORDER BY enquire_at LIMIT $2", now, most
    )
    return [row["id"] for row in rows]


async def hear(
    session: WriteSession,
    *,
    payment_id: str,
    source: FactSource,
    enquiry: Enquiry,
    fingerprint: bytes,
    at: datetime,
) -> bool:
    """Keep what a provider told us; False when the very same was heard before."""
    row = await session.row(
        """INSERT INTO payment_fact (payment_id, source, fingerprint, outcome, facts, heard_at)
           VALUES ($1, $2, $3, $4, $5::jsonb, $6) ON CONFLICT (fingerprint) DO NOTHING RETURNING id""",
        payment_id,
        source,
        fingerprint,
        enquiry.outcome,
        msgspec.json.encode(_facts(enquiry)).decode(),
        at,
    )
    return row is not None


async def unhandled_facts(session: ReadSession, payment_id: str) -> list[tuple[int, FactSource, Enquiry]]:
    """What was heard of a payment and not yet acted on, in order of hearing."""
    rows = await session.rows(
        "SELECT * FROM payment_fact WHERE payment_id = $1 AND handled_at IS NULL ORDER BY id", payment_id
    )
    return [(row["id"], FactSource(row["source"]), _enquiry(row)) for row in rows]


async def payments_with_unhandled_facts(session: ReadSession, *, most: int = 50) -> list[str]:
    """Payments of ours whose facts still wait, because a process died between hearing and settling."""
    rows = await session.rows(
        """SELECT DISTINCT f.payment_id FROM payment_fact f JOIN payment p ON p.id = f.payment_id
            WHERE f.handled_at IS NULL LIMIT $1""",
        most,
    )
    return [row["payment_id"] for row in rows]


async def fact_handled(session: WriteSession, fact_id: int, *, at: datetime) -> None:
    await session.execute("UPDATE payment_fact SET handled_at = $2 WHERE id = $1", fact_id, at)


class _StoredFacts(msgspec.Struct):
    result_code: str
    result_text: str
    reason: str
    receipt: str | None
    amount_minor: int | None
    currency: str | None
    provider_request_id: str | None


def _facts(enquiry: Enquiry) -> _StoredFacts:
    return _StoredFacts(
        result_code=enquiry.result_code,
        result_text=enquiry.result_text,
        reason=enquiry.reason,
        receipt=enquiry.receipt,
        amount_minor=enquiry.amount.minor if enquiry.amount else None,
        currency=enquiry.amount.currency if enquiry.amount else None,
        provider_request_id=enquiry.provider_request_id,
    )


def _enquiry(row: asyncpg.Record) -> Enquiry:
    facts = msgspec.json.decode(row["facts"], type=_StoredFacts)
    amount = None
    if facts.amount_minor is not None and facts.currency is not None:
        amount = Money(facts.amount_minor, Currency(facts.currency))
    return Enquiry(
        outcome=Outcome(row["outcome"]),
        result_code=facts.result_code,
        result_text=facts.result_text,
        reason=facts.reason,
        receipt=facts.receipt,
        amount=amount,
        provider_request_id=facts.provider_request_id,
    )


def payment_of(payment_id: str, row: asyncpg.Record | None) -> Payment:
    """The payment of a row. Raises UnknownPayment where there is none."""
    if row is None:
        raise UnknownPayment(payment_id=payment_id)
    currency = Currency(row["currency"])
    return Payment(
        payment_id=row["id"],
        member_id=row["member_id"],
        purpose=Purpose(row["purpose"]),
        subject=row["subject"],
        phone=Msisdn(row["phone"]),
        amount=Money(row["amount"], currency),
        collected=Money(row["collected"], currency),
        account_reference=row["account_reference"],
        state=PaymentState(row["state"]),
        provider_request_id=row["provider_request_id"],
        receipt=row["receipt"],
        reason=row["reason"],
        enquiries=row["enquiries"],
        requested_at=row["requested_at"],
        sent_at=row["sent_at"],
    )
