"""Which part of a year is a period? Day counts, and what dates that were moved do to equal periods. Exact."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from core.lending.periods import Period, months_after, months_between
from core.lending.terms import (
    DayCount,
    Frequency,
    PartialPeriods,
    PeriodLength,
    PeriodUnit,
    Terms,
    YearLength,
)

_NOMINAL_DAYS = {PeriodUnit.DAYS: 1, PeriodUnit.WEEKS: 7, PeriodUnit.MONTHS: 30}
_FIXED_YEARS = {YearLength.DAYS_360: 360, YearLength.DAYS_364: 364, YearLength.DAYS_365: 365}
_NOTHING = Fraction(0)
_WHOLE = Fraction(1)


def nominal_part_of_year(day_count: DayCount, frequency: Frequency) -> Fraction:
    """A period of nominal length: a rate step, or 30 days to the month; a year of changing length counts 365."""
    if day_count.period is PeriodLength.EQUAL_PERIODS:
        return frequency.part_of_year
    return Fraction(_nominal_days(frequency), _FIXED_YEARS.get(day_count.year, 365))


def part_of_year(terms: Terms, period: Period, *, is_first: bool = False) -> Fraction:
    """The part of a year one period costs interest for; a period without days costs nothing."""
    if not period.days:
        return _NOTHING
    if terms.day_count.period is PeriodLength.ACTUAL_DAYS:
        return actual_part_of_year(terms.day_count.year, period.starts_on, period.due_on)
    usual = _usual_part(terms, period)
    return usual * _share_of_usual_length(terms, period, is_first=is_first)


def part_until(terms: Terms, period: Period, until: date, *, is_first: bool = False) -> Fraction:
    """The same for the beginning of a period, up to a day inside it.

    By the calendar where days count, else the period's part in proportion to its days.
    """
    if not period.starts_on < until:
        return _NOTHING
    if until >= period.due_on:
        return part_of_year(terms, period, is_first=is_first)
    if terms.day_count.period is PeriodLength.ACTUAL_DAYS and terms.day_count.year is not YearLength.LEAP_DAY:
        return actual_part_of_year(terms.day_count.year, period.starts_on, until)
    share = Fraction((until - period.starts_on).days, period.days)
    return part_of_year(terms, period, is_first=is_first) * share


def actual_part_of_year(year: YearLength, start: date, end: date) -> Fraction:
    """The days from date to date over the length of the year or years they fall in.

    >>> actual_part_of_year(YearLength.ACTUAL_FROM_31_DECEMBER, date(2024, 12, 1), date(2025, 1, 1))
    Fraction(1886, 22265)
    """
    fixed = _FIXED_YEARS.get(year)
    if fixed is not None:
        return Fraction((end - start).days, fixed)
    if year is YearLength.LEAP_DAY:
        return Fraction((end - start).days, 366 if _holds_leap_day(start, end) else 365)
    parts = (Fraction(days, _days_in(of)) for of, days in _days_by_year(year, start, end))
    return sum(parts, start=_NOTHING)


def _usual_part(terms: Terms, period: Period) -> Fraction:
    if terms.day_count.period is PeriodLength.EQUAL_PERIODS:
        return terms.frequency.part_of_year
    year = _FIXED_YEARS.get(terms.day_count.year) or _days_in(period.starts_on.year)
    return Fraction(_nominal_days(terms.frequency), year)


def _share_of_usual_length(terms: Terms, period: Period, *, is_first: bool) -> Fraction:
    rule = terms.due_dates.partial_periods if period.is_moved else PartialPeriods.UNCHANGED
    if rule is PartialPeriods.BY_LENGTH:
        return _length(period, terms.frequency.unit) / terms.frequency.every
    if rule is PartialPeriods.FIRST_BY_DAYS and is_first:
        return Fraction(period.days, _usual_days(terms, period))
    return _WHOLE


def _length(period: Period, unit: PeriodUnit) -> Fraction:
    """In units of the frequency."""
    if unit is PeriodUnit.MONTHS:
        return months_between(period.starts_on, period.due_on)
    return Fraction(period.days, _NOMINAL_DAYS[unit])


def _usual_days(terms: Terms, period: Period) -> int:
    """The days of the first period had it its usual length."""
    if terms.frequency.unit is PeriodUnit.MONTHS:
        return (months_after(period.starts_on, terms.frequency.every) - period.starts_on).days
    return _nominal_days(terms.frequency)


def _nominal_days(frequency: Frequency) -> int:
    return frequency.every * _NOMINAL_DAYS[frequency.unit]


def _days_by_year(year: YearLength, start: date, end: date) -> Iterator[tuple[int, int]]:
    """Each calendar year and how many of the days belong to it."""
    begins = start
    for each in range(start.year, end.year + 1):
        turn = date(each, 12, 31) if year is YearLength.ACTUAL_FROM_31_DECEMBER else date(each + 1, 1, 1)
        ends = end if each == end.year else turn
        yield each, (ends - begins).days
        begins = ends


def _days_in(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _holds_leap_day(start: date, end: date) -> bool:
    leap_years = (year for year in range(start.year, end.year + 1) if isleap(year))
    return any(start < date(year, 2, 29) <= end for year in leap_years)
