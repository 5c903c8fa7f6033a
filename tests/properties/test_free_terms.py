from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.calendar import kenyan_working_days
from core.errors import ContradictoryTerms
from core.lending.cost import cost_of
from core.lending.model import Instalment, InstalmentKind
from core.lending.periods import periods_of
from core.lending.record import read, written
from core.lending.rounding_terms import InstalmentBasis, PaymentRounding, Remainder
from core.lending.schedule import Tranche, schedule, spread_of
from core.lending.spread import equal_instalment, lay_out
from core.lending.terms import Amortisation, Frequency, InterestMethod, PeriodUnit, Terms
from core.money import Money
from tests.properties.free_terms import free_terms, payment_roundings, starts

_KENYA = kenyan_working_days()


def _scheduled(terms: Terms, start: date, *tranches: Tranche) -> tuple[Instalment, ...]:
    """The rows; terms whose instalments are below their multiple say so and are another test's."""
    try:
        return schedule(terms, start, working_days=_KENYA, tranches=tranches)
    except ContradictoryTerms as refused:
        assume(refused.contradiction != "multiple_above_instalment")
        raise


@given(free_terms(), starts)
def test_whatever_is_agreed_principal_adds_up_and_no_balance_is_below_zero(terms: Terms, start: date) -> None:
    balance = terms.principal.minor

    for row in _scheduled(terms, start):
        balance -= row.principal.minor
        assert row.principal.minor >= 0
        assert balance >= 0

    assert balance == 0


@given(free_terms(), starts)
def test_whatever_is_agreed_a_total_is_its_parts_and_none_is_below_zero(terms: Terms, start: date) -> None:
    for row in _scheduled(terms, start):
        parts = [row.principal, row.interest, row.fees, row.penalties]
        assert min(part.minor for part in parts) >= 0
        assert row.total.minor == sum(part.minor for part in parts)


@given(free_terms(), starts)
def test_rows_are_numbered_in_order_of_their_dates(terms: Terms, start: date) -> None:
    rows = _scheduled(terms, start)

    regular = [row for row in rows if row.kind is InstalmentKind.REGULAR]
    first = 0 if rows[0].kind is InstalmentKind.DISBURSEMENT_FEE else 1
    assert len(regular) == terms.instalments
    assert [row.number for row in rows] == list(range(first, first + len(rows)))
    assert all(before.due_on <= after.due_on for before, after in pairwise(rows))
    assert rows[0].due_on >= start


@given(free_terms(), starts, st.integers(1, 400))
def test_a_tranche_keeps_all_that_was_due_before_it_and_principal_adds_up(
    terms: Terms, start: date, days: int
) -> None:
    terms = replace(terms, principal=terms.principal + Money(1))
    day = start + timedelta(days=days)
    assume(periods_of(terms, start, working_days=_KENYA)[-1].due_on > day)
    later = Money(terms.principal.minor // 2)

    rows = _scheduled(terms, start, Tranche(day, later))

    before = _scheduled(replace(terms, principal=terms.principal - later, charges=()), start)
    for row, plain in zip(rows, before, strict=False):
        if row.kind is InstalmentKind.REGULAR and row.due_on <= day and not terms.charges:
            assert (row.principal, row.interest) == (plain.principal, plain.interest)
    assert sum(row.principal.minor for row in rows) == terms.principal.minor
    assert all(row.principal.minor >= 0 and row.interest.minor >= 0 for row in rows)


@given(free_terms(), starts, st.integers(0, 17))
def test_the_rest_of_a_loan_laid_out_again_is_the_rest_of_the_loan(
    terms: Terms, start: date, done: int
) -> None:
    """So that a loan whose rest was not changed keeps its figures."""
    terms = replace(
        terms, method=InterestMethod.DECLINING_BALANCE, amortisation=Amortisation.EQUAL_INSTALMENTS
    )
    terms = replace(
        terms,
        grace=replace(terms.grace, interest_payment=0),
        rounding=replace(terms.rounding, remainder=Remainder.LAST_INSTALMENT),
    )
    assume(done < terms.instalments)
    periods = periods_of(terms, start)
    whole = spread_of(terms, terms.principal.minor, periods)
    try:
        rows = lay_out(whole)
        instalment = equal_instalment(whole)
    except ContradictoryTerms:
        return
    left = sum(row.principal for row in rows[done:])

    again = spread_of(terms, left, periods[done:], rows_before=done, instalment=instalment)

    assert terms.instalment_basis is InstalmentBasis.REMAINING_BALANCE or lay_out(again) == rows[done:]


@given(free_terms(), starts, payment_roundings)
def test_whole_payments_repay_the_principal_and_come_to_a_whole_total(
    terms: Terms, start: date, payments: PaymentRounding
) -> None:
    rounding = replace(terms.rounding, payments=payments)
    terms = replace(terms, charges=(), down_payment=Fraction(0), rounding=rounding)

    rows = schedule(terms, start)

    assert sum(row.principal.minor for row in rows) == terms.principal.minor
    assert all(row.total.minor % payments.payment_multiple == 0 for row in rows[:-1])
    assert sum(row.total.minor for row in rows) % payments.total_multiple == 0


@given(free_terms(), starts)
def test_the_view_of_a_day_asks_no_less_than_the_plain_schedule(terms: Terms, start: date) -> None:
    terms = replace(terms, method=InterestMethod.DECLINING_BALANCE, overdue_principal_earns=True)
    day = start + timedelta(days=100)

    seen = sum(row.interest.minor for row in _scheduled(terms, start))
    late = schedule(terms, start, working_days=_KENYA, as_of=day)

    assert sum(row.principal.minor for row in late) == terms.principal.minor
    assert sum(row.interest.minor for row in late) >= seen


@given(free_terms(), starts)
def test_a_loan_costs_something_or_nothing_but_never_less(terms: Terms, start: date) -> None:
    terms = replace(terms, principal=terms.principal + Money(10_000))

    cost = cost_of(terms, start, _scheduled(terms, start))

    assert cost.total.minor >= 0
    assert cost.monthly_rate >= 0
    assert bool(cost.total) == bool(cost.monthly_rate)


@given(free_terms())
def test_terms_are_read_from_their_json_as_they_were_agreed(terms: Terms) -> None:
    assert read(Terms, written(terms)) == terms


@pytest.mark.parametrize(
    ("unit", "per_year"), [(PeriodUnit.DAYS, 365), (PeriodUnit.WEEKS, 52), (PeriodUnit.MONTHS, 12)]
)
def test_a_term_of_a_century_is_the_longest(unit: PeriodUnit, per_year: int) -> None:
    longest = Terms(Money(1), Fraction(0), 100 * per_year, frequency=Frequency(1, unit))

    with pytest.raises(ContradictoryTerms):
        replace(longest, instalments=longest.instalments + 1)
