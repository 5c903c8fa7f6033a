"""How many hops a second does a web server answer? A load generator, run as a process of its own.

`python -m tests.benchmarks.caller` reads a Plan as JSON from stdin and prints a Count. All members call at once,
32 connections take their hops in turn, and a hop is only sent when the one before it in the same call was answered.
"""

import asyncio
import secrets
import sys
import time
from collections import deque
from itertools import groupby

import msgspec
import uvloop

from tests.benchmarks.calls import Hop, Member, Step, requests_of
from tests.benchmarks.lines import Line, open_lines

CONNECTIONS = 32
PATIENCE_SECONDS = 60.0


class Plan(msgspec.Struct):
    """Whom to call, who calls, what they say, and for how long in timed steps."""

    port: int
    members: list[Member]
    steps: list[Step]
    seconds: float


class Count(msgspec.Struct):
    """What became of the timed hops; the untimed ones count among the wrong ones, too."""

    hops: int = 0
    seconds: float = 0.0
    wrong: int = 0
    first_wrong: str = ""


class _Call:
    """One member's call: its hops, and how far it is."""

    def __init__(self, hops: list[Hop]) -> None:
        self.hops = hops
        self.position = 0


class _Exchange:
    """Keeps all lines busy with the calls that wait for their next hop."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._waiting: deque[_Call] = deque()
        self._taken: dict[Line, _Call] = {}
        self._until = 0
        self._ended = asyncio.Event()

    async def take(self, lines: list[Line], calls: list[_Call], *, until: int) -> None:
        """Bring every call to its hop number `until`."""
        self._until = until
        self._waiting.extend(calls)
        self._ended.clear()
        for line in lines:
            self._next(line)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._ended.wait()

    def answered(self, line: Line, wrong: bytes) -> None:
        call = self._taken.pop(line)
        if wrong:
            self._count.wrong += 1
            self._count.first_wrong = self._count.first_wrong or _told(call.hops[call.position], wrong)
        call.position += 1
        if call.position < self._until:
            self._waiting.append(call)
        self._next(line)

    def _next(self, line: Line) -> None:
        if self._waiting:
            call = self._waiting.popleft()
            self._taken[line] = call
            hop = call.hops[call.position]
            line.ask(hop.request, hop.answer)
        elif not self._taken:
            self._ended.set()


async def count(plan: Plan) -> Count:
    """Call until the timed steps have taken as long as planned."""
    counted = Count()
    exchange = _Exchange(counted)
    lines = await open_lines(plan.port, CONNECTIONS, exchange.answered)
    while counted.seconds < plan.seconds:
        calls = [_Call(requests_of(secrets.token_hex(16), m, plan.steps)) for m in plan.members]
        position = 0
        for is_timed, steps in groupby(plan.steps, key=lambda step: step.is_timed):
            position += len(list(steps))
            started = time.perf_counter()
            before = sum(call.position for call in calls)
            await exchange.take(lines, calls, until=position)
            if is_timed:
                counted.seconds += time.perf_counter() - started
                counted.hops += sum(call.position for call in calls) - before
    for line in lines:
        line.hang_up()
    return counted


def _told(hop: Hop, wrong: bytes) -> str:
    return f"wanted {hop.answer!r}, got {wrong[-200:]!r}"


if __name__ == "__main__":
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(count(given))))
