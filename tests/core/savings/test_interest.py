"""What do balances earn under each convention? Figures that can be followed on paper."""

from datetime import date
from fractions import Fraction

import pytest

from core.errors import ContradictorySavingsTerms
from core.savings.dated import DatedPercent, PercentHistory
from core.savings.interest import (
    Earned,
    Movement,
    average_balance,
    earned,
    interest_postings,
    minimum_balance,
    rounded,
    year_fraction,
)
from core.savings.interest_terms import (
    Anchor,
    DayCount,
    InterestBasis,
    InterestTerms,
    Interval,
    PostingDay,
    Rates,
    Rounding,
)
from core.savings.periods import Period, periods_until

JAN_1, FEB_1, MAR_1 = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
JANUARY = Period(JAN_1, FEB_1, FEB_1)
TEN = Rates.fixed("10")


def of_january(
    terms: InterestTerms,
    *moves: tuple[int, int],
    opening: int = 0,
    rates: Rates = TEN,
    opened_on: date = date(2025, 1, 1),
) -> Earned:
    movements = [Movement(date(2026, 1, day), change) for day, change in moves]
    return earned(terms, rates, opening=opening, movements=movements, period=JANUARY, opened_on=opened_on)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        # 1,000 for ten days, 400 for ten, 900 for eleven.
        (InterestBasis.DAILY_BALANCE, Fraction(1000 * 10 + 400 * 10 + 900 * 11, 3650)),
        (InterestBasis.AVERAGE_BALANCE, Fraction(1000 * 10 + 400 * 10 + 900 * 11, 3650)),
        (InterestBasis.MINIMUM_BALANCE, Fraction(400 * 31, 3650)),
        (InterestBasis.MINIMUM_AFTER_FIRST_DAY, Fraction(400 * 31, 3650)),
    ],
)
def test_the_basis_decides_which_balance_earns(basis: InterestBasis, expected: Fraction) -> None:
    made = of_january(InterestTerms(basis=basis), (11, -600), (21, 500), opening=1000)

    assert made == Earned(expected, Fraction(0))


def test_a_low_within_a_day_counts_for_the_minimum_and_not_for_the_day() -> None:
    moves = ((11, -900), (11, 900))

    lowest = of_january(InterestTerms(basis=InterestBasis.MINIMUM_BALANCE), *moves, opening=1000)
    daily = of_january(InterestTerms(), *moves, opening=1000)

    assert lowest.interest == Fraction(100 * 31, 3650)
    assert daily.interest == Fraction(1000 * 31, 3650)


def test_the_first_day_s_movements_may_count_as_brought_in() -> None:
    moves = ((1, 500), (1, -200))

    brought = of_january(InterestTerms(basis=InterestBasis.MINIMUM_BALANCE), *moves, opening=1000)
    first = of_january(InterestTerms(basis=InterestBasis.MINIMUM_AFTER_FIRST_DAY), *moves, opening=1000)

    assert (brought.interest, first.interest) == (Fraction(1000 * 31, 3650), Fraction(1300 * 31, 3650))


def test_the_nothing_before_an_account_s_first_day_is_no_minimum() -> None:
    terms = InterestTerms(basis=InterestBasis.MINIMUM_BALANCE)

    made = of_january(terms, (1, 700), (9, -100), opened_on=JAN_1)

    assert made.interest == Fraction(600 * 31, 3650)


def test_daily_compounding_lets_interest_earn_at_once() -> None:
    made = of_january(InterestTerms(compounding=Interval.DAILY), opening=1000)

    assert made.interest == 1000 * (1 + Fraction(10, 36500)) ** 31 - 1000


def test_monthly_compounding_within_a_quarter_lets_each_month_s_interest_earn() -> None:
    quarter = Period(JAN_1, date(2026, 4, 1), date(2026, 4, 1))
    terms = InterestTerms(
        compounding=Interval.MONTHLY, posting=Interval.QUARTERLY, day_count=DayCount.THIRTY_360
    )

    made = earned(terms, Rates.fixed("12"), opening=1_000_000, movements=[], period=quarter, opened_on=JAN_1)

    assert made.interest == 30_301


def test_half_years_that_compound_give_the_square() -> None:
    terms = InterestTerms(
        compounding=Interval.HALF_YEARLY,
        posting=Interval.AT_MATURITY,
        anchor=Anchor.ANNIVERSARY,
        day_count=DayCount.THIRTY_360,
    )
    began, ends = date(2025, 8, 31), date(2026, 8, 31)

    made = earned(
        terms,
        TEN,
        opening=0,
        movements=[Movement(began, 10_000)],
        period=Period(began, ends, ends),
        opened_on=began,
    )

    assert made.interest == 10_000 * Fraction(105, 100) ** 2 - 10_000


def test_days_below_zero_earn_nothing_and_are_charged() -> None:
    rates = Rates.fixed("10", overdraft="20")

    made = of_january(InterestTerms(), (11, 3000), opening=-1000, rates=rates)

    assert made == Earned(Fraction(2000 * 21, 3650), Fraction(1000 * 10 * 2, 3650))


@pytest.mark.parametrize("basis", list(InterestBasis))
def test_no_basis_gives_interest_to_an_overdrawn_account(basis: InterestBasis) -> None:
    made = of_january(InterestTerms(basis=basis), opening=-1000, rates=Rates.fixed("10", "20"))

    assert made == Earned(Fraction(0), Fraction(1000 * 31 * 2, 3650))


def test_too_little_to_earn_earns_nothing() -> None:
    daily = of_january(InterestTerms(minimum_to_earn=1000), (11, 1), opening=999)
    average = InterestTerms(basis=InterestBasis.AVERAGE_BALANCE, minimum_to_earn=1000)

    assert daily.interest == Fraction(1000 * 21, 3650)
    assert of_january(average, opening=999).interest == 0
    assert of_january(average, opening=1000).interest == Fraction(1000 * 31, 3650)


@pytest.mark.parametrize("basis", list(InterestBasis))
def test_a_rate_may_change_within_a_period(basis: InterestBasis) -> None:
    history = PercentHistory.of(
        [DatedPercent(date(2026, 1, 11), Fraction(20)), DatedPercent(date(2025, 1, 1), Fraction(10))]
    )

    made = of_january(InterestTerms(basis=basis), opening=1000, rates=Rates(history))

    assert made.interest == Fraction(1000 * 10 + 2000 * 21, 3650)


@pytest.mark.parametrize(
    ("day_count", "start", "end", "expected"),
    [
        (DayCount.ACTUAL_365, date(2028, 2, 1), date(2028, 3, 1), Fraction(29, 365)),
        (DayCount.ACTUAL_360, date(2028, 2, 1), date(2028, 3, 1), Fraction(29, 360)),
        (DayCount.ACTUAL_ACTUAL, date(2028, 2, 1), date(2028, 3, 1), Fraction(29, 366)),
        (
            DayCount.ACTUAL_ACTUAL,
            date(2027, 12, 31),
            date(2028, 1, 2),
            Fraction(1, 365) + Fraction(1, 366),
        ),
        (DayCount.THIRTY_360, date(2026, 1, 1), date(2026, 2, 1), Fraction(1, 12)),
        (DayCount.THIRTY_360, date(2026, 2, 28), date(2026, 8, 31), Fraction(1, 2)),
    ],
)
def test_days_are_a_part_of_a_year(day_count: DayCount, start: date, end: date, expected: Fraction) -> None:
    assert year_fraction(day_count, start, end) == expected


def test_a_leap_year_is_told_apart_within_one_period() -> None:
    winter = Period(date(2027, 12, 1), date(2028, 2, 1), date(2028, 2, 1))
    terms = InterestTerms(day_count=DayCount.ACTUAL_ACTUAL, compounding=Interval.DAILY)

    made = earned(terms, TEN, opening=1000, movements=[], period=winter, opened_on=date(2027, 1, 1))

    growth = (1 + Fraction(1, 3650)) ** 31 * (1 + Fraction(1, 3660)) ** 31
    assert made.interest == 1000 * growth - 1000


def test_halves_are_rounded_as_the_terms_say() -> None:
    assert [rounded(Fraction(n, 2), Rounding.HALF_UP) for n in (1, 3, -1, -3)] == [1, 2, -1, -2]
    assert [rounded(Fraction(n, 2), Rounding.HALF_EVEN) for n in (1, 3, 5)] == [0, 2, 2]


@pytest.mark.parametrize(
    ("day", "dates"),
    [
        (PostingDay.FIRST_DAY_AFTER, [FEB_1, MAR_1]),
        (PostingDay.LAST_DAY, [date(2026, 1, 31), date(2026, 2, 28)]),
    ],
)
def test_a_posting_earns_from_the_next_period_on_whatever_date_it_carries(
    day: PostingDay, dates: list[date]
) -> None:
    terms = InterestTerms(posting_day=day)
    periods = periods_until(terms, MAR_1, opened_on=JAN_1)

    made = list(
        interest_postings(
            terms,
            Rates.fixed("36.5"),
            movements=[Movement(JAN_1, 100_000)],
            periods=periods,
            opened_on=JAN_1,
        )
    )

    assert [posting.period.posted_on for posting in made] == dates
    assert [posting.interest for posting in made] == [3100, 2887]


def test_the_mean_of_a_quarter_with_weekly_deposits() -> None:
    # mifos/head, AverageBalanceCalculationStrategyTest, SECDEP: 1,902.2 to one decimal.
    deposits = [(4, 1, 210), *((4, day, 200) for day in (5, 12, 19, 26))]
    deposits += [(5, day, 200) for day in (3, 10, 17, 24, 31)]
    deposits += [(6, day, 200) for day in (7, 14, 21)] + [(6, 28, 5200)]
    movements = [Movement(date(2010, month, day), change) for month, day, change in deposits]

    mean = average_balance(17_430, movements, date(2010, 4, 1), date(2010, 6, 30))

    assert rounded(mean, Rounding.HALF_UP) == 19_022


def test_nothing_brought_in_and_nothing_moved_is_a_minimum_of_nothing() -> None:
    assert minimum_balance(None, []) == 0


@pytest.mark.parametrize(
    "terms",
    [
        {"minimum_to_earn": -1},
        {"compounding": Interval.DAILY, "day_count": DayCount.THIRTY_360},
        {"basis": InterestBasis.AVERAGE_BALANCE, "compounding": Interval.MONTHLY},
    ],
)
def test_terms_that_contradict_are_refused(terms: dict[str, object]) -> None:
    with pytest.raises(ContradictorySavingsTerms):
        InterestTerms(**terms)  # type: ignore[arg-type] # each value fits its own field


def test_a_rate_of_a_day_is_the_latest_that_began() -> None:
    history = PercentHistory.of(
        [
            DatedPercent(FEB_1, Fraction(2)),
            DatedPercent(JAN_1, Fraction(9)),
            DatedPercent(JAN_1, Fraction(1)),
        ]
    )

    assert [history.on(day) for day in (date(2025, 12, 31), JAN_1, FEB_1, MAR_1)] == [0, 1, 2, 2]
    assert history.changes_between(JAN_1, FEB_1) == ()
    assert history.changes_between(JAN_1, MAR_1) == (FEB_1,)
