"""How many schedules a second, beside a plain loop in decimals?

Ours is a development loan of 36 monthly instalments through `core.lending.schedule`: any terms, exact fractions,
values with dates. The baseline does the least that gives the same figures: one formula for the instalment and one
loop over balances in `decimal` with 28 digits, no options, no checks, a tuple per row; its dates are made the same
way. Both give the same rows, which is checked first. One core, no database.
"""

import time
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TypeAlias

from core.lending.products import DEVELOPMENT
from core.lending.schedule import schedule
from core.money import Money
from imarisha.embedded import EmbeddedServers
from tests.benchmarks.result import report

INSTALMENTS = 36
SECONDS = 2.0
ROUNDS = 3
START = date(2026, 11, 20)
_CENT = Decimal("0.01")
Rows: TypeAlias = list[tuple[date, int, int]]


def run(_servers: EmbeddedServers, _folder: Path) -> bool:
    assert _ours(12_345_678) == _plain(12_345_678)
    pairs = [(_rate(_ours), _rate(_plain)) for _ in range(ROUNDS)]
    return report(
        "schedules of 36 instalments",
        "schedules/s",
        "a bare loop in decimals that knows one kind of loan",
        pairs,
        budget=0.15,
    )


def _rate(make: Callable[[int], Rows]) -> float:
    begun = time.perf_counter()
    made = 0
    while time.perf_counter() < begun + SECONDS:
        made += 1
        make(10_000_000 + made)
    return made / (time.perf_counter() - begun)


def _ours(principal_minor: int) -> Rows:
    terms = DEVELOPMENT.terms(principal=Money(principal_minor), instalments=INSTALMENTS)
    rows = schedule(terms, START)
    return [(row.due_on, row.principal.minor, row.interest.minor) for row in rows]


def _plain(principal_minor: int) -> Rows:
    rate, balance = Decimal("0.01"), Decimal(principal_minor) / 100
    instalment = (balance * rate / (1 - (1 + rate) ** -INSTALMENTS)).quantize(_CENT, ROUND_HALF_UP)
    rows: Rows = []
    for number in range(1, INSTALMENTS + 1):
        interest = (balance * rate).quantize(_CENT, ROUND_HALF_UP)
        principal = balance if number == INSTALMENTS else instalment - interest
        balance -= principal
        years, month = divmod(START.month - 1 + number, 12)
        last = monthrange(START.year + years, month + 1)[1]
        due_on = date(START.year + years, month + 1, min(START.day, last))
        rows.append((due_on, int(principal * 100), int(interest * 100)))
    return rows
