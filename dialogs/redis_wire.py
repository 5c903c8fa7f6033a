"""How do all turns of a process share one Redis connection without ever getting each other's replies?

Commands of one tick of the loop leave in one write; replies are matched in order. A waiter that is cancelled
keeps its place in the row. Any timeout or protocol error drops the connection and fails everybody on it, as
nobody could say any more whose reply comes next.
"""

import asyncio
from collections import deque
from typing import TypeAlias, cast

import hiredis
from typing_extensions import override

from dialogs.session import StoreUnavailable

RedisReply: TypeAlias = "bytes | int | list[RedisReply] | None"
Word: TypeAlias = str | bytes | int
Answer: TypeAlias = "RedisReply | hiredis.ReplyError"

_NO_REPLY_YET = object()


class Wire(asyncio.Protocol):
    """One TCP or unix connection: commands out, replies in, in the same order."""

    def __init__(self, timeout_seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._timeout = timeout_seconds
        self._reader = hiredis.Reader(notEnoughData=_NO_REPLY_YET)
        self._transport: asyncio.WriteTransport | None = None
        self._waiting: deque[tuple[asyncio.Future[Answer], float]] = deque()
        self._unsent: list[bytes] = []
        self._watch: asyncio.TimerHandle | None = None
        self.is_lost = False

    def send(self, words: tuple[Word, ...]) -> asyncio.Future[Answer]:
        """Queue a command; the future gets its reply, or StoreUnavailable."""
        reply: asyncio.Future[Answer] = self._loop.create_future()
        if self.is_lost:
            reply.set_exception(StoreUnavailable("the connection to Redis was lost"))
            return reply
        if not self._unsent:
            self._loop.call_soon(self._flush)
        self._unsent.append(hiredis.pack_command(words))  # type: ignore[arg-type]  # stub: a tuple of one
        # As replies come in order, only the oldest waiter needs a timer.
        deadline = self._loop.time() + self._timeout
        self._waiting.append((reply, deadline))
        if self._watch is None:
            self._watch = self._loop.call_at(deadline, self._look_at_the_oldest)
        return reply

    def drop(self, reason: str) -> None:
        """Leave the connection and fail all who wait on it."""
        if self._transport is not None:
            self._transport.abort()
        self._lose(reason)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asked for its type: uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.WriteTransport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        if self.is_lost:
            return
        try:
            self._reader.feed(data)
            while (reply := self._reader.gets()) is not _NO_REPLY_YET:
                if not self._waiting:
                    self.drop("Redis sent a reply nobody asked for")
                    return
                waiter, _ = self._waiting.popleft()
                if not waiter.done():
                    waiter.set_result(reply)
        except hiredis.ProtocolError as error:
            self.drop(f"Redis sent no valid reply: {error}")

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._lose("the connection to Redis was lost")

    def _flush(self) -> None:
        unsent, self._unsent = self._unsent, []
        if self._transport is not None and not self.is_lost:
            self._transport.write(b"".join(unsent))

    def _look_at_the_oldest(self) -> None:
        self._watch = None
        if not self._waiting:
            return
        deadline = self._waiting[0][1]
        if deadline <= self._loop.time():
            self.drop("Redis did not answer in time")
        else:
            self._watch = self._loop.call_at(deadline, self._look_at_the_oldest)

    def _lose(self, reason: str) -> None:
        self.is_lost = True
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        waiting, self._waiting = self._waiting, deque()
        for waiter, _ in waiting:
            if not waiter.done():
                waiter.set_exception(StoreUnavailable(reason))
