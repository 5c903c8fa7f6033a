"""What does a batch of journals cost beside the bare rows, and beside pgbench's TPC-B?

Ours is `core.ledger.store.post_batch` over asyncpg: 5,000 two-line journals a call (money into one of 1,000 members'
accounts), each call a transaction, one client. One baseline inserts the same rows with the same indexes in two
multi-row INSERTs, with no key to find, no account to look up, no balance, no check. The other is TPC-B with 8 clients,
as for single postings. Durable settings for all.
"""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import date

import asyncpg
import uvloop

from core.clock import SystemClock
from core.db.engine import Database
from core.ledger import store
from core.ledger.chart import Gl
from core.ledger.journal import Journal, credit, debit
from core.money import Money
from imarisha import migrate
from imarisha.embedded import EmbeddedServers
from tests.benchmarks import posting
from tests.benchmarks.result import report

BATCH = 5_000
CALLS = 8
ROUNDS = 3
BUDGET_OF_BARE = 0.5
BUDGET_OF_TPCB = 4.0

_BARE = """
    CREATE TABLE bare_journal (LIKE journal INCLUDING IDENTITY INCLUDING DEFAULTS INCLUDING INDEXES);
    CREATE TABLE bare_entry (LIKE entry INCLUDING IDENTITY INCLUDING DEFAULTS INCLUDING INDEXES);
"""

Poster = Callable[[str, int, list[list[Journal]]], Coroutine[None, None, float]]


def run(servers: EmbeddedServers, _folder: object) -> bool:
    ours = servers.postgres.create_database("bench_batch")
    migrate.upgrade(ours)
    asyncio.run(posting.open_books(ours))
    asyncio.run(_make_bare(ours))
    tpcb = servers.postgres.create_database("bench_batch_tpcb")
    posting.pgbench(tpcb, "-i", "-q", "-s", "10")
    rounds = [
        (_rate(_post, ours, n), _rate(_insert_bare, ours, n), posting.tpcb(tpcb)) for n in range(ROUNDS)
    ]
    of_bare = report(
        "batch posting",
        "journals/s",
        "bare multi-row INSERT of the same rows",
        [(value, bare) for value, bare, _ in rounds],
        budget=BUDGET_OF_BARE,
    )
    of_tpcb = report(
        "batch posting beside TPC-B",
        "journals/s",
        "pgbench TPC-B, prepared, 8 clients",
        [(value, tpcb_rate) for value, _, tpcb_rate in rounds],
        budget=BUDGET_OF_TPCB,
    )
    return of_bare and of_tpcb


def _rate(poster: Poster, url: str, round_number: int) -> float:
    """Journals a second over all calls; the journals are made before the clock starts."""
    batches = [_journals(f"{round_number}:{call}") for call in range(CALLS)]
    return BATCH * CALLS / uvloop.run(poster(url, round_number, batches))


def _journals(name: str) -> list[Journal]:
    choice, accounts, now = random.Random(name), posting.accounts(), SystemClock().now()
    return [
        Journal(
            key=f"batch:{name}:{n}",
            kind="bench",
            event_at=now,
            business_date=date(2026, 3, 11),
            lines=(
                debit(Gl.MPESA_PAYBILL, amount := Money(choice.randint(100, 100_000))),
                credit(choice.choice(accounts), amount),
            ),
        )
        for n in range(BATCH)
    ]


async def _post(url: str, _round: int, batches: Sequence[Sequence[Journal]]) -> float:
    database = Database(url, connections_max=1)
    await database.open()
    started = time.perf_counter()
    for batch in batches:
        async with database.single_statements() as session:
            await store.post_batch(session, batch)
    seconds = time.perf_counter() - started
    await database.close()
    return seconds


async def _make_bare(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(_BARE)
    await connection.close()


async def _insert_bare(url: str, _round: int, batches: Sequence[Sequence[Journal]]) -> float:
    connection = await asyncpg.connect(url)
    started = time.perf_counter()
    for batch in batches:
        async with connection.transaction():
            await _insert_rows(connection, batch)
    seconds = time.perf_counter() - started
    await connection.close()
    return seconds


async def _insert_rows(connection: "asyncpg.Connection[asyncpg.Record]", batch: Sequence[Journal]) -> None:
    ids = await connection.fetch(
        """INSERT INTO bare_journal (key, fingerprint, kind, event_at, business_date, meta)
           SELECT key, fingerprint, kind, event_at, business_date, '{}'
             FROM unnest($1::text[], $2::bytea[], $3::text[], $4::timestamptz[], $5::date[])
                  AS n(key, fingerprint, kind, event_at, business_date) RETURNING id""",
        [journal.key for journal in batch],
        [b"0123456789abcdef" for _ in batch],
        [journal.kind for journal in batch],
        [journal.event_at for journal in batch],
        [journal.business_date for journal in batch],
    )
    lines = [
        (row["id"], n % 1_000, line)
        for n, (row, journal) in enumerate(zip(ids, batch, strict=True))
        for line in journal.lines
    ]
    await connection.execute(
        """INSERT INTO bare_entry (journal_id, account_id, side, amount, currency, balance_after)
           SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $4::bigint[])""",
        [journal_id for journal_id, _, _ in lines],
        [account_id for _, account_id, _ in lines],
        [line.side for _, _, line in lines],
        [line.amount.minor for _, _, line in lines],
        [line.amount.currency for _, _, line in lines],
    )
