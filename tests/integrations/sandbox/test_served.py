"""Over real sockets: does time pass by itself, and do broken and held-back answers look so to our clients?"""

import asyncio
import dataclasses
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import redis.asyncio
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from core.clock import SystemClock
from core.notices.ports import Delivery
from core.payments.ports import SendVerdict
from core.phone import Msisdn
from integrations.africastalking.messages import AfricasTalkingMessenger
from integrations.daraja.client import daraja_client
from integrations.daraja.codes import Reason
from integrations.daraja.collect import DarajaCollector
from integrations.daraja.token_redis import RedisTokenCache
from integrations.http import http_client
from integrations.sandbox.application import Sandbox, create_sandbox
from tests.integrations.outside import AFRICASTALKING, AMINA, DARAJA, SANDBOX, Callbacks, Notebook, a_request


class Served:
    """The sandbox in a server of its own, and our clients on the other side of the socket."""

    def __init__(
        self, sandbox: Sandbox, callbacks: Callbacks, base: str, connection: redis.asyncio.Redis
    ) -> None:
        self.sandbox = sandbox
        self.callbacks = callbacks
        self.base = base
        self.http = http_client()
        clock = SystemClock()
        settings = dataclasses.replace(DARAJA, base_url=f"{base}/sandbox/daraja", callback_base=base)
        self.collector = DarajaCollector(
            daraja_client(
                settings,
                http=self.http,
                recorder=Notebook(),
                cache=RedisTokenCache(connection, consumer_key="served", clock=clock),
                clock=clock,
            )
        )
        self.messenger = AfricasTalkingMessenger(
            dataclasses.replace(AFRICASTALKING, base_url=f"{base}/sandbox/africastalking"),
            http=self.http,
            recorder=Notebook(),
        )

    async def set_fault(self, dial: str) -> None:
        await self.http.put(f"{self.base}/sandbox/faults", json={"seed": 1, dial: 1})


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """The application on a free port of this machine; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listener.close()


@pytest.fixture
async def served(tmp_path: Path, empty_redis: redis.asyncio.Redis) -> AsyncIterator[Served]:
    settings = dataclasses.replace(SANDBOX, hang_seconds=30, magic_seconds=0, settling_seconds=0)
    sandbox = create_sandbox(settings, SystemClock(), tmp_path / "journal.jsonl")
    callbacks = Callbacks()
    app = Starlette(
        routes=[
            Mount("/sandbox", app=sandbox),
            Route("/payments/daraja/stk/{payment_id}", callbacks.take, methods=["POST"]),
        ],
        lifespan=lambda _: sandbox.lifespan_context(),
    )
    async with serving(app) as base:
        served = Served(sandbox, callbacks, base, empty_redis)
        yield served
        await served.http.aclose()


async def test_approval_is_called_back_by_itself(served: Served) -> None:
    reply = await served.collector.collect(a_request())

    path = f"{served.base}/sandbox/handset/{AMINA.e164}/prompts/{reply.provider_request_id}"
    await served.http.post(path, json={"action": "approve"})
    await served.callbacks.until(1)

    assert served.callbacks.codes() == [0]


async def test_magic_number_is_called_back_by_itself(served: Served) -> None:
    await served.collector.collect(a_request(phone=Msisdn("+254711900003")))
    await served.callbacks.until(1)

    assert served.callbacks.codes() == [1032]


async def test_broken_connection_leaves_the_push_unknown(served: Served) -> None:
    await served.set_fault("daraja.push.reset")

    reply = await served.collector.collect(a_request())

    assert (reply.verdict, reply.reason) == (SendVerdict.UNKNOWN, Reason.NO_ANSWER)
    assert len(served.sandbox.memory.open_prompts) == 1


async def test_answer_that_does_not_come_leaves_the_push_unknown(served: Served) -> None:
    await served.set_fault("daraja.push.timeout")
    served.http.timeout = httpx.Timeout(0.2)

    reply = await served.collector.collect(a_request())

    assert (reply.verdict, reply.reason) == (SendVerdict.UNKNOWN, Reason.NO_ANSWER)
    assert len(served.sandbox.memory.open_prompts) == 1


async def test_answer_that_does_not_come_leaves_the_message_unknown(served: Served) -> None:
    await served.set_fault("africastalking.timeout")
    served.http.timeout = httpx.Timeout(0.2)

    reply = await served.messenger.send(AMINA, "x")

    assert (reply.delivery, reply.reason) == (Delivery.UNKNOWN, "no_answer")
    assert len(served.sandbox.memory.messages) == 1


async def test_nobody_at_the_other_end_means_that_nothing_was_sent(
    empty_redis: redis.asyncio.Redis,
) -> None:
    clock = SystemClock()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with http_client() as http:
        settings = dataclasses.replace(DARAJA, base_url=f"http://127.0.0.1:{port}")
        cache = RedisTokenCache(empty_redis, consumer_key="nobody", clock=clock)
        client = daraja_client(settings, http=http, recorder=Notebook(), cache=cache, clock=clock)
        reply = await DarajaCollector(client).collect(a_request())

    assert (reply.verdict, reply.reason) == (SendVerdict.BUSY, Reason.PROVIDER_DOWN)
