"""How long does the end of a day take over 100,000 running loans, and in how much memory? Does it grow in line?

A population is made in SQL by copying loans that were lent and repaid through the services: 12 monthly instalments,
a thirtieth due on the day, 8 in 100 late by one to four instalments, each borrower with a savings account and every
tenth of them with enough in it for the sweep. The day before is closed first, so that what is measured is an ordinary
day. It is closed by `imarisha close-day` itself: the time and memory are those of that process, start included.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import asyncpg
from sqlalchemy import Table

from core.clock import NAIROBI, SystemClock
from core.day_close import begin_books, last_over
from core.db.engine import Database, WriteSession
from core.ids import RandomIds
from core.ledger import store as ledger
from core.ledger.chart import CHART, Gl
from core.ledger.tables import ledger_account
from core.lending.lifecycle import PaidTo
from core.lending.products import DEVELOPMENT
from core.lending.running import Running
from core.lending.service.disburse import Agreed, disburse
from core.lending.service.repay import post_repayment
from core.lending.tables import instalment, loan, loan_event
from core.members.tables import member
from core.money import Money
from core.savings import store as savings
from core.savings.model import SavingsProduct
from core.savings.tables import savings_account
from imarisha import migrate
from imarisha.embedded import EmbeddedServers

LOANS = (10_000, 100_000)
SECONDS_MAX = 60.0
MEBIBYTES_MAX = 500.0
GROWTH_MAX = 1.5
"""Of the time, against ten times the smaller population's."""

_MONTHS_RUN = 6
_INSTALMENTS = 12
_MISSED = (0, 1, 4)
"""The moulds of each day of the month: on time, one instalment missed, four missed."""


def run(servers: EmbeddedServers, _folder: Path) -> bool:
    measured = {loans: _measure(servers, loans) for loans in LOANS}
    small, large = (measured[loans] for loans in LOANS)
    growth = large.seconds / small.seconds / (LOANS[1] / LOANS[0])
    line = {
        "bench": f"day close of {LOANS[1]:,} running loans",
        "value": round(large.seconds, 1),
        "unit": "s",
        "baseline": f"ten times the close of {LOANS[0]:,}",
        "baseline_value": round(small.seconds * LOANS[1] / LOANS[0], 1),
        "ratio": round(growth, 2),
        "budget": SECONDS_MAX,
        "peak_mebibytes": round(large.mebibytes, 1),
        "smaller_mebibytes": round(small.mebibytes, 1),
        "done": large.done,
        "seconds_by_step": large.by_step,
    }
    print(json.dumps(line), flush=True)
    return large.seconds <= SECONDS_MAX and large.mebibytes <= MEBIBYTES_MAX and growth <= GROWTH_MAX


@dataclass(frozen=True)
class Measured:
    """One close: what its process took, and what each step of it did."""

    seconds: float
    mebibytes: float
    by_step: dict[str, float]
    done: dict[str, int]


def _measure(servers: EmbeddedServers, loans: int) -> Measured:
    url = servers.postgres.create_database(f"bench_close_{loans}")
    migrate.upgrade(url)
    day = last_over(SystemClock().now())
    asyncio.run(_populate(url, loans, day))
    _close(url, day - timedelta(days=1))
    asyncio.run(_settle(url))
    seconds, mebibytes = _close(url, day)
    by_step, done = asyncio.run(_steps(url, day))
    return Measured(seconds, mebibytes, by_step, done)


def _close(url: str, day: date) -> tuple[float, float]:
    """Run the command; seconds and the peak of its memory."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "imarisha.cli", "close-day", "--date", day.isoformat()],
        env={**os.environ, "IMARISHA_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return time.perf_counter() - begun, used.ru_maxrss / 1024


async def _settle(url: str) -> None:
    """What autovacuum does in the hours between two closes."""
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _steps(url: str, day: date) -> tuple[dict[str, float], dict[str, int]]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        """SELECT step, done, extract(epoch FROM finished_at - lag(finished_at, 1, started_at)
                                         OVER (ORDER BY finished_at))::float AS seconds
             FROM day_close_step WHERE business_date = $1 ORDER BY finished_at""",
        day,
    )
    await connection.close()
    return {row["step"]: round(row["seconds"], 2) for row in rows}, {
        row["step"]: row["done"] for row in rows if row["done"]
    }


async def _populate(url: str, loans: int, day: date) -> None:
    database = Database(url, command_seconds=900)
    await database.open()
    async with database.unit_of_work() as session:
        await ledger.open_accounts(session, CHART)
        await begin_books(session, day - timedelta(days=1), at=SystemClock().now())
        await session.execute(
            "CREATE TABLE mould (day int, missed int, loan_id text, member_id text, account_id text)"
        )
        for offset in range(30):
            for missed in range(len(_MISSED)):
                await _mould(session, day, offset, missed)
    async with database.unit_of_work() as session:
        await _copy_all(session, loans)
    await database.close()
    await _settle(url)


async def _mould(session: WriteSession, day: date, offset: int, missed: int) -> None:
    """One loan lived through the services, with an instalment due `offset` days before the day."""
    name = f"{offset:02}{missed}"
    lent_on = _months_before(day, _MONTHS_RUN) - timedelta(days=offset)
    await session.execute(
        """INSERT INTO member (id, number, first_name, last_name, phone, language, status, birth_date, joined_at)
           VALUES ($1, $1, 'Amina', 'Wanjiru', $1, 'en', 'active', '1988-03-14', '2020-01-01')""",
        f"mbr_{name}",
    )
    await savings.open_account(
        session,
        account_id=f"acc_{name}",
        member_id=f"mbr_{name}",
        product=SavingsProduct.SAVINGS,
        on=day,
    )
    terms = DEVELOPMENT.terms(principal=Money(1_000_000 + 100_000 * offset), instalments=_INSTALMENTS)
    agreed = Agreed(f"lon_{name}", f"mbr_{name}", DEVELOPMENT, terms, PaidTo.BANK)
    running = await disburse(
        session, agreed, ids=RandomIds(SystemClock()), disburser=None, by="bench", now=_noon(lent_on)
    )
    for place, (due_on, total) in enumerate(_due(running, day)[: -_MISSED[missed] or None]):
        await post_repayment(
            session,
            key=f"paid:{name}:{place}",
            loan_id=agreed.loan_id,
            amount=total,
            paid_from=Gl.BANK,
            paid_on=due_on,
            by="bench",
            now=_noon(due_on),
        )
    await session.execute(
        "INSERT INTO mould VALUES ($1, $2, $3, $4, $5)",
        offset,
        missed,
        agreed.loan_id,
        f"mbr_{name}",
        f"acc_{name}",
    )


def _due(running: Running, day: date) -> list[tuple[date, Money]]:
    return [(row.due_on, running.money(row.due.total)) for row in running.state.rows if row.due_on < day]


def _months_before(day: date, months: int) -> date:
    since_zero = day.year * 12 + day.month - 1 - months
    return date(since_zero // 12, since_zero % 12 + 1, min(day.day, 28))


def _noon(day: date) -> datetime:
    return datetime.combine(day, clock_time(12), NAIROBI)


_COPIES = """
CREATE TABLE copy AS
SELECT n, m.loan_id AS from_loan, m.member_id AS from_member, m.account_id AS from_account,
       'lon_b' || lpad(n::text, 7, '0') AS loan_id, 'mbr_b' || lpad(n::text, 7, '0') AS member_id,
       'acc_b' || lpad(n::text, 7, '0') AS account_id
  FROM generate_series(1, $1::int) n
  JOIN mould m ON m.day = n % 30
       AND m.missed = CASE WHEN n / 30 % 100 < 92 THEN 0 WHEN n / 30 % 100 < 97 THEN 1 ELSE 2 END
"""


async def _copy_all(session: WriteSession, loans: int) -> None:
    await session.execute(_COPIES, loans)
    await session.execute("CREATE INDEX ON copy (from_loan)")
    await session.execute("ANALYZE copy")
    await _copy(
        session,
        member,
        "t.id = c.from_member",
        {"id": "c.member_id", "number": "c.member_id", "phone": "'+2548' || lpad(c.n::text, 8, '0')"},
    )
    for parent, whose, new, balance in (
        ("1110", "from_loan", "loan_id", "t.balance"),
        ("2010", "from_account", "account_id", "CASE WHEN c.n / 30 % 10 = 0 THEN 100000000 ELSE 0 END"),
    ):
        await _copy(
            session,
            ledger_account,
            f"split_part(t.code, ':', 2) = c.{whose} AND t.code LIKE '{parent}%'",
            {"code": f"split_part(t.code, ':', 1) || ':' || c.{new}", "balance": balance},
            leave=("id",),
        )
    await _copy(
        session,
        savings_account,
        "t.id = c.from_account",
        {
            "id": "c.account_id",
            "member_id": "c.member_id",
            "ledger_code": "split_part(t.ledger_code, ':', 1) || ':' || c.account_id",
        },
    )
    await _copy(
        session,
        loan,
        "t.id = c.from_loan",
        {
            "id": "c.loan_id",
            "number": "c.loan_id",
            "member_id": "c.member_id",
            "principal_code": "split_part(t.principal_code, ':', 1) || ':' || c.loan_id",
        },
    )
    await _copy(session, instalment, "t.loan_id = c.from_loan", {"loan_id": "c.loan_id"})
    await _copy(session, loan_event, "t.loan_id = c.from_loan", {"loan_id": "c.loan_id", "key": "NULL"})


async def _copy(
    session: WriteSession, table: Table, match: str, other: dict[str, str], leave: tuple[str, ...] = ()
) -> None:
    columns = [column.name for column in table.columns if column.name not in leave]
    values = ", ".join(other.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    await session.execute(
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM copy c JOIN {table.name} t ON {match}"
    )
