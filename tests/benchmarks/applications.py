"""Which web applications are measured? Ours, and the bare handlers it has to keep up with. All for uvicorn.

The bare ones do for a hop what no menu can do without, and nothing else: read the form, fetch a record of the call
and write it back. They are Starlette's, as ours is.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias
from urllib.parse import parse_qsl

import asyncpg
import redis.asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Lifespan, Receive, Scope, Send

from core.members.pin import HashCost
from dialogs.redis_connection import RedisConnection
from imarisha.logs import configure
from imarisha.settings import read
from imarisha.web import create_app
from imarisha.wiring import Replacements, build
from tests.benchmarks.calls import PATH

QUICK_PINS = Replacements(pin_cost=HashCost(passes=1, memory_kib=8))
"""For benchmarks that measure hops behind the PIN: signing in hundreds of members costs them nothing then."""

SCREEN = (
    "CON Imarisha Sacco\n1. Check Balance\n2. Apply for Loan\n3. Repay Loan\n4. Account Statement\n6. More"
)
RECORD = "r" * 300
"""As long as our session of a member at the menu."""

Answer: TypeAlias = Callable[[Request], Awaitable[Response]]


def ours() -> Starlette:
    """What `imarisha.serve` serves, but for the cost of a PIN."""
    settings = read(os.environ)
    configure(settings.log_level)
    return create_app(build(settings, QUICK_PINS))


def redis_pool() -> Starlette:
    """A GET and a SET through redis-py's pool."""
    client = redis.asyncio.Redis.from_url(_setting("REDIS_URL"))

    async def hop(request: Request) -> Response:
        form = await _form(request)
        await client.get(form["sessionId"])
        await client.set(form["sessionId"], RECORD)
        return PlainTextResponse(SCREEN)

    return _bare(hop)


def one_connection() -> Starlette:
    """A GET and a SET on one connection that all requests share."""
    connection = RedisConnection(_setting("REDIS_URL"))

    async def hop(request: Request) -> Response:
        form = await _form(request)
        await connection.execute("GET", form["sessionId"])
        await connection.execute("SET", form["sessionId"], RECORD)
        return PlainTextResponse(SCREEN)

    return _bare(hop)


def one_select() -> Starlette:
    """The same, and one row by key from PostgreSQL through asyncpg's pool as it comes."""
    connection = RedisConnection(_setting("REDIS_URL"))
    pool: asyncpg.Pool[asyncpg.Record] | None = None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        nonlocal pool
        async with asyncpg.create_pool(_setting("DATABASE_URL")) as pool:
            yield

    async def hop(request: Request) -> Response:
        form = await _form(request)
        await connection.execute("GET", form["sessionId"])
        if pool is None:
            raise AssertionError("the pool is opened before requests come")
        row = await pool.fetchrow("SELECT * FROM member WHERE phone = $1", form["phoneNumber"])
        if row is None:
            raise AssertionError("only members call")
        await connection.execute("SET", form["sessionId"], RECORD)
        return PlainTextResponse(SCREEN)

    return _bare(hop, lifespan)


def nothing() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Answers without looking: what the load generator is held against."""
    body = SCREEN.encode()
    start = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-length", b"%d" % len(body))],
    }

    async def hop(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            raise RuntimeError("nothing to open")
        await receive()
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return hop


def _bare(hop: Answer, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    return Starlette(routes=[Route(PATH, hop, methods=["POST"])], lifespan=lifespan)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _setting(name: str) -> str:
    return os.environ[f"IMARISHA_{name}"]
