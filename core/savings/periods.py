"""From which day to which day does interest run, and on which day is it posted?"""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.savings.interest_terms import Anchor, InterestTerms, Interval, PostingDay

_DAY = timedelta(days=1)
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, but without, `end`. Interest on them is posted with the date `posted_on`."""

    start: date
    end: date
    posted_on: date


def months_later(anchor: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day.

    >>> months_later(date(2025, 1, 31), 1)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(anchor.year * _MONTHS_IN_YEAR + anchor.month - 1 + months, _MONTHS_IN_YEAR)
    last_day = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor.day, last_day))


def next_boundary(interval: Interval, anchor: Anchor, *, opened_on: date, after: date) -> date:
    """The first day after `after` on which a period of this kind begins. Not for AT_MATURITY.

    >>> next_boundary(Interval.QUARTERLY, Anchor.CALENDAR, opened_on=date(2026, 1, 9), after=date(2026, 2, 1))
    datetime.date(2026, 4, 1)
    """
    if interval is Interval.AT_MATURITY:
        raise AssertionError("a period that ends at maturity has no boundary of its own")
    if interval is Interval.DAILY:
        return after + _DAY
    if interval is Interval.WEEKLY:
        return after + timedelta(days=7 - (after - opened_on).days % 7)
    if anchor is Anchor.CALENDAR:
        return months_later(after.replace(day=1), interval.months - (after.month - 1) % interval.months)
    return _next_anniversary(opened_on, interval.months, after)


def _next_anniversary(opened_on: date, months: int, after: date) -> date:
    elapsed = (after.year - opened_on.year) * _MONTHS_IN_YEAR + after.month - opened_on.month
    steps = max(elapsed // months, 0)
    while months_later(opened_on, steps * months) <= after:
        steps += 1
    return months_later(opened_on, steps * months)


def boundaries(
    interval: Interval, anchor: Anchor, *, opened_on: date, start: date, end: date
) -> Iterator[date]:
    """The days within (start, end) on which a period of this kind begins."""
    if interval is Interval.AT_MATURITY:
        return
    day = next_boundary(interval, anchor, opened_on=opened_on, after=start)
    while day < end:
        yield day
        day = next_boundary(interval, anchor, opened_on=opened_on, after=day)


def period_from(
    terms: InterestTerms,
    start: date,
    *,
    opened_on: date,
    matures_on: date | None = None,
    extra: Sequence[date] = (),
) -> Period:
    """The posting period that begins on `start`. Dates in `extra` and the maturity end it early and post it then.

    Raises AssertionError for terms that post at maturity when there is none ahead.
    """
    ends = [day for day in extra if day > start]
    if matures_on is not None and matures_on > start:
        ends.append(matures_on)
    cut = min(ends, default=None)
    if terms.posting is Interval.AT_MATURITY:
        if cut is None:
            raise AssertionError(f"no maturity after {start}")
        return Period(start, cut, cut)
    regular = next_boundary(terms.posting, terms.anchor, opened_on=opened_on, after=start)
    if cut is not None and cut < regular:
        return Period(start, cut, cut)
    on_last_day = terms.posting_day is PostingDay.LAST_DAY and cut != regular
    return Period(start, regular, regular - _DAY if on_last_day else regular)


def periods_until(
    terms: InterestTerms,
    until: date,
    *,
    opened_on: date,
    matures_on: date | None = None,
    extra: Sequence[date] = (),
) -> Iterator[Period]:
    """Periods one after another from the opening, the last being the one that `until` falls in or ends."""
    start = opened_on
    while start < until:
        period = period_from(terms, start, opened_on=opened_on, matures_on=matures_on, extra=extra)
        yield period
        start = period.end
