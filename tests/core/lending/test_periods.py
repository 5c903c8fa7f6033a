"""Do due dates follow the rhythm, the calendar, and dates that were agreed?"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from core.calendar import kenyan_working_days
from core.errors import ContradictoryTerms, DatesOutOfOrder
from core.lending.periods import EARLIEST_DAY, LATEST_DAY, further_periods, periods_of
from core.lending.terms import (
    DAILY,
    FORTNIGHTLY,
    MONTHLY,
    WEEKLY,
    DueDateRule,
    Frequency,
    MonthEnd,
    NonWorkingDays,
    PeriodUnit,
    Terms,
)
from core.money import Money

_MONTHLY = Terms(Money(100_000), Fraction(12, 100), 3)
_ONE_DAY = timedelta(days=1)
_KENYA = kenyan_working_days()


def _due(terms: Terms, start: str, *, first: str | None = None) -> list[str]:
    periods = periods_of(
        terms,
        date.fromisoformat(start),
        first_due_on=date.fromisoformat(first) if first else None,
        working_days=_KENYA,
    )
    return [period.due_on.isoformat() for period in periods]


@pytest.mark.parametrize(
    ("frequency", "due"),
    [
        (DAILY, ["2026-01-31", "2026-02-01", "2026-02-02"]),
        (WEEKLY, ["2026-02-06", "2026-02-13", "2026-02-20"]),
        (FORTNIGHTLY, ["2026-02-13", "2026-02-27", "2026-03-13"]),
        (Frequency(10, PeriodUnit.DAYS), ["2026-02-09", "2026-02-19", "2026-03-01"]),
        (MONTHLY, ["2026-02-28", "2026-03-30", "2026-04-30"]),
        (Frequency(3, PeriodUnit.MONTHS), ["2026-04-30", "2026-07-30", "2026-10-30"]),
    ],
)
def test_due_dates_follow_the_frequency(frequency: Frequency, due: list[str]) -> None:
    assert _due(replace(_MONTHLY, frequency=frequency), "2026-01-30") == due


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        (MonthEnd.SAME_DAY, "2026-02-28", ["2026-03-28", "2026-04-28", "2026-05-28"]),
        (MonthEnd.LAST_DAY, "2026-02-28", ["2026-03-31", "2026-04-30", "2026-05-31"]),
        (MonthEnd.LAST_DAY, "2026-02-27", ["2026-03-27", "2026-04-27", "2026-05-27"]),
    ],
)
def test_a_loan_of_the_last_day_keeps_to_last_days_where_the_rule_says_so(
    rule: MonthEnd, start: str, due: list[str]
) -> None:
    assert _due(replace(_MONTHLY, due_dates=DueDateRule(month_end=rule)), start) == due


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        (NonWorkingDays.KEEP, ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        (NonWorkingDays.NEXT_WORKING_DAY, ["2026-03-02", "2026-03-31", "2026-04-30", "2026-06-02"]),
        (NonWorkingDays.PREVIOUS_WORKING_DAY, ["2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29"]),
        (NonWorkingDays.SAME_MONTH, ["2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29"]),
    ],
)
def test_weekends_and_holidays_move_due_dates_as_the_rule_says(rule: NonWorkingDays, due: list[str]) -> None:
    """28 February and 31 May 2026 are weekends; 1 June is Madaraka Day."""
    terms = replace(_MONTHLY, instalments=4, due_dates=DueDateRule(non_working_days=rule))

    assert _due(terms, "2026-01-31") == due


def test_same_month_goes_forward_where_that_is_in_the_month() -> None:
    rule = DueDateRule(non_working_days=NonWorkingDays.SAME_MONTH)

    assert _due(replace(_MONTHLY, instalments=1, due_dates=rule), "2026-01-14") == ["2026-02-16"]


def test_a_moved_date_moves_none_behind_it() -> None:
    rule = DueDateRule(non_working_days=NonWorkingDays.NEXT_WORKING_DAY)

    assert _due(replace(_MONTHLY, due_dates=rule), "2026-02-01") == ["2026-03-02", "2026-04-01", "2026-05-04"]


def test_a_date_is_never_moved_to_the_pay_out_or_before_it() -> None:
    """Daily from a Saturday: Sunday's instalment can't be due on Friday."""
    rule = DueDateRule(non_working_days=NonWorkingDays.PREVIOUS_WORKING_DAY)
    terms = replace(_MONTHLY, frequency=DAILY, due_dates=rule)

    assert _due(terms, "2026-11-21") == ["2026-11-23", "2026-11-23", "2026-11-24"]


def test_the_first_due_date_sets_the_rhythm() -> None:
    assert _due(_MONTHLY, "2026-01-10", first="2026-02-25") == ["2026-02-25", "2026-03-25", "2026-04-25"]


def test_only_periods_out_of_the_rhythm_count_as_moved() -> None:
    clamped = periods_of(_MONTHLY, date(2026, 1, 31))
    late_first = periods_of(_MONTHLY, date(2026, 1, 10), first_due_on=date(2026, 2, 25))
    given = [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 29)]

    assert [period.is_moved for period in clamped] == [False, False, False]
    assert [period.is_moved for period in late_first] == [True, False, False]
    assert [period.is_moved for period in periods_of(_MONTHLY, date(2026, 1, 31), due_dates=given)] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("first", ["2026-01-10", "2026-01-09"])
def test_a_first_due_date_not_after_the_pay_out_is_refused(first: str) -> None:
    with pytest.raises(DatesOutOfOrder) as refused:
        _due(_MONTHLY, "2026-01-10", first=first)

    assert refused.value.second == date.fromisoformat(first)


def test_given_dates_out_of_order_are_refused() -> None:
    given = [date(2026, 2, 28), date(2026, 2, 27), date(2026, 4, 30)]

    with pytest.raises(DatesOutOfOrder) as refused:
        periods_of(_MONTHLY, date(2026, 1, 31), due_dates=given)

    assert (refused.value.first, refused.value.second) == (date(2026, 2, 28), date(2026, 2, 27))


def test_given_dates_may_be_pushed_together_but_not_weeks_of_them_onto_one_day() -> None:
    one_day = date(2026, 2, 28)
    over_a_weekend = replace(_MONTHLY, frequency=DAILY)

    [_, second, _] = periods_of(_MONTHLY, date(2026, 1, 31), due_dates=[one_day, one_day, date(2026, 3, 31)])
    [single] = periods_of(replace(_MONTHLY, instalments=1), one_day, due_dates=[one_day])

    assert (second.days, single.days) == (0, 0)
    assert len(periods_of(over_a_weekend, date(2026, 2, 25), due_dates=[one_day] * 3)) == 3
    with pytest.raises(DatesOutOfOrder):
        periods_of(_MONTHLY, date(2026, 1, 31), due_dates=[one_day] * 3)


@pytest.mark.parametrize("frequency", [DAILY, WEEKLY, MONTHLY, Frequency(100 * 12, PeriodUnit.MONTHS)])
def test_the_longest_terms_end_within_the_calendar(frequency: Frequency) -> None:
    most = int(100 / frequency.part_of_year)
    terms = replace(_MONTHLY, frequency=frequency, instalments=most)

    assert len(periods_of(terms, LATEST_DAY)) == len(periods_of(terms, EARLIEST_DAY)) == most
    assert len(further_periods(terms, LATEST_DAY, most)) == most


@pytest.mark.parametrize("day", [date.min, EARLIEST_DAY - _ONE_DAY, LATEST_DAY + _ONE_DAY, date.max])
def test_a_day_that_leaves_no_room_for_a_term_is_refused(day: date) -> None:
    with pytest.raises(ContradictoryTerms) as refused:
        periods_of(_MONTHLY, day)
    with pytest.raises(ContradictoryTerms):
        further_periods(_MONTHLY, day, 1)

    assert (refused.value.contradiction, refused.value.given) == ("beyond_calendar", day.isoformat())


def test_further_periods_for_more_than_a_century_are_refused() -> None:
    with pytest.raises(ContradictoryTerms, match="term_too_long"):
        further_periods(_MONTHLY, date(2026, 1, 31), 1201)


def test_given_dates_before_the_pay_out_are_refused() -> None:
    with pytest.raises(DatesOutOfOrder):
        periods_of(_MONTHLY, date(2026, 1, 31), due_dates=[date(2026, 1, 30)] * 3)


def test_there_is_one_given_date_for_each_instalment() -> None:
    with pytest.raises(ContradictoryTerms) as refused:
        periods_of(_MONTHLY, date(2026, 1, 31), due_dates=[date(2026, 2, 28)])

    assert vars(refused.value) == {"contradiction": "due_dates_missing", "given": "1", "limit": "3"}


def test_further_periods_follow_in_the_rhythm() -> None:
    further = further_periods(_MONTHLY, date(2026, 1, 31), 2)

    assert [(period.starts_on, period.due_on) for period in further] == [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2026, 3, 31)),
    ]
