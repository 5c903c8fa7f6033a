"""`make chaos`: money in and out while everything goes wrong; at the end our books against the provider's, to the cent.

Exit 1 when a shilling is lost, doubled or unexplained, or a payment never came to an end. The same seed draws the same
payments and the same faults; which of them meet is up to the machine.
"""

import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import click
import uvloop

from core.clock import NAIROBI
from tests.chaos.clock import HurriedClock
from tests.chaos.house import opened
from tests.chaos.run import Plan, live_through
from tests.chaos.trials import TRIALS
from tests.chaos.verdict import table

# A minute passes in two seconds, and an hour before midnight the first payment begins.
_RATE = 30.0
_ORIGIN = datetime(2026, 3, 11, 23, 0, tzinfo=NAIROBI)


@click.command()
@click.option("--payments", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--members", type=click.IntRange(10), default=1_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--trial", "names", multiple=True, type=click.Choice([each.name for each in TRIALS]), help="Only this."
)
@click.option("--log-level", default="CRITICAL", show_default=True, help="Of our processes.")
def main(*, payments: int, members: int, seed: int, names: tuple[str, ...], log_level: str) -> None:
    """Run the trials of `tests/chaos/trials.py`, each with its share of the payments."""
    began = time.time()
    trials = tuple(each for each in TRIALS if not names or each.name in names)
    with tempfile.TemporaryDirectory(prefix="imarisha-chaos-") as folder:
        clean = uvloop.run(
            _run(Plan(payments=payments, seed=seed, trials=trials), Path(folder), members, log_level)
        )
    print(f"{payments} payments, {members} members, seed {seed}: {time.time() - began:.0f} s")  # noqa: T201 (a command)
    sys.exit(0 if clean else 1)


async def _run(plan: Plan, folder: Path, members: int, log_level: str) -> bool:
    clock = HurriedClock(origin=_ORIGIN, began=time.time(), rate=_RATE)
    async with opened(folder, clock, members=members, log_level=log_level) as house:
        outcome = await live_through(house, plan, folder)
        print(table(outcome.tallies, house.struck))  # noqa: T201 (a command)
        print(f"told by the statement alone: {outcome.received}")  # noqa: T201 (a command)
        for difference in outcome.differences:
            print(difference)  # noqa: T201 (a command)
        return outcome.is_clean


if __name__ == "__main__":
    main()
