"""What does the web process serve? Provider webhooks, payment callbacks, health and metrics. It holds no state.

In the demo it also serves the sandbox and the phone simulator.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from channels import simulator
from channels.admin.application import create_admin
from channels.problems import problem
from channels.signatures import FromKnownAddresses, networks
from channels.ussd import UssdEndpoint, UssdEventsEndpoint
from core.errors import DatabaseUnavailable
from dialogs.session import StoreUnavailable
from imarisha import migrate, payout_watch
from imarisha.sandboxed import MOUNT, sandbox_for
from imarisha.wiring import System
from integrations.sandbox.application import Sandbox

_READY_SECONDS = 2.0


def create_app(system: System, *, sandbox: Sandbox | None = None) -> Starlette:
    """The application over these parts; opens and closes them. The demo's settings add sandbox and simulator."""
    if system.settings.is_demo and sandbox is None:
        sandbox = sandbox_for(system.settings, system.clock)
    routes = [*_providers(system), *_operators(system), Mount("/admin", app=create_admin(system.admin))]
    if sandbox is not None:
        routes += [Mount(MOUNT, app=sandbox), *simulator.routes(system.networks)]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await system.open()
            stack.push_async_callback(system.close)
            if sandbox is not None:
                await stack.enter_async_context(sandbox.lifespan_context())
            yield

    return _Web(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: _http_problem})


class _Web(Starlette):
    """Starlette, whose first route is found without its middleware and router: they cost a sixth of a menu hop.

    What they do for a page, that route does for itself: it takes any method and lets no error out.
    """

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = self.routes[0]
        if isinstance(first, Route) and scope["type"] == "http" and scope["path"] == first.path:
            await first.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _providers(system: System) -> list[BaseRoute]:
    """What providers call, behind the secret prefix and the address lists where the settings have them."""
    settings, metrics = system.settings, system.metrics
    prefix = settings.webhook_prefix

    def guarded(listed: str) -> list[Middleware]:
        allowed = networks(listed)
        return [Middleware(FromKnownAddresses, allowed=allowed, refused=metrics.refused)] if allowed else []

    ussd = UssdEndpoint(
        conversation=system.engine,
        clock=system.clock,
        service_code=settings.service_code,
        apology=system.engine.apology().text,
        refusals=metrics,
        networks=system.networks,
    )
    operator, safaricom = guarded(settings.africastalking_addresses), guarded(settings.daraja_addresses)
    stk, path = system.callbacks.receive, f"{prefix}/payments/daraja/stk"
    return [
        # The hot one, so it comes first.
        Route(f"{prefix}/channels/ussd/africastalking", ussd, middleware=operator),
        Route(
            f"{prefix}/channels/ussd/africastalking/events",
            UssdEventsEndpoint(calls=system.engine, refusals=metrics, networks=system.networks),
            middleware=operator,
        ),
        Route(path, stk, methods=["POST"], middleware=safaricom),
        Route(f"{path}/{{payment_id}}", stk, methods=["POST"], middleware=safaricom),
        *system.payout_callbacks.routes(prefix, middleware=safaricom),
    ]


def _operators(system: System) -> list[BaseRoute]:
    async def health(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> Response:
        problems = await problems_of(system)
        return JSONResponse(
            {"ready": not problems, "problems": problems}, status_code=503 if problems else 200
        )

    async def metrics(_: Request) -> Response:
        await payout_watch.measure(system.database, system.metrics)
        return Response(generate_latest(system.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", health), Route("/readyz", ready), Route("/metrics", metrics)]


async def problems_of(system: System) -> list[str]:
    """What keeps this process from serving members, in words for an operator; empty when it is ready."""
    problems = []
    try:
        async with asyncio.timeout(_READY_SECONDS), system.database.reading() as session:
            revision = await migrate.revision_of(session)
        if revision != migrate.newest_revision():
            problems.append("the database needs `imarisha migrate`")
    except (DatabaseUnavailable, TimeoutError):
        problems.append("the database does not answer")
    try:
        await system.sessions.execute("PING")
    except StoreUnavailable:
        problems.append("Redis does not answer: members can't dial, payments still settle")
    return problems


async def _http_problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem(error.status_code, error.detail, error.detail)
