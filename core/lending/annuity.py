"""Which equal payment is worth a balance? Exact, for factors that differ from row to row or are all one.

Whole numbers over one denominator: fractions would be reduced at every step, which costs far more than it saves.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm


def over_one_denominator(factors: Sequence[Fraction]) -> tuple[int, list[int]]:
    """A common denominator of the factors, and their numerators over it.

    >>> over_one_denominator([Fraction(1, 4), Fraction(1, 6)])
    (12, [3, 2])
    """
    unit = lcm(*{factor.denominator for factor in factors})
    return unit, [factor.numerator * (unit // factor.denominator) for factor in factors]


def level_annuity(balance: Fraction, factor: Fraction, rows: int) -> Fraction:
    """The payment i / (1 - (1 + i)^-n) of a balance, or an nth of it without interest.

    >>> round(level_annuity(Fraction(12_000_000), Fraction(1, 100), 12))
    1066185
    """
    if not factor:
        return balance / rows
    grown = (factor.denominator + factor.numerator) ** rows
    divisor = factor.denominator * (grown - factor.denominator**rows)
    return balance * Fraction(factor.numerator * grown, divisor)


def annuity(balance: Fraction, factors: Sequence[Fraction]) -> Fraction:
    """The payment at the end of each row that repays the balance, each row costing balance x its factor.

    >>> annuity(Fraction(1000), [Fraction(1, 10), Fraction(1, 10)]) == level_annuity(Fraction(1000), Fraction(1, 10), 2)
    True
    """
    unit, parts = over_one_denominator(factors)
    grown, divisor, scale = unit + parts[0], 1, 1
    for part in parts[1:]:
        grown *= unit + part
        scale *= unit
        divisor = divisor * (unit + part) + scale
    return balance * Fraction(grown, unit * divisor)


def growth(factors: Sequence[Fraction]) -> Fraction:
    """What one unit becomes over these rows: the product of 1 + factor."""
    unit, parts = over_one_denominator(factors)
    grown = 1
    for part in parts:
        grown *= unit + part
    return Fraction(grown, unit ** len(factors))


def discount(amounts: Sequence[Fraction], factors: Sequence[Fraction]) -> Fraction:
    """What amounts at the end of each row are worth before the first."""
    worth = Fraction(0)
    for amount, factor in zip(reversed(amounts), reversed(factors), strict=True):
        worth = (worth + amount) / (1 + factor)
    return worth
