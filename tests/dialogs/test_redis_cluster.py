"""Sessions on a Redis Cluster of three servers, known by the address of one."""

import asyncio
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotUpYet

from dialogs.catalogue import Catalogue
from dialogs.engine import Engine
from dialogs.fingerprint import Fingerprint
from dialogs.flows import all_flows
from dialogs.redis_connection import RedisConnection, slot_of
from dialogs.session_redis import RedisSessionStore
from imarisha.embedded_redis import program
from tests.clock import StoppedClock
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, CHEBET, OTIENO, PINS, Teller

SLOTS = 16_384
SERVERS = 3


class Cluster:
    """Three servers that own a third of the slots each."""

    def __init__(self, folder: Path) -> None:
        self.ports = [_free_port() for _ in range(SERVERS)]
        self.servers = [_start(folder / str(port), port) for port in self.ports]
        self.clients = [Redis(port=port) for port in self.ports]
        self._until(lambda client: bool(client.ping()))
        for n, client in enumerate(self.clients):
            order(client, "CLUSTER SET-CONFIG-EPOCH", n + 1)
            order(client, "CLUSTER ADDSLOTS", *range(n * SLOTS // SERVERS, (n + 1) * SLOTS // SERVERS))
            order(client, "CLUSTER MEET", "127.0.0.1", self.ports[0])
        self._until(_says_ok)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.ports[0]}"

    def owner_of(self, number: str) -> int:
        """Which of the three keeps this number's conversation."""
        return slot_of(number) * SERVERS // SLOTS

    def stop(self) -> None:
        for client in self.clients:
            client.close()
        for server in self.servers:
            server.kill()
            server.wait()

    def _until(self, is_so: Callable[[Redis], bool]) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with suppress(NotUpYet):
                if all(is_so(client) for client in self.clients):
                    return
            time.sleep(0.02)
        raise AssertionError("the cluster did not come up")


def _free_port() -> int:
    """One whose cluster bus, 10,000 above, is a port as well."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port + 10_000 < 2**16:
            return port


def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    folder.mkdir()
    options = ("--bind", "127.0.0.1", "--save", "", "--cluster-enabled", "yes", "--dir", str(folder))
    return subprocess.Popen([str(program()), "--port", str(port), *options], stdout=subprocess.DEVNULL)


def order(client: Redis, *words: str | int) -> object:
    return client.execute_command(*words)  # type: ignore[no-untyped-call]  # redis-py has no types for it


def _says_ok(client: Redis) -> bool:
    info = order(client, "CLUSTER INFO")
    return isinstance(info, dict) and info["cluster_state"] == "ok"


def _name(client: Redis) -> str:
    name = order(client, "CLUSTER MYID")
    return name.decode() if isinstance(name, bytes) else str(name)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.stop()


@pytest.fixture
async def on_cluster(cluster: Cluster) -> AsyncIterator[RedisConnection]:
    connection = RedisConnection(cluster.url)
    yield connection
    await connection.close()


async def test_conversations_find_their_server_and_the_others_survive_its_death(
    cluster: Cluster,
    on_cluster: RedisConnection,
    teller: Teller,
    clock: StoppedClock,
    catalogue: Catalogue,
    fingerprint: Fingerprint,
) -> None:
    engine = Engine(
        store=RedisSessionStore(on_cluster, clock),
        desk=teller.as_desk(),
        clock=clock,
        catalogue=catalogue,
        flows=all_flows(),
        fingerprint=fingerprint,
    )
    phones = {number: Handset(engine, clock, number) for number in (AMINA, OTIENO, CHEBET)}
    owners = {number: cluster.owner_of(number) for number in phones}
    for number, phone in phones.items():
        await phone.sign_in(PINS[number])

    balances = await asyncio.gather(*(phone.type("1") for phone in phones.values()))
    cluster.servers[owners[AMINA]].kill()
    cluster.servers[owners[AMINA]].wait()
    left = [phone for number, phone in phones.items() if owners[number] != owners[AMINA]]

    assert {reply.label for reply in balances} == {"balance.accounts"}
    assert len(left) > 0
    assert (await phones[AMINA].type("0")).ends
    assert {(await phone.type("0")).label for phone in left} == {"home.menu"}


async def test_key_on_the_move_is_asked_for_where_it_goes(
    cluster: Cluster, on_cluster: RedisConnection
) -> None:
    key = "imarisha:talk:{+254711000001}"
    slot, source = slot_of(key), cluster.owner_of("+254711000001")
    target = (source + 1) % SERVERS
    names = [_name(client) for client in cluster.clients]
    order(cluster.clients[target], "CLUSTER SETSLOT", slot, "IMPORTING", names[source])
    order(cluster.clients[source], "CLUSTER SETSLOT", slot, "MIGRATING", names[target])

    await on_cluster.execute("SET", key, "moved on")

    assert await on_cluster.execute("GET", key) == b"moved on"
