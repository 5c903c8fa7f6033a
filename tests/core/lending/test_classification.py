"""SASRA classes and Form 4, in duplum and IFRS 9. Worked figures are those of an accountant's own arithmetic."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lending.classification import (
    RANK,
    ClassTotal,
    LoanClass,
    Renegotiation,
    allowance_movement,
    class_of_days,
    classify,
    days_by_amount,
    form_4,
    is_uncured,
    kept_instalments,
    required_provision,
)
from core.lending.impairment import (
    USUAL_IMPAIRMENT,
    ImpairmentBand,
    Stage,
    expected_loss,
    impairment_band,
    statutory_reserve,
)
from core.lending.in_duplum import Default, in_duplum_room, maximum_claim
from core.lending.portfolio import PortfolioAtRisk, portfolio_at_risk
from core.money import Money

TODAY = date(2026, 3, 11)


def kes(shillings: int) -> Money:
    return Money(shillings * 100)


WORKED = (
    ClassTotal(LoanClass.PERFORMING, 412, kes(60_000_000)),
    ClassTotal(LoanClass.WATCH, 31, kes(4_200_000)),
    ClassTotal(LoanClass.SUBSTANDARD, 22, kes(2_500_000)),
    ClassTotal(LoanClass.DOUBTFUL, 9, kes(900_000)),
    ClassTotal(LoanClass.LOSS, 14, kes(1_100_000)),
)


@pytest.mark.parametrize(
    ("days", "loan_class"),
    [
        (0, LoanClass.PERFORMING),
        (1, LoanClass.WATCH),
        (30, LoanClass.WATCH),
        (31, LoanClass.SUBSTANDARD),
        (180, LoanClass.SUBSTANDARD),
        (181, LoanClass.DOUBTFUL),
        (360, LoanClass.DOUBTFUL),
        (361, LoanClass.LOSS),
        (4_000, LoanClass.LOSS),
    ],
)
def test_the_class_follows_the_days_past_due(days: int, loan_class: LoanClass) -> None:
    assert class_of_days(days) is loan_class
    assert classify(days) is loan_class


def test_form_4_of_the_worked_portfolio() -> None:
    form = form_4(WORKED)

    assert [row.provision for row in form.portfolio] == [
        kes(600_000),
        kes(210_000),
        kes(625_000),
        kes(450_000),
        kes(1_100_000),
    ]
    assert (form.accounts, form.outstanding, form.provision) == (488, kes(68_700_000), kes(2_985_000))
    assert form.non_performing.percent == "6.55"
    assert form.non_performing.at_risk == kes(4_500_000)


def test_renegotiated_loans_stand_in_a_block_of_their_own() -> None:
    form = form_4([*WORKED, ClassTotal(LoanClass.DOUBTFUL, 2, kes(1_000), is_renegotiated=True)])

    assert form.renegotiated[3].accounts == 2
    assert form.renegotiated[3].provision == kes(500)
    assert form.portfolio[3].accounts == 9
    assert (form.accounts, form.provision) == (490, kes(2_985_500))


def test_a_society_without_loans_files_a_form_of_nothing() -> None:
    form = form_4([])

    assert (form.accounts, form.outstanding, form.provision) == (0, kes(0), kes(0))
    assert form.non_performing.ratio == 0


def test_the_allowance_moves_by_what_is_missing_or_too_much() -> None:
    assert allowance_movement(required=kes(2_985_000), held=kes(2_600_000)) == kes(385_000)
    assert allowance_movement(required=kes(2_600_000), held=kes(2_985_000)) == kes(-385_000)


@pytest.mark.parametrize(
    ("overdue", "monthly", "days"), [(0, 3_000, 0), (1, 3_000, 1), (3_000, 3_000, 30), (3_001, 3_000, 31)]
)
def test_days_by_amount_are_arrears_over_a_thirtieth_rounded_up(
    overdue: int, monthly: int, days: int
) -> None:
    assert days_by_amount(kes(overdue), kes(monthly)) == days


def test_days_by_amount_need_a_monthly_principal() -> None:
    with pytest.raises(ValueError, match="monthly principal"):
        days_by_amount(kes(1), kes(0))


@pytest.mark.parametrize(
    ("before", "kept", "days", "loan_class"),
    [
        (LoanClass.DOUBTFUL, 0, 0, LoanClass.DOUBTFUL),
        (LoanClass.DOUBTFUL, 5, 0, LoanClass.DOUBTFUL),
        (LoanClass.DOUBTFUL, 6, 0, LoanClass.PERFORMING),
        (LoanClass.WATCH, 0, 200, LoanClass.DOUBTFUL),
        (LoanClass.PERFORMING, 0, 0, LoanClass.PERFORMING),
    ],
)
def test_rescheduling_does_not_cure_until_enough_instalments_are_kept(
    before: LoanClass, kept: int, days: int, loan_class: LoanClass
) -> None:
    assert classify(days, Renegotiation(TODAY, before, kept)) is loan_class


def test_a_loan_that_was_never_renegotiated_has_nothing_to_cure() -> None:
    assert not is_uncured(None)
    assert is_uncured(Renegotiation(TODAY, LoanClass.LOSS, 2), cure_instalments=3)
    assert not is_uncured(Renegotiation(TODAY, LoanClass.LOSS, 3), cure_instalments=3)


def test_kept_instalments_are_those_due_since_the_loan_was_last_late() -> None:
    due = [date(2026, month, 10) for month in range(1, 13)]

    assert kept_instalments(due, since=date(2026, 1, 15), last_late_on=None, on=date(2026, 4, 10)) == 2
    assert kept_instalments(due, since=date(2026, 1, 15), last_late_on=date(2026, 2, 20), on=TODAY) == 1
    assert kept_instalments(due, since=date(2026, 3, 1), last_late_on=date(2026, 2, 20), on=TODAY) == 1
    assert kept_instalments(due, since=TODAY, last_late_on=TODAY, on=TODAY) == 0


@given(st.integers(0, 10**12), st.integers(0, 500), st.integers(0, 500))
def test_a_later_loan_needs_at_least_as_much_provision(minor: int, days: int, more: int) -> None:
    earlier, later = class_of_days(days), class_of_days(days + more)

    assert RANK[earlier] <= RANK[later]
    assert required_provision(Money(minor), earlier) <= required_provision(Money(minor), later)
    assert required_provision(Money(minor), later) <= Money(minor)


def test_portfolio_at_risk_at_every_threshold() -> None:
    loans = [(0, kes(500)), (1, kes(100)), (30, kes(50)), (31, kes(40)), (61, kes(30)), (91, kes(20))]

    found = {days: portfolio_at_risk(loans, days=days).at_risk for days in (1, 30, 60, 90)}

    assert found == {1: kes(240), 30: kes(90), 60: kes(50), 90: kes(20)}
    assert portfolio_at_risk(loans, days=30).ratio == Fraction(90, 740)
    assert portfolio_at_risk([], days=30) == PortfolioAtRisk(kes(0), kes(0))


def test_interest_stops_at_the_principal_owing_at_default() -> None:
    at_default = Default(principal=kes(40_000), interest_unpaid=kes(3_000))

    assert in_duplum_room(at_default, accrued_since=kes(0)) == kes(37_000)
    assert in_duplum_room(at_default, accrued_since=kes(36_999)) == kes(1)
    assert in_duplum_room(at_default, accrued_since=kes(37_000)) == kes(0)
    assert in_duplum_room(at_default, accrued_since=kes(50_000)) == kes(0)
    assert maximum_claim(at_default, recovery_costs=kes(0)) == kes(80_000)
    assert maximum_claim(at_default, recovery_costs=kes(2_500)) == kes(82_500)


def test_interest_above_the_cap_on_the_day_of_default_is_not_taken_back() -> None:
    at_default = Default(principal=kes(40_000), interest_unpaid=kes(45_000))

    assert in_duplum_room(at_default, accrued_since=kes(0)) == kes(0)
    assert maximum_claim(at_default, recovery_costs=kes(0)) == kes(85_000)


@pytest.mark.parametrize(
    ("days", "is_uncured_loan", "stage"),
    [
        (0, False, Stage.ONE),
        (30, False, Stage.ONE),
        (31, False, Stage.TWO),
        (90, False, Stage.TWO),
        (91, False, Stage.THREE),
        (0, True, Stage.TWO),
        (45, True, Stage.TWO),
        (200, True, Stage.THREE),
    ],
)
def test_the_stage_rises_with_lateness_and_with_renegotiation(
    *, days: int, is_uncured_loan: bool, stage: Stage
) -> None:
    assert impairment_band(days, is_uncured=is_uncured_loan).stage is stage


def test_expected_loss_of_the_worked_loans_beside_the_provision() -> None:
    loan = kes(100_000)

    assert expected_loss(loan, impairment_band(0)) == kes(1_200)
    assert required_provision(loan, class_of_days(0)) == kes(1_000)
    assert expected_loss(loan, impairment_band(200)) == kes(55_000)
    assert required_provision(loan, class_of_days(200)) == kes(50_000)


def test_what_the_regulator_asks_above_the_expected_loss_is_a_reserve() -> None:
    assert statutory_reserve(provision=kes(50_000), expected=kes(45_000)) == kes(5_000)
    assert statutory_reserve(provision=kes(1_000), expected=kes(1_200)) == kes(0)


def test_a_loss_that_comes_later_is_discounted_at_the_effective_rate() -> None:
    band = ImpairmentBand(Stage.THREE, 91, Fraction(1), Fraction(1, 2), 12, Fraction(1, 100))

    assert expected_loss(kes(100_000), band) == Money(4_437_246)  # 50,000 / 1.01^12


@pytest.mark.parametrize(
    ("probability", "loss", "months", "rate"),
    [(2, 0, 0, 0), (-1, 0, 0, 0), (0, 2, 0, 0), (0, 0, -1, 0), (0, 0, 0, -1)],
)
def test_rates_that_are_none_cannot_be_built(probability: int, loss: int, months: int, rate: int) -> None:
    with pytest.raises(ValueError, match="no "):
        ImpairmentBand(Stage.ONE, 0, Fraction(probability), Fraction(loss), months, Fraction(rate))


@given(st.integers(0, 10**12), st.integers(0, 200))
def test_no_loss_is_above_the_exposure(minor: int, days: int) -> None:
    loss = expected_loss(Money(minor), impairment_band(days, USUAL_IMPAIRMENT))

    assert Money(0) <= loss <= Money(minor)
