"""The house as it runs in production, on one machine, and the blows that fall on it.

PostgreSQL, Redis, a web process and a worker, each of which may be killed at any moment; the provider's sandbox runs
here, beside the driver, because Safaricom does not die with us.
"""

import asyncio
import os
import secrets
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
import uvicorn
from redis.asyncio import Redis

from core.members.pin import HashCost
from imarisha import institution, migrate
from imarisha.embedded import EmbeddedServers
from imarisha.sandboxed import sandbox_for
from imarisha.settings import read
from imarisha.wiring import Replacements, System, build
from integrations.sandbox.application import Sandbox
from tests.chaos.clock import HurriedClock

HOST = "127.0.0.1"
_READY_SECONDS = 60.0
_QUICK_HASH = HashCost(passes=1, memory_kib=8)


@dataclass(slots=True)
class _Kept:
    """A child that is started again whenever it dies."""

    arguments: tuple[str, ...]
    inherits: tuple[int, ...] = ()
    process: Process | None = None
    deaths: int = 0


class House:
    """Everything that runs. Use `opened`."""

    def __init__(
        self,
        servers: EmbeddedServers,
        environment: dict[str, str],
        clock: HurriedClock,
        *,
        listening: socket.socket,
        journal: Path,
    ) -> None:
        self._servers = servers
        self._environment = environment
        self._children = {
            "web": _Kept(("web", str(listening.fileno())), inherits=(listening.fileno(),)),
            "worker": _Kept(("worker",)),
        }
        self._settings = read(environment)
        self.clock = clock
        self.system: System = build(self._settings, Replacements(clock=clock, pin_cost=_QUICK_HASH))
        # Our processes know nothing of a sandbox: to them it is Safaricom.
        self.sandbox: Sandbox = sandbox_for(
            msgspec.structs.replace(self._settings, sandbox_journal=str(journal)), clock
        )
        self.provider = httpx.AsyncClient(
            base_url=self._settings.daraja_url.removesuffix("/daraja"), timeout=30, trust_env=False
        )
        """As handsets reach it."""
        self.struck: dict[str, int] = {}
        """How often each blow fell."""

    @property
    def paybill(self) -> str:
        return self._settings.paybill

    async def found(self, members: int) -> None:
        """The society, once."""
        await self.system.open()
        await institution.found(
            self.system.database,
            self.clock,
            self.system.ids,
            self.system.pins,
            institution.neighbours(members),
        )

    async def keep(self, name: str) -> None:
        """Run a child for ever, starting it again at once when it dies."""
        child = self._children[name]
        while True:
            child.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.chaos.child",
                *child.arguments,
                env={**os.environ, **self._environment, **self.clock.environment},
                pass_fds=child.inherits,
                stdin=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            await child.process.wait()
            child.deaths += 1

    async def ready(self) -> None:
        """Wait for the web process."""
        async with asyncio.timeout(_READY_SECONDS), httpx.AsyncClient(trust_env=False) as client:
            while True:
                with suppress(httpx.TransportError):
                    answer = await client.get(f"{self._settings.public_url}/readyz", timeout=2)
                    if answer.status_code == httpx.codes.OK:
                        return
                await asyncio.sleep(0.05)

    async def kill(self, name: str) -> None:
        """`kill -9` of a child."""
        process = self._children[name].process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        self._note(f"{name} killed")

    async def empty_redis(self) -> None:
        """Sessions, queue, token and limits are gone."""
        async with Redis.from_url(self._settings.redis_url) as redis:
            await redis.flushall()
        self._note("Redis emptied")

    async def restart_postgres(self) -> None:
        """PostgreSQL is killed as by a power cut and started again."""
        await asyncio.to_thread(self._servers.postgres.kill)
        await asyncio.to_thread(self._servers.start)
        self._note("PostgreSQL restarted")

    async def close(self) -> None:
        for child in self._children.values():
            if child.process is not None and child.process.returncode is None:
                child.process.kill()
                await child.process.wait()
        await self.provider.aclose()
        await self.system.close()

    def _note(self, blow: str) -> None:
        self.struck[blow] = self.struck.get(blow, 0) + 1


@asynccontextmanager
async def opened(folder: Path, clock: HurriedClock, *, members: int, log_level: str) -> AsyncIterator[House]:
    """A society of so many members, its processes and its provider; all gone at the end."""
    async with AsyncExitStack() as stack:
        # Durable: PostgreSQL loses power in this run and must lose nothing else.
        servers = stack.enter_context(EmbeddedServers(folder / "servers"))
        listening = stack.enter_context(socket.create_server((HOST, 0), backlog=2048))
        outside = stack.enter_context(socket.create_server((HOST, 0), backlog=2048))
        environment = _environment(servers, folder, listening, outside, log_level)
        await asyncio.to_thread(migrate.upgrade, environment["IMARISHA_DATABASE_URL"])
        house = House(servers, environment, clock, listening=listening, journal=folder / "sandbox.jsonl")
        stack.push_async_callback(house.close)
        await house.found(members)
        provider = uvicorn.Server(
            uvicorn.Config(house.sandbox, access_log=False, log_config=None, http="httptools", lifespan="on")
        )
        running = [
            asyncio.create_task(provider.serve([outside])),
            *(asyncio.create_task(house.keep(name)) for name in ("web", "worker")),
        ]
        try:
            await house.ready()
            yield house
        finally:
            provider.should_exit = True
            for task in running[1:]:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


def _environment(
    servers: EmbeddedServers,
    folder: Path,
    listening: socket.socket,
    outside: socket.socket,
    log_level: str,
) -> dict[str, str]:
    provider = f"http://{HOST}:{outside.getsockname()[1]}"
    return {
        "IMARISHA_DATABASE_URL": servers.postgres.create_database("chaos"),
        "IMARISHA_REDIS_URL": servers.urls.redis_url,
        "IMARISHA_PUBLIC_URL": f"http://{HOST}:{listening.getsockname()[1]}",
        "IMARISHA_SESSION_KEY": secrets.token_hex(16),
        "IMARISHA_PIN_PEPPER": secrets.token_hex(16),
        "IMARISHA_STAFF_KEY": secrets.token_hex(16),
        "IMARISHA_FIELD_KEY": secrets.token_hex(16),
        "IMARISHA_DARAJA_URL": f"{provider}/daraja",
        "IMARISHA_DARAJA_CONSUMER_KEY": "chaos-key",
        "IMARISHA_DARAJA_CONSUMER_SECRET": "chaos-secret",
        "IMARISHA_DARAJA_PASSKEY": "chaos-passkey",
        "IMARISHA_DARAJA_OPERATOR": "chaos-operator",
        "IMARISHA_DARAJA_OPERATOR_PASSWORD": "chaos-operator-password",
        "IMARISHA_DARAJA_CERTIFICATE": str(folder / "sandbox-operator.crt"),
        "IMARISHA_AFRICASTALKING_URL": f"{provider}/africastalking",
        "IMARISHA_AFRICASTALKING_USERNAME": "chaos",
        "IMARISHA_AFRICASTALKING_API_KEY": "chaos-api-key",
        "IMARISHA_AFRICASTALKING_SENDER": "IMARISHA",
        "IMARISHA_LOG_LEVEL": log_level,
    }
