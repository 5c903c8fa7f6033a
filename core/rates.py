"""What is an amount worth in another of our currencies on a day? Exact rates, rounded once at the end; pure.

>>> dollar = Rate(Currency.USD, Fraction("129.25"), date(2026, 3, 2))
>>> dollar.to_home(Money(10_000, Currency.USD))
Money(minor=1292500, currency=<Currency.KES: 'KES'>)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.errors import CurrencyMismatch, NoRate
from core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Rate:
    """What one whole unit of a currency costs in whole units of the home currency, from a day on."""

    currency: Currency
    per_unit: Fraction
    valid_from: date
    home: Currency = Currency.KES

    def __post_init__(self) -> None:
        if self.per_unit <= 0 or self.currency is self.home:
            raise AssertionError(f"not a rate: {self.per_unit} {self.home} for one {self.currency}")

    def to_home(self, amount: Money) -> Money:
        """In the home currency, rounded half up (away from zero) to its minor unit. Raises CurrencyMismatch."""
        if amount.currency is not self.currency:
            raise CurrencyMismatch(left=amount.currency, right=self.currency)
        return _rounded(amount.minor * self._minor_for_minor, self.home)

    def from_home(self, amount: Money) -> Money:
        """In the currency, rounded half up (away from zero) to its minor unit. Raises CurrencyMismatch."""
        if amount.currency is not self.home:
            raise CurrencyMismatch(left=amount.currency, right=self.home)
        return _rounded(amount.minor / self._minor_for_minor, self.currency)

    @property
    def _minor_for_minor(self) -> Fraction:
        """Home minor units for one minor unit: a Ugandan shilling has no cents, ours has a hundred."""
        return self.per_unit * self.home.minor_per_major / self.currency.minor_per_major


class Rates:
    """All rates known, as a table by currency and day."""

    def __init__(self, rates: Iterable[Rate], *, home: Currency = Currency.KES) -> None:
        self._home = home
        self._by_currency: dict[Currency, list[Rate]] = {}
        for rate in sorted(rates, key=lambda rate: rate.valid_from):
            self._by_currency.setdefault(rate.currency, []).append(rate)

    def on(self, currency: Currency, day: date) -> Rate:
        """The latest rate valid on the day. Raises NoRate."""
        known = [rate for rate in self._by_currency.get(currency, ()) if rate.valid_from <= day]
        if not known:
            raise NoRate(currency=currency, on=day)
        return known[-1]

    def convert(self, amount: Money, currency: Currency, day: date) -> Money:
        """The amount in another currency, by way of the home currency, rounded once at the end. Raises NoRate.

        >>> rates = Rates([Rate(Currency.USD, Fraction(130), date(2026, 1, 1))])
        >>> rates.convert(Money(13_000), Currency.USD, date(2026, 1, 31))
        Money(minor=100, currency=<Currency.USD: 'USD'>)
        """
        worth = amount.minor * self._home_minor(amount.currency, day) / self._home_minor(currency, day)
        return _rounded(worth, currency)

    def _home_minor(self, currency: Currency, day: date) -> Fraction:
        """Home minor units for one minor unit of a currency."""
        if currency is self._home:
            return Fraction(1)
        per_unit = self.on(currency, day).per_unit
        return per_unit * self._home.minor_per_major / currency.minor_per_major


def _rounded(minor: Fraction, currency: Currency) -> Money:
    whole = (2 * abs(minor.numerator) + minor.denominator) // (2 * minor.denominator)
    return Money(-whole if minor < 0 else whole, currency)
