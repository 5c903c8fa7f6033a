"""The kept seeds, in short: after each walk the books agree and nobody saw another's data. `make walk` goes farther."""

from pathlib import Path

import pytest

from tests.walk.walker import Walk
from tests.world import World

HOPS = 250
SEEDS = [
    int(line.split()[0])
    for line in (Path(__file__).parent / "seeds.txt").read_text("utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_walk_at_random_breaks_nothing(world: World, seed: int) -> None:
    walked = await Walk(world, seed).go(HOPS)

    assert walked.hops >= HOPS
    assert len(walked.screens) > 5


async def test_the_same_seed_walks_the_same_way(world: World) -> None:
    first = Walk(world, 7)
    second = Walk(world, 7)

    assert [first._random.random() for _ in range(3)] == [second._random.random() for _ in range(3)]
