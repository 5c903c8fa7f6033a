"""How good and how quick is reconciliation? A labelled month of 20,000 lines, with precision and recall.

`LINES=1000000` in the environment makes it a longer file; `tests/statement_month.py` says how it is made.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from core.db.engine import Database
from core.ledger import store as ledger
from core.ledger.chart import CHART
from imarisha import migrate
from imarisha.embedded import EmbeddedServers
from tests.statement_month import Month, begin_export
from tests.statement_score import Score, score, wrong_links

LINES = 20_000
PRECISION_MIN, RECALL_MIN = 0.999, 0.97
_BATCH = 10_000
_SHOWN = 10


def run(servers: EmbeddedServers, folder: Path) -> bool:
    url, path = servers.postgres.url, folder / "month.csv"
    migrate.upgrade(url)
    lines = int(os.environ.get("LINES", LINES))
    month = Month(seed=11, lines=lines, members=max(500, lines // 20))
    with path.open("w", encoding="utf-8", newline="") as file:
        asyncio.run(_make(url, file, month))
    began = time.perf_counter()
    printed, most_mib = _reconcile(url, path)
    took = time.perf_counter() - began
    found, wrong = asyncio.run(_judge(url, month))
    told = {
        "bench": "reconciliation",
        "value": round(printed["file"]["lines"] / took),
        "unit": "lines/s",
        "lines": printed["file"]["lines"],
        "seconds": round(took, 1),
        "memory_mib": most_mib,
        "precision": round(found.precision, 5),
        "recall": round(found.recall, 5),
        "links": found.links,
        "labelled": found.labelled,
        **{name: printed[name] for name in ("matches", "open_lines", "open_movements")},
    }
    print(json.dumps(told))
    for line in wrong[:_SHOWN]:
        print("wrong:", *line)
    return found.precision >= PRECISION_MIN and found.recall >= RECALL_MIN


async def _make(url: str, file: TextIO, month: Month) -> None:
    """The export in its file and the journals in the books, a batch at a time."""
    database = Database(url, connections_max=1, command_seconds=600)
    await database.open()
    async with database.unit_of_work() as session:
        await ledger.open_accounts(session, CHART)
    write_rows = begin_export(file)
    for rows, journals in month.batches(_BATCH):
        write_rows(rows)
        async with database.unit_of_work() as session:
            await ledger.post_batch(session, journals)
    await database.close()


def _reconcile(url: str, path: Path) -> tuple[dict[str, Any], int]:
    """What `imarisha reconcile` printed, and the most memory that it held, in MiB; PostgreSQL has its own."""
    out = path.with_suffix(".json")
    with out.open("wb") as printed:
        command = subprocess.Popen(
            [sys.executable, "-m", "imarisha.cli", "reconcile", str(path), "--json"],
            stdout=printed,
            env={**os.environ, "IMARISHA_DATABASE_URL": url},
        )
        _, status, usage = os.wait4(command.pid, 0)
    if status:
        raise AssertionError(f"the command ended with {os.waitstatus_to_exitcode(status)}")
    return json.loads(out.read_bytes()), usage.ru_maxrss // 1024


async def _judge(url: str, month: Month) -> tuple[Score, list[tuple[str, str, str]]]:
    database = Database(url, connections_max=1, command_seconds=600)
    await database.open()
    async with database.reading() as session:
        judged = await score(session, month.truth), await wrong_links(session, month.truth)
    await database.close()
    return judged
