"""How does Alembic reach the database? Through the URL that `imarisha migrate` hands over."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import core.audit.tables
import core.closing.tables
import core.ledger.tables
import core.lending.applications.tables
import core.lending.standing_tables
import core.lending.tables
import core.mandates.tables
import core.members.tables
import core.notices.tables
import core.outbox
import core.payment_links.tables
import core.payments.tables
import core.savings.tables
import core.shares.tables
import core.staff.tables  # noqa: F401  (importing the areas fills the metadata)
from core.db.columns import metadata

# Any fixed number: it names the one place in the house where a database's shape is changed.
_MIGRATION_LOCK = 7_461_002


def run(connection: Connection) -> None:
    # Two processes that start together would make the same tables: the second waits here and finds them made.
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
    # A migration that can't get its lock at once must not queue up behind members' transactions.
    connection.execute(text("SET lock_timeout = '4s'"))
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def migrate() -> None:
    engine = create_async_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(migrate())
