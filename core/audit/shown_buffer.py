"""How do screens reach the database without keeping a phone waiting? In batches, a second later; some may be lost."""

import asyncio
from collections.abc import Callable

import structlog

from core.audit import shown
from core.audit.shown import ShownScreen
from core.db.engine import Database
from core.errors import DatabaseUnavailable

_log = structlog.get_logger(__name__)

BATCH_SECONDS = 1
MOST_IN_A_BATCH = 200
"""Seven hundred thousand screens an hour for each process; what comes faster is counted and let go: keeping it would
take the time in which members are answered."""


class ShownBuffer:
    """The screens of one process that are not kept yet. `lost` hears how many were let go."""

    def __init__(
        self, database: Database, *, lost: Callable[[int], None], batch_seconds: int = BATCH_SECONDS
    ) -> None:
        self._database = database
        self._lost = lost
        self._batch_seconds = batch_seconds
        self._waiting: list[ShownScreen] = []
        self._over = 0
        self._writer: asyncio.Task[None] | None = None

    def shown(self, screen: ShownScreen) -> None:
        """Keep the screen soon. Returns at once, and never fails."""
        if not self.has_room():
            return
        self._waiting.append(screen)
        if self._writer is None:
            self._writer = asyncio.get_running_loop().create_task(self._write_soon())

    def has_room(self) -> bool:
        """Whether another screen would be kept; a no is counted as a screen lost."""
        if len(self._waiting) < MOST_IN_A_BATCH:
            return True
        self._over += 1
        return False

    async def flush(self) -> None:
        """Write what waits; lose it where the database does not take it."""
        screens, self._waiting = self._waiting, []
        lost, self._over = self._over, 0
        if screens:
            try:
                async with self._database.unit_of_work() as session:
                    await shown.record(session, screens)
            except DatabaseUnavailable:
                lost += len(screens)
        if lost:
            self._lost(lost)
            _log.warning("screens were not kept", lost=lost)

    async def close(self) -> None:
        """Write the rest."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        await self.flush()

    async def _write_soon(self) -> None:
        await asyncio.sleep(self._batch_seconds)
        # From here on a new screen starts a writer of its own.
        self._writer = None
        await self.flush()
