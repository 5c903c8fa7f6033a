"""What does a later part of the principal do to the rows that are left?"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.errors import ContradictoryTerms, DatesOutOfOrder
from core.lending.model import Instalment, InstalmentKind
from core.lending.rounding_terms import InstalmentBasis
from core.lending.schedule import Tranche, schedule
from core.lending.terms import ACTUAL_365, Amortisation, Grace, InterestMethod, Terms
from core.money import Money

_START = date(2026, 1, 10)
_PLAIN = Terms(Money.parse("1,000"), Fraction(12, 100), 4)
_EQUAL_PRINCIPAL = replace(_PLAIN, amortisation=Amortisation.EQUAL_PRINCIPAL)


def _parts(rows: tuple[Instalment, ...]) -> list[tuple[str, str]]:
    return [(row.principal.plain(), row.interest.plain()) for row in rows]


def test_a_tranche_costs_interest_from_its_day_and_is_spread_over_the_rest() -> None:
    """400.00 on 10 February, 600.00 before; 10 days into a month of 28 they'd cost 18 of 28 days."""
    tranches = (Tranche(date(2026, 2, 20), Money.parse("400")),)

    rows = schedule(_EQUAL_PRINCIPAL, _START, tranches=tranches)

    assert _parts(rows) == [
        ("150.00", "6.00"),
        ("283.33", "7.07"),
        ("283.33", "5.67"),
        ("283.34", "2.83"),
    ]


def test_a_tranche_on_a_due_date_leaves_that_instalment_alone() -> None:
    rows = schedule(_EQUAL_PRINCIPAL, _START, tranches=[Tranche(date(2026, 2, 10), Money.parse("400"))])

    assert _parts(rows)[:2] == [("150.00", "6.00"), ("283.33", "8.50")]


@pytest.mark.parametrize("method", [InterestMethod.DECLINING_BALANCE, InterestMethod.FLAT])
def test_a_tranche_on_the_first_day_is_as_if_all_had_been_paid_out_at_once(method: InterestMethod) -> None:
    terms = replace(_PLAIN, method=method)

    assert schedule(terms, _START, tranches=[Tranche(_START, Money.parse("400"))]) == schedule(terms, _START)


def test_equal_instalments_by_actual_periods_know_that_a_tranche_came_late() -> None:
    terms = replace(_PLAIN, instalment_basis=InstalmentBasis.ACTUAL_PERIODS, day_count=ACTUAL_365)

    rows = schedule(terms, _START, tranches=[Tranche(date(2026, 2, 20), Money.parse("400"))])

    assert abs(rows[-1].total.minor - rows[-2].total.minor) <= 2
    assert rows[0].total < rows[1].total == rows[2].total


def test_a_tranche_with_down_payment_has_its_own_row() -> None:
    terms = replace(_EQUAL_PRINCIPAL, down_payment=Fraction(1, 4))

    rows = schedule(terms, _START, tranches=[Tranche(date(2026, 2, 10), Money.parse("400"))])

    kinds = [(row.kind, row.principal.plain()) for row in rows[:3]]
    assert kinds == [
        (InstalmentKind.DOWN_PAYMENT, "150.00"),
        (InstalmentKind.REGULAR, "112.50"),
        (InstalmentKind.DOWN_PAYMENT, "100.00"),
    ]


def test_a_tranche_loses_no_interest_that_was_put_off_before_it() -> None:
    tranches = [Tranche(date(2026, 2, 10), Money.parse("400"))]
    put_off = replace(_EQUAL_PRINCIPAL, grace=Grace(interest_payment=2))

    usual = schedule(_EQUAL_PRINCIPAL, _START, tranches=tranches)
    late = schedule(put_off, _START, tranches=tranches)

    assert [row.interest.plain() for row in usual] == ["6.00", "8.50", "5.67", "2.83"]
    assert [row.interest.plain() for row in late] == ["0.00", "0.00", "20.17", "2.83"]


def test_principal_overdue_before_a_tranche_goes_on_earning_behind_it() -> None:
    """The 150.00 of row 1 earn in the whole of row 2; on 10 March no other row is overdue."""
    terms = replace(_EQUAL_PRINCIPAL, overdue_principal_earns=True)
    tranches = [Tranche(date(2026, 2, 10), Money.parse("400"))]

    rows = schedule(terms, _START, tranches=tranches, as_of=date(2026, 3, 10))

    assert [row.interest.plain() for row in rows] == ["6.00", "10.00", "5.67", "2.83"]


@pytest.mark.parametrize("day", [date(2026, 1, 9), date(2026, 5, 10)])
def test_a_tranche_outside_the_loan_is_refused(day: date) -> None:
    with pytest.raises(DatesOutOfOrder):
        schedule(_PLAIN, _START, tranches=[Tranche(day, Money(1))])


@pytest.mark.parametrize("amount", [Money(0), Money.parse("1,000")])
def test_tranches_leave_something_to_every_pay_out(amount: Money) -> None:
    with pytest.raises(ContradictoryTerms) as refused:
        schedule(_PLAIN, _START, tranches=[Tranche(date(2026, 2, 10), amount)])

    assert refused.value.contradiction == "nothing_lent"
