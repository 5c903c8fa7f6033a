"""When do instalments fall due? The periods of a loan from its frequency, first date, or dates given from outside."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core.calendar import EVERY_DAY, WorkingDays
from core.errors import ContradictoryTerms, DatesOutOfOrder
from core.lending.terms import DueDateRule, Frequency, MonthEnd, NonWorkingDays, PeriodUnit, Terms


@dataclass(frozen=True, slots=True)
class Period:
    """The time one instalment covers: after `starts_on` up to and with `due_on`."""

    starts_on: date
    due_on: date
    usual_due_on: date
    """The due date before weekends and holidays moved it."""

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
    Raises DatesOutOfOrder, and ContradictoryTerms where there is not one date for each instalment.
    """
    if due_dates is not None:
        usual = tuple(due_dates)
        if len(usual) != terms.instalments:
            raise ContradictoryTerms("due_dates_missing", given=str(len(usual)), limit=str(terms.instalments))
        return _chain(disbursed_on, usual, usual)
    usual = _rhythm(terms, disbursed_on, first_due_on)
    moved = (moved_to_working_day(day, terms.due_dates.non_working_days, working_days) for day in usual)
    return _chain(disbursed_on, _not_before(disbursed_on, moved, working_days), usual)


def further_periods(
    terms: Terms, last: date, count: int, *, working_days: WorkingDays = EVERY_DAY
) -> tuple[Period, ...]:
    """So many more periods behind a date, in the rhythm of the terms."""
    usual = tuple(_step(last, terms.frequency, terms.due_dates, number) for number in range(1, count + 1))
    moved = (moved_to_working_day(day, terms.due_dates.non_working_days, working_days) for day in usual)
    return _chain(last, _not_before(last, moved, working_days), usual)


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
    return date(year, month, min(day.day, monthrange(year, month)[1]))


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


def _not_before(start: date, moved: Iterable[date], working_days: WorkingDays) -> tuple[date, ...]:
    """A due date that was moved back to or before the start goes to the first working day behind it instead."""
    after = start + timedelta(days=1)
    return tuple(day if day > start else working_days.on_or_after(after) for day in moved)


def _chain(start: date, due_dates: Sequence[date], usual: Sequence[date]) -> tuple[Period, ...]:
    for earlier, later in pairwise((start, *due_dates)):
        if later < earlier:
            raise DatesOutOfOrder(first=earlier, second=later)
    starts = (start, *due_dates[:-1])
    return tuple(Period(*dates) for dates in zip(starts, due_dates, usual, strict=True))
