"""Books with the whole chart, a few members' accounts and one loan product, for the tests of the ledger."""

import pytest

from core.db.engine import Database
from core.ledger import store
from core.ledger.chart import CHART
from core.ledger.product_accounts import loan_product_terms
from tests.core.ledger.books import OWN, Books


@pytest.fixture
async def books(empty_database: Database) -> Books:
    async with empty_database.unit_of_work() as session:
        await store.open_accounts(session, [*CHART, *loan_product_terms("development", "development"), *OWN])
    return Books(empty_database)
