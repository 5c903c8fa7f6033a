"""How often may one place try to sign in? Counted in Redis over all web processes."""

from typing import Final

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.errors import TooManyTries

_PER_ADDRESS: Final = RateLimitItemPerMinute(30, namespace="imarisha:staff")
"""An office behind one address signs in at eight in the morning; a guesser wants thousands."""
_WAIT_SECONDS: Final = 60

_log = structlog.get_logger(__name__)


class SignInLimits:
    """Tries per address and minute, right ones included.

    Each person's lock (`core.staff.lock`) stands in the database and holds without Redis; this keeps one place from
    trying many people, and from keeping the hashing threads busy.
    """

    def __init__(self, redis: Redis) -> None:
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # limits types options by their plainest
        )
        self._limiter = MovingWindowRateLimiter(storage)

    async def count(self, address: str) -> None:
        """Count a try from this address. Raises TooManyTries; without Redis anybody may try."""
        try:
            is_free = await self._limiter.hit(_PER_ADDRESS, address)
        except RedisError:
            _log.warning("sign-ins are not limited by address: Redis does not answer")
            return
        if not is_free:
            raise TooManyTries(seconds=_WAIT_SECONDS)
