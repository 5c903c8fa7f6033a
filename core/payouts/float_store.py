"""How much of the utility float may be promised? All SQL of its one row, which is locked for every promise.

What is sent and not yet decided is reserved. A settled payout takes it out of the balance; the provider's next word
about the balance replaces both what we counted and what we missed.
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.money import Currency, Money

ACCOUNT = "mpesa_utility"


@dataclass(frozen=True, slots=True)
class FloatStanding:
    """The float as we know it. `balance` is None until the provider has told it."""

    balance: Money | None
    balance_at: datetime | None
    reserved: Money
    ask_reference: str
    asked_at: datetime | None
    stopped: str
    low_since: datetime | None

    @property
    def available(self) -> Money | None:
        return None if self.balance is None else self.balance - self.reserved


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits to be sent."""

    count: int
    amount: Money
    for_float: int


async def find(session: ReadSession) -> FloatStanding:
    return _standing(await session.row("SELECT * FROM payout_float WHERE id = $1", ACCOUNT))


async def lock(session: WriteSession) -> FloatStanding:
    """The standing, held for this transaction. Always after the payout's own row."""
    return _standing(await session.row("SELECT * FROM payout_float WHERE id = $1 FOR UPDATE", ACCOUNT))


async def reserve(session: WriteSession, amount: Money) -> None:
    await session.execute(
        "UPDATE payout_float SET reserved = reserved + $2 WHERE id = $1", ACCOUNT, amount.minor
    )


async def release(session: WriteSession, amount: Money) -> None:
    """It was promised and did not leave."""
    await session.execute(
        "UPDATE payout_float SET reserved = reserved - $2 WHERE id = $1", ACCOUNT, amount.minor
    )


async def spend(session: WriteSession, amount: Money, *, was_reserved: bool) -> None:
    """It left."""
    await session.execute(
        "UPDATE payout_float SET reserved = reserved - $3, balance = balance - $2 WHERE id = $1",
        ACCOUNT,
        amount.minor,
        amount.minor if was_reserved else 0,
    )


async def asked(session: WriteSession, ask_reference: str, *, at: datetime) -> None:
    await session.execute(
        "UPDATE payout_float SET ask_reference = $2, asked_at = $3 WHERE id = $1", ACCOUNT, ask_reference, at
    )


async def told(session: WriteSession, balance: Money, *, asked_at: datetime, at: datetime) -> None:
    """The provider's word. What was settled since the question may not be in it, and is taken off to be safe."""
    await session.execute(
        """UPDATE payout_float SET balance_at = $4, balance = $2 - (
                  SELECT coalesce(sum(amount), 0)::bigint FROM payout WHERE state = 'settled' AND settled_at >= $3)
            WHERE id = $1""",
        ACCOUNT,
        balance.minor,
        asked_at,
        at,
    )


async def stop(session: WriteSession, reason: str) -> None:
    """Send nothing until staff say so. The first reason stays."""
    await session.execute(
        "UPDATE payout_float SET stopped = $2 WHERE id = $1 AND stopped = ''", ACCOUNT, reason
    )


async def start_again(session: WriteSession) -> None:
    await session.execute("UPDATE payout_float SET stopped = '' WHERE id = $1", ACCOUNT)


async def set_low_since(session: WriteSession, since: datetime | None) -> None:
    await session.execute("UPDATE payout_float SET low_since = $2 WHERE id = $1", ACCOUNT, since)


async def queue(session: ReadSession) -> Queue:
    """What is requested and not sent."""
    row = await session.row(
        """SELECT count(*) AS n, coalesce(sum(amount), 0)::bigint AS minor,
                  count(*) FILTER (WHERE waits_for = 'float') AS for_float FROM payout WHERE state = 'requested'"""
    )
    if row is None:
        raise AssertionError("a count has one row")
    return Queue(row["n"], Money(row["minor"]), row["for_float"])


def _standing(row: asyncpg.Record | None) -> FloatStanding:
    if row is None:
        raise AssertionError("the migration makes the float's row")
    currency = Currency(row["currency"])
    return FloatStanding(
        balance=None if row["balance"] is None else Money(row["balance"], currency),
        balance_at=row["balance_at"],
        reserved=Money(row["reserved"], currency),
        ask_reference=row["ask_reference"],
        asked_at=row["asked_at"],
        stopped=row["stopped"],
        low_since=row["low_since"],
    )
