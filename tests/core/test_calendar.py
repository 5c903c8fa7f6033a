from datetime import date

import pytest

from core.calendar import (
    EVERY_DAY,
    KENYAN_HOLIDAYS,
    SUNDAY,
    Holiday,
    WorkingDays,
    kenyan_working_days,
    observed,
)

_KENYA = kenyan_working_days()


def test_weekends_and_holidays_are_no_working_days() -> None:
    assert not _KENYA.is_working(date(2026, 11, 21))
    assert not _KENYA.is_working(date(2026, 10, 20))
    assert _KENYA.is_working(date(2026, 11, 20))


def test_a_working_day_is_its_own_next_and_last_one() -> None:
    day = date(2026, 11, 20)

    assert _KENYA.on_or_after(day) == day
    assert _KENYA.on_or_before(day) == day


def test_christmas_and_the_weekend_behind_it_are_passed_over_both_ways() -> None:
    assert _KENYA.on_or_after(date(2026, 12, 25)) == date(2026, 12, 28)
    assert _KENYA.on_or_before(date(2026, 12, 27)) == date(2026, 12, 24)


def test_a_sunday_holiday_moves_to_monday() -> None:
    """12 December 2027 and 10 October 2027 are Sundays."""
    assert not _KENYA.is_working(date(2027, 12, 13))
    assert not _KENYA.is_working(date(2027, 10, 11))


def test_a_sunday_holiday_moves_past_the_holiday_behind_it() -> None:
    christmas = [Holiday(date(2022, 12, 25), "Christmas Day"), Holiday(date(2022, 12, 26), "Boxing Day")]

    assert observed(christmas) == [date(2022, 12, 26), date(2022, 12, 27)]


def test_a_declared_holiday_is_added_to_those_of_the_law() -> None:
    declared = Holiday(date(2027, 3, 10), "Idd-ul-Fitr")

    assert not kenyan_working_days(gazetted=[declared]).is_working(declared.on)
    assert _KENYA.is_working(declared.on)


def test_no_observed_holiday_is_a_sunday_and_each_year_has_its_ten() -> None:
    days = observed(KENYAN_HOLIDAYS)

    assert all(day.weekday() != SUNDAY for day in days)
    assert all(sum(day.year == year for day in days) >= 10 for year in (2026, 2027))


def test_every_day_is_every_day() -> None:
    assert EVERY_DAY.is_working(date(2026, 12, 25))


def test_a_week_without_a_working_day_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="working day"):
        WorkingDays(weekend=frozenset(range(7)))
