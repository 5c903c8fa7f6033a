"""How much of an instalment's interest is income by the end of a day? Straight by day within its period; pure.

The whole is income at the due date. What was recognised is never taken back here: interest paid before its day was
income when it was paid. On a loan that went bad no more is recognised than in duplum leaves (in_duplum.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AccruingRow:
    """One instalment as accrual sees it, in minor units."""

    number: int
    starts_on: date
    due_on: date
    interest: int
    recognised: int = 0


def recognised_by(row: AccruingRow, on: date) -> int:
    """What of the row's interest is income by the end of a day, whole cents; a part of a cent waits.

    >>> row = AccruingRow(1, date(2026, 1, 1), date(2026, 1, 31), interest=1_000)
    >>> [recognised_by(row, date(2026, 1, day)) for day in (1, 2, 16, 31)]
    [0, 33, 500, 1000]
    """
    if on >= row.due_on:
        return row.interest
    passed = max((on - row.starts_on).days, 0)
    return max(row.recognised, row.interest * passed // (row.due_on - row.starts_on).days)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What in duplum leaves a loan that went bad on a day; what was due by then is in its default already."""

    defaulted_on: date
    room: int


def accrued(rows: Iterable[AccruingRow], on: date, *, ceiling: Ceiling | None = None) -> dict[int, int]:
    """By number of the row, what becomes income at the end of a day; rows without are left out.

    The oldest row uses the room first. No ceiling while the loan has not gone bad.
    """
    found = {}
    left = 0 if ceiling is None else max(ceiling.room, 0)
    for row in sorted(rows, key=lambda row: (row.due_on, row.number)):
        amount = recognised_by(row, on) - row.recognised
        if ceiling is not None and row.due_on > ceiling.defaulted_on:
            amount = min(amount, left)
            left -= amount
        if amount > 0:
            found[row.number] = amount
    return found
