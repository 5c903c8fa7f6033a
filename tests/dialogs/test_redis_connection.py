"""One connection for all turns: replies never change hands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import uvloop

from dialogs.redis_connection import RedisAddress, RedisConnection, Script
from dialogs.session import StoreUnavailable
from imarisha.embedded import EmbeddedServers

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server_that(talk: Talk, *, path: Path | None = None) -> AsyncIterator[str]:
    """A server on this machine that answers as the test wants; its Redis URL."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await talk(reader, writer)

    if path is not None:
        server = await asyncio.start_unix_server(serve, path)
        url = f"unix://{path}"
    else:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield url
    for writer in writers:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    server.close()
    await server.wait_closed()


async def test_many_commands_at_once_each_get_their_own_reply(connection: RedisConnection) -> None:
    replies = await asyncio.gather(*(connection.execute("ECHO", f"member {n}") for n in range(500)))

    assert replies == [f"member {n}".encode() for n in range(500)]


async def test_cancelled_waiter_keeps_its_place(connection: RedisConnection) -> None:
    await connection.execute("ECHO", "hello")
    waiters = [asyncio.create_task(connection.execute("ECHO", str(n))) for n in range(10)]
    await asyncio.sleep(0)
    for n in (0, 3, 4, 9):
        waiters[n].cancel()

    replies = await asyncio.gather(*waiters, return_exceptions=True)

    kept = {n: reply for n, reply in enumerate(replies) if isinstance(reply, bytes)}
    assert kept == {n: str(n).encode() for n in (1, 2, 5, 6, 7, 8)}
    assert await connection.execute("ECHO", "after") == b"after"


async def test_cancelled_first_waiter_leaves_the_connecting_to_the_others(clean_redis_url: str) -> None:
    connection = RedisConnection(clean_redis_url)
    first = asyncio.create_task(connection.execute("ECHO", "first"))
    second = asyncio.create_task(connection.execute("ECHO", "second"))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == b"second"
    assert first.cancelled() or first.done()
    await connection.close()


async def test_slow_reply_fails_everybody_on_the_connection_and_reaches_nobody(clean_redis_url: str) -> None:
    connection = RedisConnection(clean_redis_url, timeout_seconds=0.1)
    blocked = asyncio.create_task(connection.execute("BLPOP", "nothing", 1))
    behind = asyncio.create_task(connection.execute("ECHO", "behind"))

    results = await asyncio.gather(blocked, behind, return_exceptions=True)

    assert [type(result) for result in results] == [StoreUnavailable, StoreUnavailable]
    assert await connection.execute("ECHO", "anew") == b"anew"
    await connection.close()


async def test_error_reply_fails_its_own_command_only(connection: RedisConnection) -> None:
    wrong, right = await asyncio.gather(
        connection.execute("NOSUCHCOMMAND"), connection.execute("ECHO", "fine"), return_exceptions=True
    )

    assert isinstance(wrong, StoreUnavailable)
    assert "unknown command" in wrong.why
    assert right == b"fine"


async def test_script_is_taught_to_a_server_that_does_not_know_it(connection: RedisConnection) -> None:
    script = Script("return {KEYS[1], ARGV[1]}")

    first = await connection.run(script, "{k}", "a")
    await connection.execute("SCRIPT", "FLUSH")
    second = await connection.run(script, "{k}", "b")

    assert (first, second) == ([b"{k}", b"a"], [b"{k}", b"b"])


async def test_faulty_script_is_reported(connection: RedisConnection) -> None:
    with pytest.raises(StoreUnavailable):
        await connection.run(Script("return redis.call('NOSUCHCOMMAND')"), "{k}")


async def test_bytes_that_are_no_reply_drop_the_connection() -> None:
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"no redis\r\n")

    async with server_that(nonsense) as url:
        connection = RedisConnection(url)
        with pytest.raises(StoreUnavailable, match="no valid reply"):
            await connection.execute("ECHO", "hello")
        await connection.close()


async def test_reply_nobody_asked_for_drops_the_connection() -> None:
    async def too_much(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"+hello\r\n+another members balance\r\n")

    async with server_that(too_much) as url:
        connection = RedisConnection(url)
        assert await connection.execute("ECHO", "hello") == b"hello"
        assert await connection.execute("ECHO", "hello") == b"hello"
        await connection.close()


async def test_server_that_hangs_up_fails_who_waits() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    async with server_that(hang_up) as url:
        connection = RedisConnection(url)
        with pytest.raises(StoreUnavailable, match="lost"):
            await connection.execute("ECHO", "hello")
        await connection.close()


async def test_server_in_the_wrong_role_is_left() -> None:
    async def replica(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"-READONLY You can't write against a read only replica.\r\n")

    async with server_that(replica) as url:
        connection = RedisConnection(url)
        with pytest.raises(StoreUnavailable, match="READONLY"):
            await connection.execute("SET", "a", "b")
        assert connection._home._wire is not None
        assert connection._home._wire.is_lost
        await connection.close()


async def test_unreachable_server_is_not_tried_at_every_command() -> None:
    connection = RedisConnection("redis://127.0.0.1:1")

    with pytest.raises(StoreUnavailable, match="cannot reach Redis"):
        await connection.execute("ECHO", "hello")
    with pytest.raises(StoreUnavailable, match="a moment ago"):
        await connection.execute("ECHO", "hello")


async def test_killed_server_is_found_again_when_it_is_back(
    connection: RedisConnection, servers: EmbeddedServers
) -> None:
    await connection.execute("SET", "a", "b")
    servers.redis.kill()
    try:
        with pytest.raises(StoreUnavailable):
            await connection.execute("GET", "a")
    finally:
        servers.redis.start()

    assert await _until_answered(connection) is None


async def test_wrong_password_is_refused_without_being_told(clean_redis_url: str) -> None:
    password = RedisAddress.parse(clean_redis_url).password
    connection = RedisConnection(clean_redis_url.replace(password, "open-sesame"))

    with pytest.raises(StoreUnavailable, match="refused") as refused:
        await connection.execute("ECHO", "hello")
    assert "sesame" not in refused.value.why


async def test_other_database_holds_other_keys(clean_redis_url: str, connection: RedisConnection) -> None:
    second = RedisConnection(clean_redis_url.removesuffix("/0") + "/1")
    await second.execute("SET", "a", "in the second")

    assert await connection.execute("GET", "a") is None
    assert await second.execute("GET", "a") == b"in the second"
    await second.close()


async def test_unix_socket_is_spoken_to(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in (b"+OK\r\n", b":7\r\n"):
            await reader.read(1024)
            writer.write(reply)

    async with server_that(answer, path=tmp_path / "redis.sock") as url:
        connection = RedisConnection(f"{url}?db=2")
        assert await connection.execute("GET", "n") == 7
        await connection.close()


async def test_closed_connection_fails_who_waits(clean_redis_url: str) -> None:
    connection = RedisConnection(clean_redis_url)
    await connection.execute("ECHO", "hello")
    waiter = asyncio.create_task(connection.execute("BLPOP", "nothing", 1))
    await asyncio.sleep(0)

    await connection.close()

    with pytest.raises(StoreUnavailable, match="closed"):
        await waiter


def test_runs_on_uvloop(clean_redis_url: str) -> None:
    async def ask() -> object:
        connection = RedisConnection(clean_redis_url)
        reply = await connection.execute("ECHO", "quick")
        await connection.close()
        return reply

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(ask()) == b"quick"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://cache:7000/3", RedisAddress("cache", 7000, "", "", "", 3)),
        ("redis://:p%40ss@cache", RedisAddress("cache", 6379, "", "", "p@ss", 0)),
        ("redis://web:secret@cache/1", RedisAddress("cache", 6379, "", "web", "secret", 1)),
        ("unix:///run/redis.sock?db=2", RedisAddress("localhost", 6379, "/run/redis.sock", "", "", 2)),
    ],
)
def test_url_is_read(url: str, address: RedisAddress) -> None:
    assert RedisAddress.parse(url) == address


@pytest.mark.parametrize("url", ["http://:secret@cache", "redis://:secret@cache/first", "rediss://:secret@c"])
def test_url_that_means_nothing_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="Redis URL") as refused:
        RedisAddress.parse(url)
    assert "secret" not in str(refused.value)


async def _until_answered(connection: RedisConnection) -> object:
    for _ in range(100):
        try:
            return await connection.execute("GET", "a")
        except StoreUnavailable:
            await asyncio.sleep(0.02)
    raise AssertionError("the server did not come back")
