"""How do the coroutines of a process share a few connections? Each has one alone, the one that was used last first.

In place of asyncpg's own pool, which starts a task and two timers whenever a connection changes hands, and one more
for each command: that took longer than the question itself. Here one timer watches over all connections.
"""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeAlias

import asyncpg

# A string, because asyncpg's classes are generic to the type checker only.
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_CONNECT_SECONDS = 5.0
_CLOSE_SECONDS = 10.0
_IDLE_SECONDS = 300.0
"""A connection unused for longer may have been forgotten by a firewall, which tells nobody."""

# Who cancels has no time left, and tidying up would wait for a server that may have stopped to answer. Without its
# client the server rolls back by itself.
_LEFT_IN_DISORDER = (asyncio.CancelledError, TimeoutError, asyncpg.InternalClientError)


class Pool:
    """At most so many connections to one database. Made in the event loop it belongs to."""

    def __init__(
        self, url: str, *, connections_max: int, wait_seconds: float = 5.0, command_seconds: float = 30.0
    ) -> None:
        """`wait_seconds` is for a connection to get free, `command_seconds` for the answer to one command."""
        self._loop = asyncio.get_running_loop()
        self._url = url
        self._wait_seconds = wait_seconds
        self._command_seconds = command_seconds
        self._connections_max = connections_max
        self._places = asyncio.Semaphore(connections_max)
        self._idle: list[tuple[Connection, float]] = []
        """With the moment of their last use on the loop's clock, the latest at the end."""
        self._lent: set[Lent] = set()
        self._watch: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Make the first connection. Raises what asyncpg does when there is no server."""
        async with self.lend():
            pass

    async def close(self) -> None:
        """Wait a while for the connections that are lent, then close all."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                for _ in range(self._connections_max):
                    await self._places.acquire()
        if self._watch is not None:
            self._watch.cancel()
        while self._idle:
            connection, _ = self._idle.pop()
            await connection.close(timeout=1)

    def lend(self) -> "Lent":
        """A connection for the length of an `async with`, which is ended when a command takes too long.

        Raises TimeoutError when none gets free in time, and what asyncpg does when there is no server.
        """
        return Lent(self, self._loop)

    async def take(self, lent: "Lent") -> Connection:
        """See `lend`, which also gives it back."""
        if self._places.locked():
            async with asyncio.timeout(self._wait_seconds):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            connection = self._latest() or await self._connect()
        except BaseException:
            self._places.release()
            raise
        self._lent.add(lent)
        if self._watch is None:
            self._watch_again()
        return connection

    def give_back(self, lent: "Lent", connection: Connection) -> None:
        """Take back what `take` gave; one that is closed, or by a bug still in a transaction, is lent no more."""
        self._lent.discard(lent)
        if connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
        else:
            self._idle.append((connection, self._loop.time()))
        self._places.release()

    def _latest(self) -> "Connection | None":
        """The connection used last that is of use still; older ones are dropped."""
        oldest = self._loop.time() - _IDLE_SECONDS
        while self._idle:
            connection, used_at = self._idle.pop()
            if used_at < oldest:
                connection.terminate()
            elif not connection.is_closed():
                return connection
        return None

    async def _connect(self) -> Connection:
        return await asyncpg.connect(
            self._url,
            timeout=_CONNECT_SECONDS,
            server_settings={
                "timezone": "UTC",
                "jit": "off",
                # A backend whose client has left in the middle of a statement would go on to its end, locks in hand.
                "client_connection_check_interval": "1s",
            },
        )

    def _watch_again(self) -> None:
        self._watch = self._loop.call_later(self._command_seconds / 30, self._end_what_takes_too_long)

    def _end_what_takes_too_long(self) -> None:
        for lent in self._lent:
            if lent.asked_at < self._loop.time() - self._command_seconds:
                lent.terminate()
        self._watch = None
        if self._lent:
            self._watch_again()


class Lent:
    """One connection, lent to one block."""

    __slots__ = ("_connection", "_loop", "_pool", "asked_at")

    def __init__(self, pool: Pool, loop: asyncio.AbstractEventLoop) -> None:
        self._pool = pool
        self._loop = loop
        self.asked_at = self._loop.time()
        """When its latest command began, on the loop's clock."""

    @property
    def connection(self) -> Connection:
        """To be fetched anew for each command: that is when its time begins."""
        self.asked_at = self._loop.time()
        return self._connection

    def terminate(self) -> None:
        """End it; whoever waits for an answer is told that it was lost."""
        self._connection.terminate()

    async def __aenter__(self) -> Self:
        self._connection = await self._pool.take(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, _LEFT_IN_DISORDER):
            self.terminate()
        self._pool.give_back(self, self._connection)
