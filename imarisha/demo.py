"""`imarisha demo`: servers, migrations, institution, sandbox, web and worker on one machine, in one go."""

import asyncio
import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog

from imarisha import closing, demo_settings, institution, migrate
from imarisha.embedded import EmbeddedServerError, EmbeddedServers
from imarisha.settings import Settings, read
from imarisha.supervisor import Child, Supervisor
from imarisha.wiring import build, membership_office

READY_SECONDS = 60.0

_PORT_SECONDS = 2.0
"""How long the web process of a demo that was killed may still hold the port."""

_HOPELESS_DEATHS = 3
_LOOK_AFTER_SERVERS_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class DemoError(Exception):
    """The demo could not start; the text says why and how to mend it."""


@dataclass(frozen=True)
class DemoOptions:
    """What may be chosen on the command line."""

    host: str
    port: int
    data_dir: Path
    members: int


def run(options: DemoOptions) -> None:
    """Start everything, print the ready line and stay until Ctrl-C or SIGTERM.

    Raises DemoError, EmbeddedServerError, WrongSetting, MigrationRefused, DatabaseUnavailable.
    """
    # An interrupt during the start must still stop the servers in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        servers = None if demo_settings.brings_its_own_servers(os.environ) else _held(options, stack)
        listening = stack.enter_context(_listening(options))
        environment = demo_settings.environment(
            os.environ,
            url=_url(options),
            data_dir=options.data_dir,
            urls=servers.start() if servers else None,
        )
        settings = read(environment)
        migrate.upgrade(settings.database_url)
        asyncio.run(_found(settings, options.members))
        asyncio.run(_serve(environment, options, listening, servers))


def _held(options: DemoOptions, stack: ExitStack) -> EmbeddedServers:
    """Servers that are ours to start. Raises DataDirInUseError at once where another demo has the folder."""
    servers = EmbeddedServers(options.data_dir)
    servers.hold()
    stack.callback(servers.stop)
    # A second Ctrl-C must not leave servers behind.
    stack.callback(_be_deaf)
    return servers


def _be_deaf() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _listening(options: DemoOptions) -> socket.socket:
    """The port, taken before anything else is done and kept while web processes come and go. Raises DemoError."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    give_up = time.monotonic() + _PORT_SECONDS
    while True:
        try:
            return socket.create_server((options.host, options.port), family=family, backlog=2048)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > give_up:
                raise DemoError(
                    f"cannot listen on {options.host} port {options.port} ({_reason(error)});"
                    " stop the program that does, or choose another port with --port"
                ) from error
            time.sleep(0.1)


def _reason(error: OSError) -> str:
    """Without the address, which asyncio and socket add to it in their own ways."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror)


def _url(options: DemoOptions) -> str:
    """Where our own processes reach what listens on all interfaces."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (compared with, not bound to)
    host = everywhere.get(options.host, options.host)
    return f"http://[{host}]:{options.port}" if ":" in host else f"http://{host}:{options.port}"


async def _found(settings: Settings, members: int) -> None:
    """The demo institution, once: the named people and neighbours up to the number asked for."""
    system = build(settings)
    await system.open()
    try:
        if not await institution.is_founded(system.database):
            named = institution.PEOPLE
            people = [*named, *institution.neighbours(max(0, members - len(named)))]
            await institution.found(
                system.database,
                system.clock,
                system.ids,
                system.pins,
                people,
                sealer=membership_office(settings).sealer,
            )
        # Before anybody writes again: the days on which the demo was off.
        await closing.close_missed_days(system)
    finally:
        await system.close()


async def _serve(
    environment: Mapping[str, str],
    options: DemoOptions,
    listening: socket.socket,
    servers: EmbeddedServers | None,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    port = listening.fileno()
    web = Child("web", ("web", "--inherited", str(port)), inherits=(port,))
    supervisor = Supervisor([web, Child("worker", ("worker",))], environment)
    running = [asyncio.create_task(supervisor.run(stop))]
    if servers is not None:
        running.append(asyncio.create_task(_look_after(servers, stop)))
    try:
        await _until_ready(_url(options), stop, supervisor)
        if not stop.is_set():
            print(f"ready http://{options.host}:{options.port}", flush=True)  # noqa: T201 (the contract's line)
        await stop.wait()
    finally:
        stop.set()
        await asyncio.gather(*running)


async def _look_after(servers: EmbeddedServers, stop: asyncio.Event) -> None:
    """Start a server again that died."""
    while not stop.is_set():
        if not (servers.redis.is_running and servers.postgres.is_running):
            _log.warning("a server died, starting it again")
            try:
                await asyncio.to_thread(servers.start)
            except EmbeddedServerError as error:
                _log.exception("a server can't be started", why=str(error))
        await _nap(_LOOK_AFTER_SERVERS_SECONDS, stop)


async def _nap(seconds: float, stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def _until_ready(url: str, stop: asyncio.Event, supervisor: Supervisor) -> None:
    """Wait for our web process. Raises DemoError when it does not come up."""
    give_up = time.monotonic() + READY_SECONDS
    async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:
        while not stop.is_set():
            try:
                if (await client.get(f"{url}/readyz")).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            if supervisor.deaths("web") >= _HOPELESS_DEATHS:
                raise DemoError("the web process ends as soon as it begins; see its log above")
            if time.monotonic() > give_up:
                raise DemoError(
                    f"the web process did not become ready within {READY_SECONDS:.0f} s; see its log above"
                )
            await _nap(0.05, stop)
