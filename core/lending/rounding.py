"""How does an exact share become a whole amount? The one place where fractions of a cent are decided."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType

from core.lending.rounding_terms import Rounding, RoundingMode


def rounded(exact: Fraction, mode: RoundingMode) -> int:
    """Whole units; halves go away from zero, to the even neighbour, or as the mode says.

    >>> [rounded(Fraction(5, 2), mode) for mode in RoundingMode]
    [3, 2, 3, 2]
    """
    return _MODES[mode](exact)


def to_multiple(amount: int, rounding: Rounding) -> int:
    """The amount as a multiple the terms ask instalments to be.

    >>> to_multiple(1450, Rounding(instalment_multiple=100))
    1400
    """
    multiple = rounding.instalment_multiple
    if multiple == 1:
        return amount
    return rounded(Fraction(amount, multiple), rounding.multiple_mode) * multiple


def _half_up(exact: Fraction) -> int:
    """Away from zero, so that a reversal of a payment is rounded as the payment was."""
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return whole if exact >= 0 else -whole


_MODES: Mapping[RoundingMode, Callable[[Fraction], int]] = MappingProxyType(
    {
        RoundingMode.HALF_UP: _half_up,
        RoundingMode.HALF_EVEN: round,
        RoundingMode.UP: ceil,
        RoundingMode.DOWN: floor,
    }
)
