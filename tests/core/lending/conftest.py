"""A loan department at work, for tests of what happens to stored loans."""

import pytest

from core.db.engine import Database
from tests.clock import StoppedClock
from tests.core.lending.lending_desk import LendingDesk


@pytest.fixture
async def desk(founded_database: Database, clock: StoppedClock) -> LendingDesk:
    return LendingDesk(founded_database, clock)
