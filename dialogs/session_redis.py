"""Where do conversations live between two turns? In Redis, one key per address, one turn at a time.

Each method is one script on one key, so it also works on a cluster. The key holds the session, the last reply
and the start screen of the call, and fingerprints of the requests heard; it may be lost at any time.
"""

import asyncio
import secrets
from importlib import resources
from itertools import count

import msgspec

from core.clock import Clock
from dialogs.messages import Reply
from dialogs.redis_connection import RedisConnection, Script
from dialogs.redis_wire import RedisReply
from dialogs.session import (
    SHAPE,
    Answered,
    Busy,
    Claimed,
    Hop,
    Session,
    StoreUnavailable,
    Written,
)

CALL_OWNER_SECONDS = 10 * 60
"""How long a call id belongs to one number: longer than any network keeps a call open."""

SOONEST_ANSWER_MS = 1_000
"""Nobody reads a screen and answers it so soon. Where a gateway sends the newest input alone, the same one again
within this time is a copy: else a doubled `1` would say yes to a question that nobody has seen."""

_PAUSES = (0.01, 0.02, 0.04, 0.08, 0.1)


class RedisSessionStore:
    """The session store of all processes that share one Redis."""

    def __init__(
        self,
        connection: RedisConnection,
        clock: Clock,
        *,
        lease_seconds: float = 9.0,
        wait_seconds: float = 2.5,
    ) -> None:
        """`lease_seconds` must outlast a turn; `wait_seconds` is how long a copy waits for the first's answer."""
        self._redis = connection
        self._clock = clock
        self._lease_ms = round(lease_seconds * 1000)
        self._wait_seconds = wait_seconds
        self._claim = _script("claim")
        self._save = _script("save")
        self._release = _script("release")
        self._decode = msgspec.json.Decoder(Session).decode
        self._encode = msgspec.json.Encoder().encode
        self._process = secrets.token_hex(6)
        self._turns = count()

    async def claim(self, hop: Hop) -> Claimed | Answered | Busy:
        token = f"{self._process}.{next(self._turns)}"
        result = await self._try_claim(hop, token, waited=False)
        if not isinstance(result, Busy):
            return result
        loop = asyncio.get_running_loop()
        until = loop.time() + self._wait_seconds
        pauses = iter(_PAUSES)
        while isinstance(result, Busy) and loop.time() < until:
            await asyncio.sleep(next(pauses, _PAUSES[-1]))
            result = await self._try_claim(hop, token, waited=True)
        return result

    async def save(self, hop: Hop, token: str, written: Written) -> bool:
        kept = await self._redis.run(
            self._save,
            _talk(hop.address),
            token,
            hop.call,
            hop.mark,
            f";{';'.join(written.marks)};",
            self._encode(written.session),
            _pack(written.reply),
            "1" if written.session.closed else "",
            "1" if written.opens_call else "",
            "1" if written.forgets_marks else "",
            written.keep_seconds * 1000,
            self._now(),
        )
        return kept == 1

    async def release(self, hop: Hop, token: str) -> None:
        await self._redis.run(self._release, _talk(hop.address), token)

    async def bind_call(self, call: str, address: str) -> bool:
        key = f"imarisha:call:{{{call}}}"
        # Sent together: the first claims the id if it is free, the second tells whose it is.
        _, owner = await asyncio.gather(
            self._redis.execute("SET", key, address, "NX", "EX", CALL_OWNER_SECONDS),
            self._redis.execute("GET", key),
        )
        return owner == address.encode()

    async def _try_claim(self, hop: Hop, token: str, *, waited: bool) -> Claimed | Answered | Busy:
        now = self._now()
        result = await self._redis.run(
            self._claim,
            _talk(hop.address),
            hop.call,
            hop.mark,
            hop.shape.value,
            hop.style.value,
            "1" if waited else "",
            now,
            now + self._lease_ms,
            token,
            SOONEST_ANSWER_MS,
        )
        match result:
            case [b"claimed", bytes() | None as session, redial]:
                return Claimed(token, self._read(session), redial=redial == b"1")
            case [b"answered", bytes() as reply]:
                return Answered(_unpack(reply))
            case [b"busy"]:
                return Busy()
        raise StoreUnavailable(f"the claim script returned {_kind(result)}")

    def _now(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    def _read(self, stored: bytes | None) -> Session | None:
        """A record of another version, or none at all, begins a new conversation."""
        if not stored:
            return None
        try:
            session = self._decode(stored)
        except msgspec.MsgspecError:
            return None
        return session if session.shape == SHAPE else None


def _script(name: str) -> Script:
    return Script((resources.files("dialogs") / "lua" / f"{name}.lua").read_text("utf-8"))


def _talk(address: str) -> str:
    return f"imarisha:talk:{{{address}}}"


def _pack(reply: Reply) -> str:
    return f"{'E' if reply.ends else 'C'}{reply.label}\0{reply.text}"


def _unpack(packed: bytes) -> Reply:
    label, _, text = packed.decode().partition("\0")
    return Reply(text=text, ends=label[0] == "E", label=label[1:])


def _kind(result: RedisReply) -> str:
    """What came instead, without its contents."""
    return type(result).__name__
