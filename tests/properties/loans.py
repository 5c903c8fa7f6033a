"""Loans of every shape for the properties: terms, and instalments somewhere in the middle of their life."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from core.lending.allocation import after_payment, allocate
from core.lending.model import InstalmentState, Product
from core.lending.periods import months_after
from core.lending.products import DEVELOPMENT, EMERGENCY
from core.lending.schedule import schedule
from core.lending.terms import Frequency, InterestMethod, PeriodUnit, Terms
from core.money import Money

DISBURSED = date(2026, 1, 31)

amounts = st.integers(0, 20_000_000).map(Money)
# Due dates themselves are where rules differ by a day, so half of the days are among them.
days = st.one_of(
    st.integers(1, 13).map(lambda months: months_after(DISBURSED, months)),
    st.integers(0, 400).map(lambda days: DISBURSED + timedelta(days=days)),
)


def terms_of(*methods: InterestMethod) -> st.SearchStrategy[Terms]:
    """Terms by these methods: from loans of a few cents to a hundred million, up to 120% a year."""
    return st.builds(
        Terms,
        principal=st.one_of(st.integers(1, 500), st.integers(1, 10**10)).map(Money),
        annual_rate=st.integers(0, 1_200_000).map(lambda millionths: Fraction(millionths, 1_000_000)),
        instalments=st.integers(1, 60),
        method=st.sampled_from(methods),
        frequency=st.integers(1, 6).map(lambda months: Frequency(months, PeriodUnit.MONTHS)),
    )


@st.composite
def running_loans(
    draw: st.DrawFn, products: tuple[Product, ...] = (DEVELOPMENT, EMERGENCY)
) -> tuple[tuple[InstalmentState, ...], date, Product]:
    """A loan of up to a year with up to three payments behind it, and a day on which to look at it."""
    product = draw(st.sampled_from(products))
    principal = Money(draw(st.integers(100, 10_000_000)))
    loan_terms = product.terms(principal=principal, instalments=draw(st.integers(1, 12)))
    loan = tuple(InstalmentState.untouched(row) for row in schedule(loan_terms, DISBURSED))
    for day in sorted(draw(st.lists(days, max_size=3))):
        loan = recognised(loan, day)
        loan = after_payment(loan, allocate(loan, draw(amounts), day, product).parts)
    return loan, draw(days), product


def recognised(loan: tuple[InstalmentState, ...], day: date) -> tuple[InstalmentState, ...]:
    """As the day-close leaves the loan: interest that fell due is taken to income."""
    return tuple(
        replace(state, interest_recognised=state.instalment.interest) if state.due_on <= day else state
        for state in loan
    )
