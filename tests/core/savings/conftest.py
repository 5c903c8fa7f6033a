"""The branch that the tests of savings and shares are played in."""

import pytest

from core.db.engine import Database
from tests.core.savings.branch import Branch


@pytest.fixture
async def branch(empty_database: Database) -> Branch:
    opened = Branch(empty_database)
    await opened.open()
    return opened
