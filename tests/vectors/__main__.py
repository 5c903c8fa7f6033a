"""`make vectors F=file`: does the core reproduce the cases of a vector file?

A line for each case, then counts for each convention; exit 1 when a case differs or is faulty, or when there is none,
2 for a file we can't read.
"""

import importlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.vectors.outcome import Adapter, Json, Verdict

# The middle of a file's `format` -> the module that has its ADAPTER.
FORMATS = {
    "loan_schedules": "tests.vectors.schedules",
    "allocations": "tests.vectors.allocations",
    "savings_interest": "tests.vectors.savings",
    "delinquency": "tests.vectors.delinquency",
}


class NotAVectorFile(Exception):
    """The file can't be read as vectors, and why."""


def adapter_of(file_format: str) -> Adapter:
    """The adapter of a `format` such as `imarisha-vectors/loan_schedules/1`. Raises NotAVectorFile."""
    name = file_format.split("/")[1] if file_format.count("/") == 2 else ""
    if name not in FORMATS:
        raise NotAVectorFile(f"no such format: {file_format!r}; there are {', '.join(FORMATS)}")
    adapter = importlib.import_module(FORMATS[name]).ADAPTER
    assert isinstance(adapter, Adapter)
    return adapter


def read(path: Path) -> tuple[Adapter, list[Json]]:
    """The cases of a file and how they are run. Raises NotAVectorFile."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except (OSError, ValueError, RecursionError) as error:
        raise NotAVectorFile(f"{path}: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("cases"), list):
        raise NotAVectorFile(f"{path}: not an object with `format` and `cases`")
    return adapter_of(str(content.get("format"))), content["cases"]


def run(adapter: Adapter, cases: Iterable[Json]) -> bool:
    """Print what comes of every case; whether all agree with ours, as far as we know their conventions."""
    counts: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for number, case in enumerate(cases, start=1):
        outcome = adapter.outcome_of(case)
        fields = case if isinstance(case, dict) else {}
        counts[adapter.convention_of(fields)][outcome.verdict] += 1
        name = fields.get("id", f"case {number}")
        print(f"{outcome.verdict:<11} {name}" + (f": {outcome.detail}" if outcome.detail else ""))
    for convention, verdicts in sorted(counts.items()):
        print(f"{convention:<40} {_counted(verdicts)}")
    total = sum(counts.values(), start=Counter[Verdict]())
    print(f"{'all':<40} {_counted(total)}")
    return not total[Verdict.DIFFERS] and not total[Verdict.FAULTY]


def _counted(verdicts: Counter[Verdict]) -> str:
    return "  ".join(f"{verdict} {verdicts[verdict]}" for verdict in Verdict)


def main(names: list[str]) -> int:
    if len(names) != 1:
        print("one vector file: python -m tests.vectors FILE", file=sys.stderr)
        return 2
    try:
        adapter, cases = read(Path(names[0]))
    except NotAVectorFile as error:
        print(error, file=sys.stderr)
        return 2
    if not cases:
        print(f"{names[0]}: there are no cases in it", file=sys.stderr)
        return 1
    return 0 if run(adapter, cases) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
