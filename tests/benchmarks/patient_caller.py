"""How long does a hop take while members come at their own pace? A load generator, run as a process of its own.

`python -m tests.benchmarks.patient_caller` reads a Plan as JSON from stdin and prints what it Saw. Hops are sent when
they are due, however many are under way, so a slow server is not asked less often.
"""

import asyncio
import secrets
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence

import msgspec
import uvloop

from tests.benchmarks.calls import MENU_CALL, SIGN_IN_CALL, Hop, Member, Step, requests_of
from tests.benchmarks.lines import Line, open_lines

CONNECTIONS = 64
_SIGNING_IN_AT_ONCE = 4
_SIGN_IN_HOPS = len(SIGN_IN_CALL)


class Plan(msgspec.Struct):
    """Who moves about in the menu and who signs in meanwhile, each how many a second, and for how long."""

    port: int
    at_the_menu: list[Member]
    signing_in: list[Member]
    hops_a_second: int
    pins_a_second: int
    seconds: float


class Saw(msgspec.Struct):
    """What the menu hops took, and how many PINs were checked meanwhile."""

    milliseconds: list[float]
    pins_checked: int


class _Exchange:
    """Sends a hop at once on a line that is free; a wrong answer ends the program."""

    def __init__(self) -> None:
        self._free: list[Line] = []
        self._asked: dict[Line, asyncio.Future[float]] = {}

    async def open(self, port: int) -> None:
        self._free = await open_lines(port, CONNECTIONS, self._answered)

    async def take(self, hop: Hop) -> float:
        """Seconds from the request to the whole answer."""
        line = self._free.pop()
        answered = self._asked[line] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        line.ask(hop.request, hop.answer)
        return float(await answered - began)

    def _answered(self, line: Line, wrong: bytes) -> None:
        answered = self._asked.pop(line)
        self._free.append(line)
        if wrong:
            answered.set_exception(AssertionError(f"a wrong answer: {wrong[-200:]!r}"))
        else:
            answered.set_result(time.perf_counter())


async def watch(plan: Plan) -> Saw:
    """Sign the members of the menu in, then time their hops; PINs are checked meanwhile as the plan says."""
    exchange = _Exchange()
    await exchange.open(plan.port)
    calls = deque([_call(member, MENU_CALL) for member in plan.at_the_menu])
    await _sign_in(exchange, calls)
    signing_in = deque(plan.signing_in)
    milliseconds: list[float] = []
    pins_checked = 0

    async def menu_hop() -> None:
        call = calls.popleft()
        milliseconds.append(1000 * await exchange.take(next(call)))
        calls.append(call)

    async def pin() -> None:
        nonlocal pins_checked
        for hop in _call(signing_in.popleft(), SIGN_IN_CALL):
            await exchange.take(hop)
        pins_checked += 1

    async with asyncio.TaskGroup() as both:
        both.create_task(_at_a_pace(plan.hops_a_second, plan.seconds, menu_hop))
        both.create_task(_at_a_pace(plan.pins_a_second, plan.seconds, pin))
    return Saw(milliseconds, pins_checked)


def _call(member: Member, steps: Sequence[Step]) -> Iterator[Hop]:
    return iter(requests_of(secrets.token_hex(16), member, steps))


async def _sign_in(exchange: _Exchange, calls: deque[Iterator[Hop]]) -> None:
    places = asyncio.Semaphore(_SIGNING_IN_AT_ONCE)

    async def one(call: Iterator[Hop]) -> None:
        async with places:
            for _ in range(_SIGN_IN_HOPS):
                await exchange.take(next(call))

    await asyncio.gather(*map(one, calls))


async def _at_a_pace(a_second: int, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    """Begin so many pieces of work a second, whether earlier ones are done or not; return when all are."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as under_way:
        for n in range(round(a_second * seconds)):
            await asyncio.sleep(max(0.0, began + n / a_second - time.perf_counter()))
            under_way.create_task(_done(work))


async def _done(work: Callable[[], Awaitable[None]]) -> None:
    await work()


if __name__ == "__main__":
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(watch(given))))
