"""What did a year earn? The worked figures of both weightings, and how each member's months add up to them."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ContradictorySavingsTerms
from core.money import Money
from core.savings.interest import Movement
from core.savings.withholding import USUAL_WITHHOLDING, Residence
from core.shares.dividend import (
    Capitalisation,
    DividendRules,
    MemberDividend,
    Payout,
    ShareTreatment,
    Weighting,
    YearOfBalance,
    member_dividend,
    payout_plan,
)

PAID_ON = date(2026, 4, 1)
# Opening deposits 200,000.00, 5,000.00 a month; shares 16,000.00 all year; 10.85 % and 17 %.
RULES = DividendRules(2025, share_percent=Fraction(17), deposit_percent=Fraction("10.85"))
DEPOSITS = YearOfBalance(
    20_000_000, tuple(Movement(date(2025, month, 10), 500_000) for month in range(1, 13))
)
SHARES = YearOfBalance(1_600_000, ())


def year_of(
    rules: DividendRules = RULES,
    deposits: YearOfBalance = DEPOSITS,
    shares: YearOfBalance = SHARES,
    residence: Residence = Residence.RESIDENT,
) -> MemberDividend:
    return member_dividend(
        rules,
        deposits=deposits,
        shares=shares,
        residence=residence,
        rates=USUAL_WITHHOLDING,
        paid_on=PAID_ON,
    )


@pytest.mark.parametrize(
    ("weighting", "interest", "tax", "net"),
    [
        (Weighting.FROM_NEXT_MONTH, "24,683.75", "1,370.19", "26,033.56"),
        (Weighting.FROM_SAME_MONTH, "25,226.25", "1,397.31", "26,548.94"),
    ],
)
def test_the_worked_example_of_each_weighting(
    weighting: Weighting, interest: str, tax: str, net: str
) -> None:
    made = year_of(replace(RULES, weighting=weighting))

    assert str(made.interest) == interest
    assert str(made.dividend) == "2,720.00"
    assert (str(made.tax), str(made.net)) == (tax, net)


def test_the_months_add_up_to_the_year() -> None:
    made = year_of(replace(RULES, deposit_percent=Fraction("7.77")))

    assert [row.weight for row in made.rows] == [12, *range(11, -1, -1), 0]
    assert sum(row.interest.minor for row in made.rows) == made.interest.minor
    assert sum(row.dividend.minor for row in made.rows) == made.dividend.minor
    assert sum(row.tax.minor for row in made.rows) == made.tax.minor
    assert sum(row.net.minor for row in made.rows) == made.net.minor
    assert made.rows[3].deposits == Money(500_000)


def test_what_is_taken_out_counts_against_with_its_month_s_weight() -> None:
    deposits = YearOfBalance(12_000_00, (Movement(date(2025, 6, 1), -6_000_00),))
    rules = replace(RULES, deposit_percent=Fraction(10))

    # 12,000 for six months and 6,000 for six, the month of taking still counting whole.
    assert str(year_of(rules, deposits).interest) == "900.00"


def test_shares_may_count_as_they_stand_at_the_year_s_end() -> None:
    shares = YearOfBalance(0, (Movement(date(2025, 12, 31), 1_000_000),))

    weighted = year_of(shares=shares)
    at_year_end = year_of(replace(RULES, share_treatment=ShareTreatment.YEAR_END), shares=shares)

    assert (str(weighted.dividend), str(at_year_end.dividend)) == ("0.00", "1,700.00")


def test_what_comes_after_the_last_day_counted_is_the_next_month_s() -> None:
    rules = replace(RULES, deposit_percent=Fraction(12), last_day_counted=15)
    in_time = YearOfBalance(0, (Movement(date(2025, 1, 15), 1_200_00),))
    late = YearOfBalance(0, (Movement(date(2025, 1, 16), 1_200_00), Movement(date(2025, 12, 20), 1_00)))

    assert str(year_of(rules, in_time).interest) == "132.00"
    assert str(year_of(rules, late).interest) == "120.00"
    assert year_of(rules, late).rows[13].deposits == Money(1_00)


def test_too_few_deposits_at_the_year_s_end_earn_no_interest() -> None:
    rules = replace(RULES, minimum_deposits=26_000_001)

    made = year_of(rules)

    assert (str(made.interest), str(made.dividend)) == ("0.00", "2,720.00")


@pytest.mark.parametrize(
    ("residence", "tax"), [(Residence.NON_RESIDENT, "4,110.56"), (Residence.EXEMPT, "0.00")]
)
def test_tax_is_withheld_by_residence_on_each_kind(residence: Residence, tax: str) -> None:
    assert str(year_of(residence=residence).tax) == tax


movements = st.lists(
    st.tuples(st.dates(date(2025, 1, 1), date(2025, 12, 31)), st.integers(0, 10**9)), max_size=12
)


@given(
    movements,
    st.integers(0, 10**9),
    st.sampled_from(Weighting),
    st.integers(0, 5000),
    st.integers(1, 31),
)
def test_rows_always_add_up_and_later_deposits_never_earn_more(
    moves: list[tuple[date, int]], opening: int, weighting: Weighting, basis_points: int, last_day: int
) -> None:
    rules = DividendRules(
        2025, Fraction(5), Fraction(basis_points, 100), weighting=weighting, last_day_counted=last_day
    )
    deposits = YearOfBalance(opening, tuple(Movement(on, change) for on, change in moves))

    made = year_of(rules, deposits)

    assert sum(row.interest.minor for row in made.rows) == made.interest.minor
    assert sum(row.tax.minor for row in made.rows) == made.tax.minor
    most = Fraction(deposits.closing * basis_points, 10_000)
    least = Fraction(opening * basis_points, 10_000)
    assert least - 1 <= made.interest.minor <= most + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"share_percent": Fraction(-1)},
        {"deposit_percent": Fraction(-1)},
        {"last_day_counted": 0},
        {"last_day_counted": 32},
    ],
)
def test_decisions_that_can_not_be_are_refused(wrong: dict[str, object]) -> None:
    right = {"year": 2025, "share_percent": Fraction(1), "deposit_percent": Fraction(1)}

    with pytest.raises(ContradictorySavingsTerms):
        DividendRules(**{**right, **wrong})  # type: ignore[arg-type] # each value fits its own field


@pytest.mark.parametrize(
    ("payout", "arrears", "expected"),
    [
        (Payout.SAVINGS, 0, (0, 0, 0, 1_234_56, 0)),
        (Payout.DEPOSITS, 0, (0, 0, 1_234_56, 0, 0)),
        (Payout.MPESA, 0, (0, 0, 0, 0, 1_234_56)),
        # Half of it buys six whole shares of 100.00.
        (Payout.SHARES, 0, (0, 600_00, 0, 634_56, 0)),
        (Payout.DEPOSITS, 200_00, (200_00, 0, 1_034_56, 0, 0)),
        (Payout.MPESA, 2_000_00, (1_234_56, 0, 0, 0, 0)),
        (Payout.SHARES, 1_000_00, (1_000_00, 0, 0, 234_56, 0)),
    ],
)
def test_arrears_come_first_and_then_the_member_s_choice(
    payout: Payout, arrears: int, expected: tuple[int, ...]
) -> None:
    plan = payout_plan(
        Money(1_234_56),
        payout,
        arrears=Money(arrears),
        share_price=Money(100_00),
        capitalise=Capitalisation(percent=50, least=500_00),
    )

    parts = (plan.arrears, plan.shares, plan.deposits, plan.savings, plan.mpesa)
    assert tuple(part.minor for part in parts) == expected
