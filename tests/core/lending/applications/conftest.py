"""A desk for each test."""

import pytest

from core.db.engine import Database
from tests.clock import StoppedClock
from tests.core.lending.applications.desk import Desk


@pytest.fixture
def desk(founded_database: Database, clock: StoppedClock) -> Desk:
    return Desk.of(founded_database, clock)
