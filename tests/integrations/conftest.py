"""What the tests of our providers share: a clock, one real Redis, and the world outside."""

import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis
import redis.asyncio

from imarisha.embedded_process import wait_for
from imarisha.embedded_redis import program
from tests.integrations.outside import Outside, StoppedClock


@pytest.fixture(scope="session")
def redis_socket() -> Iterator[Path]:
    """A Redis that lives as long as the run, on a socket in a folder whose path is short."""
    with tempfile.TemporaryDirectory(prefix="imr") as folder:
        socket = Path(folder) / "redis.sock"
        command = [str(program()), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            try:
                assert wait_for(lambda: _answers(socket), seconds=10)
                yield socket
            finally:
                server.terminate()


def _answers(socket: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(socket)) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


@pytest.fixture
async def empty_redis(redis_socket: Path) -> AsyncIterator[redis.asyncio.Redis]:
    """A connection to it, with nothing in it."""
    client = redis.asyncio.Redis(unix_socket_path=str(redis_socket))
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def outside(
    clock: StoppedClock, tmp_path: Path, empty_redis: redis.asyncio.Redis
) -> AsyncIterator[Outside]:
    outside = Outside(clock, tmp_path / "journal.jsonl", empty_redis)
    yield outside
    await outside.sandbox.stop()
    await outside.http.aclose()
