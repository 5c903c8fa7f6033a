"""How does a worker hear of new outbox rows? NOTIFY after the commit, a short sweep for what was missed.

The relay only wakes: it hands row numbers to arq, whose jobs claim the rows. A lost or doubled wake-up is
harmless, and with Redis empty or back from the dead the next sweep fills the queue again.
"""

import asyncio
from contextlib import suppress

import asyncpg
import structlog
from arq import ArqRedis
from redis.exceptions import RedisError

from core import outbox
from core.clock import Clock
from core.db.engine import Database
from core.errors import DatabaseUnavailable

_log = structlog.get_logger(__name__)

SWEEP_SECONDS = 1.0
JOB = "do_outbox_row"


class Relay:
    """Runs in a worker until cancelled."""

    def __init__(self, *, database_url: str, database: Database, clock: Clock, queue: ArqRedis) -> None:
        self._database_url = database_url
        self._database = database
        self._clock = clock
        self._queue = queue
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Listen and sweep for ever; trouble with either server is logged and tried again."""
        while True:
            try:
                await self._listen()
            except (
                OSError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
                DatabaseUnavailable,
                RedisError,
            ) as trouble:
                _log.warning("relay interrupted", trouble=type(trouble).__name__)
                await asyncio.sleep(SWEEP_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._database_url, timeout=5)
        try:
            await connection.add_listener(outbox.CHANNEL, lambda *_: self._woken.set())
            connection.add_termination_listener(lambda *_: self._woken.set())
            while not connection.is_closed():
                self._woken.clear()
                await self.wake_workers()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), SWEEP_SECONDS)
        finally:
            await connection.close(timeout=1)

    async def wake_workers(self) -> int:
        """Put every row that may run now into the queue; how many were not there yet."""
        async with self._database.reading() as session:
            waiting = await outbox.waiting(session, now=self._clock.now())
        woken = 0
        for row_id, tries in waiting:
            # One arq job per row and try: a row that is in the queue already is not put there again.
            if await self._queue.enqueue_job(JOB, row_id, _job_id=f"outbox:{row_id}:{tries}"):
                woken += 1
        return woken
