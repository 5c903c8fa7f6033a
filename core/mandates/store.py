"""All SQL of mandates."""

from datetime import date, datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.errors import UnknownMandate
from core.mandates.model import Mandate, MandateStatus, MandateTerms, Rhythm
from core.money import Currency, Money
from core.payments.model import Purpose


async def add(session: WriteSession, mandate: Mandate, *, try_at: datetime, by: str, at: datetime) -> None:
    terms = mandate.terms
    await session.execute(
        """INSERT INTO payment_mandate (id, member_id, purpose, subject, amount, currency, rhythm, starts_on,
                                        ends_on, status, next_on, try_at, given_by, given_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""",
        mandate.mandate_id,
        mandate.member_id,
        terms.purpose,
        terms.subject,
        None if terms.amount is None else terms.amount.minor,
        Currency.KES if terms.amount is None else terms.amount.currency,
        terms.rhythm,
        terms.starts_on,
        terms.ends_on,
        mandate.status,
        mandate.next_on,
        try_at,
        by,
        at,
    )


async def of_member(session: ReadSession, member_id: str) -> list[Mandate]:
    """A member's mandates, the newest first, ended ones too."""
    rows = await session.rows(
        "SELECT * FROM payment_mandate WHERE member_id = $1 ORDER BY given_at DESC, id DESC", member_id
    )
    return [_mandate(row) for row in rows]


async def lock(session: WriteSession, mandate_id: str) -> Mandate:
    """The mandate, held for this transaction. Raises UnknownMandate."""
    row = await session.row("SELECT * FROM payment_mandate WHERE id = $1 FOR UPDATE", mandate_id)
    if row is None:
        raise UnknownMandate(mandate_id=mandate_id)
    return _mandate(row)


async def due(session: ReadSession, *, now: datetime, most: int = 50) -> list[str]:
    """Mandates whose time to collect has come, the longest waiting first."""
    rows = await session.rows(
        "SELECT id FROM payment_mandate WHERE status = 'active' AND try_at <= $1 ORDER BY try_at LIMIT $2",
        now,
        most,
    )
    return [row["id"] for row in rows]


async def lock_due(session: WriteSession, mandate_id: str, *, now: datetime) -> Mandate | None:
    """The mandate if it still has to collect, held for this transaction; None where another worker has it."""
    row = await session.row(
        """SELECT * FROM payment_mandate WHERE id = $1 AND status = 'active' AND try_at <= $2
             FOR UPDATE SKIP LOCKED""",
        mandate_id,
        now,
    )
    return None if row is None else _mandate(row)


async def move(
    session: WriteSession, mandate_id: str, status: MandateStatus, *, next_on: date, try_at: datetime
) -> None:
    """Write down how a locked mandate stands from now on."""
    await session.execute(
        "UPDATE payment_mandate SET status = $2, next_on = $3, try_at = $4 WHERE id = $1",
        mandate_id,
        status,
        next_on,
        try_at,
    )


async def wait(session: WriteSession, mandate_id: str, *, until: datetime) -> None:
    """Try the same collection again later."""
    await session.execute("UPDATE payment_mandate SET try_at = $2 WHERE id = $1", mandate_id, until)


async def note_run(
    session: WriteSession, mandate: Mandate, *, payment_id: str | None, outcome: str, at: datetime
) -> None:
    """Write down what the collection of a day came to."""
    await session.execute(
        """INSERT INTO mandate_run (mandate_id, due_on, payment_id, outcome, run_at)
           VALUES ($1, $2, $3, $4, $5)""",
        mandate.mandate_id,
        mandate.next_on,
        payment_id,
        outcome,
        at,
    )


def _mandate(row: asyncpg.Record) -> Mandate:
    amount = None if row["amount"] is None else Money(row["amount"], Currency(row["currency"]))
    return Mandate(
        mandate_id=row["id"],
        member_id=row["member_id"],
        terms=MandateTerms(
            purpose=Purpose(row["purpose"]),
            subject=row["subject"],
            amount=amount,
            rhythm=Rhythm(row["rhythm"]),
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
        ),
        status=MandateStatus(row["status"]),
        next_on=row["next_on"],
    )
