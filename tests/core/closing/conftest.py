"""The demo institution, whose books begin today."""

import pytest

from core.day_close import Closing
from core.db.engine import Database
from core.ids import RandomIds
from core.lending.repayer import SavingsRepayLoans
from tests.clock import StoppedClock


@pytest.fixture
def closing(founded_database: Database, clock: StoppedClock) -> Closing:
    """What a close of the demo institution works with."""
    return closing_of(founded_database, clock)


def closing_of(database: Database, clock: StoppedClock) -> Closing:
    return Closing(database, clock, RandomIds(clock), SavingsRepayLoans())
