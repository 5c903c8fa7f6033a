from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAmount
from core.money import Currency, Money

_currencies = st.sampled_from(Currency)
_minor = st.integers(-(10**17), 10**17)
_moneys = st.builds(Money, _minor, _currencies)
_weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


@given(st.builds(Money, st.integers(0, 10**15 - 1), _currencies))
def test_what_we_write_we_read_again(money: Money) -> None:
    assert Money.parse(str(money), money.currency) == money
    assert Money.parse(money.plain(), money.currency) == money


@given(st.text(max_size=40), _currencies)
def test_any_text_is_an_amount_that_fits_the_ledger_or_refused(text: str, currency: Currency) -> None:
    try:
        money = Money.parse(text, currency)
    except InvalidAmount:
        return

    assert 0 <= money.minor < 10**17


@given(_moneys, _weights)
def test_a_split_adds_up_and_each_part_is_within_a_unit_of_its_share(
    money: Money, weights: list[int]
) -> None:
    parts = money.split(weights)

    assert sum(part.minor for part in parts) == money.minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - Fraction(money.minor * weight, sum(weights))) < 1
        assert weight or not part


@given(_moneys, st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9).filter(bool))
def test_a_portion_is_the_nearest_unit_to_the_exact_fraction(
    money: Money, numerator: int, denominator: int
) -> None:
    exact = Fraction(money.minor * numerator, denominator)

    portion = money.portion(numerator, denominator)

    assert abs(portion.minor - exact) <= Fraction(1, 2)
    assert (-money).portion(numerator, denominator) == -portion
    if abs(portion.minor - exact) == Fraction(1, 2):
        assert abs(portion.minor) > abs(exact)


@given(_moneys)
def test_rounding_up_to_whole_shillings_adds_less_than_one(money: Money) -> None:
    rounded = money.rounded_up_to_major()

    assert rounded.minor % money.currency.minor_per_major == 0
    assert 0 <= rounded.minor - money.minor < money.currency.minor_per_major


@given(_minor, _minor, _currencies)
def test_adding_and_taking_away_again_changes_nothing(one: int, other: int, currency: Currency) -> None:
    a, b = Money(one, currency), Money(other, currency)

    assert a + b - b == a
    assert a + b == b + a
    assert (a < b) == (one < other)
