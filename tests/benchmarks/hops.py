"""How much of a bare handler's speed is left when a hop is a real one: a menu, and a balance from the books?

Ours is the web process with its routes, engine, sessions and ledger. The baselines answer the same requests with a
constant, after the least a hop can't do without. One uvicorn process each, 32 keep-alive connections, both sides in
turns, and every answer is checked. Members have signed in before the clock starts; text grows as in a real call.

The caller is Python, too, but does a fraction of a server's work: against an application that answers without
looking it counted ... hops a second where ... .
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec

from imarisha.embedded import EmbeddedServers
from tests.benchmarks.applications import QUICK_PINS
from tests.benchmarks.caller import Count, Plan
from tests.benchmarks.calls import BALANCE_CALL, MENU_CALL, Member, Step, with_any_screen
from tests.benchmarks.result import report
from tests.benchmarks.society import founded
from tests.benchmarks.web_server import run_caller, served

MEMBERS = 300
ROUNDS = 5
SECONDS = 3.0


def run(servers: EmbeddedServers, _folder: Path) -> bool:
    environment, members = founded(servers, "bench_hops", members=MEMBERS, replacements=QUICK_PINS)
    with ExitStack() as running:
        ours, pool, connection, select = (
            _Side(name, running.enter_context(served(f"{_APPLICATIONS}:{name}", environment)), members)
            for name in ("ours", "redis_pool", "one_connection", "one_select")
        )
        rounds = [
            _Round(
                menu=ours.rate(MENU_CALL),
                pool=pool.rate(MENU_CALL),
                connection=connection.rate(MENU_CALL),
                balance=ours.rate(BALANCE_CALL),
                select=select.rate(BALANCE_CALL),
            )
            for _ in range(ROUNDS)
        ]
    held = [
        report(
            "menu hop", "hops/s", f"{_BARE} through redis-py's pool", [(r.menu, r.pool) for r in rounds], 2.0
        ),
        report(
            "menu hop", "hops/s", f"{_BARE} on one connection", [(r.menu, r.connection) for r in rounds], 0.8
        ),
        report(
            "balance hop (PIN passed)",
            "hops/s",
            f"{_BARE} on one connection, one SELECT through asyncpg's pool",
            [(r.balance, r.select) for r in rounds],
            0.8,
        ),
    ]
    return all(held)


_APPLICATIONS = "tests.benchmarks.applications"
_BARE = "bare Starlette handler with one GET and one SET"


@dataclass(frozen=True)
class _Round:
    """Hops a second of each side, measured one after the other."""

    menu: float
    pool: float
    connection: float
    balance: float
    select: float


@dataclass(frozen=True)
class _Side:
    """A running application and who calls it."""

    application: str
    port: int
    members: Sequence[Member]

    def rate(self, steps: Sequence[Step]) -> float:
        """Timed hops a second. A single wrong answer ends the benchmark."""
        said = steps if self.application == "ours" else with_any_screen(steps)
        plan = Plan(self.port, list(self.members), list(said), SECONDS)
        told = run_caller("tests.benchmarks.caller", msgspec.json.encode(plan))
        count = msgspec.json.decode(told, type=Count)
        if count.wrong:
            raise AssertionError(f"{self.application}: {count.wrong} wrong answers; {count.first_wrong}")
        return count.hops / count.seconds
