"""A statement that adds up can be built, any other can't."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import StatementPeriodInvalid
from core.ledger.account import Side
from core.money import Currency, Money
from core.reports.statement import AccountStatement, LoanMovement, Movement, Period, Portions
from tests.core.reports.examples import (
    DISBURSED,
    FELL_DUE,
    MARCH,
    NO_DEBT,
    NOON,
    NOTHING,
    REPAID,
    loan,
    of_member,
    paid_in,
    paid_out,
    portions,
    savings,
)


def test_balances_run_from_the_opening_to_the_closing() -> None:
    statement = savings(paid_in(2, 50_00), paid_out(3, 20_00), closing=130_00)

    assert [balance.minor for _, balance in statement.lines()] == [150_00, 130_00]
    assert (statement.total_debit, statement.total_credit) == (Money(20_00), Money(50_00))


def test_an_account_without_movements_closes_as_it_opened() -> None:
    assert list(savings(closing=100_00).lines()) == []


def test_a_closing_balance_that_the_movements_do_not_make_is_refused() -> None:
    with pytest.raises(ValueError, match=r"movements lead to 150.00, the books say 150.01"):
        savings(paid_in(2, 50_00), closing=150_01)


def test_an_account_that_grows_by_debits_counts_the_other_way() -> None:
    out = paid_out(2, 50_00)

    statement = AccountStatement("x", "x", MARCH, Money(100_00), (out,), Money(150_00), grows_by=Side.DEBIT)

    assert [balance.minor for _, balance in statement.lines()] == [150_00]


def test_movements_out_of_order_or_outside_the_period_are_refused() -> None:
    with pytest.raises(ValueError, match="in order"):
        savings(paid_in(3, 1), paid_in(2, 1))
    with pytest.raises(ValueError, match="not all within"):
        savings(replace(paid_in(3, 1), on=date(2026, 4, 1)))
    with pytest.raises(ValueError, match="not all within"):
        savings(replace(paid_in(3, 1), on=date(2026, 2, 28)))


@pytest.mark.parametrize(("debit", "credit"), [(0, 0), (5, 5), (-5, 0), (0, -5), (-5, 5)])
def test_a_movement_has_exactly_one_side(debit: int, credit: int) -> None:
    with pytest.raises(ValueError, match="one side"):
        Movement(date(2026, 3, 1), NOON, "x", "x", Money(debit), Money(credit))


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(StatementPeriodInvalid) as refused:
        Period(date(2026, 3, 2), date(2026, 3, 1))

    assert str(refused.value) == "reports.period_invalid since=2026-03-02 until=2026-03-01"
    assert date(2026, 3, 1) in Period(date(2026, 3, 1), date(2026, 3, 1))


def test_a_loan_s_debt_runs_portion_by_portion() -> None:
    statement = loan(DISBURSED, FELL_DUE, REPAID, closing=portions(9_200_00))

    assert [debt.total.minor for _, debt in statement.lines()] == [10_000_00, 10_100_00, 9_200_00]
    assert statement.total_charged.total == Money(10_100_00)
    assert statement.total_paid == portions(800_00, 100_00)


def test_a_loan_whose_total_is_right_but_not_its_portions_is_refused() -> None:
    with pytest.raises(ValueError, match="LN-00001: movements lead to"):
        loan(DISBURSED, FELL_DUE, closing=portions(10_100_00))


def test_a_loan_s_movement_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="neither below zero"):
        LoanMovement(date(2026, 3, 1), NOON, "x", "x", portions(interest=-1), NO_DEBT)
    with pytest.raises(ValueError, match="neither below zero"):
        replace(REPAID, paid=Portions(NOTHING, NOTHING, Money(-1), NOTHING))


def test_parts_of_other_periods_make_no_statement() -> None:
    with pytest.raises(ValueError, match="one period"):
        replace(of_member(savings()), period=Period(MARCH.since, date(2026, 4, 1)))


def test_the_check_code_is_always_the_same_for_the_same_figures() -> None:
    lent = loan(DISBURSED, closing=portions(10_000_00))

    assert of_member(savings(paid_in(2, 1)), loans=(lent,)).check_code == "86ME-W88B-BGSR-5YWD"
    assert of_member(savings(paid_in(2, 1)), loans=(lent,)).check_code == "86ME-W88B-BGSR-5YWD"


def test_any_other_figure_or_word_has_another_check_code() -> None:
    lent = (loan(DISBURSED, closing=portions(10_000_00)),)
    others = [
        of_member(savings(paid_in(2, 1)), loans=lent),
        of_member(savings(paid_in(2, 2)), loans=lent),
        of_member(savings(paid_in(3, 1)), loans=lent),
        of_member(savings(paid_in(2, 1, reference="TKX1234568")), loans=lent),
        of_member(savings(paid_in(2, 1, kind="reversal")), loans=lent),
        of_member(savings(paid_in(2, 1), opening=100_01), loans=lent),
        of_member(savings(paid_in(2, 1)), loans=lent, name="Amina Wanjira"),
        of_member(savings(paid_in(2, 1))),
        of_member(loans=lent),
        of_member(loans=(loan(closing=portions(1), opening=portions(1)),)),
    ]

    assert len({statement.check_code for statement in others}) == len(others)


def test_amounts_of_two_currencies_do_not_add_up() -> None:
    dollars = Money(1, Currency.USD)

    with pytest.raises(Exception, match="currency_mismatch"):
        savings(replace(paid_in(2, 1), credit=dollars, debit=Money.zero(Currency.USD)))
