"""When do instalments fall due? The periods of a loan from its frequency, first date, or dates given from outside."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

from core.calendar import EVERY_DAY, WorkingDays
from core.errors import ContradictoryTerms, DatesOutOfOrder
from core.lending.terms import (
    YEARS_MAX,
    DueDateRule,
    Frequency,
    MonthEnd,
    NonWorkingDays,
    PeriodUnit,
    Terms,
)

_DAYS_OF_EVERY_MONTH = 28
_DAYS_OFF_MAX = timedelta(days=14)
"""No run of weekends and holidays is longer."""

EARLIEST_DAY = date(date.min.year + YEARS_MAX, 1, 1)
LATEST_DAY = date(date.max.year - 2 * YEARS_MAX, 12, 31)
"""The longest term, and the longest period behind it, still end within the calendar."""


@dataclass(frozen=True, slots=True)
class Period:
    """The time one instalment covers: after `starts_on` up to and with `due_on`."""

    starts_on: date
    due_on: date
    is_moved: bool
    """Its dates are not those of the rhythm: given from outside, or moved off a weekend or holiday."""

    @property
    def days(self) -> int:
        return (self.due_on - self.starts_on).days


def periods_of(
    terms: Terms,
    disbursed_on: date,
    *,
    first_due_on: date | None = None,
    due_dates: Sequence[date] | None = None,
    working_days: WorkingDays = EVERY_DAY,
) -> tuple[Period, ...]:
    """One period for each instalment, one after the other from the day of disbursement.

    `first_due_on` shifts the whole rhythm to that date; `due_dates` are taken as they are.
    Raises DatesOutOfOrder, and ContradictoryTerms where there is not one date for each instalment, or one that
    no calendar could go on from.
    """
    refuse_beyond_calendar(
        disbursed_on, *([] if first_due_on is None else [first_due_on]), *(due_dates or ())
    )
    usual = _rhythm(terms, disbursed_on, first_due_on)
    if due_dates is None:
        due_dates = _on_working_days(terms, disbursed_on, usual, working_days)
    else:
        _refuse_unlike_instalments(terms, due_dates, usual)
    return _chain(terms, disbursed_on, due_dates, usual)


def further_periods(
    terms: Terms, last: date, count: int, *, working_days: WorkingDays = EVERY_DAY
) -> tuple[Period, ...]:
    """So many more periods behind a date, in the rhythm of the terms. Raises ContradictoryTerms."""
    refuse_beyond_calendar(last)
    years = count * terms.frequency.part_of_year
    if years > YEARS_MAX:
        raise ContradictoryTerms("term_too_long", given=str(ceil(years)), limit=str(YEARS_MAX))
    usual = tuple(_step(last, terms.frequency, terms.due_dates, number) for number in range(1, count + 1))
    return _chain(terms, last, _on_working_days(terms, last, usual, working_days), usual)


def refuse_beyond_calendar(*days: date) -> None:
    """A loan's dates must leave room for its term. Raises ContradictoryTerms."""
    for day in days:
        if not EARLIEST_DAY <= day <= LATEST_DAY:
            limit = LATEST_DAY if day > LATEST_DAY else EARLIEST_DAY
            raise ContradictoryTerms("beyond_calendar", given=day.isoformat(), limit=limit.isoformat())


def moved_to_working_day(day: date, rule: NonWorkingDays, working_days: WorkingDays) -> date:
    """Where an instalment goes that would fall due on a day on which nobody works.

    >>> from core.calendar import WorkingDays
    >>> moved_to_working_day(date(2026, 1, 31), NonWorkingDays.SAME_MONTH, WorkingDays()).isoformat()
    '2026-01-30'
    """
    if rule is NonWorkingDays.KEEP or working_days.is_working(day):
        return day
    if rule is NonWorkingDays.PREVIOUS_WORKING_DAY:
        return working_days.on_or_before(day)
    following = working_days.on_or_after(day)
    if rule is NonWorkingDays.SAME_MONTH and following.month != day.month:
        return working_days.on_or_before(day)
    return following


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a month that is too short.

    Counted from the first day each time, so that a short month doesn't shorten the ones behind it.

    >>> [months_after(date(2026, 1, 31), months).isoformat() for months in (1, 2, 3)]
    ['2026-02-28', '2026-03-31', '2026-04-30']
    """
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    if day.day <= _DAYS_OF_EVERY_MONTH:
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_between(start: date, day: date) -> Fraction:
    """Whole months, and days over the length of the month that is running.

    >>> months_between(date(2026, 1, 31), date(2026, 3, 10))
    Fraction(41, 31)
    """
    whole = (day.year - start.year) * 12 + day.month - start.month
    if months_after(start, whole) > day:
        whole -= 1
    begins, ends = months_after(start, whole), months_after(start, whole + 1)
    return whole + Fraction((day - begins).days, (ends - begins).days)


def _refuse_unlike_instalments(terms: Terms, due_dates: Sequence[date], usual: Sequence[date]) -> None:
    """Days off may push daily instalments together, but not those of weeks onto one day."""
    if len(due_dates) != terms.instalments:
        raise ContradictoryTerms("due_dates_missing", given=str(len(due_dates)), limit=str(terms.instalments))
    if due_dates[0] == due_dates[-1] and usual[-1] - usual[0] > _DAYS_OFF_MAX:
        raise DatesOutOfOrder(first=due_dates[0], second=due_dates[-1])


def _rhythm(terms: Terms, disbursed_on: date, first_due_on: date | None) -> tuple[date, ...]:
    if first_due_on is None:
        numbers = range(1, terms.instalments + 1)
        return tuple(_step(disbursed_on, terms.frequency, terms.due_dates, number) for number in numbers)
    if first_due_on <= disbursed_on:
        raise DatesOutOfOrder(first=disbursed_on, second=first_due_on)
    numbers = range(terms.instalments)
    return tuple(_step(first_due_on, terms.frequency, terms.due_dates, number) for number in numbers)


def _step(start: date, frequency: Frequency, rule: DueDateRule, number: int) -> date:
    count = number * frequency.every
    if frequency.unit is PeriodUnit.DAYS:
        return start + timedelta(days=count)
    if frequency.unit is PeriodUnit.WEEKS:
        return start + timedelta(weeks=count)
    day = months_after(start, count)
    if rule.month_end is MonthEnd.LAST_DAY and start.day == monthrange(start.year, start.month)[1]:
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day


def _on_working_days(
    terms: Terms, start: date, usual: Iterable[date], working_days: WorkingDays
) -> tuple[date, ...]:
    """Moved as the terms say; what would move to the start or before it goes to the first day behind it."""
    rule = terms.due_dates.non_working_days
    if rule is NonWorkingDays.KEEP:
        return tuple(usual)
    moved = (moved_to_working_day(day, rule, working_days) for day in usual)
    after = start + timedelta(days=1)
    return tuple(day if day > start else working_days.on_or_after(after) for day in moved)


def _chain(terms: Terms, start: date, due_dates: Sequence[date], usual: Sequence[date]) -> tuple[Period, ...]:
    for earlier, later in pairwise((start, *due_dates)):
        if later < earlier:
            raise DatesOutOfOrder(first=earlier, second=later)
    in_rhythm = set(pairwise(usual))
    return tuple(
        Period(begins, due, is_moved=(begins, due) not in in_rhythm and due != _next(terms, begins))
        for begins, due in pairwise((start, *due_dates))
    )


def _next(terms: Terms, day: date) -> date:
    return _step(day, terms.frequency, terms.due_dates, 1)
