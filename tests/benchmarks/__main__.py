"""`make bench`: run the benchmarks, each with its baseline in the same run; exit 1 when one is under its budget.

`make bench B=posting` runs one. Nothing here is a test: figures depend on the machine, ratios less so.
"""

import importlib
import sys
import tempfile
from pathlib import Path

from imarisha.embedded import EmbeddedServers

BENCHES = ("posting", "batch_posting", "hops", "pin_hops", "schedules", "day_close")
ON_REQUEST = ("large_books", "reconciliation")
"""Run by their names only: they take minutes."""


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - {*BENCHES, *ON_REQUEST})
    if unknown:
        print(
            f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHES + ON_REQUEST)}",
            file=sys.stderr,
        )
        return 2
    held = True
    for name in names or BENCHES:
        bench = importlib.import_module(f"tests.benchmarks.{name}")
        with (
            tempfile.TemporaryDirectory(prefix="imarisha-bench-") as folder,
            EmbeddedServers(Path(folder)) as servers,
        ):
            held &= bench.run(servers, Path(folder))
    return 0 if held else 1


sys.exit(main(sys.argv[1:]))
