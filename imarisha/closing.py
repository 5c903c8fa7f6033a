"""Who closes the days? Whoever runs: a worker on its timetable, a demo as it starts, a person with `close-day`."""

from datetime import date

import structlog

from core.clock import Clock
from core.day_close import Closing, close_missed
from core.db.engine import Database
from core.ids import RandomIds
from core.lending.repayer import SavingsRepayLoans
from imarisha.wiring import System

COMMAND_SECONDS = 900
"""One statement of a close goes over all loans."""

_log = structlog.get_logger(__name__)


def closing_of(database: Database, clock: Clock) -> Closing:
    """What a close works with, in this house."""
    return Closing(database, clock, RandomIds(clock), SavingsRepayLoans())


async def close_missed_days(system: System) -> list[date]:
    """Close what is over and not closed, on a connection of its own that may take its time; the days closed."""
    database = Database(system.settings.database_url, connections_max=1, command_seconds=COMMAND_SECONDS)
    await database.open()
    try:
        closed = await close_missed(closing_of(database, system.clock))
    finally:
        await database.close()
    for day in closed:
        _log.info("day closed", business_date=day.isoformat())
    return closed
