"""Which access token do we show to Daraja? One per app, shared by all processes.

Safaricom says that a new token invalidates the one before it, so processes that each fetch their own would keep
locking each other out. The shared cache decides; a copy in this process serves only while the cache is down.
"""

import asyncio
import base64
import re
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Protocol

import structlog

from core.clock import Clock
from integrations.http import Answer, ProviderClient, Result
from integrations.reading import code, object_or_empty
from integrations.reading import field as field_of

_PATH = "/oauth/v1/generate?grant_type=client_credentials"

REFRESH_EARLY = timedelta(seconds=60)
"""A token this close to its end is not used any more."""

FETCH_SECONDS = 10.0
"""The longest one token call may take; nothing else can be sent meanwhile."""

_DOCUMENTED_LIFE = timedelta(seconds=3599)
_SECONDS = re.compile(r"\d{1,6}", re.ASCII)
# What may stand in a header; anything else is a broken answer, not a token.
_TOKEN = re.compile(r"[\x21-\x7e]{1,2000}", re.ASCII)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the moment after which Daraja refuses it."""

    value: str = field(repr=False)
    expires_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may still be used for a while."""
        return now < self.expires_at - REFRESH_EARLY


class TokenError(Exception):
    """No access token could be had, so that nothing else was sent."""


class TokenRefusedError(TokenError):
    """Daraja refuses our key and secret: a matter of set-up."""


class TokenUnavailableError(TokenError):
    """Daraja gave no token now; a later try may pass."""


class TokenCacheUnavailableError(Exception):
    """The shared cache can't be used now."""


class TokenCache(Protocol):
    """Where processes share one token. Raises TokenCacheUnavailableError where it can't be used now."""

    async def get(self) -> Token | None:
        """The token last put, unless it has expired."""
        ...

    async def put(self, token: Token) -> None:
        """Share a token until it expires."""
        ...

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time; frees itself if its holder dies. Raises on entering only."""
        ...


class DarajaTokens:
    """Gives out the token, fetching a new one at most once however many ask."""

    def __init__(
        self,
        *,
        client: ProviderClient,
        consumer_key: str,
        consumer_secret: str,
        cache: TokenCache,
        clock: Clock,
    ) -> None:
        self._client = client
        basic = base64.b64encode(f"{consumer_key}:{consumer_secret}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}", "Accept": "application/json"}
        self._cache = cache
        self._clock = clock
        self._own: Token | None = None
        self._one_at_a_time = asyncio.Lock()

    async def current(self) -> Token:
        """A token that should pass. Raises TokenRefusedError, TokenUnavailableError."""
        return await self._other_than("")

    async def replacing(self, failed: Token) -> Token:
        """A token to use instead of one that Daraja called invalid; only the first to complain fetches it.

        Raises TokenRefusedError, TokenUnavailableError.
        """
        return await self._other_than(failed.value)

    async def _other_than(self, unwanted: str) -> Token:
        if known := await self._known(unwanted):
            return known
        async with self._one_at_a_time:
            try:
                async with self._cache.lock():
                    return await self._known(unwanted) or await self._new()
            except TokenCacheUnavailableError as error:
                _log.warning("token cache unavailable", error=str(error))
                return self._if_good(self._own, unwanted) or await self._new()

    async def _known(self, unwanted: str) -> Token | None:
        try:
            self._own = await self._cache.get() or self._own
            known = self._own
        except TokenCacheUnavailableError:
            known = self._own
        return self._if_good(known, unwanted)

    def _if_good(self, token: Token | None, unwanted: str) -> Token | None:
        if token is None or token.value == unwanted or not token.is_fresh(self._clock.now()):
            return None
        return token

    async def _new(self) -> Token:
        asked_at = self._clock.now()
        request = self._client.build("GET", _PATH, headers=self._headers)
        token = _token_in(await self._client.send(request, seconds=FETCH_SECONDS), asked_at)
        self._own = token
        try:
            await self._cache.put(token)
        except TokenCacheUnavailableError as error:
            _log.warning("token not shared", error=str(error))
        return token


def _token_in(result: Result, asked_at: datetime) -> Token:
    if not isinstance(result, Answer):
        raise TokenUnavailableError(result.error)
    body = object_or_empty(result.body)
    value = field_of(body, "access_token")
    if result.status == HTTPStatus.OK and isinstance(value, str) and _TOKEN.fullmatch(value):
        return Token(value, asked_at + _life(field_of(body, "expires_in")))
    # Live keys that Daraja doesn't know were answered with 400 and an empty body.
    if result.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise TokenRefusedError(code(field_of(body, "errorCode")) or str(result.status))
    raise TokenUnavailableError(str(result.status))


def _life(expires_in: object) -> timedelta:
    """How long a token lives: the pages show `expires_in` as a string and as a number of seconds."""
    seconds = code(expires_in)
    return timedelta(seconds=int(seconds)) if _SECONDS.fullmatch(seconds) else _DOCUMENTED_LIFE
