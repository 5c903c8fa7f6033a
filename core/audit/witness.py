"""How does a screen get into the transaction of what it led to? By a database whose transactions write it along."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from typing_extensions import override

from core.audit import shown
from core.audit.shown import ShownScreen
from core.db.engine import Database, MomentSession, ReadSession, WriteSession


class WitnessedDatabase(Database):
    """The same database for the length of one act: its first transaction to commit keeps the screen, too."""

    def __init__(self, database: Database, screen: ShownScreen) -> None:
        # Without the other's own beginning: the pool stays with the one that opened it.
        self._database = database
        self._screen = screen
        self._is_kept = False

    @override
    async def open(self) -> None:
        await self._database.open()

    @override
    async def close(self) -> None:
        await self._database.close()

    @override
    def reading(self) -> AbstractAsyncContextManager[ReadSession]:
        return self._database.reading()

    @override
    @asynccontextmanager
    async def at_one_moment(self) -> AsyncIterator[MomentSession]:
        async with self._database.at_one_moment() as session:
            yield session

    @override
    def single_statements(self) -> AbstractAsyncContextManager[WriteSession]:
        return self._database.single_statements()

    @override
    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[WriteSession]:
        async with self._database.unit_of_work() as session:
            yield session
            if not self._is_kept:
                await shown.record(session, [self._screen])
        self._is_kept = True
