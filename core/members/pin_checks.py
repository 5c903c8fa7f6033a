"""Who does the slow work of hashing a PIN? A few threads with a short queue, so that no other turn waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Self, TypeVar

from core.errors import ServiceBusy
from core.members.pin import PinHasher

_Result = TypeVar("_Result")


class PinChecks:
    """PinHasher for coroutines. argon2 frees the interpreter lock while it works.

    Of `threads` checks running and `waiting` behind them the next one is refused with ServiceBusy before
    anything is tried: a member who was not checked is not counted as wrong. Each running check holds the
    hasher's memory (19 MiB), so `threads` bounds that too.
    """

    def __init__(self, hasher: PinHasher, *, threads: int, waiting: int) -> None:
        """Starts no thread yet. Raises ValueError for sizes below 1 thread and 0 waiting."""
        if threads < 1 or waiting < 0:
            raise ValueError(f"no pool: {threads} threads, {waiting} waiting")
        self._hasher = hasher
        self._size = threads + waiting
        self._free = BoundedSemaphore(self._size)
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="pin")
        self._is_closed = False

    def reserve(self) -> "PinPlace":
        """A place for one check, for a caller who counts a try before it is checked. Raises ServiceBusy."""
        if self._is_closed or not self._free.acquire(blocking=False):
            raise ServiceBusy(what="pin checks")
        return PinPlace(self._hasher, self._threads, self._free)

    async def hash(self, member_id: str, pin: str) -> str:
        """What to store for this member's PIN. Raises ServiceBusy, PinFormatError."""
        with self.reserve() as place:
            return await place.hash(member_id, pin)

    async def hash_password(self, owner_id: str, password: str) -> str:
        """What to store for a password of staff. Raises ServiceBusy."""
        with self.reserve() as place:
            return await place.hash_password(owner_id, password)

    async def verify(self, stored: str, member_id: str, pin: str) -> bool:
        """Whether this is the PIN that was stored for this member. Raises ServiceBusy, StoredPinError."""
        with self.reserve() as place:
            return await place.verify(stored, member_id, pin)

    def mark(self, member_id: str, attempt: str, pin: str) -> str:
        """As PinHasher says; quick, so it needs no thread."""
        return self._hasher.mark(member_id, attempt, pin)

    def needs_rehash(self, stored: str) -> bool:
        """As PinHasher says; quick, so it needs no thread."""
        return self._hasher.needs_rehash(stored)

    async def close(self) -> None:
        """Take no more checks, and wait for those taken and for places reserved. Safe to call twice."""
        if self._is_closed:
            return
        self._is_closed = True
        await asyncio.to_thread(self._wait_until_all_places_are_free)
        self._threads.shutdown()

    def _wait_until_all_places_are_free(self) -> None:
        for _ in range(self._size):
            self._free.acquire()


class PinPlace:
    """Room for one check. Inside `with`, that check is never refused; a place not used is given back."""

    def __init__(self, hasher: PinHasher, threads: ThreadPoolExecutor, free: BoundedSemaphore) -> None:
        self._hasher = hasher
        self._threads = threads
        self._free = free
        self._is_used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_used:
            self._is_used = True
            self._free.release()

    async def hash(self, member_id: str, pin: str) -> str:
        """As PinHasher.hash. Raises PinFormatError."""
        return await self._run(lambda: self._hasher.hash(member_id, pin))

    async def hash_password(self, owner_id: str, password: str) -> str:
        """As PinHasher.hash_password."""
        return await self._run(lambda: self._hasher.hash_password(owner_id, password))

    async def verify(self, stored: str, member_id: str, pin: str) -> bool:
        """As PinHasher.verify. Raises StoredPinError."""
        return await self._run(lambda: self._hasher.verify(stored, member_id, pin))

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        if self._is_used:
            raise RuntimeError("a place is for one check")
        self._is_used = True
        check = self._threads.submit(work)
        # A check goes on in its thread when its caller is gone, so the place is freed by the check itself.
        check.add_done_callback(lambda _: self._free.release())
        return await asyncio.wrap_future(check)
