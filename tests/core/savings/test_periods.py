"""Do periods begin, end and get posted on the right days?"""

import itertools
from datetime import date

import pytest

from core.savings.interest_terms import Anchor, InterestTerms, Interval, PostingDay
from core.savings.periods import Period, boundaries, next_boundary, period_from, periods_until

LATE_JANUARY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("interval", "anchor", "after", "expected"),
    [
        (Interval.DAILY, Anchor.CALENDAR, date(2026, 2, 28), date(2026, 3, 1)),
        (Interval.WEEKLY, Anchor.CALENDAR, LATE_JANUARY, date(2026, 2, 7)),
        (Interval.WEEKLY, Anchor.ANNIVERSARY, date(2026, 2, 3), date(2026, 2, 7)),
        (Interval.MONTHLY, Anchor.CALENDAR, LATE_JANUARY, date(2026, 2, 1)),
        (Interval.MONTHLY, Anchor.CALENDAR, date(2026, 2, 1), date(2026, 3, 1)),
        (Interval.QUARTERLY, Anchor.CALENDAR, date(2026, 12, 9), date(2027, 1, 1)),
        (Interval.HALF_YEARLY, Anchor.CALENDAR, date(2026, 3, 9), date(2026, 7, 1)),
        (Interval.YEARLY, Anchor.CALENDAR, date(2026, 3, 9), date(2027, 1, 1)),
        (Interval.MONTHLY, Anchor.ANNIVERSARY, LATE_JANUARY, date(2026, 2, 28)),
        (Interval.MONTHLY, Anchor.ANNIVERSARY, date(2026, 2, 28), date(2026, 3, 31)),
        (Interval.QUARTERLY, Anchor.ANNIVERSARY, date(2026, 4, 29), date(2026, 4, 30)),
        (Interval.YEARLY, Anchor.ANNIVERSARY, date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_the_next_period_begins(interval: Interval, anchor: Anchor, after: date, expected: date) -> None:
    assert next_boundary(interval, anchor, opened_on=LATE_JANUARY, after=after) == expected


def test_a_maturity_has_no_boundaries_of_its_own() -> None:
    inside = boundaries(
        Interval.AT_MATURITY,
        Anchor.CALENDAR,
        opened_on=LATE_JANUARY,
        start=LATE_JANUARY,
        end=date(2027, 1, 1),
    )

    assert list(inside) == []
    with pytest.raises(AssertionError, match="no boundary"):
        next_boundary(Interval.AT_MATURITY, Anchor.CALENDAR, opened_on=LATE_JANUARY, after=LATE_JANUARY)


def test_periods_follow_each_other_without_a_gap() -> None:
    periods = list(periods_until(InterestTerms(), date(2026, 12, 31), opened_on=date(2026, 1, 9)))

    assert len(periods) == 12
    assert periods[0] == Period(date(2026, 1, 9), date(2026, 2, 1), date(2026, 2, 1))
    assert all(before.end == after.start for before, after in itertools.pairwise(periods))


def test_the_last_day_may_carry_the_posting() -> None:
    terms = InterestTerms(posting_day=PostingDay.LAST_DAY)

    period = period_from(terms, date(2026, 2, 1), opened_on=date(2026, 1, 1))

    assert period == Period(date(2026, 2, 1), date(2026, 3, 1), date(2026, 2, 28))


def test_extra_dates_and_the_maturity_end_a_period_early() -> None:
    opened, maturity, extra = date(2026, 1, 1), date(2026, 3, 15), date(2026, 1, 20)

    periods = periods_until(
        InterestTerms(), maturity, opened_on=opened, matures_on=maturity, extra=[extra, opened]
    )

    ends = [period.end for period in periods]
    assert ends == [extra, date(2026, 2, 1), date(2026, 3, 1), maturity]


def test_what_posts_at_maturity_needs_one() -> None:
    terms = InterestTerms(posting=Interval.AT_MATURITY)

    assert period_from(
        terms, date(2026, 1, 1), opened_on=date(2026, 1, 1), matures_on=date(2026, 7, 1)
    ) == Period(date(2026, 1, 1), date(2026, 7, 1), date(2026, 7, 1))
    with pytest.raises(AssertionError, match="no maturity"):
        period_from(terms, date(2026, 1, 1), opened_on=date(2026, 1, 1))
