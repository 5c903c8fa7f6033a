"""`make walk`: members at random, 100,000 hops in walks of 1,000, each in a society of its own; seeds are printed.

python -m tests.walk --hops 100000 --seed 1
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import structlog
from redis import Redis

from core.db.engine import Database
from core.ids import RandomIds
from imarisha import institution, migrate
from imarisha.embedded import EmbeddedServers
from tests.clock import StoppedClock
from tests.conftest import database_named, quick_pins
from tests.walk.walker import Walk, Walked
from tests.world import a_world

_TEMPLATE = "walk_template"


def main() -> int:
    asked = _asked()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder = Path(tempfile.mkdtemp(prefix="imarisha-walk-"))
    servers = EmbeddedServers(folder, durable=False)
    servers.start()
    begun = time.perf_counter()
    screens: Counter[str] = Counter()
    hops = 0
    try:
        url = servers.postgres.create_database(_TEMPLATE)
        migrate.upgrade(url)
        asyncio.run(_found(url))
        seed = asked.seed
        while hops < asked.hops:
            try:
                walked = asyncio.run(_walk(servers, folder, seed, min(asked.each, asked.hops - hops)))
            except AssertionError as error:
                print(f"seed {seed} found a fault:\n{error}\n" + "\n".join(error.__notes__), file=sys.stderr)
                return 1
            hops += walked.hops
            screens.update(walked.screens)
            print(f"seed {seed}: {walked.hops} hops clean, {hops:,} in all", flush=True)
            seed += 1
    finally:
        servers.stop()
        shutil.rmtree(folder)
    for label, count in screens.most_common():
        print(f"{count:9,} {label}")
    print(f"{hops:,} hops in {time.perf_counter() - begun:.0f} s")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.walk", description="Members at random.")
    parser.add_argument("--hops", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=1_000, help="hops of one walk")
    parser.add_argument("--seed", type=int, default=1, help="the first one; each walk has the next")
    return parser.parse_args()


async def _found(url: str) -> None:
    database, pins, clock = Database(url), quick_pins(), StoppedClock()
    await database.open()
    await institution.found(database, clock, RandomIds(clock), pins)
    await pins.close()
    await database.close()


async def _walk(servers: EmbeddedServers, folder: Path, seed: int, hops: int) -> Walked:
    name = f"walk_{seed}"
    servers.postgres.create_database(name, template=_TEMPLATE)
    with Redis.from_url(servers.redis.url) as redis:
        redis.flushall()
    room = folder / name
    room.mkdir()
    try:
        async with a_world(database_named(servers.postgres.url, name), servers.redis.url, room) as world:
            return await Walk(world, seed).go(hops)
    finally:
        servers.postgres.drop_databases(name)


if __name__ == "__main__":
    sys.exit(main())
