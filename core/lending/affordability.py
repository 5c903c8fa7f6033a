"""What does a loan weigh on a month's pay, and what does it cost? For each unit lent, by its product; pure and exact.

A member's room on the payslip divided by the heaviest monthly payment is the largest loan the pay can carry. Charges
and roundings to the cent are left out: this compares and bounds; what a member is told comes from a schedule.
"""

from fractions import Fraction

from core.lending.model import Product, percent
from core.lending.terms import Amortisation, InterestMethod


def burden_of(product: Product, months: int) -> Fraction:
    """The heaviest monthly payment for each unit lent over so many months.

    Raises ValueError for a term of nothing.

    >>> from core.lending.products import DEVELOPMENT
    >>> int(800_000 / burden_of(DEVELOPMENT, 36))
    24086004
    """
    _refuse_no_term(months)
    rate, even = percent(product.percent_per_month), Fraction(1, months)
    if product.method is InterestMethod.UPFRONT:
        rate = Fraction(0)
    if product.amortisation is Amortisation.BULLET:
        return 1 + rate
    if product.method is InterestMethod.FLAT or product.amortisation is Amortisation.EQUAL_PRINCIPAL:
        return even + rate
    return _annuity(rate, months)


def cost_of(product: Product, months: int) -> Fraction:
    """All interest for each unit lent over so many months. Raises ValueError for a term of nothing."""
    _refuse_no_term(months)
    rate = percent(product.percent_per_month)
    if product.method is not InterestMethod.DECLINING_BALANCE or product.amortisation is Amortisation.BULLET:
        return rate * months
    if product.amortisation is Amortisation.EQUAL_PRINCIPAL:
        return rate * (months + 1) / 2
    return _annuity(rate, months) * months - 1


def _annuity(rate: Fraction, months: int) -> Fraction:
    if not rate:
        return Fraction(1, months)
    growth: Fraction = (1 + rate) ** months
    return rate * growth / (growth - 1)


def _refuse_no_term(months: int) -> None:
    if months < 1:
        raise ValueError(f"no term: {months} months")
