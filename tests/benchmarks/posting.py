"""Does posting a journal keep up with pgbench's TPC-B on the same server with the same number of clients?

Ours is a two-line journal (money in to one of 1,000 members' accounts) through `core.ledger.store.post` over asyncpg;
the baseline is `pgbench -M prepared`, C client included. Durable settings for both; 8 clients.
"""

import asyncio
import os
import random
import re
import subprocess
import time
from datetime import date
from pathlib import Path

import uvloop

from core.clock import SystemClock
from core.db.engine import Database
from core.ledger import store
from core.ledger.chart import CHART, Gl, own_account
from core.ledger.journal import Journal, credit, debit
from core.money import Money
from imarisha import migrate
from imarisha.embedded import EmbeddedServers
from imarisha.embedded_postgres import program
from tests.benchmarks.result import report

CLIENTS = 8
SECONDS = 5.0
ROUNDS = 5
MEMBERS = 1_000


def run(servers: EmbeddedServers, _folder: Path) -> bool:
    ours = servers.postgres.create_database("bench_ledger")
    migrate.upgrade(ours)
    plain = servers.postgres.create_database("bench_tpcb")
    pgbench(plain, "-i", "-q", "-s", "10")
    asyncio.run(open_books(ours))
    pairs = [(uvloop.run(_post_for_a_while(ours, n)), tpcb(plain)) for n in range(ROUNDS)]
    return report("posting a journal", "journals/s", "pgbench TPC-B, prepared, 8 clients", pairs, budget=1.0)


def accounts() -> list[str]:
    return [own_account(Gl.MEMBER_SAVINGS, f"bench{n}", "savings").code for n in range(MEMBERS)]


async def open_books(url: str) -> None:
    database = Database(url)
    await database.open()
    async with database.unit_of_work() as session:
        members = [own_account(Gl.MEMBER_SAVINGS, f"bench{n}", "savings") for n in range(MEMBERS)]
        await store.open_accounts(session, [*CHART, *members])
    await database.close()


async def _post_for_a_while(url: str, round_number: int) -> float:
    database = Database(url, connections_max=CLIENTS)
    await database.open()
    members, now = accounts(), SystemClock().now()
    stop_at = time.perf_counter() + SECONDS
    posted = 0

    async def client(number: int) -> None:
        nonlocal posted
        choice = random.Random(number)
        turn = 0
        while time.perf_counter() < stop_at:
            turn += 1
            amount = Money(choice.randint(100, 100_000))
            journal = Journal(
                key=f"bench:{round_number}:{number}:{turn}",
                kind="bench",
                event_at=now,
                business_date=date(2026, 3, 11),
                lines=(debit(Gl.MPESA_PAYBILL, amount), credit(choice.choice(members), amount)),
            )
            async with database.single_statements() as session:
                await store.post(session, [journal])
            posted += 1

    started = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    rate = posted / (time.perf_counter() - started)
    await database.close()
    return rate


def tpcb(url: str) -> float:
    answer = pgbench(url, "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(int(SECONDS)))
    found = re.search(r"tps = ([\d.]+)", answer)
    if found is None:
        raise AssertionError(answer)
    return float(found[1])


def pgbench(url: str, *arguments: str) -> str:
    return subprocess.run(
        [program("pgbench"), *arguments, url],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PGCONNECT_TIMEOUT": "5"},
    ).stdout
