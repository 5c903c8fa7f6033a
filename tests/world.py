"""The house in one process for a test: the real wiring, real servers, sandbox providers, and time that stands still.

Nothing runs by itself: `work` does what the workers would do now, `pass_time` moves the clock and lets everybody act.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx

from channels.networks import SAFARICOM, Network
from core import outbox
from core.ledger import balances
from core.ledger import store as ledger
from core.lending import store as loans
from core.members.pin import HashCost
from core.money import Money
from core.payments import store as payments
from core.payments.model import Payment
from imarisha.gateway import GatewayCall
from imarisha.sandboxed import sandbox_for
from imarisha.settings import Settings
from imarisha.web import create_app
from imarisha.wiring import Replacements, System, build
from integrations.queue import jobs
from integrations.sandbox.application import Sandbox
from tests.clock import StoppedClock

BASE = "http://imarisha.test"
FIELD_KEY = "a field key for tests"
QUICK_HASH = HashCost(passes=1, memory_kib=8)
"""Argon2 at its cheapest: tests check what is done with a PIN, not how long it takes."""


class ToApplication(httpx.AsyncBaseTransport):
    """Carries requests straight into our own application, providers' paths included."""

    def __init__(self) -> None:
        self.inner: httpx.AsyncBaseTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert self.inner is not None
        return await self.inner.handle_async_request(request)


def settings_for(database_url: str, redis_url: str, folder: Path) -> Settings:
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        public_url=BASE,
        session_key="a session key for tests",
        pin_pepper="a pepper for tests only",
        staff_key="a staff key for tests",
        field_key=FIELD_KEY,
        daraja_url=f"{BASE}/sandbox/daraja",
        daraja_consumer_key="test-key",
        daraja_consumer_secret="test-secret",
        daraja_passkey="test-passkey",
        africastalking_url=f"{BASE}/sandbox/africastalking",
        africastalking_username="test",
        africastalking_api_key="test-api-key",
        africastalking_sender="IMARISHA",
        sandbox_journal=str(folder / "sandbox.jsonl"),
    )


class World:
    """What a test sees of the house."""

    def __init__(
        self, system: System, sandbox: Sandbox, clock: StoppedClock, http: httpx.AsyncClient
    ) -> None:
        self.system = system
        self.sandbox = sandbox
        self.clock = clock
        self.http = http

    def phone(self, number: str, *, network: Network = SAFARICOM) -> GatewayCall:
        """A handset of this number, behind a gateway that tells us how calls end."""
        return GatewayCall(self.http, number, network=network, clock=self.clock)

    async def work(self) -> None:
        """Do every job that is due, and everything that follows from it at once."""
        while True:
            async with self.system.database.reading() as session:
                waiting = await outbox.waiting(session, now=self.clock.now())
            if not waiting:
                break
            for row_id, _ in waiting:
                await jobs.do_outbox_row(self.system.bench, row_id)
        await self.sandbox.advance()

    async def pass_time(self, **by: float) -> None:
        """Move the clock, such as `pass_time(seconds=30)`; providers, sweep and workers act then."""
        self.clock.move(**by)
        await self.sandbox.advance()
        await jobs.sweep(self.system.bench)
        await self.work()

    async def prompts(self, number: str) -> list[dict[str, str]]:
        """Open M-Pesa prompts on a handset."""
        answer = await self.http.get(f"/sandbox/handset/{quote(number)}/prompts")
        return list(answer.json())

    async def answer_prompt(self, number: str, action: str) -> None:
        """The newest prompt is approved, declined or ignored; its callback comes when time passes."""
        prompts = await self.prompts(number)
        assert prompts, f"no prompt on {number}"
        answer = await self.http.post(
            f"/sandbox/handset/{quote(number)}/prompts/{prompts[-1]['id']}", json={"action": action}
        )
        assert answer.status_code == 200, answer.text

    async def approve(self, number: str) -> None:
        """The newest prompt is approved and all that follows from it happens."""
        await self.answer_prompt(number, "approve")
        await self.pass_time(seconds=5)

    async def messages(self, number: str) -> list[str]:
        """SMS that reached a handset, the oldest first."""
        answer = await self.http.get(f"/sandbox/handset/{quote(number)}/messages")
        return [message["text"] for message in answer.json()]

    async def faults(self, **dials: float) -> None:
        """Turn the sandbox's fault dials; names have their dots as `__`."""
        given = {name.replace("__", "."): value for name, value in dials.items()}
        answer = await self.http.put("/sandbox/faults", json=given)
        assert answer.status_code == 200, answer.text

    async def payments(self) -> list[Payment]:
        """All payments, the oldest first."""
        async with self.system.database.reading() as session:
            rows = await session.rows("SELECT id FROM payment ORDER BY requested_at, id")
            return [await payments.find(session, row["id"]) for row in rows]

    async def balance(self, code: str) -> Money:
        async with self.system.database.reading() as session:
            return await ledger.balance(session, code)

    async def to_clear(self, number: str) -> Money:
        """What settles the member's oldest loan today."""
        async with self.system.database.reading() as session:
            row = await session.row("SELECT id FROM member WHERE phone = $1", number)
            assert row is not None
            standings = await loans.running(session, row["id"], today=self.clock.now().date())
            return standings[0].owed.to_clear

    async def count(self, table: str) -> int:
        async with self.system.database.reading() as session:
            row = await session.row(f"SELECT count(*) AS n FROM {table}")
            assert row is not None
            return int(row["n"])

    async def assert_books_agree(self) -> None:
        async with self.system.database.reading() as session:
            assert await balances.differences(session) == []


@asynccontextmanager
async def a_world(
    database_url: str,
    redis_url: str,
    folder: Path,
    clock: StoppedClock | None = None,
    settings: Settings | None = None,
) -> AsyncIterator[World]:
    """A World on these servers, closed at the end; with other settings than the usual where they are given."""
    clock = clock or StoppedClock()
    settings = settings or settings_for(database_url, redis_url, folder)
    transport = ToApplication()
    system = build(settings, Replacements(clock=clock, transport=transport, pin_cost=QUICK_HASH))
    sandbox = sandbox_for(settings, clock, transport=transport)
    app = create_app(system, sandbox=sandbox)
    transport.inner = httpx.ASGITransport(app=app)
    await system.open()
    try:
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            yield World(system, sandbox, clock, http)
    finally:
        await sandbox.stop()
        await system.close()
