"""Do the few connections of a process serve many, and does a bad one ever come back?"""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from core.db.pool import Lent, Pool


@pytest.fixture
async def pool(empty_database_url: str) -> AsyncIterator[Pool]:
    pool = Pool(empty_database_url, connections_max=2, wait_seconds=0.05, command_seconds=1)
    await pool.open()
    yield pool
    await pool.close()


async def backend(lent: Lent) -> int:
    """Which of the server's processes answers."""
    row = await lent.connection.fetchrow("SELECT pg_backend_pid() AS pid")
    assert row is not None
    return int(row["pid"])


async def backend_lent_next(pool: Pool) -> int:
    async with pool.lend() as lent:
        return await backend(lent)


async def test_the_connection_that_was_used_last_is_lent_first(pool: Pool) -> None:
    async with pool.lend() as first, pool.lend() as second:
        used_first, used_last = await backend(first), await backend(second)
        assert used_first != used_last

    # Given back in the other order.
    assert await backend_lent_next(pool) == used_first
    assert await backend_lent_next(pool) == used_first


async def test_who_finds_all_connections_lent_waits_for_one_and_not_for_ever(pool: Pool) -> None:
    async with pool.lend():
        async with pool.lend() as second:
            soon_free = await backend(second)
            with pytest.raises(TimeoutError):
                await backend_lent_next(pool)
            waiting = asyncio.create_task(backend_lent_next(pool))
            await asyncio.sleep(0)

        assert await waiting == soon_free


async def test_a_command_without_answer_loses_its_connection_and_the_next_block_gets_another(
    pool: Pool,
) -> None:
    before = await backend_lent_next(pool)

    with pytest.raises(asyncpg.PostgresConnectionError):
        async with pool.lend() as lent:
            await lent.connection.execute("SELECT pg_sleep(60)")

    assert await backend_lent_next(pool) != before


async def test_a_block_may_last_longer_than_one_command_may(pool: Pool) -> None:
    async with pool.lend() as lent:
        before = await backend(lent)
        for _ in range(4):
            await lent.connection.execute("SELECT pg_sleep(0.3)")

        assert await backend(lent) == before


async def test_a_connection_left_in_a_transaction_is_lent_to_nobody(pool: Pool) -> None:
    async with pool.lend() as lent:
        before = await backend(lent)
        await lent.connection.execute("BEGIN")

    assert await backend_lent_next(pool) != before


async def test_a_block_that_fails_gives_its_connection_back(pool: Pool) -> None:
    async def divide() -> None:
        async with pool.lend() as lent:
            await lent.connection.execute("SELECT 1 / 0")

    before = await backend_lent_next(pool)
    for _ in range(3):
        with pytest.raises(asyncpg.DivisionByZeroError):
            await divide()

    assert await backend_lent_next(pool) == before


async def test_a_pool_that_closes_waits_for_what_is_lent(empty_database_url: str) -> None:
    pool = Pool(empty_database_url, connections_max=1)
    await pool.open()

    async with pool.lend() as lent:
        closing = asyncio.create_task(pool.close())
        await asyncio.sleep(0)
        assert await backend(lent)
        assert not closing.done()

    await closing
