"""How much, exactly? Whole minor units with a currency; never a float.

>>> Money.parse("1,250.50") + Money(50)
Money(minor=125100, currency=<Currency.KES: 'KES'>)
>>> str(Money(125100))
'1,251.00'
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering

from core.errors import CurrencyMismatch, InvalidAmount


class Currency(StrEnum):
    """The currencies an institution may keep, by ISO 4217 code."""

    KES = "KES"
    UGX = "UGX"
    TZS = "TZS"
    RWF = "RWF"
    ETB = "ETB"
    USD = "USD"
    EUR = "EUR"
    GBP = "GBP"

    @property
    def decimals(self) -> int:
        """Digits behind the point by ISO 4217: none for UGX and RWF, else two."""
        return 0 if self is Currency.UGX or self is Currency.RWF else 2

    @property
    def minor_per_major(self) -> int:
        """How many minor units make one: 100 cents to the shilling."""
        minor: int = 10**self.decimals
        return minor


_PLAIN = re.compile(r"(?P<whole>\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(?P<part>\d+))?", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units (cents) of one currency; may be negative."""

    minor: int
    currency: Currency = Currency.KES

    @classmethod
    def parse(cls, text: str, currency: Currency = Currency.KES) -> "Money":
        """Read digits with an optional point and thousands commas, as files and forms write them.

        Raises InvalidAmount for anything else, more decimals than the currency has included:
        money is never rounded on the way in.

        >>> Money.parse("1000")
        Money(minor=100000, currency=<Currency.KES: 'KES'>)
        """
        match = _PLAIN.fullmatch(text.strip())
        if match is None:
            raise InvalidAmount(text=text[:40])
        part = match["part"] or ""
        if len(part.rstrip("0")) > currency.decimals:
            raise InvalidAmount(text=text[:40])
        whole = int(match["whole"].replace(",", ""))
        cents = int(part[: currency.decimals].ljust(currency.decimals, "0") or "0")
        return cls(whole * currency.minor_per_major + cents, currency)

    @classmethod
    def zero(cls, currency: Currency = Currency.KES) -> "Money":
        return cls(0, currency)

    def __str__(self) -> str:
        """With thousands separators and the currency's decimals, without its code."""
        return amount_text(self.minor, self.currency)

    def plain(self) -> str:
        """Without separators, as files and providers write it.

        >>> Money(100000).plain()
        '1000.00'
        """
        return amount_text(self.minor, self.currency).replace(",", "")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __bool__(self) -> bool:
        """False for nothing at all, so that `if fee:` reads as it should."""
        return self.minor != 0

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return other

    def portion(self, numerator: int, denominator: int) -> "Money":
        """This amount times a fraction, rounded half up (away from zero) to the minor unit.

        >>> Money(12345).portion(1, 100)
        Money(minor=123, currency=<Currency.KES: 'KES'>)
        """
        product = abs(self.minor * numerator)
        rounded = (2 * product + abs(denominator)) // (2 * abs(denominator))
        negative = (self.minor * numerator < 0) != (denominator < 0)
        return Money(-rounded if negative else rounded, self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Cut into parts by weight without losing or making a minor unit.

        Remainders go one unit each to the parts with the largest fraction lost, the first on ties.

        >>> [part.minor for part in Money(100).split([1, 1, 1])]
        [34, 33, 33]
        """
        total = sum(weights)
        if total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError(f"weights must be non-negative and not all zero: {weights}")
        floors = [self.minor * weight // total for weight in weights]
        by_fraction_lost = sorted(range(len(weights)), key=lambda i: (-(self.minor * weights[i] % total), i))
        for i in by_fraction_lost[: self.minor - sum(floors)]:
            floors[i] += 1
        return [Money(part, self.currency) for part in floors]

    def rounded_up_to_major(self) -> "Money":
        """The next whole shilling, itself when whole: M-Pesa moves no cents.

        >>> Money(100001).rounded_up_to_major().minor
        100100
        """
        unit = self.currency.minor_per_major
        return Money(-(-self.minor // unit) * unit, self.currency)

    def rounded_down_to_major(self) -> "Money":
        """The whole shillings in it.

        >>> Money(100099).rounded_down_to_major().minor
        100000
        """
        unit = self.currency.minor_per_major
        return Money(self.minor // unit * unit, self.currency)


def amount_text(minor: int, currency: Currency = Currency.KES) -> str:
    """An amount in minor units as people read it: `str(Money)` for whoever has only the number.

    >>> amount_text(-125100), amount_text(125100, Currency.UGX)
    ('-1,251.00', '125,100')
    """
    if currency.decimals == 0:
        return f"{minor:,}"
    sign = "-" if minor < 0 else ""
    whole, cents = divmod(abs(minor), 100)
    return f"{sign}{whole:,}.{cents:02}"
