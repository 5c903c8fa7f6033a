"""How do we reach PostgreSQL? One pool per process, sessions that read and sessions that write."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Generic, TypeVar

import asyncpg
from asyncpg.transaction import Transaction
from typing_extensions import override

from core.db.pool import Lent, Pool
from core.errors import DatabaseUnavailable

# What asyncpg raises when the server is gone, going or not there; OSError covers refused connections.
CONNECTION_LOST = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    # A session to which a dying server has said goodbye, before the connection closes.
    asyncpg.InternalClientError,
)


class ReadSession:
    """A connection for questions. Functions that only read ask for this type."""

    def __init__(self, lent: Lent) -> None:
        self._lent = lent

    async def rows(self, sql: str, *parameters: object) -> list[asyncpg.Record]:
        """Every row of the answer."""
        return await self._lent.connection.fetch(sql, *parameters)

    async def row(self, sql: str, *parameters: object) -> asyncpg.Record | None:
        """The first row, or None."""
        return await self._lent.connection.fetchrow(sql, *parameters)


class MomentSession(ReadSession):
    """A session whose answers fit together: all are as of its first question. Only `at_one_moment` makes one.

    Functions ask for this type that read with several questions what has to add up.
    """


class WriteSession(ReadSession):
    """A connection inside a transaction. Only `Database.unit_of_work` makes one, and only it commits."""

    async def execute(self, sql: str, *parameters: object) -> None:
        await self._lent.connection.execute(sql, *parameters)

    async def execute_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """The same statement for every row of parameters."""
        await self._lent.connection.executemany(sql, rows)

    async def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Rows into a table by COPY: for thousands, several times as fast as inserting them."""
        await self._lent.connection.copy_records_to_table(table, columns=columns, records=rows)


_Session = TypeVar("_Session", bound=ReadSession)


class _Block(AbstractAsyncContextManager[_Session], Generic[_Session]):
    """The length of a session without a transaction. A generator would do as well, at twice the time."""

    __slots__ = ("_in_doubt", "_lent", "_session")

    def __init__(self, lent: Lent, session: _Session, *, in_doubt: bool) -> None:
        self._lent = lent
        self._session = session
        self._in_doubt = in_doubt

    @override
    async def __aenter__(self) -> _Session:
        try:
            await self._lent.__aenter__()
        except CONNECTION_LOST as error:
            raise DatabaseUnavailable(in_doubt=self._in_doubt) from error
        return self._session

    @override
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._lent.__aexit__(kind, error, trace)
        if isinstance(error, CONNECTION_LOST):
            raise DatabaseUnavailable(in_doubt=self._in_doubt) from error


async def _roll_back(lent: Lent, transaction: Transaction) -> None:
    """A server that has lost its client rolls back by itself."""
    if not lent.connection.is_closed():
        await transaction.rollback()


class Database:
    """The pool of one process. Connects on `open`, never at import."""

    def __init__(self, url: str, *, connections_max: int = 10, command_seconds: int = 30) -> None:
        """`command_seconds` is how long one statement may take; the end of a day asks for more than a turn."""
        self._url = url
        self._connections_max = connections_max
        self._command_seconds = command_seconds
        self._pool: Pool | None = None

    async def open(self) -> None:
        """Connect. Raises DatabaseUnavailable."""
        pool = Pool(self._url, connections_max=self._connections_max, command_seconds=self._command_seconds)
        try:
            await pool.open()
        except CONNECTION_LOST as error:
            raise DatabaseUnavailable(in_doubt=False) from error
        self._pool = pool

    async def close(self) -> None:
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await pool.close()

    def reading(self) -> AbstractAsyncContextManager[ReadSession]:
        """A session for one or more questions, each seeing what is committed at its time."""
        lent = self._open_pool().lend()
        return _Block(lent, ReadSession(lent), in_doubt=False)

    @asynccontextmanager
    async def at_one_moment(self) -> AsyncIterator[MomentSession]:
        """A session for several questions, which all see what was committed when the first was asked.

        It can't write. Raises DatabaseUnavailable, never in doubt.
        """
        try:
            async with self._open_pool().lend() as lent:
                transaction = lent.connection.transaction(isolation="repeatable_read", readonly=True)
                await transaction.start()
                try:
                    yield MomentSession(lent)
                except asyncio.CancelledError:
                    raise
                except BaseException:
                    await _roll_back(lent, transaction)
                    raise
                await transaction.commit()
        except CONNECTION_LOST as error:
            raise DatabaseUnavailable(in_doubt=False) from error

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[WriteSession]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Raises DatabaseUnavailable, with `in_doubt` when the connection broke during the commit itself.
        """
        committing = False
        try:
            async with self._open_pool().lend() as lent:
                transaction = lent.connection.transaction()
                await transaction.start()
                try:
                    yield WriteSession(lent)
                except asyncio.CancelledError:
                    raise
                except BaseException:
                    await _roll_back(lent, transaction)
                    raise
                committing = True
                await transaction.commit()
                committing = False
        except CONNECTION_LOST as error:
            raise DatabaseUnavailable(in_doubt=committing) from error

    def single_statements(self) -> AbstractAsyncContextManager[WriteSession]:
        """A session in which each statement is a transaction of its own and commits by itself.

        For a call that is whole in one statement, such as a batch of journals: it spares two round trips.
        Raises DatabaseUnavailable, always in doubt: the statement may have been committed.
        """
        lent = self._open_pool().lend()
        return _Block(lent, WriteSession(lent), in_doubt=True)

    def _open_pool(self) -> Pool:
        if self._pool is None:
            raise DatabaseUnavailable(in_doubt=False)
        return self._pool
