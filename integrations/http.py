"""How do we talk to a provider over HTTP? One exchange at a time, within limits, each leaving a redacted record.

An exchange ends in one of three ways, and adapters decide by them: the provider answered (`Answer`), it surely
never got the request (`NotSent`), or nobody knows (`NoAnswer`). Nothing here repeats a request.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import httpx
import structlog

from integrations.breaker import OUTAGES, Breaker
from integrations.pace import Pace
from integrations.redaction import redacted_text

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
"""Daraja's synchronous answers take seconds under load."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """The provider answered. The body may be anything, JSON or not."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotSent:
    """No byte of the request reached the provider: it surely had no effect."""

    error: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The request was sent, or may have been, and no whole answer came back: it may have had an effect."""

    error: str


Result = Answer | NotSent | NoAnswer


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to a provider and how it ended, with nothing in it that may not be written down."""

    provider: str
    method: str
    path: str
    status: int | None
    """None where no answer came."""
    milliseconds: int
    error: str
    """The provider's error code and words, redacted, or the kind of network fault; empty when all went well."""


class ExchangeRecorder(Protocol):
    """Keeps a record of every exchange: in the log, in a table, in a metric."""

    def record(self, exchange: Exchange) -> None:
        """Called once per exchange, whatever its end; must not raise or block."""
        ...


class LogRecorder(ExchangeRecorder):
    """One structured log line per exchange."""

    def record(self, exchange: Exchange) -> None:
        _log.info(
            "exchange",
            provider=exchange.provider,
            method=exchange.method,
            path=exchange.path,
            status=exchange.status,
            milliseconds=exchange.milliseconds,
            error=exchange.error,
        )


def http_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client with our limits, to be shared and closed by whoever made it.

    It reads nothing from the environment (proxies, .netrc), which only the settings may do, and follows no
    redirects: a money request goes where it was sent or nowhere.
    """
    return httpx.AsyncClient(
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        headers={"User-Agent": "imarisha"},
    )


class ProviderClient:
    """Sends requests to one provider. `error_in` reads the provider's own error code and words from an answer.

    With a breaker, nothing is sent for a while to a provider that is down; with a pace, no more than it takes.
    """

    def __init__(
        self,
        *,
        provider: str,
        base_url: str,
        http: httpx.AsyncClient,
        recorder: ExchangeRecorder,
        error_in: Callable[[Answer], str],
        stopwatch: Callable[[], float] = time.monotonic,
        breaker: Breaker | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._provider = provider
        self._base_url = base_url.rstrip("/")
        self._http = http
        self._recorder = recorder
        self._error_in = error_in
        self._stopwatch = stopwatch
        self._breaker = breaker or Breaker(faults_max=sys.maxsize)
        self._pace = pace

    def build(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        json: object | None = None,
        form: dict[str, str] | None = None,
    ) -> httpx.Request:
        """A request to this provider; `path` begins with a slash."""
        return self._http.build_request(method, self._base_url + path, headers=headers, json=json, data=form)

    async def send(self, request: httpx.Request, *, seconds: float) -> Result:
        """Send once and wait for the whole answer, at most so many seconds in all; never raises for a fault outside."""
        started = self._stopwatch()
        result = await self._exchange(request, seconds)
        status = result.status if isinstance(result, Answer) else None
        error = self._error_in(result) if isinstance(result, Answer) else result.error
        self._recorder.record(
            Exchange(
                provider=self._provider,
                method=request.method,
                path=redacted_text(request.url.path),
                status=status,
                milliseconds=round((self._stopwatch() - started) * 1000),
                error=redacted_text(error),
            )
        )
        return result

    async def _exchange(self, request: httpx.Request, seconds: float) -> Result:
        if not self._breaker.lets_through():
            return NotSent("provider is down")
        deadline = asyncio.get_running_loop().time() + seconds
        if self._pace is not None and not await self._pace.turn():
            return NotSent("too many requests at once")
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return NotSent("no time left")
        result = await self._sent(request, left)
        self._breaker.heard(is_fault=not isinstance(result, Answer) or result.status in OUTAGES)
        return result

    async def _sent(self, request: httpx.Request, seconds: float) -> Result:
        try:
            # httpx limits each read, not their sum: a dripping answer would never end.
            async with asyncio.timeout(seconds):
                response = await self._http.send(request)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.UnsupportedProtocol,
        ) as error:
            return NotSent(type(error).__name__)
        except (httpx.HTTPError, TimeoutError) as error:
            return NoAnswer(type(error).__name__)
        return Answer(response.status_code, response.content)
