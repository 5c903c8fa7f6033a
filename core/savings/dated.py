"""Which percentage held on a day? Rates with the date from which each holds; the law and the board change them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class DatedPercent:
    """`percent` holds from `since` on, until a later row."""

    since: date
    percent: Fraction


@dataclass(frozen=True, slots=True)
class PercentHistory:
    """All rows of one rate, the oldest first. Before its first row the rate is nothing."""

    rows: tuple[DatedPercent, ...]

    @classmethod
    def of(cls, rows: Iterable[DatedPercent]) -> "PercentHistory":
        """Rows in any order; of two with the same date the later in the list holds."""
        by_date = {row.since: row for row in rows}
        return cls(tuple(by_date[since] for since in sorted(by_date)))

    @classmethod
    def always(cls, percent: Fraction | str) -> "PercentHistory":
        """One rate for all time.

        >>> PercentHistory.always("10.85").on(date(2026, 1, 1))
        Fraction(217, 20)
        """
        return cls((DatedPercent(date.min, Fraction(percent)),))

    def on(self, day: date) -> Fraction:
        """The percentage on that day."""
        percent = Fraction(0)
        for row in self.rows:
            if row.since > day:
                break
            percent = row.percent
        return percent

    def changes_between(self, start: date, end: date) -> tuple[date, ...]:
        """The days after `start` and before `end` on which it changes."""
        return tuple(row.since for row in self.rows if start < row.since < end)
