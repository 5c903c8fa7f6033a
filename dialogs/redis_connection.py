"""How do all turns of a process share one Redis connection without ever getting each other's replies?

Commands of one tick of the loop leave in one write; replies are matched in order. A waiter that is cancelled
keeps its place in the row. Any timeout or protocol error drops the connection and fails everybody on it, as
nobody could say any more whose reply comes next; the next command connects again.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from hashlib import sha1
from typing import TypeAlias, cast
from urllib.parse import parse_qs, unquote, urlsplit

import hiredis
from typing_extensions import override

from dialogs.session import StoreUnavailable

RedisReply: TypeAlias = "bytes | int | list[RedisReply] | None"
Word: TypeAlias = str | bytes | int

_NO_REPLY_YET = object()
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0
_DEFAULT_PORT = 6379

# After these the server is of no use to us in its present role: connect again, perhaps to another.
_WRONG_ROLE = ("READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN")


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """Where a Redis listens, read from `redis://[user][:password]@host:port/db` or `unix://path?db=0&password=`."""

    host: str
    port: int
    path: str
    user: str
    password: str
    database: int

    @classmethod
    def parse(cls, url: str) -> "RedisAddress":
        """Raises ValueError, without the URL in it as that may hold a password."""
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme not in {"redis", "unix"}:
            raise ValueError("a Redis URL begins with redis:// or unix://")
        unix = parts.scheme == "unix"
        database = query.get("db", "") if unix else parts.path.strip("/") or query.get("db", "")
        if database and not database.isdigit():
            raise ValueError("the database in a Redis URL is a number")
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or _DEFAULT_PORT,
            path=unquote(parts.path) if unix else "",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or query.get("password", "")),
            database=int(database or 0),
        )


class Script:
    """A Lua script, named by the digest under which the server keeps it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.digest = sha1(source.encode(), usedforsecurity=False).hexdigest()


class RedisConnection:
    """One connection for a whole process, made when first needed. Belongs to one event loop."""

    def __init__(self, url: str, *, timeout_seconds: float = 1.0) -> None:
        self._address = RedisAddress.parse(url)
        self._timeout = timeout_seconds
        self._wire: _Wire | None = None
        self._connecting: asyncio.Task[_Wire] | None = None
        self._failures = 0
        self._not_before = 0.0

    async def execute(self, *words: Word) -> RedisReply:
        """Send one command. Raises StoreUnavailable when there is no reply in time, or an error is the reply."""
        reply = await self._send(words)
        if isinstance(reply, hiredis.ReplyError):
            raise StoreUnavailable(str(reply))
        return reply

    async def run(self, script: Script, key: str, *arguments: Word) -> RedisReply:
        """Run a script on one key; the server learns it when it doesn't know it yet."""
        reply = await self._send(("EVALSHA", script.digest, 1, key, *arguments))
        if isinstance(reply, hiredis.ReplyError) and str(reply).startswith("NOSCRIPT"):
            return await self.execute("EVAL", script.source, 1, key, *arguments)
        if isinstance(reply, hiredis.ReplyError):
            raise StoreUnavailable(str(reply))
        return reply

    async def close(self) -> None:
        """Drop the connection; commands under way fail."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        if self._wire is not None:
            self._wire.drop("the connection was closed")

    async def _send(self, words: tuple[Word, ...]) -> "RedisReply | hiredis.ReplyError":
        wire = self._wire
        if wire is None or wire.is_lost:
            wire = await self._connect()
        reply = await wire.send(words)
        if isinstance(reply, hiredis.ReplyError) and str(reply).startswith(_WRONG_ROLE):
            wire.drop(str(reply))
        return reply

    async def _connect(self) -> "_Wire":
        """Connect once for all who wait; a cancelled waiter leaves the attempt to the others."""
        if self._connecting is None:
            loop = asyncio.get_running_loop()
            if loop.time() < self._not_before:
                raise StoreUnavailable("Redis was unreachable a moment ago")
            self._connecting = loop.create_task(self._open())
            self._connecting.add_done_callback(self._connected)
        return await asyncio.shield(self._connecting)

    def _connected(self, attempt: "asyncio.Task[_Wire]") -> None:
        self._connecting = None
        if attempt.cancelled():
            return
        if attempt.exception() is None:
            self._wire, self._failures = attempt.result(), 0
            return
        pause = min(_FIRST_PAUSE_SECONDS * 2**self._failures, _LONGEST_PAUSE_SECONDS)
        self._failures += 1
        self._not_before = attempt.get_loop().time() + pause

    async def _open(self) -> "_Wire":
        address, loop = self._address, asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._timeout):
                if address.path:
                    _, wire = await loop.create_unix_connection(self._new_wire, address.path)
                else:
                    _, wire = await loop.create_connection(self._new_wire, address.host, address.port)
                await self._introduce(wire)
        except (OSError, TimeoutError) as error:
            raise StoreUnavailable(f"cannot reach Redis: {type(error).__name__}") from error
        return wire

    def _new_wire(self) -> "_Wire":
        return _Wire(self._timeout)

    async def _introduce(self, wire: "_Wire") -> None:
        address = self._address
        words: list[tuple[Word, ...]] = []
        if address.password:
            words.append(("AUTH", *([address.user] if address.user else []), address.password))
        if address.database:
            words.append(("SELECT", address.database))
        for each in words:
            reply = await wire.send(each)
            if isinstance(reply, hiredis.ReplyError):
                wire.drop("Redis refused us")
                raise StoreUnavailable(f"Redis refused {each[0]!r}: {reply}")


class _Wire(asyncio.Protocol):
    """One TCP or unix connection: commands out, replies in, in the same order."""

    def __init__(self, timeout_seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._timeout = timeout_seconds
        self._reader = hiredis.Reader(notEnoughData=_NO_REPLY_YET)
        self._transport: asyncio.WriteTransport | None = None
        self._waiting: deque[tuple[asyncio.Future[RedisReply | hiredis.ReplyError], float]] = deque()
        self._unsent: list[bytes] = []
        self._watch: asyncio.TimerHandle | None = None
        self.is_lost = False

    def send(self, words: tuple[Word, ...]) -> "asyncio.Future[RedisReply | hiredis.ReplyError]":
        """Queue a command; the future gets its reply, or StoreUnavailable."""
        reply: asyncio.Future[RedisReply | hiredis.ReplyError] = self._loop.create_future()
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
