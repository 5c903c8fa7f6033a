"""All SQL of things given as collateral."""

from datetime import datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.lending.applications.security import Collateral, CollateralKind, CollateralState, Valuation
from core.money import Currency, Money

_COLLATERAL = """SELECT id, subject, member_id, kind, description, reference, worth, currency, valued_on, valued_by,
                        state FROM loan_collateral"""


async def add(session: WriteSession, thing: Collateral, *, at: datetime) -> bool:
    """Register a thing; False where it secures a loan already."""
    row = await session.row(
        """INSERT INTO loan_collateral (id, subject, member_id, kind, description, reference, worth, currency,
                                        valued_on, valued_by, state, registered_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
           ON CONFLICT (kind, reference) WHERE state = 'held' DO NOTHING RETURNING id""",
        thing.collateral_id,
        thing.subject,
        thing.member_id,
        thing.kind,
        thing.description,
        thing.reference,
        thing.valuation.worth.minor,
        thing.valuation.worth.currency,
        thing.valuation.on,
        thing.valuation.by,
        thing.state,
        at,
    )
    return row is not None


async def lock(session: WriteSession, collateral_id: str) -> Collateral | None:
    """The thing, held for this transaction."""
    row = await session.row(f"{_COLLATERAL} WHERE id = $1 FOR UPDATE", collateral_id)
    return None if row is None else _collateral(row)


async def of_subject(session: ReadSession, subject: str) -> list[Collateral]:
    """Everything given for an application or loan, what was released included, the oldest first."""
    rows = await session.rows(f"{_COLLATERAL} WHERE subject = $1 ORDER BY registered_at, id", subject)
    return [_collateral(row) for row in rows]


async def revalue(session: WriteSession, collateral_id: str, valuation: Valuation) -> None:
    """A newer valuation of a locked thing."""
    await session.execute(
        "UPDATE loan_collateral SET worth = $2, valued_on = $3, valued_by = $4 WHERE id = $1",
        collateral_id,
        valuation.worth.minor,
        valuation.on,
        valuation.by,
    )


async def release(session: WriteSession, collateral_id: str, *, at: datetime) -> None:
    """A locked thing secures nothing any more."""
    await session.execute(
        "UPDATE loan_collateral SET state = 'released', released_at = $2 WHERE id = $1", collateral_id, at
    )


async def release_all(session: WriteSession, subject: str, *, at: datetime) -> list[Collateral]:
    """A repaid loan, or an application that came to nothing, frees its things; those freed now."""
    rows = await session.rows(
        """UPDATE loan_collateral SET state = 'released', released_at = $2 WHERE subject = $1 AND state = 'held'
           RETURNING *""",
        subject,
        at,
    )
    return [_collateral(row) for row in rows]


async def move_to_loan(session: WriteSession, *, application_id: str, loan_id: str) -> None:
    """What was given for an application secures the loan that came of it."""
    await session.execute(
        "UPDATE loan_collateral SET subject = $2 WHERE subject = $1", application_id, loan_id
    )


def _collateral(row: asyncpg.Record) -> Collateral:
    return Collateral(
        collateral_id=row["id"],
        subject=row["subject"],
        member_id=row["member_id"],
        kind=CollateralKind(row["kind"]),
        description=row["description"],
        reference=row["reference"],
        valuation=Valuation(
            Money(row["worth"], Currency(row["currency"])), row["valued_on"], row["valued_by"]
        ),
        state=CollateralState(row["state"]),
    )
