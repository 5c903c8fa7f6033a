"""The till that payouts are tested with."""

import pytest

from core.db.engine import Database
from tests.core.payouts.till import Till


@pytest.fixture
async def till(empty_database: Database) -> Till:
    opened = Till(empty_database)
    await opened.open()
    return opened
