"""How does time pass in the sandbox? Prompts lapse and callbacks go out when the clock says so.

`run` does it beside a server; a test that moves its own clock calls `advance` instead.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx
import structlog

from core.clock import Clock
from integrations.sandbox.events import CallbackPlanned, CallbackSent
from integrations.sandbox.memory import Memory
from integrations.sandbox.prompts import Prompts

_LONGEST_NAP_SECONDS = 0.25
_JSON = {"Content-Type": "application/json"}
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)

_log = structlog.get_logger(__name__)


class Courier:
    """Carries callbacks out. Each is sent once: M-Pesa does not repeat a failed one."""

    def __init__(
        self, *, memory: Memory, prompts: Prompts, clock: Clock, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self._memory = memory
        self._prompts = prompts
        self._clock = clock
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self._on_their_way: dict[int, asyncio.Task[None]] = {}
        self._not_before: datetime | None = None

    async def advance(self) -> None:
        """Do all that is due at this moment, and what follows from it at once."""
        while self._leave() or self._on_their_way:
            await asyncio.gather(*self._on_their_way.values())

    async def send_about(self, about: str) -> None:
        """Send what is due about one prompt or conversation, and wait until it has been taken."""
        self._leave()
        ours = [
            task
            for number, task in self._on_their_way.items()
            if number in self._memory.callbacks and self._memory.callbacks[number].about == about
        ]
        await asyncio.gather(*ours)

    async def ask(self, url: str, body: str, *, seconds: float) -> Mapping[str, object] | None:
        """The JSON object that a URL of the customer's answers with; None where none comes in time."""
        try:
            async with asyncio.timeout(seconds):
                response = await self._client().post(url, content=body, headers=_JSON)
            answer: object = response.json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            _log.warning("question not answered", error=type(error).__name__)
            return None
        return answer if isinstance(answer, dict) else None

    def hold_back(self, seconds: float) -> None:
        """Send nothing for so long: a receiver that starts together with us is not up yet."""
        self._not_before = self._clock.now() + timedelta(seconds=seconds)

    async def run(self) -> None:
        """Let time pass until cancelled."""
        while True:
            self._memory.changed.clear()
            self._leave()
            try:
                async with asyncio.timeout(_LONGEST_NAP_SECONDS):
                    await self._memory.changed.wait()
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Drop what is on its way, as a kill would: it is sent again after the next start."""
        tasks = list(self._on_their_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def _leave(self) -> bool:
        """Close what is due and start sending what is due; whether anything new was started."""
        self._prompts.close_due()
        now = self._clock.now()
        if self._not_before is not None and now < self._not_before:
            return False
        due = [
            callback
            for number, callback in self._memory.callbacks.items()
            if callback.due_at <= now and number not in self._on_their_way
        ]
        for callback in due:
            task = asyncio.create_task(self._send(callback))
            self._on_their_way[callback.number] = task
        return bool(due)

    async def _send(self, callback: CallbackPlanned) -> None:
        try:
            came_of_it = await self._post(callback)
            self._memory.record(CallbackSent(callback.number, came_of_it))
        finally:
            del self._on_their_way[callback.number]

    async def _post(self, callback: CallbackPlanned) -> str:
        try:
            response = await self._client().post(
                callback.url,
                content=callback.body,
                headers={**_JSON, **callback.headers},
            )
        except httpx.HTTPError as error:
            _log.warning("callback not delivered", number=callback.number, error=type(error).__name__)
            return type(error).__name__
        return str(response.status_code)

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = httpx.AsyncClient(transport=self._transport, timeout=_TIMEOUT, trust_env=False)
        return self._http
