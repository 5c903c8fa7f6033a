"""What does it cost to take money out over M-Pesa, and how much may be taken? Terms as data, and one rule. No I/O.

Least and most at once, and the bands, are M-Pesa's: Safaricom's customer tariff and bulk-payment tariff form (2025).
An amount below 50 shillings can't be cashed at an agent, so less is not sent. Excise: Excise Duty Act (Kenya), First
Schedule, 20 % on fees of financial institutions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from core.errors import NotWholeShillings, PayoutOutOfRange
from core.money import Currency, Money


class FeeBearer(StrEnum):
    """Who pays for sending."""

    MEMBER = "member"
    """It is taken from the account on top of the amount, excise included."""

    SOCIETY = "society"
    """Nothing is taken from the member."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """Fees from a day on: (largest amount of the band, fee), both in minor units, by size."""

    since: date
    bands: Sequence[tuple[int, int]]

    def fee(self, amount_minor: int) -> int:
        """The fee of the band; that of the last one for what is larger."""
        return next((fee for most, fee in self.bands if amount_minor <= most), self.bands[-1][1])


@dataclass(frozen=True, slots=True)
class WithdrawalTerms:
    """What a society allows. Amounts in minor units."""

    least: int
    most: int
    daily_most: int
    """Of one member in one business day."""
    approved_above: int
    """A larger withdrawal waits for somebody of staff."""
    fee_bearer: FeeBearer
    tariffs: Sequence[Tariff]
    excise_rate: Fraction = Fraction(1, 5)

    def tariff(self, on: date) -> Tariff | None:
        """The newest that has begun; None before the first: then nothing is charged."""
        begun = [tariff for tariff in self.tariffs if tariff.since <= on]
        return max(begun, key=lambda tariff: tariff.since, default=None)


@dataclass(frozen=True, slots=True)
class WithdrawalQuote:
    """What a withdrawal costs: `amount` reaches the phone, `total` leaves the account."""

    amount: Money
    fee: Money
    excise: Money
    needs_approval: bool

    @property
    def cost(self) -> Money:
        """Fee and excise, as the member is told."""
        return self.fee + self.excise

    @property
    def total(self) -> Money:
        return self.amount + self.cost


def quote(terms: WithdrawalTerms, amount: Money, *, on: date) -> WithdrawalQuote:
    """The cost of an amount on a day. Raises NotWholeShillings, PayoutOutOfRange.

    >>> str(quote(USUAL_WITHDRAWALS, Money.parse("1000"), on=date(2026, 3, 11)).total)
    '1,006.00'
    """
    if amount.currency is not Currency.KES or amount.minor % amount.currency.minor_per_major:
        raise NotWholeShillings(amount_minor=amount.minor)
    if not terms.least <= amount.minor <= terms.most:
        raise PayoutOutOfRange(minimum_minor=terms.least, maximum_minor=terms.most)
    tariff = terms.tariff(on) if terms.fee_bearer is FeeBearer.MEMBER else None
    fee = Money(0 if tariff is None else tariff.fee(amount.minor), amount.currency)
    return WithdrawalQuote(
        amount=amount,
        fee=fee,
        excise=fee.portion(terms.excise_rate.numerator, terms.excise_rate.denominator),
        needs_approval=amount.minor > terms.approved_above,
    )


def _shillings(*bands: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple((most * 100, fee * 100) for most, fee in bands)


# What M-Pesa takes of a society per payment (B2C, charges paid by the business), passed on as it is.
USUAL_WITHDRAWALS: Final = WithdrawalTerms(
    least=50_00,
    most=250_000_00,
    daily_most=500_000_00,
    approved_above=100_000_00,
    fee_bearer=FeeBearer.MEMBER,
    tariffs=(
        Tariff(date(2020, 1, 1), _shillings((100, 0), (1_500, 5), (5_000, 9), (20_000, 11), (250_000, 13))),
    ),
)
"""The demo's terms. The daily most is that of an M-Pesa wallet."""
