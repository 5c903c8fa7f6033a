"""A sweep and the counter at the same loan: both hold the loan before any account, so neither waits for ever."""

import asyncio

from core.clock import business_date
from core.db.engine import Database
from core.ledger import balances
from core.lending.repayer import SavingsRepayLoans
from core.lending.service.repay import post_repayment
from core.lending.store import hold
from core.money import Money
from core.savings.service.sweeps import sweep_instalments
from imarisha.institution import CHEBET
from tests.clock import StoppedClock


async def late_loan(database: Database) -> tuple[str, str]:
    """A loan that is overdue, and its borrower's savings in the ledger."""
    async with database.reading() as session:
        row = await session.row(
            """SELECT l.id, s.ledger_code FROM loan l JOIN member m ON m.id = l.member_id
                 JOIN savings_account s ON s.member_id = m.id AND s.product = 'savings' WHERE m.phone = $1""",
            CHEBET.phone,
        )
    assert row is not None
    return row["id"], row["ledger_code"]


async def test_a_sweep_waits_for_the_counter_and_takes_what_is_due_still(
    founded_database: Database, clock: StoppedClock
) -> None:
    loan_id, savings = await late_loan(founded_database)
    now = clock.now()

    async def sweep() -> None:
        async with founded_database.unit_of_work() as session:
            await sweep_instalments(session, on=business_date(now), now=now, loans=SavingsRepayLoans())

    async with founded_database.unit_of_work() as session:
        await hold(session, [loan_id])
        sweeping = asyncio.create_task(sweep())
        await waits_for_a_lock(founded_database)
        await post_repayment(
            session,
            key="counter:1",
            loan_id=loan_id,
            amount=Money(10_000),
            paid_from=savings,
            paid_on=business_date(now),
            by="teller",
            now=now,
        )
    await sweeping

    async with founded_database.reading() as looking:
        assert await balances.differences(looking) == []
        row = await looking.row("SELECT count(*)::int AS n FROM loan_event WHERE actor = 'day close'")
    assert row is not None
    assert row["n"] == 1


async def waits_for_a_lock(database: Database) -> None:
    """Until somebody stands in a line."""
    async with asyncio.timeout(10):
        while True:
            async with database.reading() as session:
                row = await session.row(
                    """SELECT FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1"""
                )
            if row is not None:
                return
            await asyncio.sleep(0.01)
