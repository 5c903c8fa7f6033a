"""All SQL of standing orders and the register of their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.money import Currency, Money
from core.savings.standing_orders import Destination, OrderStatus, OrderTerms, RunState, Trigger


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """An order as it stands: its terms, and the run that is ahead or under way."""

    order_id: str
    member_id: str
    source_id: str
    destination: Destination
    destination_id: str
    terms: OrderTerms
    status: OrderStatus
    due_on: date
    """The day its run is for."""
    taken: Money
    """What earlier tries of this run have had."""
    attempts: int
    try_on: date | None
    """When it is tried next; None where something else must happen first."""
    destination_code: str | None = None
    """The share account's ledger code; other destinations are looked up where they are kept."""


@dataclass(frozen=True, slots=True)
class Run:
    """How one run ended."""

    order_id: str
    due_on: date
    state: RunState
    taken: Money
    attempts: int
    ended_on: date


_ORDERS = """SELECT o.*, h.ledger_code AS share_code FROM standing_order o
              LEFT JOIN share_account h ON o.destination = 'shares' AND h.id = o.destination_id"""


async def add(session: WriteSession, order: StandingOrder, *, at: datetime) -> bool:
    """False when the order was set before."""
    terms = order.terms
    row = await session.row(
        """INSERT INTO standing_order (id, member_id, source_id, destination, destination_id, amount, keep, currency,
                                       "trigger", every_months, starts_on, ends_on, allows_part, tolerance_days,
                                       priority, status, due_on, try_on, set_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
           ON CONFLICT (id) DO NOTHING RETURNING id""",
        order.order_id,
        order.member_id,
        order.source_id,
        order.destination,
        order.destination_id,
        None if terms.amount is None else terms.amount.minor,
        terms.keep.minor,
        terms.keep.currency,
        terms.trigger,
        terms.every_months,
        terms.starts_on,
        terms.ends_on,
        terms.allows_part,
        terms.tolerance_days,
        terms.priority,
        order.status,
        order.due_on,
        order.try_on,
        at,
    )
    return row is not None


async def lock(session: WriteSession, order_id: str) -> StandingOrder | None:
    row = await session.row(f"{_ORDERS} WHERE o.id = $1 FOR UPDATE OF o", order_id)
    return None if row is None else _order(row)


async def of_member(session: ReadSession, member_id: str) -> Sequence[StandingOrder]:
    """A member's orders that have not ended, in the order in which they run."""
    rows = await session.rows(
        f"""{_ORDERS} WHERE o.member_id = $1 AND o.status NOT IN ('ended', 'rejected')
            ORDER BY o.source_id, o.priority, o.id""",
        member_id,
    )
    return [_order(row) for row in rows]


async def waiting(session: ReadSession, *, after: str = "", most: int) -> Sequence[StandingOrder]:
    """Orders that wait for approval, by id, those behind `after`."""
    rows = await session.rows(
        f"{_ORDERS} WHERE o.status = 'pending' AND o.id > $1 ORDER BY o.id LIMIT $2", after, most
    )
    return [_order(row) for row in rows]


async def lock_due(
    session: WriteSession, *, on: date, most: int, with_loans: bool, source_id: str | None = None
) -> list[StandingOrder]:
    """Orders to be tried on that day or before, in the order in which they run; of one account where it is named."""
    rows = await session.rows(
        f"""{_ORDERS} WHERE o.status = 'open' AND o.try_on <= $1 AND ($3 OR o.destination <> 'loan')
              AND ($4::text IS NULL OR o.source_id = $4)
            ORDER BY o.source_id, o.priority, o.due_on, o.id LIMIT $2 FOR UPDATE OF o""",
        on,
        most,
        with_loans,
        source_id,
    )
    return [_order(row) for row in rows]


async def wake_salary_orders(session: WriteSession, *, source_id: str, on: date) -> None:
    """Let the salary orders of an account run on this day, unless they have run on it; short ones are tried again."""
    await session.execute(
        """UPDATE standing_order SET try_on = $2
            WHERE source_id = $1 AND status = 'open' AND "trigger" = 'salary' AND try_on > $2""",
        source_id,
        on,
    )
    await session.execute(
        """UPDATE standing_order o SET due_on = $2, try_on = $2,
                  -- A run of this day that was paused goes on: its tries are numbered, and what it had is had.
                  taken = CASE WHEN due_on = $2 THEN taken ELSE 0 END,
                  attempts = CASE WHEN due_on = $2 THEN attempts ELSE 0 END
            WHERE source_id = $1 AND status = 'open' AND "trigger" = 'salary' AND try_on IS NULL
              AND starts_on <= $2 AND (ends_on IS NULL OR ends_on >= $2)
              AND NOT EXISTS (SELECT FROM standing_order_run r WHERE r.order_id = o.id AND r.due_on = $2)""",
        source_id,
        on,
    )


async def move_on(session: WriteSession, orders: Sequence[StandingOrder]) -> None:
    """Save how the runs of locked orders stand."""
    await session.execute_many(
        """UPDATE standing_order SET status = $2, due_on = $3, taken = $4, attempts = $5, try_on = $6
            WHERE id = $1""",
        [
            (order.order_id, order.status, order.due_on, order.taken.minor, order.attempts, order.try_on)
            for order in orders
        ],
    )


async def register(session: WriteSession, runs: Sequence[Run]) -> None:
    """Write down how runs ended."""
    await session.execute_many(
        """INSERT INTO standing_order_run (order_id, due_on, state, taken, attempts, ended_on)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        [(run.order_id, run.due_on, run.state, run.taken.minor, run.attempts, run.ended_on) for run in runs],
    )


async def runs_of(session: ReadSession, order_id: str) -> Sequence[Run]:
    """Every run that has ended, the oldest first."""
    rows = await session.rows(
        """SELECT r.*, o.currency FROM standing_order_run r JOIN standing_order o ON o.id = r.order_id
            WHERE r.order_id = $1 ORDER BY r.due_on""",
        order_id,
    )
    return [
        Run(
            row["order_id"],
            row["due_on"],
            RunState(row["state"]),
            Money(row["taken"], Currency(row["currency"])),
            row["attempts"],
            row["ended_on"],
        )
        for row in rows
    ]


def _order(row: asyncpg.Record) -> StandingOrder:
    currency = Currency(row["currency"])
    return StandingOrder(
        order_id=row["id"],
        member_id=row["member_id"],
        source_id=row["source_id"],
        destination=Destination(row["destination"]),
        destination_id=row["destination_id"],
        terms=OrderTerms(
            trigger=Trigger(row["trigger"]),
            amount=None if row["amount"] is None else Money(row["amount"], currency),
            keep=Money(row["keep"], currency),
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            every_months=row["every_months"],
            allows_part=row["allows_part"],
            tolerance_days=row["tolerance_days"],
            priority=row["priority"],
        ),
        status=OrderStatus(row["status"]),
        due_on=row["due_on"],
        taken=Money(row["taken"], currency),
        attempts=row["attempts"],
        try_on=row["try_on"],
        destination_code=row["share_code"],
    )
