"""What a loan asks on a day, and on which day it asks for what."""

from datetime import date

import pytest

from core.lending.model import InterestChargedThrough, Owed
from core.lending.owing import Unpaid, owed_of
from core.lending.products import DEVELOPMENT, EMERGENCY
from core.money import Currency, Money

_BEFORE_ALL = date(2026, 1, 10)
_FIRST_DUE = date(2026, 1, 31)
_SECOND_DUE = date(2026, 2, 28)
_THIRD_DUE = date(2026, 3, 31)
_FOURTH_DUE = date(2026, 4, 30)
# 1,000.00 of principal every month end, with interest of 40.00, 30.00, 20.00 and 10.00.
_LOAN: tuple[Unpaid, ...] = (
    (_FIRST_DUE, 100_000, 4_000),
    (_SECOND_DUE, 100_000, 3_000),
    (_THIRD_DUE, 100_000, 2_000),
    (_FOURTH_DUE, 100_000, 1_000),
)
_KES = Currency.KES


def _kes(text: str) -> Money:
    return Money.parse(text)


def test_before_the_first_due_date_nothing_is_due_and_the_first_interest_clears() -> None:
    assert owed_of(_LOAN, _BEFORE_ALL, DEVELOPMENT, _KES) == Owed(
        due_now=Money.zero(),
        next_due=_kes("1,040"),
        next_due_on=_FIRST_DUE,
        days_late=0,
        to_clear=_kes("4,040"),
    )


def test_arrears_count_from_the_oldest_instalment_not_fully_paid() -> None:
    loan = ((_FIRST_DUE, 1, 0), *_LOAN[1:])

    late = owed_of(loan, date(2026, 3, 12), DEVELOPMENT, _KES)

    assert late.days_late == 40
    assert late.due_now == _kes("1,030.01")
    assert (late.next_due, late.next_due_on) == (_kes("1,020"), _THIRD_DUE)
    assert late.to_clear == _kes("1,030.01") + _kes("1,020") + _kes("1,000")


@pytest.mark.parametrize(("today", "days"), [(_FIRST_DUE, 0), (date(2026, 2, 1), 1)])
def test_the_due_date_itself_is_not_late(today: date, days: int) -> None:
    assert owed_of(_LOAN, today, DEVELOPMENT, _KES).days_late == days


def test_on_the_due_date_the_next_instalment_is_the_one_after_it() -> None:
    today = owed_of(_LOAN, _FIRST_DUE, DEVELOPMENT, _KES)

    assert (today.due_now, today.next_due, today.next_due_on) == (
        _kes("1,040"),
        _kes("1,030"),
        _SECOND_DUE,
    )


def test_a_running_instalment_already_paid_is_not_asked_for_again() -> None:
    ahead = owed_of(((_FIRST_DUE, 0, 0), *_LOAN[1:]), _BEFORE_ALL, DEVELOPMENT, _KES)

    assert (ahead.next_due, ahead.next_due_on) == (_kes("1,030"), _SECOND_DUE)
    assert ahead.to_clear == _kes("3,000")


def test_a_product_for_the_whole_term_asks_for_all_interest() -> None:
    assert owed_of(_LOAN, _BEFORE_ALL, EMERGENCY, _KES).to_clear == _kes("4,100")


def test_once_everything_is_overdue_both_ask_the_same() -> None:
    assert owed_of(_LOAN, date(2026, 5, 1), DEVELOPMENT, _KES) == owed_of(
        _LOAN, date(2026, 5, 1), EMERGENCY, _KES
    )


def test_a_loan_paid_to_the_end_asks_nothing() -> None:
    paid = tuple((due_on, 0, 0) for due_on, _, _ in _LOAN)

    assert owed_of(paid, _FOURTH_DUE, DEVELOPMENT, _KES) == Owed(
        due_now=Money.zero(), next_due=Money.zero(), next_due_on=None, days_late=0, to_clear=Money.zero()
    )


def test_the_demo_products_treat_early_settlement_differently() -> None:
    assert DEVELOPMENT.interest_charged_through is InterestChargedThrough.CURRENT_PERIOD
    assert EMERGENCY.interest_charged_through is InterestChargedThrough.WHOLE_TERM
