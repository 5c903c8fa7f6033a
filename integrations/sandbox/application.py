"""The sandbox put together: one web application, mounted by the demo under `/sandbox`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from core.clock import Clock
from core.money import Currency, Money
from integrations.sandbox.africastalking import AfricasTalking
from integrations.sandbox.courier import Courier
from integrations.sandbox.daraja import Daraja
from integrations.sandbox.events import AccountName
from integrations.sandbox.faults import Faults, InvalidDialError
from integrations.sandbox.handset import Handset
from integrations.sandbox.journal import Journal
from integrations.sandbox.memory import Memory
from integrations.sandbox.operator import OperatorKey
from integrations.sandbox.paybill_book import PaybillBook
from integrations.sandbox.prompts import Prompts
from integrations.sandbox.requests import json_object, refusal
from integrations.sandbox.settings import SandboxSettings

_log = structlog.get_logger(__name__)


class Sandbox(Starlette):
    """The providers as one application. Served on its own it starts and stops itself.

    Mounted in another application, that one enters `lifespan_context` (a mounted application's lifespan does not
    run). A test with a clock of its own does neither and calls `advance` after moving it.
    """

    def __init__(
        self,
        *,
        settings: SandboxSettings,
        clock: Clock,
        journal_path: Path,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._settings = settings
        self.memory = Memory(Journal(journal_path), book=PaybillBook(_opening(settings)))
        self.faults = Faults(self.memory)
        self.prompts = Prompts(settings=settings, memory=self.memory, faults=self.faults, clock=clock)
        self._courier = Courier(memory=self.memory, prompts=self.prompts, clock=clock, transport=transport)
        self.operator_key = OperatorKey(
            journal_path.with_name(f"{journal_path.stem}-operator.pem"),
            bits=settings.operator_key_bits,
            clock=clock,
        )
        self._running: asyncio.Task[None] | None = None
        daraja = Daraja(
            settings=settings,
            memory=self.memory,
            faults=self.faults,
            prompts=self.prompts,
            courier=self._courier,
            operator_key=self.operator_key,
            clock=clock,
        )
        messages = AfricasTalking(settings=settings, memory=self.memory, faults=self.faults, clock=clock)
        super().__init__(
            routes=[
                Mount("/daraja", app=daraja.application()),
                *messages.routes(),
                *Handset(
                    memory=self.memory,
                    prompts=self.prompts,
                    paybill=daraja.paybill,
                    shortcode=settings.shortcode,
                ).routes(),
                Route("/faults", self._show_faults),
                Route("/faults", self._set_faults, methods=["PUT"]),
            ],
            lifespan=lambda _: self.lifespan_context(),
        )

    async def start(self) -> None:
        """Let time pass from here on: prompts lapse, callbacks go out. The operator's certificate is there then."""
        self.operator_key.certificate_path()
        self._courier.hold_back(self._settings.settling_seconds)
        self._running = asyncio.create_task(self._courier.run())
        self._running.add_done_callback(_report)

    async def stop(self) -> None:
        """Stop time. What was planned is in the journal and goes on after the next start."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
            self._running = None
        await self._courier.stop()

    @asynccontextmanager
    async def lifespan_context(self) -> AsyncIterator[None]:
        """Started while inside."""
        await self.start()
        try:
            yield
        finally:
            await self.stop()

    async def advance(self) -> None:
        """Do all that is due at the clock's present moment, and return when it is done."""
        await self._courier.advance()

    async def _show_faults(self, _request: Request) -> Response:
        return JSONResponse(self.faults.listed())

    async def _set_faults(self, request: Request) -> Response:
        try:
            self.faults.set(await json_object(request))
        except InvalidDialError as error:
            return refusal(400, str(error))
        return JSONResponse(self.faults.listed())


def _opening(settings: SandboxSettings) -> dict[AccountName, Money]:
    shilling = Currency.KES.minor_per_major
    return {
        AccountName.UTILITY: Money(settings.opening_utility_shillings * shilling),
        AccountName.WORKING: Money(settings.opening_working_shillings * shilling),
    }


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("time stands still in the sandbox", exc_info=error)


def create_sandbox(
    settings: SandboxSettings,
    clock: Clock,
    journal_path: Path,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Sandbox:
    """The sandbox as it was when it last wrote to the journal at `journal_path` (made when missing).

    `transport` carries its callbacks; None is the network.
    """
    return Sandbox(settings=settings, clock=clock, journal_path=journal_path, transport=transport)
