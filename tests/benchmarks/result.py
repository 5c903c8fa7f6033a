"""How is a benchmark told? One JSON line: the value, its baseline of the same run, and their ratio."""

import json
import statistics
from collections.abc import Sequence


def report(bench: str, unit: str, baseline: str, pairs: Sequence[tuple[float, float]], budget: float) -> bool:
    """Print one line from (value, baseline value) pairs of interleaved rounds; whether the budget holds.

    The ratio is the median of the rounds' ratios, so that a machine that slows down between rounds does not
    decide it.
    """
    ratio = statistics.median(value / base for value, base in pairs)
    line = {
        "bench": bench,
        "value": round(statistics.median(value for value, _ in pairs), 1),
        "unit": unit,
        "baseline": baseline,
        "baseline_value": round(statistics.median(base for _, base in pairs), 1),
        "ratio": round(ratio, 2),
        "budget": budget,
        "rounds": [round(value / base, 2) for value, base in pairs],
    }
    print(json.dumps(line), flush=True)
    return ratio >= budget
