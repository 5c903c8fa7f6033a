"""`make year`: a simulated year. Each day balances, at its end `imarisha verify-ledger` agrees, and totals are printed.

python -m tests.year --members 1000 --days 365 --seed 1
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from core.db.engine import Database
from imarisha import migrate
from imarisha.embedded import EmbeddedServers
from tests.year.society import a_society
from tests.year.totals import totals

FIRST_DAY = date(2025, 1, 1)


def main() -> int:
    asked = _asked()
    folder = Path(tempfile.mkdtemp(prefix="imarisha-year-"))
    servers = EmbeddedServers(folder, durable=False)
    servers.start()
    begun = time.perf_counter()
    try:
        url = servers.postgres.create_database("year")
        migrate.upgrade(url)
        is_balanced = asyncio.run(_live(url, asked))
        verified = subprocess.run(
            [sys.executable, "-m", "imarisha.cli", "verify-ledger"],
            env={**os.environ, "IMARISHA_DATABASE_URL": url},
            check=False,
        )
    finally:
        servers.stop()
        shutil.rmtree(folder)
    print(f"{'time':24} {time.perf_counter() - begun:.0f} s")
    return 0 if is_balanced and verified.returncode == 0 else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.year", description="A simulated year of a society."
    )
    parser.add_argument("--members", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


async def _live(url: str, asked: argparse.Namespace) -> bool:
    database = Database(url)
    await database.open()
    try:
        society = a_society(database, seed=asked.seed, first_day=FIRST_DAY)
        await society.found(asked.members)
        last = FIRST_DAY
        for n in range(asked.days):
            last = FIRST_DAY + n * timedelta(days=1)
            await society.live(last)
            if not await society.is_balanced(last):
                print(f"the trial balance of {last} does not balance", file=sys.stderr)
                return False
            if (last + timedelta(days=1)).day == 1:
                print(f"{last} closed and balanced", flush=True)
        for name, count in society.counts.items():
            print(f"{name + ' made':24} {count:,}")
        for name, count in sorted(society.office.counts.items()):
            print(f"{name:52} {count:,}")
        for name, value in (await totals(database, last)).items():
            print(f"{name:24} {value}")
    finally:
        await database.close()
    return True


sys.exit(main())
