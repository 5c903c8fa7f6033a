"""All SQL of payouts themselves; what was heard of them and the float have stores of their own."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.errors import ReceiptTaken, UnknownPayout
from core.money import Currency, Money
from core.payouts.lifecycle import UNDER_WAY, may_move
from core.payouts.model import Payout, PayoutPurpose, PayoutState, Wait
from core.phone import Msisdn


async def add(session: WriteSession, payout: Payout, *, channel: str, next_at: datetime) -> bool:
    """Save a new intent; False when this id is there already."""
    row = await session.row(
        """INSERT INTO payout (id, member_id, purpose, subject, phone, amount, fee, excise, currency, channel, state,
                               requested_at, next_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING RETURNING id""",
        payout.payout_id,
        payout.member_id,
        payout.purpose,
        payout.subject,
        payout.phone.e164,
        payout.amount.minor,
        payout.fee.minor,
        payout.excise.minor,
        payout.amount.currency,
        channel,
        payout.state,
        payout.requested_at,
        next_at,
    )
    return row is not None


async def find(session: ReadSession, payout_id: str) -> Payout:
    """Raises UnknownPayout."""
    return payout_of(payout_id, await session.row("SELECT * FROM payout WHERE id = $1", payout_id))


async def find_or_none(session: ReadSession, payout_id: str) -> Payout | None:
    row = await session.row("SELECT * FROM payout WHERE id = $1", payout_id)
    return None if row is None else payout_of(payout_id, row)


async def lock(session: WriteSession, payout_id: str) -> Payout:
    """The payout, held for this transaction. Raises UnknownPayout."""
    return payout_of(payout_id, await session.row("SELECT * FROM payout WHERE id = $1 FOR UPDATE", payout_id))


async def move(
    session: WriteSession,
    payout: Payout,
    to: PayoutState,
    *,
    next_at: datetime | None,
    reason: str = "",
    waits_for: Wait = Wait.NOTHING,
    sent_at: datetime | None = None,
    settled_at: datetime | None = None,
) -> None:
    """Take a locked payout to its next state. A move that the lifecycle does not know is a bug."""
    if not may_move(payout.state, to):
        raise AssertionError(f"{payout.payout_id} may not go from {payout.state} to {to}")
    await session.execute(
        """UPDATE payout SET state = $2, next_at = $3, reason = $4, waits_for = $5, sent_at = coalesce($6, sent_at),
                  settled_at = coalesce($7, settled_at)
            WHERE id = $1""",
        payout.payout_id,
        to,
        next_at,
        reason,
        waits_for,
        sent_at,
        settled_at,
    )


async def wait(session: WriteSession, payout_id: str, waits_for: Wait, *, next_at: datetime | None) -> None:
    """A requested payout isn't sent now."""
    await session.execute(
        "UPDATE payout SET waits_for = $2, next_at = $3 WHERE id = $1", payout_id, waits_for, next_at
    )


async def next_attempt(session: WriteSession, payout_id: str) -> None:
    """The provider said that the present attempt moved nothing: the next has a reference of its own."""
    await session.execute(
        "UPDATE payout SET attempt = attempt + 1, provider_request_id = NULL, enquiries = 0 WHERE id = $1",
        payout_id,
    )


async def complete(
    session: WriteSession,
    payout_id: str,
    *,
    provider_request_id: str | None = None,
    receipt: str | None = None,
) -> None:
    """Fill in what was not known when the payout moved; what is known stays. Raises ReceiptTaken."""
    if receipt is not None and await _has_receipt(session, receipt, besides=payout_id):
        raise ReceiptTaken(receipt=receipt)
    await session.execute(
        """UPDATE payout SET provider_request_id = coalesce(provider_request_id, $2),
                  receipt = coalesce(receipt, $3) WHERE id = $1""",
        payout_id,
        provider_request_id,
        receipt,
    )


async def _has_receipt(session: ReadSession, receipt: str, *, besides: str) -> bool:
    row = await session.row("SELECT 1 FROM payout WHERE receipt = $1 AND id <> $2", receipt, besides)
    return row is not None


async def raise_incident(session: WriteSession, payout_id: str, what: str) -> None:
    """Mark the payout for a person to look at; earlier marks are kept, as far as a thousand letters reach."""
    await session.execute(
        """UPDATE payout SET incident = left(CASE incident WHEN '' THEN $2 ELSE incident || '; ' || $2 END, 1000)
            WHERE id = $1 AND position($2 IN incident) = 0""",
        payout_id,
        what,
    )


async def clear_incident(session: WriteSession, payout_id: str) -> None:
    await session.execute("UPDATE payout SET incident = '' WHERE id = $1", payout_id)


async def plan_enquiry(session: WriteSession, payout_id: str, *, at: datetime) -> None:
    """The provider is asked now, and again at `at`."""
    await session.execute(
        "UPDATE payout SET next_at = $2, enquiries = enquiries + 1 WHERE id = $1", payout_id, at
    )


async def act_at(session: WriteSession, payout_id: str, at: datetime) -> None:
    """Act on it at that time, not before."""
    await session.execute("UPDATE payout SET next_at = $2 WHERE id = $1", payout_id, at)


async def wake(session: WriteSession, waits_for: Wait, *, at: datetime) -> int:
    """What waited for this is tried again; how many."""
    rows = await session.rows(
        "UPDATE payout SET next_at = $2 WHERE state = 'requested' AND waits_for = $1 RETURNING id",
        waits_for,
        at,
    )
    return len(rows)


async def due(session: ReadSession, *, now: datetime, most: int = 50) -> list[tuple[str, PayoutState]]:
    """Payouts that are to be acted on, the longest due first."""
    rows = await session.rows(
        "SELECT id, state FROM payout WHERE next_at <= $1 ORDER BY next_at LIMIT $2", now, most
    )
    return [(row["id"], PayoutState(row["state"])) for row in rows]


async def withdrawn_since(session: ReadSession, member_id: str, since: datetime) -> int:
    """What a member has asked to take out since then, in minor units, but for what failed."""
    row = await session.row(
        """SELECT coalesce(sum(amount), 0)::bigint AS asked FROM payout
            WHERE member_id = $1 AND requested_at >= $2 AND purpose = 'withdrawal' AND state <> 'voided'""",
        member_id,
        since,
    )
    return 0 if row is None else int(row["asked"])


async def is_under_way(session: ReadSession, subject: str) -> bool:
    """Whether money of this account or loan is on its way out, and may come back."""
    row = await session.row(
        "SELECT 1 FROM payout WHERE subject = $1 AND state NOT IN ('settled', 'voided') LIMIT 1", subject
    )
    return row is not None


async def listed(
    session: ReadSession,
    *,
    states: Sequence[PayoutState],
    member_id: str | None,
    only_incidents: bool,
    after: str,
    most: int,
) -> list[Payout]:
    """Payouts by id, the oldest first, those behind `after`; in these states, or under way where none is named."""
    rows = await session.rows(
        """SELECT * FROM payout WHERE id > $1 AND state = ANY($2::text[]) AND ($3::text IS NULL OR member_id = $3)
              AND (NOT $4 OR incident <> '') ORDER BY id LIMIT $5""",
        after,
        sorted(states or (set(PayoutState) if only_incidents or member_id else UNDER_WAY)),
        member_id,
        only_incidents,
        most,
    )
    return [payout_of(row["id"], row) for row in rows]


def payout_of(payout_id: str, row: asyncpg.Record | None) -> Payout:
    """The payout of a row. Raises UnknownPayout where there is none."""
    if row is None:
        raise UnknownPayout(payout_id=payout_id)
    currency = Currency(row["currency"])
    return Payout(
        payout_id=row["id"],
        member_id=row["member_id"],
        purpose=PayoutPurpose(row["purpose"]),
        subject=row["subject"],
        phone=Msisdn(row["phone"]),
        amount=Money(row["amount"], currency),
        fee=Money(row["fee"], currency),
        excise=Money(row["excise"], currency),
        state=PayoutState(row["state"]),
        attempt=row["attempt"],
        waits_for=Wait(row["waits_for"]),
        provider_request_id=row["provider_request_id"],
        receipt=row["receipt"],
        reason=row["reason"],
        incident=row["incident"],
        enquiries=row["enquiries"],
        requested_at=row["requested_at"],
        sent_at=row["sent_at"],
        settled_at=row["settled_at"],
    )
