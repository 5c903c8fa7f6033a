"""The world outside for tests: the sandbox, our clients wired to it, and somebody who takes its callbacks."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from core.clock import Clock
from core.money import Money
from core.payments.ports import CollectionRequest
from core.phone import Msisdn
from integrations.africastalking.messages import AfricasTalkingMessenger
from integrations.africastalking.settings import AfricasTalkingSettings
from integrations.daraja.client import DarajaClient, daraja_client
from integrations.daraja.collect import DarajaCollector
from integrations.daraja.enquiry import DarajaEnquiry
from integrations.daraja.settings import DarajaSettings
from integrations.daraja.token_redis import RedisTokenCache
from integrations.http import Exchange, ExchangeRecorder, http_client
from integrations.sandbox.application import Sandbox, create_sandbox
from integrations.sandbox.settings import SandboxSettings
from tests.hang_up import HangsUp
from tests.operator_key import operator_certificate

SAMPLES = Path(__file__).parent / "samples"

AMINA = Msisdn("+254711000001")
OTIENO = Msisdn("+254711000002")

DARAJA = DarajaSettings(
    base_url="http://outside.test/sandbox/daraja",
    consumer_key="demo-key",
    consumer_secret="demo-secret",
    shortcode="600996",
    passkey="demo-passkey",
    callback_base="http://outside.test",
    operator="imarishaapi",
    operator_password="Demo#pass%1",
)
AFRICASTALKING = AfricasTalkingSettings(
    base_url="http://outside.test/sandbox/africastalking",
    username="imarisha",
    api_key="demo-api-key",
    sender="IMARISHA",
)
SANDBOX = SandboxSettings(
    consumer_key=DARAJA.consumer_key,
    consumer_secret=DARAJA.consumer_secret,
    shortcode=DARAJA.shortcode,
    passkey=DARAJA.passkey,
    africastalking_username=AFRICASTALKING.username,
    africastalking_api_key=AFRICASTALKING.api_key,
    africastalking_senders=frozenset({"IMARISHA"}),
    operator=DARAJA.operator,
    operator_password=DARAJA.operator_password,
    operator_key_bits=1024,
    opening_utility_shillings=100_000,
    opening_working_shillings=50_000,
    hang_seconds=0.01,
)


def sample(path: str) -> bytes:
    """A file of `samples/`."""
    return (SAMPLES / path).read_bytes()


def sample_object(path: str) -> dict[str, object]:
    """The JSON object in a file of `samples/`."""
    value = json.loads(sample(path))
    assert isinstance(value, dict)
    return value


def a_request(
    *,
    payment_id: str = "pay_1",
    phone: Msisdn = AMINA,
    amount: Money = Money(150000),  # noqa: B008 (frozen)
    account_reference: str = "LN00001A1B2C",
    description: str = "Loan payment",
) -> CollectionRequest:
    return CollectionRequest(
        payment_id=payment_id,
        phone=phone,
        amount=amount,
        account_reference=account_reference,
        description=description,
    )


class StoppedClock(Clock):
    """Friday 20 November 2026, 10:15:30 in Nairobi, until time is let pass."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 20, 7, 15, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def let_pass(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class Notebook(ExchangeRecorder):
    """Keeps the records of exchanges."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def record(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)

    def count(self, path_end: str) -> int:
        return sum(exchange.path.endswith(path_end) for exchange in self.exchanges)


@dataclass
class Callbacks:
    """Takes what the sandbox posts to our callback path."""

    received: list[tuple[str, bytes]] = field(default_factory=list)
    """(payment id of the path, body), in the order of coming."""
    came: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 200
    """What they are answered with."""
    told: list[tuple[str, bytes, str]] = field(default_factory=list)
    """(path after /payments/daraja/, body, X-Forwarded-For) of all others, in the order of coming."""

    validation: object = field(default_factory=lambda: {"ResultCode": "0", "ResultDesc": "Accepted"})
    """What a payment to the paybill is validated with."""

    def told_at(self, path: str) -> list[bytes]:
        """The bodies that came to this path."""
        return [body for at, body, _ in self.told if at == path]

    async def take_other(self, request: Request) -> Response:
        forwarded = request.headers.get("X-Forwarded-For", "")
        self.told.append((request.path_params["path"], await request.body(), forwarded))
        if request.path_params["path"] == "c2b/validation":
            return JSONResponse(self.validation)
        return JSONResponse({"ResultCode": 0, "ResultDesc": "Success"}, self.status)

    def bodies(self) -> list[dict[str, object]]:
        return [json.loads(body)["Body"]["stkCallback"] for _, body in self.received]

    def codes(self) -> list[object]:
        return [body["ResultCode"] for body in self.bodies()]

    async def take(self, request: Request) -> Response:
        self.received.append((request.path_params["payment_id"], await request.body()))
        self.came.set()
        return JSONResponse({"ResultCode": 0, "ResultDesc": "Success"}, self.status)

    async def until(self, number: int) -> None:
        """Return when so many have come; fail when they don't."""
        async with asyncio.timeout(5):
            while len(self.received) < number:
                self.came.clear()
                await self.came.wait()


class Outside:
    """One sandbox under `/sandbox` and our side of it, in one process without a network."""

    def __init__(self, clock: StoppedClock, journal_path: Path, redis: Redis) -> None:
        self.clock = clock
        self.redis = redis
        self.callbacks = Callbacks()
        self.notebook = Notebook()
        self._journal_path = journal_path
        self._transport = HangsUp(self._answer)
        self.http = http_client(self._transport)
        self.daraja = self.another_daraja_client()
        self.collector = DarajaCollector(self.daraja)
        self.enquiry = DarajaEnquiry(self.daraja)
        self.messenger = AfricasTalkingMessenger(AFRICASTALKING, http=self.http, recorder=self.notebook)
        self.sandbox = self.start_again()
        operator_certificate(self._journal_path.with_name("journal-operator.pem"))

    def start_again(self) -> Sandbox:
        """A new sandbox on the same journal, the old one forgotten as after a kill."""
        self.sandbox = create_sandbox(SANDBOX, self.clock, self._journal_path, transport=self._transport)
        self._parent = Starlette(
            routes=[
                Mount("/sandbox", app=self.sandbox),
                Route("/payments/daraja/stk/{payment_id}", self.callbacks.take, methods=["POST"]),
                Route("/payments/daraja/{path:path}", self.callbacks.take_other, methods=["POST"]),
            ]
        )
        return self.sandbox

    def operator_password(self, password: str) -> None:
        """From here on our operator shows this password."""
        settings = replace(self.daraja.settings, operator_password=password)
        self.daraja = self.another_daraja_client(settings=settings)

    def journal_text(self) -> str:
        """All that the sandbox wrote down."""
        return self._journal_path.read_text(encoding="utf-8")

    def another_daraja_client(
        self, redis: Redis | None = None, *, settings: DarajaSettings | None = None
    ) -> DarajaClient:
        """As a second process of ours would have."""
        cache = RedisTokenCache(redis or self.redis, consumer_key=DARAJA.consumer_key, clock=self.clock)
        certificate = self._journal_path.with_name("journal-operator.crt")
        settings = settings or replace(DARAJA, certificate=certificate)
        return daraja_client(settings, http=self.http, recorder=self.notebook, cache=cache, clock=self.clock)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._parent(scope, receive, send)

    async def get(self, path: str) -> object:
        response = await self.http.get(f"http://outside.test/sandbox{path}")
        assert response.status_code == httpx.codes.OK, response.text
        answer: object = response.json()
        return answer

    async def press(
        self, prompt_id: str, action: str, phone: Msisdn = AMINA, **more: object
    ) -> httpx.Response:
        path = f"http://outside.test/sandbox/handset/{phone.e164}/prompts/{prompt_id}"
        return await self.http.post(path, json={"action": action, **more})

    async def set_faults(self, dials: dict[str, float]) -> None:
        response = await self.http.put("http://outside.test/sandbox/faults", json={"seed": 1, **dials})
        assert response.status_code == httpx.codes.OK, response.text

    async def push(self, request: CollectionRequest | None = None) -> str:
        """A push that is accepted; its CheckoutRequestID."""
        reply = await self.collector.collect(request or a_request())
        assert reply.provider_request_id is not None, reply
        return reply.provider_request_id

    async def pass_time(self, seconds: float) -> None:
        self.clock.let_pass(seconds)
        await self.sandbox.advance()
