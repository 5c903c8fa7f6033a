"""Which payments should a person look at? Those with an incident; and all of a member's, as staff see them."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from core.audit import store as audit
from core.db.engine import ReadSession, WriteSession
from core.errors import NoIncident, UnknownPayment
from core.payments.model import Payment
from core.payments.store import payment_of


@dataclass(frozen=True, slots=True)
class SeenPayment:
    """A payment as staff see it. `incident` is what a person should look at, empty for nothing."""

    payment: Payment
    incident: str


async def of_member(session: ReadSession, member_id: str, *, most: int) -> list[SeenPayment]:
    """A member's payments, the newest first."""
    rows = await session.rows(
        "SELECT * FROM payment WHERE member_id = $1 ORDER BY requested_at DESC, id DESC LIMIT $2",
        member_id,
        most,
    )
    return [_seen(row) for row in rows]


async def with_incident(session: ReadSession, *, after: str, most: int) -> list[SeenPayment]:
    """Payments that somebody should look at, the oldest first, those behind `after`."""
    rows = await session.rows(
        "SELECT * FROM payment WHERE incident <> '' AND id > $1 ORDER BY id LIMIT $2", after, most
    )
    return [_seen(row) for row in rows]


async def close(session: WriteSession, now: datetime, payment_id: str, *, by: str, reason: str) -> None:
    """A person has looked: the trail keeps what it was and what they say. Raises UnknownPayment, NoIncident."""
    row = await session.row("SELECT incident FROM payment WHERE id = $1 FOR UPDATE", payment_id)
    if row is None:
        raise UnknownPayment(payment_id=payment_id)
    if not row["incident"]:
        raise NoIncident(payment_id=payment_id)
    await session.execute("UPDATE payment SET incident = '' WHERE id = $1", payment_id)
    await audit.record(
        session,
        at=now,
        actor=by,
        action="payment.incident_closed",
        subject=payment_id,
        facts={"incident": row["incident"], "reason": reason},
    )


def _seen(row: asyncpg.Record) -> SeenPayment:
    return SeenPayment(payment_of(row["id"], row), row["incident"])
