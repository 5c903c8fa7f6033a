"""What does the database layer say when the server goes away under it?"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from core.db.engine import Database
from core.errors import DatabaseUnavailable, NoLoanToRepay


@pytest.fixture
async def shared(empty_database: Database) -> Database:
    """A table to write to."""
    async with empty_database.unit_of_work() as session:
        await session.execute("CREATE TABLE word (word text)")
    return empty_database


async def words(database: Database) -> list[str]:
    async with database.reading() as session:
        return [row["word"] for row in await session.rows("SELECT word FROM word ORDER BY word")]


async def end_all_other_sessions(url: str) -> None:
    """As an administrator does, or a server that restarts."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_a_block_that_ends_is_committed(shared: Database) -> None:
    async with shared.unit_of_work() as session:
        await session.execute("INSERT INTO word VALUES ('kept')")

    assert await words(shared) == ["kept"]


async def test_a_refusal_in_a_block_takes_everything_back_and_is_handed_on(shared: Database) -> None:
    async def refuse() -> None:
        async with shared.unit_of_work() as session:
            await session.execute("INSERT INTO word VALUES ('lost')")
            raise NoLoanToRepay

    with pytest.raises(NoLoanToRepay):
        await refuse()

    assert await words(shared) == []


async def test_a_block_that_is_cancelled_takes_everything_back_and_frees_its_connection(
    shared: Database,
) -> None:
    started = asyncio.Event()

    async def write_slowly() -> None:
        async with shared.unit_of_work() as session:
            await session.execute("INSERT INTO word VALUES ('lost')")
            started.set()
            await session.execute("SELECT pg_sleep(60)")

    for _ in range(4):
        writing = asyncio.create_task(write_slowly())
        await started.wait()
        started.clear()
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

    async with asyncio.timeout(2):
        assert await words(shared) == []
    assert await soon(lambda: nobody_sleeps(shared))


async def nobody_sleeps(database: Database) -> bool:
    """Whether the server has noticed that nobody waits for its answers any more: until then it holds its locks."""
    async with database.reading() as session:
        row = await session.row(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()"
            " AND state = 'active' AND datname = current_database()"
        )
    return row is not None and row["n"] == 0


async def soon(condition: Callable[[], Awaitable[bool]]) -> bool:
    give_up = time.monotonic() + 8
    while time.monotonic() < give_up:
        if await condition():
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_session_that_the_server_ended_is_no_bug_of_ours(
    shared: Database, empty_database_url: str
) -> None:
    for _ in range(30):
        await end_all_other_sessions(empty_database_url)
        try:
            async with shared.unit_of_work() as session:
                await session.execute("INSERT INTO word VALUES ('kept')")
        except DatabaseUnavailable as unavailable:
            assert not unavailable.in_doubt  # noqa: PT017 (it may or may not be noticed in time: both are right)

    async with shared.unit_of_work() as session:
        await session.execute("INSERT INTO word VALUES ('at last')")
    assert "at last" in await words(shared)


async def test_one_moment_sees_nothing_that_is_committed_after_its_first_question(shared: Database) -> None:
    async with shared.at_one_moment() as session:
        before = await session.rows("SELECT word FROM word")
        async with shared.unit_of_work() as other:
            await other.execute("INSERT INTO word VALUES ('later')")
        after = await session.rows("SELECT word FROM word")

    assert (before, after) == ([], [])
    assert await words(shared) == ["later"]


async def test_one_moment_writes_nothing(shared: Database) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with shared.at_one_moment() as session:
            await session.rows("INSERT INTO word VALUES ('never') RETURNING word")

    assert await words(shared) == []


async def test_a_refusal_at_one_moment_is_handed_on_and_keeps_the_connection(shared: Database) -> None:
    async def refuse() -> int:
        async with shared.at_one_moment() as session:
            backend.append(await session.row("SELECT pg_backend_pid()"))
            raise NoLoanToRepay

    backend: list[asyncpg.Record | None] = []
    with pytest.raises(NoLoanToRepay):
        await refuse()

    async with shared.reading() as session:
        assert await session.row("SELECT pg_backend_pid()") == backend[0]


async def test_a_moment_that_is_cancelled_frees_its_connection(shared: Database) -> None:
    started = asyncio.Event()

    async def look_for_ever() -> None:
        async with shared.at_one_moment() as session:
            await session.rows("SELECT word FROM word")
            started.set()
            await asyncio.Event().wait()

    looking = asyncio.create_task(look_for_ever())
    await started.wait()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking

    assert await words(shared) == []


async def test_a_connection_lost_at_one_moment_leaves_nothing_in_doubt(
    shared: Database, empty_database_url: str
) -> None:
    async def look() -> None:
        async with shared.at_one_moment() as session:
            await end_all_other_sessions(empty_database_url)
            await session.rows("SELECT word FROM word")

    with pytest.raises(DatabaseUnavailable) as lost:
        await look()

    assert not lost.value.in_doubt


async def test_a_server_that_says_goodbye_to_an_idle_session_is_no_bug_of_ours(shared: Database) -> None:
    async with shared.reading() as session:
        protocol = getattr(session._lent.connection, "_protocol")  # noqa: B009 (not in asyncpg's stubs)
    fields = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0"
    # The message is there and the end of the connection is not: what a dying server does for a moment.
    protocol.data_received(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)

    with pytest.raises(DatabaseUnavailable):
        await words(shared)


async def test_a_pool_that_is_not_open_says_so(empty_database_url: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with Database(empty_database_url).reading():
            pass


async def test_nobody_listening_is_said_at_the_start() -> None:
    with pytest.raises(DatabaseUnavailable):
        await Database("postgresql://imarisha@127.0.0.1:1/imarisha").open()
