"""All SQL of what was heard of payouts: kept before anything is done about it, acted on once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.money import Currency, Money
from core.payouts.model import FactSource
from core.payouts.ports import Fault, Heard, Outcome


@dataclass(frozen=True, slots=True)
class Fact:
    """Something heard and not yet acted on."""

    fact_id: int
    heard: Heard


async def hear(session: WriteSession, payout_id: str, heard: Heard, *, at: datetime) -> bool:
    """Keep what was told; False when the very same was heard before."""
    row = await session.row(
        """INSERT INTO payout_fact (payout_id, source, fingerprint, outcome, facts, heard_at)
           VALUES ($1, $2, $3, $4, $5::jsonb, $6) ON CONFLICT (fingerprint) DO NOTHING RETURNING id""",
        payout_id,
        heard.source,
        _fingerprint(payout_id, heard),
        heard.outcome,
        msgspec.json.encode(_facts(heard)).decode(),
        at,
    )
    return row is not None


async def unhandled(session: ReadSession, payout_id: str) -> list[Fact]:
    """What was heard of a payout and not yet acted on, in order of hearing."""
    rows = await session.rows(
        "SELECT * FROM payout_fact WHERE payout_id = $1 AND handled_at IS NULL ORDER BY id", payout_id
    )
    return [Fact(row["id"], _heard(row)) for row in rows]


async def payouts_with_unhandled(session: ReadSession, *, most: int = 50) -> list[str]:
    """Payouts of ours whose facts still wait, because a process died between hearing and acting."""
    rows = await session.rows(
        """SELECT DISTINCT f.payout_id FROM payout_fact f JOIN payout p ON p.id = f.payout_id
            WHERE f.handled_at IS NULL LIMIT $1""",
        most,
    )
    return [row["payout_id"] for row in rows]


async def handled(session: WriteSession, fact_id: int, *, at: datetime) -> None:
    await session.execute("UPDATE payout_fact SET handled_at = $2 WHERE id = $1", fact_id, at)


class StoredFacts(msgspec.Struct, kw_only=True):
    """What is kept of a word: never a phone number, a name or a credential."""

    attempt: int
    result_code: str
    result_text: str
    reason: str
    fault: Fault
    receipt: str | None
    amount_minor: int | None
    currency: str | None
    provider_request_id: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as staff see it."""

    source: FactSource
    outcome: Outcome
    facts: StoredFacts
    at: datetime


async def story(session: ReadSession, payout_id: str) -> list[Told]:
    """Everything that was heard of a payout, in order."""
    rows = await session.rows("SELECT * FROM payout_fact WHERE payout_id = $1 ORDER BY id", payout_id)
    return [_told(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Stray:
    """A word about a payout that we never made."""

    fact_id: int
    payout_id: str
    told: Told


async def strays(session: ReadSession, *, after: int, most: int) -> list[Stray]:
    """Words that fit no payout of ours, the oldest first, those behind the fact `after`: a person must look."""
    rows = await session.rows(
        """SELECT f.* FROM payout_fact f WHERE f.handled_at IS NULL AND f.id > $1
              AND NOT EXISTS (SELECT 1 FROM payout p WHERE p.id = f.payout_id) ORDER BY f.id LIMIT $2""",
        after,
        most,
    )
    return [Stray(row["id"], row["payout_id"], _told(row)) for row in rows]


def _told(row: asyncpg.Record) -> Told:
    return Told(
        FactSource(row["source"]),
        Outcome(row["outcome"]),
        msgspec.json.decode(row["facts"], type=StoredFacts),
        row["heard_at"],
    )


def _fingerprint(payout_id: str, heard: Heard) -> bytes:
    """By what was said, not how or when: a repeat differs in headers only."""
    said = [
        payout_id,
        heard.source,
        heard.attempt,
        heard.outcome,
        heard.result_code,
        heard.receipt,
        heard.amount.minor if heard.amount else None,
        heard.provider_request_id,
    ]
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).digest()


def _facts(heard: Heard) -> StoredFacts:
    return StoredFacts(
        attempt=heard.attempt,
        result_code=heard.result_code,
        result_text=heard.result_text,
        reason=heard.reason,
        fault=heard.fault,
        receipt=heard.receipt,
        amount_minor=heard.amount.minor if heard.amount else None,
        currency=heard.amount.currency if heard.amount else None,
        provider_request_id=heard.provider_request_id,
    )


def _heard(row: asyncpg.Record) -> Heard:
    facts = msgspec.json.decode(row["facts"], type=StoredFacts)
    amount = None
    if facts.amount_minor is not None and facts.currency is not None:
        amount = Money(facts.amount_minor, Currency(facts.currency))
    return Heard(
        source=FactSource(row["source"]),
        outcome=Outcome(row["outcome"]),
        attempt=facts.attempt,
        result_code=facts.result_code,
        result_text=facts.result_text,
        reason=facts.reason,
        fault=facts.fault,
        receipt=facts.receipt,
        amount=amount,
        provider_request_id=facts.provider_request_id,
    )
