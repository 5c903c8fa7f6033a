"""A short run of `make chaos`, with the real processes: payments while everything goes wrong at once."""

import time
from datetime import datetime
from pathlib import Path

from core.clock import NAIROBI
from tests.chaos.clock import HurriedClock
from tests.chaos.house import opened
from tests.chaos.run import Plan, live_through
from tests.chaos.trials import TRIALS

# Two minutes pass in a second.
RATE = 120.0


async def test_nothing_is_lost_doubled_or_unexplained_when_everything_goes_wrong(tmp_path: Path) -> None:
    plan = Plan(payments=15, seed=7, trials=TRIALS[-1:])
    clock = HurriedClock(datetime(2026, 3, 11, 23, 30, tzinfo=NAIROBI), time.time(), RATE)

    async with opened(tmp_path, clock, members=40, log_level="CRITICAL") as house:
        outcome = await live_through(house, plan, tmp_path)

    assert outcome.is_clean, outcome
    assert sum(house.struck.values()) > 0
    assert sum(tally.payments for tally in outcome.tallies.values()) == plan.payments
