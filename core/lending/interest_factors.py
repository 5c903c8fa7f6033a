"""What does one unit of principal cost over a period, or over a stretch of it, when rates change or interest pauses?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from core.lending.day_count import part_until
from core.lending.events import InterestPause
from core.lending.periods import Period
from core.lending.terms import Terms

_NOTHING = Fraction(0)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RateChange:
    """Another yearly rate from the night before a day on."""

    starts_on: date
    annual_rate: Fraction


def factor(
    terms: Terms,
    period: Period,
    *,
    rates: Sequence[RateChange] = (),
    pauses: Sequence[InterestPause] = (),
    since: date | None = None,
    until: date | None = None,
    is_first: bool = False,
) -> Fraction:
    """The cost of one unit from `since` to `until`, by default over all of the period; zero where they cross."""
    begin = max(since or period.starts_on, period.starts_on)
    end = min(until or period.due_on, period.due_on)
    if begin >= end:
        return _NOTHING
    total = _NOTHING
    for first, last in pairwise(_cuts(begin, end, rates, pauses)):
        if not any(pause.first - _ONE_DAY <= first < pause.last for pause in pauses):
            part = part_until(terms, period, last, is_first=is_first)
            total += _rate(terms, rates, first) * (part - part_until(terms, period, first, is_first=is_first))
    return total


def _cuts(begin: date, end: date, rates: Sequence[RateChange], pauses: Sequence[InterestPause]) -> list[date]:
    """The days on which the cost of a day may change, with both ends."""
    days = {change.starts_on - _ONE_DAY for change in rates}
    days.update(pause.first - _ONE_DAY for pause in pauses)
    days.update(pause.last for pause in pauses)
    return [begin, *sorted(day for day in days if begin < day < end), end]


def _rate(terms: Terms, rates: Sequence[RateChange], night: date) -> Fraction:
    """The rate of the night that begins on a day."""
    changed = [change.annual_rate for change in rates if change.starts_on - _ONE_DAY <= night]
    return changed[-1] if changed else terms.annual_rate
