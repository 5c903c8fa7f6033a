"""Which payments were there? By member, state, purpose, receipt and days, the newest first."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.clock import NAIROBI
from core.db.engine import ReadSession
from core.payments.incidents import SeenPayment
from core.payments.model import PaymentState, Purpose
from core.payments.store import payment_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payments; None wants any. Days are Nairobi's, both included."""

    member_id: str | None = None
    state: PaymentState | None = None
    purpose: Purpose | None = None
    receipt: str | None = None
    channel: str | None = None
    since: date | None = None
    until: date | None = None


async def search(session: ReadSession, wanted: Wanted, *, after: str, most: int) -> list[SeenPayment]:
    """At most so many, those behind the payment `after`; empty where there is no such payment."""
    rows = await session.rows(
        """SELECT * FROM payment
            WHERE ($1::text IS NULL OR member_id = $1) AND ($2::text IS NULL OR state = $2)
              AND ($3::text IS NULL OR purpose = $3) AND ($4::text IS NULL OR receipt = upper($4))
              AND ($5::text IS NULL OR channel = $5)
              AND ($6::timestamptz IS NULL OR requested_at >= $6)
              AND ($7::timestamptz IS NULL OR requested_at < $7)
              AND ($8 = '' OR (requested_at, id) < (SELECT p.requested_at, p.id FROM payment p WHERE p.id = $8))
            ORDER BY requested_at DESC, id DESC LIMIT $9""",
        wanted.member_id,
        wanted.state,
        wanted.purpose,
        wanted.receipt,
        wanted.channel,
        None if wanted.since is None else _midnight(wanted.since),
        None if wanted.until is None else _midnight(wanted.until + timedelta(days=1)),
        after,
        most,
    )
    return [SeenPayment(payment_of(row["id"], row), row["incident"]) for row in rows]


async def look_at(session: ReadSession, payment_id: str) -> SeenPayment:
    """One payment as it stands now. Raises UnknownPayment."""
    row = await session.row("SELECT * FROM payment WHERE id = $1", payment_id)
    payment = payment_of(payment_id, row)
    return SeenPayment(payment, "" if row is None else row["incident"])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, NAIROBI)
