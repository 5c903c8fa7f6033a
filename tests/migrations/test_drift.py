"""Is the migrated database the one that the tables describe, and may a migration be applied again, or by two?"""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import TypeVar

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Table, inspect, text
from sqlalchemy.dialects.postgresql import DOMAIN
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.db.columns import metadata
from imarisha import migrate
from imarisha.embedded import EmbeddedServers
from imarisha.migrate import MigrationRefused, asyncpg_url, newest_revision

_Result = TypeVar("_Result")


async def look(url: str, question: Callable[[Connection], _Result]) -> _Result:
    engine = create_async_engine(asyncpg_url(url), poolclass=NullPool)
    async with engine.connect() as connection:
        answer = await connection.run_sync(question)
    await engine.dispose()
    return answer


@pytest.fixture
def bare_url(servers: EmbeddedServers, request: pytest.FixtureRequest) -> str:
    """A database without anything of ours."""
    name = f"bare_{abs(hash(request.node.name)) % 10**9}"
    return servers.postgres.create_database(name)


async def test_the_database_has_what_the_tables_say_and_nothing_else(empty_database_url: str) -> None:
    assert metadata.tables
    assert await look(empty_database_url, differences) == []


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


@pytest.mark.parametrize(
    "drift",
    [
        "DROP INDEX ix_outbox_waiting",
        "ALTER TABLE member ADD nickname text",
        "ALTER TABLE member ALTER birth_date TYPE text",
        "ALTER TABLE outbox ALTER tries DROP DEFAULT",
        "ALTER TABLE payment ALTER phone DROP NOT NULL",
        "ALTER TABLE payment DROP CONSTRAINT uq_payment_receipt_part",
        "ALTER TABLE payment DROP CONSTRAINT fk_payment_member_id",
        "CREATE TABLE forgotten (id int)",
    ],
)
async def test_a_drift_would_be_noticed(empty_database_url: str, drift: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute(drift)
    await connection.close()

    assert await look(empty_database_url, differences) != []


async def test_every_check_of_the_tables_is_in_the_database_as_it_is_written(empty_database_url: str) -> None:
    """Alembic compares no CHECK constraints: each is given to the database again, which must find it the same."""

    def checks(connection: Connection, table: Table) -> dict[str, str]:
        return {
            str(check["name"]): check["sqltext"]
            for check in inspect(connection).get_check_constraints(table.name)
        }

    def rewritten(connection: Connection) -> list[str]:
        wrong = []
        for table in metadata.sorted_tables:
            there = checks(connection, table)
            ours = {str(c.name): c for c in table.constraints if isinstance(c, CheckConstraint)}
            wrong += [f"{table.name}: {name}" for name in there.keys() ^ ours.keys()]
            for name, check in ours.items():
                connection.execute(text(f"ALTER TABLE {table.name} DROP CONSTRAINT {name}"))
                connection.execute(
                    text(f"ALTER TABLE {table.name} ADD CONSTRAINT {name} CHECK ({check.sqltext})")
                )
            again = checks(connection, table)
            wrong += [f"{table.name}: {name}" for name in ours if there.get(name) != again[name]]
        connection.rollback()
        return wrong

    assert await look(empty_database_url, rewritten) == []


async def test_every_type_of_the_tables_is_in_the_database_as_it_is_written(empty_database_url: str) -> None:
    """Alembic compares a column's type by its name alone."""

    def domains(connection: Connection) -> dict[str, tuple[str, ...]]:
        rows = connection.execute(
            text(
                """SELECT t.typname, format_type(t.typbasetype, t.typtypmod), c.conname, pg_get_constraintdef(c.oid)
                     FROM pg_type t LEFT JOIN pg_constraint c ON c.contypid = t.oid
                    WHERE t.typtype = 'd' AND t.typnamespace = 'public'::regnamespace"""
            )
        )
        return {name: tuple(facts) for name, *facts in rows}

    def rewritten(connection: Connection) -> list[str]:
        there = domains(connection)
        ours = {
            str(column.type.name): column.type
            for table in metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, DOMAIN)
        }
        for name in there:
            connection.execute(text(f"DROP DOMAIN {name} CASCADE"))
        for domain in ours.values():
            domain.create(connection)
        again = domains(connection)
        connection.rollback()
        return [name for name in there.keys() | ours.keys() if there.get(name) != again.get(name)]

    assert await look(empty_database_url, rewritten) == []


def test_upgrading_twice_is_fine(bare_url: str) -> None:
    migrate.upgrade(bare_url)

    migrate.upgrade(bare_url)

    assert asyncio.run(revision_of(bare_url)) == newest_revision()


async def revision_of(url: str) -> str | None:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("SELECT version_num FROM alembic_version"))
    finally:
        await connection.close()


@pytest.mark.slow
async def test_two_who_upgrade_at_once_both_succeed(bare_url: str) -> None:
    command = [sys.executable, "-c", "import sys; from imarisha.migrate import upgrade; upgrade(sys.argv[1])"]

    both = [
        await asyncio.create_subprocess_exec(*command, bare_url, stderr=subprocess.PIPE) for _ in range(2)
    ]
    written = [(await each.communicate())[1].decode() for each in both]

    assert [each.returncode for each in both] == [0, 0], written
    assert await revision_of(bare_url) == newest_revision()


def test_a_database_of_a_newer_version_is_refused_in_one_line(bare_url: str) -> None:
    migrate.upgrade(bare_url)
    asyncio.run(as_if_newer(bare_url))

    with pytest.raises(MigrationRefused, match="none of this version") as refused:
        migrate.upgrade(bare_url)

    assert "\n" not in str(refused.value)


async def as_if_newer(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()


def test_a_database_that_does_not_answer_or_refuses_is_told_in_one_line(bare_url: str) -> None:
    with pytest.raises(MigrationRefused, match="does not answer"):
        migrate.upgrade("postgresql://imarisha@127.0.0.1:1/imarisha")

    asyncio.run(take_the_name(bare_url))
    with pytest.raises(MigrationRefused, match="refused: ") as refused:
        migrate.upgrade(bare_url)
    assert "\n" not in str(refused.value)


async def take_the_name(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE journal (id int)")
    await connection.close()
