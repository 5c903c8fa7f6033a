"""All SQL of holds. A trigger takes what is held out of reach of every posting, so rows here are the whole truth."""

from collections.abc import Sequence
from datetime import date, datetime

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.errors import NotEnoughSaved
from core.money import Currency, Money
from core.savings.model import Hold, HoldReason, HoldState

_TOO_LITTLE = "IM021"
_HOLD = "id, ledger_code, amount, currency, reason, subject, until, state"


class _Shortfall(msgspec.Struct):
    available: int
    asked: int


async def add(session: WriteSession, hold: Hold, *, at: datetime) -> bool:
    """Hold the money; False when this hold was placed before. Raises NotEnoughSaved."""
    try:
        row = await session.row(
            """INSERT INTO savings_hold (id, ledger_code, amount, currency, reason, subject, until, placed_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING id""",
            hold.hold_id,
            hold.ledger_code,
            hold.amount.minor,
            hold.amount.currency,
            hold.reason,
            hold.subject,
            hold.until,
            at,
        )
    except asyncpg.PostgresError as error:
        raise _refusal(error) from error
    return row is not None


async def lock(session: WriteSession, hold_id: str) -> Hold | None:
    """The hold, held for this transaction."""
    row = await session.row(f"SELECT {_HOLD} FROM savings_hold WHERE id = $1 FOR UPDATE", hold_id)
    return None if row is None else _hold(row)


async def lock_accounts(session: WriteSession, hold_ids: Sequence[str]) -> None:
    """The ledger rows under several holds, held in the order of postings, before the holds are ended."""
    await session.rows(
        """SELECT a.code FROM ledger_account a JOIN savings_hold h ON h.ledger_code = a.code
            WHERE h.id = ANY($1::text[]) ORDER BY a.code COLLATE "C" FOR UPDATE OF a""",
        hold_ids,
    )


async def set_amount(session: WriteSession, hold_id: str, amount: Money) -> None:
    """Hold more or less. Raises NotEnoughSaved."""
    try:
        await session.execute("UPDATE savings_hold SET amount = $2 WHERE id = $1", hold_id, amount.minor)
    except asyncpg.PostgresError as error:
        raise _refusal(error) from error


async def end(session: WriteSession, hold_id: str, state: HoldState, *, at: datetime) -> None:
    await session.execute(
        "UPDATE savings_hold SET state = $2, ended_at = $3 WHERE id = $1", hold_id, state, at
    )


async def end_expired(session: WriteSession, *, on: date, at: datetime, most: int) -> int:
    """Release holds whose last day was before `on`; how many."""
    rows = await session.rows(
        """UPDATE savings_hold SET state = 'released', ended_at = $2
            WHERE id IN (SELECT id FROM savings_hold WHERE state = 'held' AND until < $1
                          ORDER BY ledger_code COLLATE "C", id LIMIT $3) AND state = 'held' RETURNING id""",
        on,
        at,
        most,
    )
    return len(rows)


async def find(session: ReadSession, hold_id: str) -> Hold | None:
    row = await session.row(f"SELECT {_HOLD} FROM savings_hold WHERE id = $1", hold_id)
    return None if row is None else _hold(row)


async def on_account(session: ReadSession, ledger_code: str) -> Sequence[Hold]:
    """What is held on an account now, the oldest first."""
    rows = await session.rows(
        f"""SELECT {_HOLD} FROM savings_hold WHERE ledger_code = $1 AND state = 'held'
            ORDER BY placed_at, id""",
        ledger_code,
    )
    return [_hold(row) for row in rows]


async def for_subject(session: ReadSession, subject: str) -> Sequence[Hold]:
    """What is held for a loan or payment now, whosever account it is on."""
    rows = await session.rows(
        f"SELECT {_HOLD} FROM savings_hold WHERE subject = $1 AND state = 'held' ORDER BY placed_at, id",
        subject,
    )
    return [_hold(row) for row in rows]


def _hold(row: asyncpg.Record) -> Hold:
    return Hold(
        hold_id=row["id"],
        ledger_code=row["ledger_code"],
        amount=Money(row["amount"], Currency(row["currency"])),
        reason=HoldReason(row["reason"]),
        subject=row["subject"],
        until=row["until"],
        state=HoldState(row["state"]),
    )


def _refusal(error: asyncpg.PostgresError) -> Exception:
    if error.sqlstate != _TOO_LITTLE:
        return error
    short = msgspec.json.decode(error.detail or "", type=_Shortfall)
    return NotEnoughSaved(available_minor=short.available, asked_minor=short.asked)
