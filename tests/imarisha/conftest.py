"""Folders that private servers were used in before, and servers that a test may stop."""

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from core.db.engine import Database
from core.ids import RandomIds
from imarisha import institution, migrate
from imarisha.embedded import EmbeddedServers
from imarisha.embedded_postgres import program
from tests.clock import StoppedClock
from tests.conftest import quick_pins

MAKE_A_ROW = "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('amina')"


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder in memory where the machine has one with room; it may be entered by all, as /tmp may."""
    memory = Path("/dev/shm")  # noqa: S108  # the folder is made with a fresh name
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > 1_000_000_000
    place = Path(tempfile.mkdtemp(prefix="imarisha-", dir=memory if has_room else None))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def finished_run(quick_folder: Path) -> Path:
    """What a first run leaves behind: a table with one row."""
    folder = quick_folder / "finished"
    with EmbeddedServers(folder, durable=False) as servers:
        subprocess.run([program("psql"), "-X", "-q", "-c", MAKE_A_ROW, servers.postgres.url], check=True)
    return folder


@pytest.fixture
def used_folder(quick_folder: Path, finished_run: Path) -> Iterator[Path]:
    """A data folder of the test's own that was used before."""
    folder = quick_folder / "used"
    shutil.copytree(finished_run, folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def private_servers(used_folder: Path) -> Iterator[EmbeddedServers]:
    with EmbeddedServers(used_folder, durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def founded_servers(quick_folder: Path) -> Iterator[EmbeddedServers]:
    """Servers with the demo institution on them, apart from the run's own: a test may stop and kill them."""
    with EmbeddedServers(quick_folder / "founded") as servers:
        migrate.upgrade(servers.postgres.url)

        async def found() -> None:
            database, clock, pins = Database(servers.postgres.url), StoppedClock(), quick_pins()
            await database.open()
            await institution.found(database, clock, RandomIds(clock), pins)
            await pins.close()
            await database.close()

        asyncio.run(found())
        yield servers


@pytest.fixture
def own_servers(founded_servers: EmbeddedServers) -> EmbeddedServers:
    """Those servers, running at the start, with an empty Redis."""
    founded_servers.start()
    with Redis.from_url(founded_servers.urls.redis_url) as redis:
        redis.flushall()
    return founded_servers
