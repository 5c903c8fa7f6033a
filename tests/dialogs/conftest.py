"""The engine on a real Redis, with a desk in memory."""

from collections.abc import AsyncIterator, Callable

import pytest

from dialogs.catalogue import Catalogue, load_catalogue
from dialogs.engine import Engine
from dialogs.fingerprint import Fingerprint
from dialogs.flows import all_flows
from dialogs.institution import Institution
from dialogs.redis_connection import RedisConnection
from dialogs.session_redis import RedisSessionStore
from tests.clock import StoppedClock
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, Teller

IMARISHA = Institution("Imarisha Sacco", "0800 720 096", "*384*96#", "600996")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(IMARISHA)


@pytest.fixture
def fingerprint() -> Fingerprint:
    return Fingerprint(b"a key for tests only")


@pytest.fixture
async def connection(clean_redis_url: str) -> AsyncIterator[RedisConnection]:
    connection = RedisConnection(clean_redis_url)
    yield connection
    await connection.close()


@pytest.fixture
def store(connection: RedisConnection, clock: StoppedClock) -> RedisSessionStore:
    return RedisSessionStore(connection, clock)


@pytest.fixture
def teller() -> Teller:
    return Teller()


@pytest.fixture
def engine(
    store: RedisSessionStore,
    teller: Teller,
    clock: StoppedClock,
    catalogue: Catalogue,
    fingerprint: Fingerprint,
) -> Engine:
    return Engine(
        store=store,
        desk=teller.as_desk(),
        clock=clock,
        catalogue=catalogue,
        flows=all_flows(),
        fingerprint=fingerprint,
    )


@pytest.fixture
def phone_of(engine: Engine, clock: StoppedClock) -> Callable[[str], Handset]:
    return lambda number: Handset(engine, clock, number)


@pytest.fixture
def amina(engine: Engine, clock: StoppedClock) -> Handset:
    return Handset(engine, clock, AMINA)
