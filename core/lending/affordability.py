"""What does a loan weigh on a month's pay? The heaviest monthly payment for each unit lent; pure and exact.

A member's room on the payslip divided by it is the largest loan the pay can carry.
"""

from fractions import Fraction


def annuity_burden(rate_per_month: Fraction, months: int) -> Fraction:
    """Equal instalments on the reducing balance.

    >>> int(800_000 / annuity_burden(Fraction(1, 100), 36))
    24086004
    """
    _refuse_no_loan(rate_per_month, months)
    if not rate_per_month:
        return Fraction(1, months)
    growth = (1 + rate_per_month) ** months
    return rate_per_month * growth / (growth - 1)


def equal_principal_burden(rate_per_month: Fraction, months: int) -> Fraction:
    """Equal parts of principal and interest on the reducing balance: the first payment is the heaviest."""
    _refuse_no_loan(rate_per_month, months)
    return Fraction(1, months) + rate_per_month


def flat_burden(rate_per_month: Fraction, months: int) -> Fraction:
    """Interest on the whole principal for the whole term, spread evenly."""
    _refuse_no_loan(rate_per_month, months)
    return Fraction(1, months) + rate_per_month


def bullet_burden(rate_per_month: Fraction, months: int) -> Fraction:
    """Interest every month and the principal with the last one, which is the heaviest."""
    _refuse_no_loan(rate_per_month, months)
    return 1 + rate_per_month


def _refuse_no_loan(rate_per_month: Fraction, months: int) -> None:
    if rate_per_month < 0 or months < 1:
        raise ValueError(f"no loan: {rate_per_month} a month over {months} months")
