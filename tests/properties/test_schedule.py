from decimal import Context, Decimal
from itertools import pairwise

from hypothesis import given

from core.lending.schedule import schedule
from core.lending.terms import InterestMethod, Terms
from core.money import Money
from tests.properties.loans import DISBURSED, terms_of

# 200 digits leave no doubt about a cent of amounts below a hundred million.
_PRECISE = Context(prec=200)
_any_terms = terms_of(*InterestMethod)
_declining = terms_of(InterestMethod.DECLINING_BALANCE)


@given(_any_terms)
def test_principals_add_up_to_the_amount_lent(terms: Terms) -> None:
    rows = schedule(terms, DISBURSED)

    assert sum((row.principal for row in rows), start=Money.zero()) == terms.principal


@given(_any_terms)
def test_every_instalment_is_there_in_order_and_asks_nothing_negative(terms: Terms) -> None:
    rows = schedule(terms, DISBURSED)

    assert [row.number for row in rows] == list(range(1, terms.instalments + 1))
    assert all(before.due_on < after.due_on for before, after in pairwise(rows))
    assert all(row.principal.minor >= 0 and row.interest.minor >= 0 for row in rows)


@given(terms_of(InterestMethod.FLAT))
def test_flat_interest_is_the_rate_times_the_periods_to_the_cent(terms: Terms) -> None:
    interest = sum((row.interest for row in schedule(terms, DISBURSED)), start=Money.zero())

    exact = terms.principal.minor * terms.rate_per_period * terms.instalments
    assert abs(interest.minor - exact) <= 0.5


@given(_declining)
def test_declining_instalments_are_equal_until_the_last_that_repays_anything(terms: Terms) -> None:
    repaying = [row for row in schedule(terms, DISBURSED) if row.principal]

    assert len({row.total for row in repaying[:-1]}) <= 1


@given(terms_of(InterestMethod.FLAT))
def test_flat_parts_are_equal_until_the_last_that_asks_anything(terms: Terms) -> None:
    rows = schedule(terms, DISBURSED)

    for column in ([row.principal for row in rows], [row.interest for row in rows]):
        asking = [part for part in column[:-1] if part]
        assert len(set(asking[:-1])) <= 1


@given(_declining)
def test_declining_interest_is_the_rate_on_what_is_still_owed(terms: Terms) -> None:
    balance = terms.principal.minor
    for row in schedule(terms, DISBURSED):
        assert abs(row.interest.minor - balance * terms.rate_per_period) <= 0.5
        balance -= row.principal.minor


@given(_declining)
def test_the_equal_instalment_is_the_annuity_worked_out_another_way(terms: Terms) -> None:
    first, *others = schedule(terms, DISBURSED)

    assert not others or abs(first.total.minor - _annuity(terms)) <= Decimal("0.5")


def _annuity(terms: Terms) -> Decimal:
    """The payment whose discounted sum is the principal, in decimal arithmetic."""
    rate = _PRECISE.divide(
        Decimal(terms.rate_per_period.numerator), Decimal(terms.rate_per_period.denominator)
    )
    discounted = Decimal(0)
    for number in range(1, terms.instalments + 1):
        discounted = _PRECISE.add(
            discounted, _PRECISE.divide(Decimal(1), _PRECISE.power(_PRECISE.add(Decimal(1), rate), number))
        )
    return _PRECISE.divide(Decimal(terms.principal.minor), discounted)
