"""Where is Redis, and who owns a key? One connection per server, made when first needed.

A single server needs one. On a cluster the servers are learnt from their own redirections: each tells whose a
slot is, and one that does not answer is asked no more until another names it again.
"""

import asyncio
from binascii import crc_hqx
from dataclasses import dataclass, replace
from hashlib import sha1
from urllib.parse import parse_qs, unquote, urlsplit

import hiredis

from dialogs.redis_wire import Answer, RedisReply, Wire, Word
from dialogs.session import StoreUnavailable

_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0
_DEFAULT_PORT = 6379
_SLOTS = 16_384
_MOST_REDIRECTIONS = 4

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
    """The connection of a whole process, to one server or a cluster. Belongs to one event loop."""

    def __init__(self, url: str, *, timeout_seconds: float = 1.0) -> None:
        self._timeout = timeout_seconds
        self._home = _Server(RedisAddress.parse(url), timeout_seconds)
        self._servers = {(self._home.address.host, self._home.address.port): self._home}
        self._owners: dict[int, _Server] = {}
        """Slot -> server, as far as a cluster has told us."""
        self._named: set[_Server] = set()
        """Servers that own a slot and have not failed since they were named."""

    async def execute(self, command: str, *words: Word) -> RedisReply:
        """Send a command; on a cluster it goes by its first word, the key.

        Raises StoreUnavailable when there is no reply in time, or an error is the reply.
        """
        return _unless_error(await self._ask(words[0] if words else "", (command, *words)))

    async def run(self, script: Script, key: str, *arguments: Word) -> RedisReply:
        """Run a script on one key; the server learns it when it doesn't know it yet. Raises StoreUnavailable."""
        reply = await self._ask(key, ("EVALSHA", script.digest, 1, key, *arguments))
        if isinstance(reply, hiredis.ReplyError) and str(reply).startswith("NOSCRIPT"):
            reply = await self._ask(key, ("EVAL", script.source, 1, key, *arguments))
        return _unless_error(reply)

    async def close(self) -> None:
        """Drop all connections; commands under way fail."""
        for server in self._servers.values():
            await server.close()

    async def _ask(self, key: Word, words: tuple[Word, ...]) -> Answer:
        server = self._owners.get(slot_of(key), self._home) if self._owners else self._home
        reply = await self._send(server, words)
        for _ in range(_MOST_REDIRECTIONS):
            if not isinstance(reply, hiredis.ReplyError):
                break
            kind, _, rest = str(reply).partition(" ")
            if kind not in {"MOVED", "ASK"}:
                break
            slot, _, place = rest.partition(" ")
            server = self._server_at(place, told_by=server)
            if kind == "MOVED":
                self._owners[int(slot)] = server
                self._named.add(server)
                reply = await self._send(server, words)
            else:
                reply = await self._send(server, words, before=("ASKING",))
        return reply

    async def _send(
        self, server: "_Server", words: tuple[Word, ...], before: tuple[Word, ...] | None = None
    ) -> Answer:
        try:
            return await server.send(words, before)
        except StoreUnavailable:
            self._forget(server)
            raise

    def _server_at(self, place: str, told_by: "_Server") -> "_Server":
        host, _, port = place.rpartition(":")
        # A server that does not know its own name leaves it out.
        where = (host or told_by.address.host, int(port))
        if where not in self._servers:
            address = replace(self._home.address, host=where[0], port=where[1], path="")
            self._servers[where] = _Server(address, self._timeout)
        return self._servers[where]

    def _forget(self, server: "_Server") -> None:
        """Ask another for the slots of a server that failed; it may have been replaced."""
        if server in self._named:
            # Once for all who waited on it.
            self._named.discard(server)
            self._owners = {slot: owner for slot, owner in self._owners.items() if owner is not server}
        if server is self._home:
            others = [other for other in self._servers.values() if other is not server]
            self._home = others[0] if others else server


def slot_of(key: Word) -> int:
    """The cluster's slot of a key: of what stands between its first braces, if anything does.

    >>> slot_of("imarisha:talk:{+254711000001}") == slot_of("+254711000001")
    True
    >>> slot_of("123456789")
    12739
    """
    name = key if isinstance(key, bytes) else str(key).encode()
    start = name.find(b"{")
    end = name.find(b"}", start + 1)
    if start >= 0 and end > start + 1:
        name = name[start + 1 : end]
    return crc_hqx(name, 0) % _SLOTS


class _Server:
    """One Redis server, connected to when something is sent and there is no connection."""

    def __init__(self, address: RedisAddress, timeout_seconds: float) -> None:
        self.address = address
        self._timeout = timeout_seconds
        self._wire: Wire | None = None
        self._connecting: asyncio.Task[Wire] | None = None
        self._failures = 0
        self._not_before = 0.0

    async def send(self, words: tuple[Word, ...], before: tuple[Word, ...] | None = None) -> Answer:
        """The reply to a command; one to be sent right before it is not waited for apart."""
        wire = self._wire
        if wire is None or wire.is_lost:
            wire = await self._connect()
        if before is not None:
            wire.send(before).add_done_callback(_heard)
        reply = await wire.send(words)
        if isinstance(reply, hiredis.ReplyError) and str(reply).startswith(_WRONG_ROLE):
            wire.drop(str(reply))
            raise StoreUnavailable(str(reply))
        return reply

    async def close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        if self._wire is not None:
            self._wire.drop("the connection was closed")

    async def _connect(self) -> Wire:
        """Connect once for all who wait; a cancelled waiter leaves the attempt to the others."""
        if self._connecting is None:
            loop = asyncio.get_running_loop()
            if loop.time() < self._not_before:
                raise StoreUnavailable("Redis was unreachable a moment ago")
            self._connecting = loop.create_task(self._open())
            self._connecting.add_done_callback(self._connected)
        return await asyncio.shield(self._connecting)

    def _connected(self, attempt: asyncio.Task[Wire]) -> None:
        self._connecting = None
        if attempt.cancelled():
            return
        if attempt.exception() is None:
            self._wire, self._failures = attempt.result(), 0
            return
        pause = min(_FIRST_PAUSE_SECONDS * 2**self._failures, _LONGEST_PAUSE_SECONDS)
        self._failures += 1
        self._not_before = attempt.get_loop().time() + pause

    async def _open(self) -> Wire:
        address, loop = self.address, asyncio.get_running_loop()
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

    def _new_wire(self) -> Wire:
        return Wire(self._timeout)

    async def _introduce(self, wire: Wire) -> None:
        address = self.address
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


def _unless_error(reply: Answer) -> RedisReply:
    if isinstance(reply, hiredis.ReplyError):
        raise StoreUnavailable(str(reply))
    return reply


def _heard(reply: asyncio.Future[Answer]) -> None:
    """Nobody waits for this reply; what went wrong with it goes wrong with the command behind it too."""
    if not reply.cancelled():
        reply.exception()
