"""Do the books stay quick as they grow? Posting, any day's trial balance and one account's statement, at two sizes.

`make bench B=large_books`; not among those that run by themselves, as it takes minutes and gigabytes. Entries of three
years are made in SQL with the same rows that posting makes; what is measured then goes the usual way. Beside it, the
same entries in monthly partitions, which is what this decides about (docs/decisions).
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import asyncpg

from core.clock import SystemClock
from core.db.engine import Database
from core.ledger import balances, store
from core.ledger.chart import Gl
from core.ledger.journal import Journal, credit, debit
from core.ledger.trial_balance import trial_balance
from core.money import Money
from imarisha import migrate
from imarisha.embedded import EmbeddedServers
from tests.benchmarks import posting

JOURNALS = (500_000, 5_000_000)
CHUNK = 250_000
FIRST_DAY = date(2023, 1, 1)
DAYS = 36 * 30
MANY = 2_000
SLOWDOWN_MAX = 1.5
TRIAL_BALANCE_MS_MAX = 200.0

_JOURNALS = """
    INSERT INTO journal (key, fingerprint, kind, event_at, business_date, meta)
    SELECT 'past:' || n, '\\x00', 'bench', now(), $3::date + (n * $4 / $5)::int, '{}'
      FROM generate_series($1::bigint, $2::bigint) n
"""
_ENTRIES = """
    INSERT INTO entry (journal_id, account_id, side, amount, currency, balance_after)
    SELECT j.id, a.id, s.side, 100, 'KES', CASE WHEN s.side = 'C' THEN
               a.balance + 100 * row_number() OVER (PARTITION BY a.id, s.side ORDER BY j.id) END
      FROM journal j
      CROSS JOIN (VALUES ('D'), ('C')) s(side)
      JOIN ledger_account a ON a.code = CASE s.side WHEN 'D' THEN '1020'
           ELSE '2010:bench' || (hashint8(j.id) & 1023) % 1000 END
     WHERE j.id > $1
"""
_BALANCES = """
    UPDATE ledger_account a SET balance = e.balance_after
      FROM (SELECT DISTINCT ON (account_id) account_id, balance_after FROM entry
             WHERE journal_id > $1 AND balance_after IS NOT NULL ORDER BY account_id, id DESC) e
     WHERE e.account_id = a.id
"""
_STATEMENT = """
    SELECT j.business_date, e.side, e.amount, e.balance_after
      FROM entry e JOIN journal j ON j.id = e.journal_id
     WHERE e.account_id = (SELECT id FROM ledger_account WHERE code = '2010:bench7')
     ORDER BY e.id DESC LIMIT 100
"""
_PARTITIONED = """
    CREATE TABLE entry_by_month (LIKE entry INCLUDING IDENTITY, business_date date NOT NULL)
        PARTITION BY RANGE (business_date);
    DO $$ BEGIN FOR m IN 0..36 LOOP EXECUTE format(
        'CREATE TABLE entry_m%s PARTITION OF entry_by_month FOR VALUES FROM (%L) TO (%L)', m,
        date '2023-01-01' + m * interval '1 month', date '2023-01-01' + (m + 1) * interval '1 month');
    END LOOP; END $$;
    INSERT INTO entry_by_month (journal_id, account_id, side, amount, currency, balance_after, business_date)
    SELECT e.journal_id, e.account_id, e.side, e.amount, e.currency, e.balance_after, j.business_date
      FROM entry e JOIN journal j ON j.id = e.journal_id;
    CREATE UNIQUE INDEX ON entry_by_month (journal_id, id, business_date);
    CREATE INDEX ON entry_by_month (account_id, id);
    ANALYZE entry_by_month;
"""
_STATEMENT_PARTITIONED = _STATEMENT.replace("FROM entry e", "FROM entry_by_month e")


def run(servers: EmbeddedServers, _folder: object) -> bool:
    url = servers.postgres.create_database("bench_large")
    migrate.upgrade(url)
    asyncio.run(_wait_for_no_disk(url))
    return asyncio.run(_run(url))


async def _wait_for_no_disk(url: str) -> None:
    """Else a single posting would wait for the disk, which is still busy with what was filled in before."""
    connection = await asyncpg.connect(url)
    await connection.execute("ALTER DATABASE bench_large SET synchronous_commit = off")
    await connection.close()


async def _run(url: str) -> bool:
    await posting.open_books(url)
    database = Database(url, connections_max=posting.CLIENTS)
    await database.open()
    plain = await asyncpg.connect(url)
    measured = [await _measure(database, plain, 0)]
    for journals in JOURNALS:
        await _fill(plain, journals)
        measured.append(await _measure(database, plain, journals))
    await plain.execute(_PARTITIONED)
    partitions = {
        "statement_ms": await _best(lambda: plain.fetch(_STATEMENT)),
        "statement_in_partitions_ms": await _best(lambda: plain.fetch(_STATEMENT_PARTITIONED)),
    }
    print(json.dumps({"bench": "monthly partitions", **partitions}), flush=True)
    await plain.close()
    await database.close()
    slowdown = measured[0]["journal_us"] / measured[-1]["journal_us"]
    return slowdown >= 1 / SLOWDOWN_MAX and measured[-1]["trial_balance_ms"] <= TRIAL_BALANCE_MS_MAX


async def _fill(plain: "asyncpg.Connection[asyncpg.Record]", upto: int) -> None:
    done = await plain.fetchval("SELECT count(*) FROM journal WHERE kind = 'bench' AND key LIKE 'past:%'")
    while done < upto:
        last = await plain.fetchval("SELECT coalesce(max(id), 0) FROM journal")
        async with plain.transaction():
            await plain.execute(_JOURNALS, done + 1, done + CHUNK, FIRST_DAY, DAYS, JOURNALS[-1] + 1)
            await plain.execute(_ENTRIES, last)
            await plain.execute(_BALANCES, last)
        done += CHUNK
    await plain.execute("VACUUM ANALYZE")
    for _ in range(2):
        await plain.execute("SELECT ledger_advance_snapshots()")


async def _measure(
    database: Database, plain: "asyncpg.Connection[asyncpg.Record]", journals: int
) -> dict[str, float]:
    async with database.reading() as session:
        middle = FIRST_DAY + timedelta(days=DAYS // 2)
        found: dict[str, float] = {
            "entries": await plain.fetchval("SELECT count(*) FROM entry"),
            "megabytes": await plain.fetchval(
                "SELECT (pg_total_relation_size('entry') + pg_total_relation_size('journal')) / 1048576"
            ),
            "trial_balance_ms": await _best(lambda: trial_balance(session, middle)),
            "balance_on_ms": await _best(lambda: balances.balance_on(session, "2010:bench7", middle)),
            "statement_ms": await _best(lambda: plain.fetch(_STATEMENT)),
        }
    found["journal_us"] = await _journal_us(database, journals)
    rounded = {name: round(value, 1) for name, value in found.items()}
    print(json.dumps({"bench": "large books", **rounded}), flush=True)
    return found


async def _best(question: Callable[[], Awaitable[object]]) -> float:
    """The quickest of several, in milliseconds: what the work takes without its neighbours."""
    times = []
    for _ in range(7):
        started = time.perf_counter()
        await question()
        times.append((time.perf_counter() - started) * 1_000)
    return min(times)


async def _journal_us(database: Database, name: int) -> float:
    """One client, one journal after the other: a quarter of them took less, in microseconds."""
    accounts, now, times = posting.accounts(), SystemClock().now(), []
    for n in range(MANY):
        amount = Money(100)
        lines = (debit(Gl.MPESA_PAYBILL, amount), credit(accounts[n * 37 % len(accounts)], amount))
        journal = Journal(f"new:{name}:{n}", "new", now, FIRST_DAY + timedelta(days=DAYS), lines)
        started = time.perf_counter()
        async with database.single_statements() as session:
            await store.post(session, [journal])
        times.append((time.perf_counter() - started) * 1_000_000)
    return sorted(times)[MANY // 4]
