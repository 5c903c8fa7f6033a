import asyncio
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import ServiceBusy
from core.members.pin import HashCost, PinFormatError, PinHasher
from core.members.pin_checks import PinChecks, PinPlace

_PEPPERS = {1: b"a pepper only for tests"}
_CHEAP = HashCost(passes=1, memory_kib=8)
_PATIENCE_SECONDS = 10


class _HeldHasher(PinHasher):
    """Works only once it is let go, so that a test decides how long a check takes."""

    def __init__(self) -> None:
        super().__init__(_PEPPERS, current_pepper=1, cost=_CHEAP)
        self.started = threading.Semaphore(0)
        self.let_go = threading.Event()

    def verify(self, stored: str, member_id: str, pin: str) -> bool:
        self.started.release()
        assert self.let_go.wait(_PATIENCE_SECONDS)
        return super().verify(stored, member_id, pin)

    async def wait_until_started(self) -> None:
        assert await asyncio.to_thread(self.started.acquire, timeout=_PATIENCE_SECONDS)


@pytest.fixture
async def held() -> AsyncIterator[_HeldHasher]:
    hasher = _HeldHasher()
    yield hasher
    hasher.let_go.set()


async def test_a_pin_is_hashed_and_checked_off_the_event_loop() -> None:
    checks = PinChecks(PinHasher(_PEPPERS, current_pepper=1, cost=_CHEAP), threads=2, waiting=2)

    stored = await checks.hash("mbr_1", "4271")

    assert await checks.verify(stored, "mbr_1", "4271")
    assert not await checks.verify(stored, "mbr_1", "4272")
    assert not checks.needs_rehash(stored)
    await checks.close()


async def test_errors_of_the_hasher_reach_the_caller_and_free_the_place() -> None:
    checks = PinChecks(PinHasher(_PEPPERS, current_pepper=1, cost=_CHEAP), threads=1, waiting=0)

    for _ in range(3):
        with pytest.raises(PinFormatError):
            await checks.hash("mbr_1", "42711")
        # The place is freed a moment after the caller is told.
        await _until_accepted(checks)
    await checks.close()


async def test_other_turns_go_on_while_a_pin_is_checked(held: _HeldHasher) -> None:
    checks = PinChecks(held, threads=1, waiting=0)
    stored = held.hash("mbr_1", "4271")

    check = asyncio.create_task(checks.verify(stored, "mbr_1", "4271"))
    await held.wait_until_started()
    assert not check.done()
    held.let_go.set()

    assert await check
    await checks.close()


async def test_a_full_queue_is_refused_at_once_and_accepts_again_when_there_is_room(
    held: _HeldHasher,
) -> None:
    checks = PinChecks(held, threads=1, waiting=1)
    stored = held.hash("mbr_1", "4271")
    running = asyncio.create_task(checks.verify(stored, "mbr_1", "4271"))
    waiting = asyncio.create_task(checks.verify(stored, "mbr_2", "4271"))
    await held.wait_until_started()

    with pytest.raises(ServiceBusy):
        await checks.verify(stored, "mbr_3", "4271")
    held.let_go.set()

    assert (await running, await waiting) == (True, False)
    await _until_accepted(checks)
    await checks.close()


async def test_a_caller_who_hangs_up_frees_the_place_only_when_the_check_is_over(held: _HeldHasher) -> None:
    checks = PinChecks(held, threads=1, waiting=0)
    stored = held.hash("mbr_1", "4271")
    check = asyncio.create_task(checks.verify(stored, "mbr_1", "4271"))
    await held.wait_until_started()

    check.cancel()
    with pytest.raises(asyncio.CancelledError):
        await check
    with pytest.raises(ServiceBusy):
        await checks.verify(stored, "mbr_1", "4271")
    held.let_go.set()

    await _until_accepted(checks)
    await checks.close()


async def test_a_caller_who_hangs_up_while_waiting_frees_the_place_at_once(held: _HeldHasher) -> None:
    checks = PinChecks(held, threads=1, waiting=1)
    stored = held.hash("mbr_1", "4271")
    running = asyncio.create_task(checks.verify(stored, "mbr_1", "4271"))
    waiting = asyncio.create_task(checks.verify(stored, "mbr_1", "4271"))
    await held.wait_until_started()

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    replacement = asyncio.create_task(checks.verify(stored, "mbr_1", "4271"))
    await asyncio.sleep(0)
    held.let_go.set()

    assert await running
    assert await replacement
    await checks.close()


async def test_closing_waits_for_checks_and_takes_no_more(held: _HeldHasher) -> None:
    checks = PinChecks(held, threads=1, waiting=1)
    stored = held.hash("mbr_1", "4271")
    check = asyncio.create_task(checks.verify(stored, "mbr_1", "4271"))
    await held.wait_until_started()

    closing = asyncio.create_task(checks.close())
    await asyncio.sleep(0)
    with pytest.raises(ServiceBusy):
        await checks.verify(stored, "mbr_1", "4271")
    assert not closing.done()
    held.let_go.set()

    await closing
    assert await check
    await checks.close()


async def test_a_reserved_place_is_kept_while_the_caller_counts_the_try() -> None:
    checks = PinChecks(PinHasher(_PEPPERS, current_pepper=1, cost=_CHEAP), threads=1, waiting=0)
    stored = await checks.hash("mbr_1", "4271")

    with await _until_reserved(checks) as place:
        with pytest.raises(ServiceBusy):
            checks.reserve()
        assert await place.verify(stored, "mbr_1", "4271")

    await _until_accepted(checks)
    await checks.close()


async def test_a_reserved_place_that_was_not_needed_is_given_back() -> None:
    checks = PinChecks(PinHasher(_PEPPERS, current_pepper=1, cost=_CHEAP), threads=1, waiting=0)

    with checks.reserve():
        pass

    assert await checks.hash("mbr_1", "4271")
    await checks.close()


async def test_a_reserved_place_is_for_one_check() -> None:
    checks = PinChecks(PinHasher(_PEPPERS, current_pepper=1, cost=_CHEAP), threads=1, waiting=0)

    with checks.reserve() as place:
        await place.hash("mbr_1", "4271")
        with pytest.raises(RuntimeError, match="one check"):
            await place.hash("mbr_1", "4271")
    with pytest.raises(RuntimeError, match="one check"):
        await place.hash("mbr_1", "4271")

    await _until_accepted(checks)
    await checks.close()


async def test_closing_waits_for_a_reserved_place_to_be_used() -> None:
    checks = PinChecks(PinHasher(_PEPPERS, current_pepper=1, cost=_CHEAP), threads=1, waiting=1)

    with checks.reserve() as place:
        closing = asyncio.create_task(checks.close())
        await asyncio.sleep(0)
        assert await place.hash("mbr_1", "4271")

    await closing
    with pytest.raises(ServiceBusy):
        checks.reserve()


@pytest.mark.parametrize(("threads", "waiting"), [(0, 1), (1, -1)])
def test_a_pool_without_threads_or_with_a_negative_queue_cannot_be_built(threads: int, waiting: int) -> None:
    with pytest.raises(ValueError, match="no pool"):
        PinChecks(PinHasher(_PEPPERS, current_pepper=1), threads=threads, waiting=waiting)


def test_argon2_frees_the_interpreter_while_it_works() -> None:
    """Processor time is compared, not the clock, so that a busy machine changes nothing."""
    hasher = PinHasher(_PEPPERS, current_pepper=1, cost=HashCost(passes=8, memory_kib=64 * 1024))

    def seconds_of_hashing() -> float:
        before = time.thread_time()
        hasher.hash("mbr_1", "4271")
        return time.thread_time() - before

    with ThreadPoolExecutor(max_workers=1) as thread:
        hashing = thread.submit(seconds_of_hashing)
        before = time.thread_time()
        while not hashing.done():
            pass
        seconds_beside_it = time.thread_time() - before

    # With the lock held during the hash this thread would get the few milliseconds around it.
    assert seconds_beside_it > hashing.result() / 4


async def _until_accepted(checks: PinChecks) -> None:
    with await _until_reserved(checks):
        pass


async def _until_reserved(checks: PinChecks) -> PinPlace:
    """A place, within a bound: places are freed by the threads, just after the result is out."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            try:
                return checks.reserve()
            except ServiceBusy:
                await asyncio.sleep(0)
