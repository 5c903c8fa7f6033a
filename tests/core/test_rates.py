"""Amounts in other currencies: exact rates, one rounding, and nothing guessed where no rate is known."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CurrencyMismatch, NoRate
from core.money import Currency, Money
from core.rates import Rate, Rates

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def rate(currency: Currency, per_unit: str, valid_from: date = JANUARY) -> Rate:
    return Rate(currency, Fraction(per_unit), valid_from)


RATES = Rates(
    [
        rate(Currency.USD, "131", MARCH),
        rate(Currency.USD, "129.25"),
        rate(Currency.EUR, "150.5"),
        rate(Currency.UGX, "0.035"),
    ]
)


@pytest.mark.parametrize(
    ("amount", "home"),
    [
        (Money(10_000, Currency.USD), 1_292_500),
        (Money(1, Currency.USD), 129),  # 129.25 cents
        (Money(2, Currency.USD), 259),  # 258.5: half up
        (Money(-2, Currency.USD), -259),  # away from zero
        (Money(100_000, Currency.UGX), 350_000),  # no cents there, a hundred here
    ],
)
def test_an_amount_is_worth_the_day_s_rate_at_home(amount: Money, home: int) -> None:
    assert RATES.convert(amount, Currency.KES, date(2026, 2, 1)) == Money(home)
    assert RATES.on(amount.currency, date(2026, 2, 1)).to_home(amount) == Money(home)


def test_the_latest_rate_valid_on_the_day_counts() -> None:
    assert RATES.on(Currency.USD, date(2026, 2, 28)).per_unit == Fraction("129.25")
    assert RATES.on(Currency.USD, MARCH).per_unit == 131


@pytest.mark.parametrize(
    ("currency", "on"), [(Currency.USD, date(2025, 12, 31)), (Currency.TZS, date(2026, 5, 1))]
)
def test_without_a_rate_for_the_day_nothing_is_converted(currency: Currency, on: date) -> None:
    with pytest.raises(NoRate) as refusal:
        RATES.convert(Money(1, currency), Currency.KES, on)

    assert (refusal.value.currency, refusal.value.on) == (currency, on)


def test_two_foreign_currencies_go_over_home_and_are_rounded_once() -> None:
    euros = RATES.convert(Money(10_000, Currency.USD), Currency.EUR, MARCH)

    # 100 x 131 / 150.5 = 87.0431...
    assert euros == Money(8_704, Currency.EUR)


def test_an_amount_in_its_own_currency_stays() -> None:
    assert RATES.convert(Money(123), Currency.KES, JANUARY) == Money(123)
    assert RATES.convert(Money(123, Currency.USD), Currency.USD, JANUARY) == Money(123, Currency.USD)


def test_a_rate_takes_its_own_currency_only() -> None:
    dollar = rate(Currency.USD, "130")

    with pytest.raises(CurrencyMismatch):
        dollar.to_home(Money(1, Currency.EUR))
    with pytest.raises(CurrencyMismatch):
        dollar.from_home(Money(1, Currency.EUR))


def test_shillings_buy_dollars() -> None:
    assert rate(Currency.USD, "130").from_home(Money(1_300_000)) == Money(10_000, Currency.USD)


@pytest.mark.parametrize(
    ("currency", "per_unit"), [(Currency.USD, "0"), (Currency.USD, "-1"), (Currency.KES, "1")]
)
def test_what_is_no_rate_cannot_be_built(currency: Currency, per_unit: str) -> None:
    with pytest.raises(AssertionError, match="not a rate"):
        rate(currency, per_unit)


@given(minor=st.integers(-(10**12), 10**12), rate_in_cents=st.integers(1, 10**7))
def test_there_and_back_loses_at_most_what_one_rounding_may(minor: int, rate_in_cents: int) -> None:
    dollar = Rate(Currency.USD, Fraction(rate_in_cents, 100), JANUARY)

    back = dollar.from_home(dollar.to_home(Money(minor, Currency.USD)))

    # Half a cent at home is worth so many American cents, and the way back rounds half of one.
    assert abs(back.minor - minor) <= Fraction(1, 2) + Fraction(1, 2) / dollar.per_unit
