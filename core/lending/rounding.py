"""How does an exact share become a whole amount? The one place where fractions of a cent are decided."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from core.lending.rounding_terms import Rounding, RoundingMode


def rounded(exact: Fraction, mode: RoundingMode) -> int:
    """Whole units; halves go away from zero, to the even neighbour, or as the mode says.

    >>> [rounded(Fraction(5, 2), mode) for mode in RoundingMode]
    [3, 2, 3, 2]
    """
    return rounded_ratio(exact.numerator, exact.denominator, mode)


def rounded_ratio(numerator: int, denominator: int, mode: RoundingMode) -> int:
    """The same of a ratio that nobody has reduced; the denominator is above zero.

    >>> rounded_ratio(10, 4, RoundingMode.HALF_EVEN)
    2
    """
    return _MODES[mode](numerator, denominator)


def to_multiple(amount: int, rounding: Rounding) -> int:
    """The amount as a multiple the terms ask instalments to be.

    >>> to_multiple(1450, Rounding(instalment_multiple=100))
    1400
    """
    multiple = rounding.instalment_multiple
    if multiple == 1:
        return amount
    return rounded_ratio(amount, multiple, rounding.multiple_mode) * multiple


def _half_up(numerator: int, denominator: int) -> int:
    """Away from zero, so that a reversal of a payment is rounded as the payment was."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def _half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    is_up = 2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1)
    return whole + 1 if is_up else whole


_MODES: Mapping[RoundingMode, Callable[[int, int], int]] = MappingProxyType(
    {
        RoundingMode.HALF_UP: _half_up,
        RoundingMode.HALF_EVEN: _half_even,
        RoundingMode.UP: lambda numerator, denominator: -(-numerator // denominator),
        RoundingMode.DOWN: lambda numerator, denominator: numerator // denominator,
    }
)
