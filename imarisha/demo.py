"""`imarisha demo`: servers, migrations, institution, sandbox, web and worker on one machine, in one go."""

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from imarisha import institution, migrate
from imarisha.embedded import EmbeddedServers
from imarisha.settings import PREFIX, Settings, read
from imarisha.supervisor import Child, Supervisor
from imarisha.wiring import build

READY_SECONDS = 60.0


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
    """Start everything, print the ready line and stay until Ctrl-C or SIGTERM. Raises DemoError."""
    # An interrupt during the start must still stop the servers in order.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        environment = _environment(options, stack)
        settings = read(environment)
        migrate.upgrade(settings.database_url)
        asyncio.run(_found(settings, options.members))
        asyncio.run(_serve(environment, options))


def _environment(options: DemoOptions, stack: ExitStack) -> dict[str, str]:
    """Settings of the children: the demo's own, under whatever the environment says already."""
    options.data_dir.mkdir(parents=True, exist_ok=True)
    url = f"http://{_reachable(options.host)}:{options.port}"
    given = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    chosen = {
        "PUBLIC_URL": url,
        "DARAJA_URL": f"{url}/sandbox/daraja",
        "DARAJA_CONSUMER_KEY": "demo-daraja-key",
        "DARAJA_CONSUMER_SECRET": "demo-daraja-secret",
        "DARAJA_PASSKEY": "demo-daraja-passkey",
        "AFRICASTALKING_URL": f"{url}/sandbox/africastalking",
        "AFRICASTALKING_USERNAME": "demo",
        "AFRICASTALKING_API_KEY": "demo-africastalking-key",
        "AFRICASTALKING_SENDER": "IMARISHA",
        "WEB_HOST": options.host,
        "WEB_PORT": str(options.port),
        "SANDBOX_JOURNAL": str((options.data_dir / "sandbox.jsonl").absolute()),
        "LOG_LEVEL": "WARNING",
    }
    chosen |= _keys(options.data_dir / "keys.json")
    if not {PREFIX + "DATABASE_URL", PREFIX + "REDIS_URL"} <= given.keys():
        servers = EmbeddedServers(options.data_dir)
        urls = servers.start()
        stack.callback(servers.stop)
        chosen |= {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url}
    return {**os.environ, **{PREFIX + name: value for name, value in chosen.items()}, **given}


def _reachable(host: str) -> str:
    """Where our own processes reach what listens on all interfaces."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 (compared with, not bound to)


def _keys(path: Path) -> Mapping[str, str]:
    """Secrets made at the first start and kept beside the data they protect, as only a demo may."""
    if not path.exists():
        fresh = {"SESSION_KEY": secrets.token_hex(24), "PIN_PEPPER": secrets.token_hex(24)}
        path.touch(mode=0o600)
        path.write_bytes(msgspec.json.encode(fresh))
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])


async def _found(settings: Settings, members: int) -> None:
    """The demo institution, once: the named people and neighbours up to the number asked for."""
    system = build(settings)
    await system.open()
    try:
        if not await institution.is_founded(system.database):
            named = institution.PEOPLE
            people = [*named, *institution.neighbours(max(0, members - len(named)))]
            await institution.found(system.database, system.clock, system.ids, system.pins, people)
    finally:
        await system.close()


async def _serve(environment: Mapping[str, str], options: DemoOptions) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    supervisor = Supervisor([Child("web", ("web",)), Child("worker", ("worker",))], environment)
    running = asyncio.create_task(supervisor.run(stop))
    try:
        await _until_ready(environment[PREFIX + "PUBLIC_URL"], stop)
        if not stop.is_set():
            print(f"ready http://{options.host}:{options.port}", flush=True)  # noqa: T201 (the contract's line)
        await stop.wait()
    finally:
        stop.set()
        await running


async def _until_ready(url: str, stop: asyncio.Event) -> None:
    """Wait for our web process. Raises DemoError when it does not come up, or another program has the port."""
    give_up = time.monotonic() + READY_SECONDS
    async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:
        while not stop.is_set():
            try:
                if (await client.get(f"{url}/readyz")).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            if time.monotonic() > give_up:
                raise DemoError(
                    f"the web process did not become ready within {READY_SECONDS:.0f} s; see its log above"
                )
            await asyncio.sleep(0.05)
