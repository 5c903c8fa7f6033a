"""Which part of a year is a period by each convention? Every fraction is worked out by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.lending.day_count import nominal_part_of_year, part_of_year, part_until
from core.lending.periods import Period
from core.lending.terms import (
    ACTUAL_360,
    ACTUAL_365,
    ACTUAL_ACTUAL,
    DAILY,
    EQUAL_PERIODS,
    FORTNIGHTLY,
    MONTHLY,
    THIRTY_360,
    WEEKLY,
    DayCount,
    DueDateRule,
    Frequency,
    PartialPeriods,
    PeriodLength,
    Terms,
    YearLength,
)
from core.money import Money

_LAST_OF_2023 = Period(date(2023, 12, 10), date(2024, 1, 10), is_moved=False)
_FEBRUARY = Period(date(2024, 2, 10), date(2024, 3, 10), is_moved=False)
_JUNE = Period(date(2023, 6, 10), date(2023, 7, 10), is_moved=False)
_31_DECEMBER = DayCount(PeriodLength.ACTUAL_DAYS, YearLength.ACTUAL_FROM_31_DECEMBER)
_LEAP_DAY = DayCount(PeriodLength.ACTUAL_DAYS, YearLength.LEAP_DAY)
_364 = DayCount(PeriodLength.NOMINAL_DAYS, YearLength.DAYS_364)
_NOMINAL_ACTUAL = DayCount(PeriodLength.NOMINAL_DAYS, YearLength.ACTUAL)


def _terms(day_count: DayCount, frequency: Frequency = MONTHLY, rule: DueDateRule | None = None) -> Terms:
    plain = Terms(Money(100), Fraction(12, 100), 3, day_count=day_count, frequency=frequency)
    return plain if rule is None else replace(plain, due_dates=rule)


@pytest.mark.parametrize(
    ("day_count", "period", "part"),
    [
        (EQUAL_PERIODS, _FEBRUARY, Fraction(1, 12)),
        (THIRTY_360, _FEBRUARY, Fraction(30, 360)),
        (_364, _FEBRUARY, Fraction(30, 364)),
        (_NOMINAL_ACTUAL, _FEBRUARY, Fraction(30, 366)),
        (ACTUAL_365, _FEBRUARY, Fraction(29, 365)),
        (ACTUAL_360, _FEBRUARY, Fraction(29, 360)),
        (ACTUAL_ACTUAL, _FEBRUARY, Fraction(29, 366)),
        (ACTUAL_ACTUAL, _LAST_OF_2023, Fraction(22, 365) + Fraction(9, 366)),
        (_31_DECEMBER, _LAST_OF_2023, Fraction(21, 365) + Fraction(10, 366)),
        (_31_DECEMBER, _JUNE, Fraction(30, 365)),
        (_LEAP_DAY, _FEBRUARY, Fraction(29, 366)),
        (_LEAP_DAY, _LAST_OF_2023, Fraction(31, 365)),
    ],
)
def test_a_month_by_each_day_count(day_count: DayCount, period: Period, part: Fraction) -> None:
    assert part_of_year(_terms(day_count), period) == part


@pytest.mark.parametrize(
    ("day_count", "frequency", "part"),
    [
        (EQUAL_PERIODS, FORTNIGHTLY, Fraction(2, 52)),
        (EQUAL_PERIODS, DAILY, Fraction(1, 365)),
        (THIRTY_360, WEEKLY, Fraction(7, 360)),
        (ACTUAL_365, MONTHLY, Fraction(30, 365)),
        (ACTUAL_ACTUAL, MONTHLY, Fraction(30, 365)),
    ],
)
def test_a_period_of_nominal_length(day_count: DayCount, frequency: Frequency, part: Fraction) -> None:
    assert nominal_part_of_year(day_count, frequency) == part


@pytest.mark.parametrize("day_count", [EQUAL_PERIODS, THIRTY_360, ACTUAL_365])
def test_a_period_without_days_costs_nothing(day_count: DayCount) -> None:
    none = Period(date(2026, 1, 1), date(2026, 1, 1), is_moved=True)

    assert part_of_year(_terms(day_count), none) == 0


_LONG = Period(date(2026, 1, 10), date(2026, 2, 25), is_moved=True)


@pytest.mark.parametrize(
    ("rule", "is_first", "share"),
    [
        (PartialPeriods.UNCHANGED, True, Fraction(1)),
        (PartialPeriods.FIRST_BY_DAYS, True, Fraction(46, 31)),
        (PartialPeriods.FIRST_BY_DAYS, False, Fraction(1)),
        (PartialPeriods.BY_LENGTH, False, 1 + Fraction(15, 28)),
    ],
)
def test_a_long_month_costs_what_the_rule_for_partial_periods_says(
    *, rule: PartialPeriods, is_first: bool, share: Fraction
) -> None:
    terms = _terms(EQUAL_PERIODS, rule=DueDateRule(partial_periods=rule))

    assert part_of_year(terms, _LONG, is_first=is_first) == share / 12


def test_weeks_and_days_are_partial_by_their_days() -> None:
    rule = DueDateRule(partial_periods=PartialPeriods.BY_LENGTH)
    first = DueDateRule(partial_periods=PartialPeriods.FIRST_BY_DAYS)
    nine_days = Period(date(2026, 1, 1), date(2026, 1, 10), is_moved=True)

    assert part_of_year(_terms(EQUAL_PERIODS, WEEKLY, rule), nine_days) == Fraction(9, 7 * 52)
    assert part_of_year(_terms(EQUAL_PERIODS, FORTNIGHTLY, first), nine_days, is_first=True) == Fraction(
        9 * 2, 14 * 52
    )


def test_a_month_of_the_usual_rhythm_is_whole_even_where_a_short_month_clamped_it() -> None:
    rule = DueDateRule(partial_periods=PartialPeriods.BY_LENGTH)
    clamped = Period(date(2026, 2, 28), date(2026, 3, 31), is_moved=False)

    assert part_of_year(_terms(EQUAL_PERIODS, rule=rule), clamped) == Fraction(1, 12)


@pytest.mark.parametrize(
    ("day_count", "until", "part"),
    [
        (EQUAL_PERIODS, date(2024, 2, 10), Fraction(0)),
        (EQUAL_PERIODS, date(2024, 2, 1), Fraction(0)),
        (EQUAL_PERIODS, date(2024, 2, 20), Fraction(10, 29) / 12),
        (EQUAL_PERIODS, date(2024, 3, 10), Fraction(1, 12)),
        (EQUAL_PERIODS, date(2024, 4, 10), Fraction(1, 12)),
        (ACTUAL_365, date(2024, 2, 20), Fraction(10, 365)),
        (ACTUAL_ACTUAL, date(2024, 2, 20), Fraction(10, 366)),
        (_LEAP_DAY, date(2024, 2, 20), Fraction(10, 366)),
    ],
)
def test_the_beginning_of_a_period_has_its_share(day_count: DayCount, until: date, part: Fraction) -> None:
    assert part_until(_terms(day_count), _FEBRUARY, until) == part
