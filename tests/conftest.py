"""The servers, a database per test, and time.

One real PostgreSQL and Redis per run, on a memory disk where there is one.

A migrated template is made once and cloned for each test (about 20 ms), so that tests may commit and race. A clone
takes 10 MB, so those that are done with are dropped, many at a time.
"""

import asyncio
import itertools
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import structlog
from hypothesis import settings
from redis import Redis
from structlog._config import BoundLoggerLazyProxy

from core.db.engine import Database
from core.ids import RandomIds
from core.members.pin import PinHasher
from core.members.pin_checks import PinChecks
from core.members.sealing import FieldSealer
from imarisha import institution, migrate
from imarisha.embedded import EmbeddedServers
from tests.clock import StoppedClock
from tests.world import FIELD_KEY, QUICK_HASH, World, a_world

settings.register_profile("house", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("house")

TEMPLATE = "template_empty"
TEMPLATE_FOUNDED = "template_founded"
_MOST_FINISHED = 40
_FOLDERS = "imarisha-tests-"
_numbers = itertools.count(1)
_finished: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what really happened into golden files")


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that sets up the logs of a process leaves nothing of it to the tests behind it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    if structlog.is_configured():
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
        for module in list(sys.modules.values()):
            log = getattr(module, "_log", None)
            if isinstance(log, BoundLoggerLazyProxy):
                # One that was used meanwhile has kept the set-up.
                vars(log).pop("bind", None)


def quick_pins() -> PinChecks:
    hasher = PinHasher({1: b"a pepper for tests only"}, current_pepper=1, cost=QUICK_HASH)
    return PinChecks(hasher, threads=2, waiting=64)


@pytest.fixture(scope="session")
def servers() -> Iterator[EmbeddedServers]:
    memory_disk = Path("/dev/shm")  # noqa: S108 (a memory disk by its standard name; the folder in it is private)
    root = memory_disk if memory_disk.is_dir() else None
    clear_away_killed_runs(Path(tempfile.gettempdir()) if root is None else root)
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDERS}{os.getpid()}-", dir=root))
    running = EmbeddedServers(folder, durable=False)
    running.start()
    yield running
    running.stop()
    shutil.rmtree(folder)


def clear_away_killed_runs(root: Path) -> None:
    """Remove what runs left behind that were killed: a memory disk would fill up with them."""
    for folder in root.glob(f"{_FOLDERS}*-*"):
        pid = folder.name.removeprefix(_FOLDERS).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def database_named(url: str, name: str) -> str:
    """The same server, another database."""
    base, _, _ = url.rpartition("/")
    return f"{base}/{name}"


@pytest.fixture(scope="session")
def template(servers: EmbeddedServers) -> str:
    """An empty database of the newest shape."""
    servers.postgres.create_database(TEMPLATE)
    migrate.upgrade(database_named(servers.postgres.url, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def founded_template(servers: EmbeddedServers, template: str) -> str:
    """The demo institution's named people, founded on the stopped clock's day."""
    servers.postgres.create_database(TEMPLATE_FOUNDED, template=template)

    async def found() -> None:
        database = Database(database_named(servers.postgres.url, TEMPLATE_FOUNDED))
        await database.open()
        pins = quick_pins()
        clock = StoppedClock()
        sealer = FieldSealer({1: FIELD_KEY.encode()}, current=1)
        await institution.found(database, clock, RandomIds(clock), pins, sealer=sealer)
        await pins.close()
        await database.close()

    asyncio.run(found())
    return TEMPLATE_FOUNDED


@contextmanager
def clone(servers: EmbeddedServers, template: str) -> Iterator[str]:
    """A database of its own for one test; its URL."""
    name = f"test_{next(_numbers)}"
    servers.postgres.create_database(name, template=template)
    yield database_named(servers.postgres.url, name)
    _finished.append(name)
    if len(_finished) >= _MOST_FINISHED:
        servers.postgres.drop_databases(*_finished)
        _finished.clear()


@pytest.fixture
def empty_database_url(servers: EmbeddedServers, template: str) -> Iterator[str]:
    with clone(servers, template) as url:
        yield url


@pytest.fixture
def founded_database_url(servers: EmbeddedServers, founded_template: str) -> Iterator[str]:
    with clone(servers, founded_template) as url:
        yield url


@pytest.fixture
async def empty_database(empty_database_url: str) -> AsyncIterator[Database]:
    database = Database(empty_database_url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def founded_database(founded_database_url: str) -> AsyncIterator[Database]:
    database = Database(founded_database_url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def clean_redis_url(servers: EmbeddedServers) -> str:
    """The run's Redis, emptied."""
    url = servers.redis.url
    with Redis.from_url(url) as redis:
        redis.flushall()
    return url


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def world(
    founded_database_url: str, clean_redis_url: str, tmp_path: Path, clock: StoppedClock
) -> AsyncIterator[World]:
    """The whole house with the demo institution in it."""
    async with a_world(founded_database_url, clean_redis_url, tmp_path, clock) as living:
        yield living
