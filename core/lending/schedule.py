"""When is how much due? A pure function of the terms and the day of disbursement.

Arithmetic is exact (whole minor units and fractions); every rounding goes through `_rounded`.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from core.lending.model import Instalment, RoundingMode, ScheduleMethod, Terms
from core.money import Money


def schedule(terms: Terms, disbursed_on: date) -> tuple[Instalment, ...]:
    """The instalments of a loan, the first one period after disbursement.

    Principals add up to the amount lent. A loan of so few cents that rounding repays it early ends with
    instalments of nothing.
    """
    rows = _METHODS[terms.method](terms)
    return tuple(
        Instalment(
            number=number,
            due_on=months_after(disbursed_on, number * terms.months_between),
            principal=principal,
            interest=interest,
        )
        for number, (principal, interest) in enumerate(rows, start=1)
    )


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a month that is too short.

    Counted from the first day each time, so that a short month doesn't shorten the ones behind it.

    >>> [months_after(date(2026, 1, 31), months).isoformat() for months in (1, 2, 3)]
    ['2026-02-28', '2026-03-31', '2026-04-30']
    """
    years, month_index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month_index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _declining_equal_instalments(terms: Terms) -> list[tuple[Money, Money]]:
    instalment = _rounded(terms.principal, _annuity_factor(terms.rate_per_period, terms.instalments), terms)
    rows = []
    balance = terms.principal
    for number in range(1, terms.instalments + 1):
        interest = _rounded(balance, terms.rate_per_period, terms)
        is_last = number == terms.instalments
        principal = balance if is_last else min(instalment - interest, balance)
        rows.append((principal, interest))
        balance -= principal
    return rows


def _annuity_factor(rate: Fraction, instalments: int) -> Fraction:
    """The equal instalment for one unit of principal: r / (1 - (1 + r)^-n), or 1/n without interest."""
    if not rate:
        return Fraction(1, instalments)
    return rate / (1 - (1 + rate) ** -instalments)


def _flat(terms: Terms) -> list[tuple[Money, Money]]:
    total_interest = _rounded(terms.principal, terms.rate_per_period * terms.instalments, terms)
    return list(zip(_evenly(terms.principal, terms), _evenly(total_interest, terms), strict=True))


def _evenly(total: Money, terms: Terms) -> list[Money]:
    """Equal rounded parts, one for each instalment; the last takes the remainder."""
    usual = _rounded(total, Fraction(1, terms.instalments), terms)
    parts = []
    left = total
    for _ in range(terms.instalments - 1):
        part = min(usual, left)
        parts.append(part)
        left -= part
    return [*parts, left]


def _rounded(amount: Money, factor: Fraction, terms: Terms) -> Money:
    """The amount times an exact factor, as the terms say that fractions of a cent are rounded."""
    return _ROUNDINGS[terms.rounding.mode](amount, factor.numerator, factor.denominator)


_ROUNDINGS: Mapping[RoundingMode, Callable[[Money, int, int], Money]] = MappingProxyType(
    {RoundingMode.HALF_UP: Money.portion}
)

_METHODS: Mapping[ScheduleMethod, Callable[[Terms], list[tuple[Money, Money]]]] = MappingProxyType(
    {
        ScheduleMethod.DECLINING_EQUAL_INSTALMENTS: _declining_equal_instalments,
        ScheduleMethod.FLAT: _flat,
    }
)
