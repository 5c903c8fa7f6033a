"""Loans of every shape for the properties: their terms."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from core.lending.terms import Frequency, InterestMethod, PeriodUnit, Terms
from core.money import Money

DISBURSED = date(2026, 1, 31)


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
