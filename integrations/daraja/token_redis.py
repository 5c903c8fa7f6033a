"""How do processes share Daraja's token? One key in Redis, and one lock while a new one is fetched."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import LockError, RedisError

from core.clock import Clock
from integrations.daraja.token import FETCH_SECONDS, Token, TokenCache, TokenCacheUnavailableError

# A holder that dies frees the lock a little after its call would have ended; who waits, waits a little longer.
_LOCK_SECONDS = FETCH_SECONDS + 2
_WAIT_SECONDS = _LOCK_SECONDS + 2
_POLL_SECONDS = 0.05
_COMMAND_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class RedisTokenCache(TokenCache):
    """Shares the token of one Daraja app. A Redis that is down or slow is reported, never waited for long."""

    def __init__(self, redis: Redis, *, consumer_key: str, clock: Clock) -> None:
        app = hashlib.sha256(consumer_key.encode()).hexdigest()[:16]
        self._redis = redis
        self._clock = clock
        self._key = f"daraja:token:{{{app}}}"
        self._lock_key = f"{self._key}:lock"

    async def get(self) -> Token | None:
        try:
            async with asyncio.timeout(_COMMAND_SECONDS):
                stored = await self._redis.get(self._key)
        except (RedisError, OSError) as error:  # TimeoutError is an OSError
            raise TokenCacheUnavailableError(type(error).__name__) from error
        return None if stored is None else _read(stored)

    async def put(self, token: Token) -> None:
        left = token.expires_at - self._clock.now()
        milliseconds = max(1, int(left.total_seconds() * 1000))
        try:
            async with asyncio.timeout(_COMMAND_SECONDS):
                await self._redis.set(self._key, msgspec.json.encode(token), px=milliseconds)
        except (RedisError, OSError) as error:
            raise TokenCacheUnavailableError(type(error).__name__) from error

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        lock = self._redis.lock(
            self._lock_key, timeout=_LOCK_SECONDS, sleep=_POLL_SECONDS, blocking_timeout=_WAIT_SECONDS
        )
        try:
            async with asyncio.timeout(_WAIT_SECONDS + _COMMAND_SECONDS):
                held = await lock.acquire()
        except (RedisError, OSError) as error:
            raise TokenCacheUnavailableError(type(error).__name__) from error
        if not held:
            raise TokenCacheUnavailableError("lock")
        try:
            yield
        finally:
            try:
                async with asyncio.timeout(_COMMAND_SECONDS):
                    await lock.release()
            except (LockError, RedisError, OSError) as error:
                _log.warning("token lock not released", error=type(error).__name__)


def _read(stored: bytes | str) -> Token | None:
    try:
        return msgspec.json.decode(stored, type=Token)
    except msgspec.DecodeError:
        # Written by another version of ours: as good as nothing.
        _log.warning("shared token not readable")
        return None
