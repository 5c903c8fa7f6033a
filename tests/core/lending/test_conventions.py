"""What does each term do to a schedule? Small loans whose figures anyone can check with a pencil."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.errors import ContradictoryTerms
from core.lending.model import Instalment, InstalmentKind
from core.lending.periods import Period, periods_of
from core.lending.rounding_terms import InstalmentBasis, PrincipalRounding, Remainder, Rounding
from core.lending.schedule import rate_factor_until, schedule, spread_of
from core.lending.spread import equal_instalment, lay_out
from core.lending.terms import (
    ACTUAL_365,
    Amortisation,
    DueDateRule,
    Grace,
    InterestMethod,
    PartialPeriods,
    Terms,
)
from core.money import Money

_START = date(2026, 1, 10)
_PLAIN = Terms(Money.parse("1,000"), Fraction(12, 100), 4)
_EQUAL_PRINCIPAL = replace(_PLAIN, amortisation=Amortisation.EQUAL_PRINCIPAL)
_FLAT = replace(_PLAIN, method=InterestMethod.FLAT)


def _parts(rows: tuple[Instalment, ...]) -> list[tuple[str, str]]:
    return [(row.principal.plain(), row.interest.plain()) for row in rows]


def test_equal_principal_has_less_interest_every_month() -> None:
    assert _parts(schedule(_EQUAL_PRINCIPAL, _START)) == [
        ("250.00", "10.00"),
        ("250.00", "7.50"),
        ("250.00", "5.00"),
        ("250.00", "2.50"),
    ]


def test_120_000_in_equal_principal_costs_7_800() -> None:
    terms = replace(_EQUAL_PRINCIPAL, principal=Money.parse("120,000"), instalments=12)

    rows = schedule(terms, _START)

    assert [str(row.total) for row in rows[:2]] == ["11,200.00", "11,100.00"]
    assert sum(row.interest.minor for row in rows) == 780_000


@pytest.mark.parametrize("method", [InterestMethod.DECLINING_BALANCE, InterestMethod.FLAT])
def test_a_bullet_loan_asks_interest_until_its_last_instalment(method: InterestMethod) -> None:
    rows = schedule(replace(_PLAIN, method=method, amortisation=Amortisation.BULLET), _START)

    assert _parts(rows) == [("0.00", "10.00")] * 3 + [("1000.00", "10.00")]


def test_grace_on_principal_moves_it_to_the_rows_behind() -> None:
    rows = schedule(replace(_EQUAL_PRINCIPAL, grace=Grace(principal=2)), _START)

    assert _parts(rows) == [("0.00", "10.00")] * 2 + [("500.00", "10.00"), ("500.00", "5.00")]


def test_grace_on_paying_interest_lets_it_add_up() -> None:
    rows = schedule(replace(_EQUAL_PRINCIPAL, grace=Grace(interest_payment=2)), _START)

    assert [row.interest.plain() for row in rows] == ["0.00", "0.00", "22.50", "2.50"]


@pytest.mark.parametrize(
    ("terms", "interest"),
    [
        (_EQUAL_PRINCIPAL, ["0.00", "0.00", "5.00", "2.50"]),
        (_FLAT, ["0.00", "0.00", "10.00", "10.00"]),
        (replace(_FLAT, instalment_basis=InstalmentBasis.ACTUAL_PERIODS), ["0.00", "0.00", "10.00", "10.00"]),
    ],
)
def test_an_interest_free_beginning_costs_nothing(terms: Terms, interest: list[str]) -> None:
    rows = schedule(replace(terms, grace=Grace(interest_free=2)), _START)

    assert [row.interest.plain() for row in rows] == interest


def test_a_loan_may_be_free_of_interest_to_its_end() -> None:
    rows = schedule(replace(_FLAT, grace=Grace(interest_free=4)), _START)

    assert not any(row.interest for row in rows)


def test_instalments_in_whole_shillings_leave_the_rest_to_the_last() -> None:
    rows = schedule(replace(_PLAIN, rounding=Rounding(instalment_multiple=100)), _START)

    assert [row.total.plain() for row in rows] == ["256.00", "256.00", "256.00", "257.15"]


def test_flat_instalments_in_whole_shillings_keep_their_interest_exact() -> None:
    terms = replace(_FLAT, principal=Money.parse("1,010"), rounding=Rounding(instalment_multiple=100))

    rows = schedule(terms, _START)

    assert {row.interest.plain() for row in rows} == {"10.10"}
    assert [row.total.plain() for row in rows] == ["262.00", "262.00", "262.00", "264.40"]


def test_the_first_instalment_may_take_what_rounding_left() -> None:
    """By default the last one is 10,661.91 and the others are 10,661.85."""
    rounding = Rounding(remainder=Remainder.FIRST_INSTALMENT)
    terms = replace(_PLAIN, principal=Money.parse("120,000"), instalments=12, rounding=rounding)

    first, *others = schedule(terms, _START)

    assert {row.total.plain() for row in others} == {"10661.85"}
    assert first.total.plain() == "10661.91"


def test_the_last_instalment_keeps_a_cent_that_the_first_would_only_make_two() -> None:
    """At 87.27 % a cent less of principal at first is more than a cent less at last, once it is rounded."""
    rounding = Rounding(remainder=Remainder.FIRST_INSTALMENT)
    terms = Terms(Money(35_334), Fraction(8_727, 10_000), 5, rounding=rounding)

    assert [row.total.minor for row in schedule(terms, _START)] == [8_679, 8_681, 8_681, 8_681, 8_682]


@pytest.mark.parametrize(
    ("terms", "principals"),
    [
        (_EQUAL_PRINCIPAL, ["333.34", "333.33", "333.33"]),
        (replace(_EQUAL_PRINCIPAL, method=InterestMethod.FLAT), ["333.34", "333.33", "333.33"]),
    ],
)
def test_the_first_of_equal_parts_may_take_the_remainder(terms: Terms, principals: list[str]) -> None:
    terms = replace(terms, instalments=3, rounding=Rounding(remainder=Remainder.FIRST_INSTALMENT))

    assert [row.principal.plain() for row in schedule(terms, _START)] == principals


def test_a_single_instalment_takes_all_whoever_takes_the_remainder() -> None:
    terms = replace(_PLAIN, instalments=1, rounding=Rounding(remainder=Remainder.FIRST_INSTALMENT))

    assert _parts(schedule(terms, _START)) == [("1000.00", "10.00")]


def test_a_long_first_period_costs_its_days() -> None:
    """46 days instead of 31, on top of the usual instalment."""
    rule = DueDateRule(partial_periods=PartialPeriods.FIRST_BY_DAYS)
    terms = replace(_PLAIN, due_dates=rule)

    rows = schedule(terms, _START, first_due_on=date(2026, 2, 25))

    assert rows[0].interest.plain() == "14.84"
    assert [row.principal for row in rows] == [row.principal for row in schedule(_PLAIN, _START)]


def test_days_cost_their_days() -> None:
    rows = schedule(replace(_PLAIN, day_count=ACTUAL_365), _START)

    assert [row.interest.plain() for row in rows][:2] == ["10.19", "6.94"]


@pytest.mark.parametrize(
    ("rule", "principals"),
    [
        (PrincipalRounding.ROUNDED_INSTALMENT, [24_635, 24_880, 25_129, 25_381]),
        (PrincipalRounding.DIFFERENCE, [24_634, 24_881, 25_129, 25_381]),
    ],
)
def test_an_instalment_found_again_on_every_row_may_be_rounded_before_or_after_its_interest(
    rule: PrincipalRounding, principals: list[int]
) -> None:
    """Of 1,000.25: the exact instalment is 256.34515..., the interest 10.0025."""
    terms = replace(
        _PLAIN,
        principal=Money(100_025),
        instalment_basis=InstalmentBasis.REMAINING_BALANCE,
        rounding=Rounding(principal=rule),
    )

    assert [row.principal.minor for row in schedule(terms, _START)] == principals


def test_flat_rows_of_actual_periods_share_one_instalment() -> None:
    terms = replace(_FLAT, day_count=ACTUAL_365, instalment_basis=InstalmentBasis.ACTUAL_PERIODS)

    rows = schedule(terms, _START)

    assert [row.interest.plain() for row in rows] == ["10.19", "9.21", "10.19", "9.86"]
    assert len({row.total for row in rows[:-1]}) == 1


def test_flat_rows_of_the_remaining_balance_divide_what_is_left() -> None:
    terms = replace(_FLAT, instalments=3, instalment_basis=InstalmentBasis.REMAINING_BALANCE)

    assert [row.principal.plain() for row in schedule(terms, _START)] == ["333.33", "333.34", "333.33"]


def test_a_down_payment_is_a_row_on_the_day_of_the_pay_out() -> None:
    first, *others = schedule(replace(_EQUAL_PRINCIPAL, down_payment=Fraction(1, 4)), _START)

    assert (first.kind, first.number, first.due_on) == (InstalmentKind.DOWN_PAYMENT, 1, _START)
    assert first.total == Money.parse("250")
    assert [row.number for row in others] == [2, 3, 4, 5]
    assert others[0].interest.plain() == "7.50"


def test_flat_interest_may_be_charged_on_what_was_paid_down() -> None:
    terms = replace(_FLAT, down_payment=Fraction(1, 4))
    full = replace(terms, flat_interest_on_down_payment=True)

    assert schedule(terms, _START)[1].interest.plain() == "7.50"
    assert schedule(full, _START)[1].interest.plain() == "10.00"


def test_overdue_principal_earns_until_the_day_of_the_view() -> None:
    """Row 1 is overdue on 25 March: its 250.00 earn in the whole of row 2 and in 15 of the 31 days of row 3."""
    terms = replace(_EQUAL_PRINCIPAL, overdue_principal_earns=True)

    rows = schedule(terms, _START, as_of=date(2026, 3, 25))

    assert [row.interest.plain() for row in rows] == ["10.00", "10.00", "7.42", "2.50"]


def test_the_rest_of_a_loan_keeps_the_instalment_that_was_agreed() -> None:
    periods = periods_of(_PLAIN, _START)
    rows = lay_out(spread_of(_PLAIN, 100_000, periods))
    agreed = equal_instalment(spread_of(_PLAIN, 100_000, periods))

    rest = spread_of(_PLAIN, 100_000 - rows[0].principal, periods[1:], rows_before=1, instalment=agreed)

    assert lay_out(rest) == rows[1:]
    assert equal_instalment(rest) == agreed


def test_grace_that_is_used_up_spares_no_row_of_the_rest() -> None:
    terms = replace(_PLAIN, grace=Grace(principal=2, interest_payment=1, interest_free=1))

    rest = spread_of(terms, 100_000, periods_of(terms, _START)[1:], rows_before=1)

    assert rest.grace == Grace(principal=1)
    assert rest.factors[0]


def test_a_rest_without_rows_is_refused() -> None:
    with pytest.raises(ContradictoryTerms) as refused:
        spread_of(_PLAIN, 100_000, [])

    assert refused.value.contradiction == "no_instalments"


def test_a_part_of_a_period_costs_its_part() -> None:
    period = Period(_START, date(2026, 2, 10), is_moved=False)

    assert rate_factor_until(_PLAIN, period, date(2026, 1, 25)) == Fraction(1, 100) * Fraction(15, 31)
