"""Does a worker finish what it began, and go on when Redis comes back?"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from core.payments.model import PaymentState
from imarisha import worker
from imarisha.embedded import EmbeddedServers
from imarisha.institution import AMINA, CHEBET
from imarisha.wiring import Replacements, build
from tests.test_repayment import call_back, success
from tests.world import QUICK_HASH, World, a_world, settings_for

pytestmark = pytest.mark.slow

PUSH = "/mpesa/stkpush/v1/processrequest"


class Gate(httpx.AsyncBaseTransport):
    """Holds requests to one path back until it is opened."""

    def __init__(self, inner: httpx.AsyncBaseTransport, path: str) -> None:
        self._inner = inner
        self._path = path
        self.reached = asyncio.Event()
        self.open = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(self._path):
            self.reached.set()
            await self.open.wait()
        return await self._inner.handle_async_request(request)


@contextlib.asynccontextmanager
async def working(world: World) -> AsyncIterator["asyncio.Task[None]"]:
    """A worker as `imarisha worker` runs it, beside the house."""
    system = build(
        world.system.settings,
        Replacements(clock=world.clock, transport=world.http._transport, pin_cost=QUICK_HASH),
    )
    running = asyncio.create_task(worker.run(system))
    try:
        yield running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 8) -> None:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if await condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come about in time")


async def ask_for(world: World, number: str, pin: str) -> str:
    """The member asks to repay 1,000; nobody has worked on it yet. The payment's id."""
    before = {payment.payment_id for payment in await world.payments()}
    phone = world.phone(number)
    await phone.dial()
    for typed in (pin, "3", "1000", "1"):
        screen = await phone.answer(typed)
    assert not screen.is_open, screen.text
    [fresh] = {payment.payment_id for payment in await world.payments()} - before
    return fresh


async def state_of(world: World, payment_id: str) -> PaymentState:
    return next(each.state for each in await world.payments() if each.payment_id == payment_id)


async def test_told_to_end_it_lets_a_request_under_way_come_back_first(world: World) -> None:
    transport = world.http._transport
    gate = Gate(transport.inner, PUSH)  # type: ignore[attr-defined]  # ToApplication
    transport.inner = gate  # type: ignore[attr-defined]
    async with working(world) as running:
        payment_id = await ask_for(world, AMINA.phone, "4271")
        await asyncio.wait_for(gate.reached.wait(), 8)

        running.cancel()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not running.done()
        gate.open.set()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(running, 8)

    assert await state_of(world, payment_id) is PaymentState.SUBMITTED


async def test_it_takes_no_new_work_once_told_to_end(world: World) -> None:
    async with working(world) as running:
        await until(lambda: queue_is_watched(world))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    payment_id = await ask_for(world, AMINA.phone, "4271")

    assert await state_of(world, payment_id) is PaymentState.REQUESTED


async def queue_is_watched(world: World) -> bool:
    return bool(await world.system.redis.exists("arq:queue:health-check"))


async def test_it_outlives_a_redis_that_dies_and_comes_back_empty(
    own_servers: EmbeddedServers, tmp_path: Path
) -> None:
    urls = own_servers.urls
    settings = settings_for(urls.database_url, urls.redis_url, tmp_path)
    async with a_world(urls.database_url, urls.redis_url, tmp_path, settings=settings) as world:
        async with working(world) as running:
            await until(lambda: queue_is_watched(world))
            first = await ask_for(world, CHEBET.phone, "7352")
            await until(lambda: is_in(world, first, PaymentState.SUBMITTED))

            own_servers.redis.kill()
            payment = next(each for each in await world.payments() if each.payment_id == first)
            body = success(payment.provider_request_id or "", receipt="UKK4WORKER")
            assert await call_back(world, first, body) == 200
            own_servers.redis.start()

            await until(lambda: has_message(world, CHEBET.phone, "UKK4WORKER"), seconds=12)
            assert not running.done()
        assert await state_of(world, first) is PaymentState.CONFIRMED


async def is_in(world: World, payment_id: str, state: PaymentState) -> bool:
    return await state_of(world, payment_id) is state


async def has_message(world: World, number: str, word: str) -> bool:
    return any(word in message for message in await world.messages(number))
