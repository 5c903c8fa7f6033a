"""The demo institution, whose books began yesterday."""

import pytest

from core import day_close
from core.clock import business_date
from core.day_close import Closing
from core.db.engine import Database
from core.ids import RandomIds
from core.lending.repayer import SavingsRepayLoans
from tests.clock import StoppedClock


@pytest.fixture
async def closing(founded_database: Database, clock: StoppedClock) -> Closing:
    """What a close works with; the demo institution's books begin today."""
    return await begun(founded_database, clock)


async def begun(database: Database, clock: StoppedClock) -> Closing:
    async with database.unit_of_work() as session:
        await day_close.begin_books(session, business_date(clock.now()), at=clock.now())
    return Closing(database, clock, RandomIds(clock), SavingsRepayLoans())
