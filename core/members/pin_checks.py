"""Who does the slow work of hashing a PIN? A few threads with a short queue, so that no other turn waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

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
        self._places = BoundedSemaphore(threads + waiting)
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="pin")
        self._is_closed = False

    async def hash(self, member_id: str, pin: str) -> str:
        """What to store for this member's PIN. Raises ServiceBusy, PinFormatError."""
        return await self._run(lambda: self._hasher.hash(member_id, pin))

    async def verify(self, stored: str, member_id: str, pin: str) -> bool:
        """Whether this is the PIN that was stored for this member. Raises ServiceBusy, StoredPinError."""
        return await self._run(lambda: self._hasher.verify(stored, member_id, pin))

    def needs_rehash(self, stored: str) -> bool:
        """As PinHasher says; quick, so it needs no thread."""
        return self._hasher.needs_rehash(stored)

    async def close(self) -> None:
        """Take no more checks and wait for those taken. Safe to call twice."""
        self._is_closed = True
        await asyncio.to_thread(self._threads.shutdown)

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        if self._is_closed or not self._places.acquire(blocking=False):
            raise ServiceBusy(what="pin checks")
        check = self._threads.submit(work)
        # A check goes on in its thread when its caller is gone, so the place is freed by the check itself.
        check.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(check)
