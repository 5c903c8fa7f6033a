"""How many requests a second does a provider get from all our processes together? Counted in Redis."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import structlog
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

WAIT_SECONDS = 5.0
"""A request that finds no room for so long is not sent, and tried again as any that could not be sent."""

_NAP_SECONDS = 0.05

_log = structlog.get_logger(__name__)


class Pace(Protocol):
    """Gives requests their turn."""

    async def turn(self) -> bool:
        """Return True when it is this request's turn, False when it must not be sent now."""
        ...


class RedisPace(Pace):
    """At most so many a second for one account with a provider. Without Redis everybody may go."""

    def __init__(
        self,
        redis: Redis,
        *,
        account: str,
        per_second: int,
        wait_seconds: float = WAIT_SECONDS,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # limits types options by their plainest
        )
        self._limiter = MovingWindowRateLimiter(storage)
        self._limit = RateLimitItemPerSecond(per_second, namespace="imarisha:pace")
        self._account = account
        self._wait_seconds = wait_seconds
        self._stopwatch = stopwatch

    async def turn(self) -> bool:
        deadline = self._stopwatch() + self._wait_seconds
        while not await self._is_free():
            if self._stopwatch() >= deadline:
                return False
            await asyncio.sleep(_NAP_SECONDS)
        return True

    async def _is_free(self) -> bool:
        try:
            return await self._limiter.hit(self._limit, self._account)
        except RedisError as error:
            _log.warning("requests are not paced: Redis does not answer", error=type(error).__name__)
            return True
