import pytest

from core.errors import CurrencyMismatch, InvalidAmount
from core.money import Currency, Money


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1000", 100_000),
        ("1,000", 100_000),
        ("1,250.50", 125_050),
        (" 5 ", 500),
        ("0.5", 50),
        ("0.05", 5),
        ("7.500", 750),
        ("0", 0),
        ("999,999,999,999,999.99", 99_999_999_999_999_999),
    ],
)
def test_amounts_as_forms_and_files_write_them_are_read(text: str, cents: int) -> None:
    assert Money.parse(text) == Money(cents)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-5",
        "+5",
        "1.001",
        "1,00",
        "1,0000",
        "12,34,567",
        "5.",
        ".5",
        "1e3",
        "1_000",
        "٣",
        "2k",
        "KES 5",
        "1 000",
    ],
)
def test_text_that_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        Money.parse(text)


@pytest.mark.parametrize("text", ["9" * 16, "1" + ",000" * 6, "1" + ",000" * 2_000, "9" * 10_000])
def test_amounts_no_ledger_can_hold_are_refused(text: str) -> None:
    with pytest.raises(InvalidAmount):
        Money.parse(text)


def test_a_refused_text_is_cut_short_in_the_refusal() -> None:
    with pytest.raises(InvalidAmount) as refusal:
        Money.parse("x" * 10_000)

    assert len(refusal.value.text) == 40


def test_a_currency_without_decimals_takes_no_cents() -> None:
    assert Money.parse("5,000", Currency.UGX) == Money(5_000, Currency.UGX)
    with pytest.raises(InvalidAmount):
        Money.parse("5.50", Currency.UGX)


@pytest.mark.parametrize(
    ("money", "shown", "plain"),
    [
        (Money(123_456_789), "1,234,567.89", "1234567.89"),
        (Money(5), "0.05", "0.05"),
        (Money(-125_050), "-1,250.50", "-1250.50"),
        (Money(-5), "-0.05", "-0.05"),
        (Money(0), "0.00", "0.00"),
        (Money(5_000, Currency.UGX), "5,000", "5000"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(money: Money, shown: str, plain: str) -> None:
    assert str(money) == shown
    assert money.plain() == plain


@pytest.mark.parametrize(
    ("cents", "numerator", "denominator", "portion"),
    [
        (50, 1, 100, 1),
        (49, 1, 100, 0),
        (-50, 1, 100, -1),
        (-49, 1, 100, 0),
        (50, -1, 100, -1),
        (50, 1, -100, -1),
        (0, 1, -100, 0),
        (12_000_000, 1, 100, 120_000),
    ],
)
def test_half_a_cent_is_rounded_away_from_zero(
    cents: int, numerator: int, denominator: int, portion: int
) -> None:
    assert Money(cents).portion(numerator, denominator) == Money(portion)


@pytest.mark.parametrize(
    ("cents", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-33, -33, -34]),
        (9_000_000, [10_000_000, 6_000_000, 4_000_000], [4_500_000, 2_700_000, 1_800_000]),
        (1, [0, 1], [0, 1]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_a_split_loses_and_makes_no_cent(cents: int, weights: list[int], parts: list[int]) -> None:
    assert [part.minor for part in Money(cents).split(weights)] == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_a_split_without_sensible_weights_is_a_mistake(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100).split(weights)


@pytest.mark.parametrize(("cents", "rounded"), [(1, 100), (100, 100), (101, 200), (0, 0), (-150, -100)])
def test_amounts_for_mpesa_are_rounded_up_to_whole_shillings(cents: int, rounded: int) -> None:
    assert Money(cents).rounded_up_to_major() == Money(rounded)


def test_different_currencies_are_never_put_together() -> None:
    shillings, dollars = Money(100), Money(100, Currency.USD)

    with pytest.raises(CurrencyMismatch):
        shillings + dollars
    with pytest.raises(CurrencyMismatch):
        shillings - dollars
    with pytest.raises(CurrencyMismatch):
        shillings < dollars  # noqa: B015  the comparison itself is what raises
    assert shillings != dollars


def test_amounts_add_subtract_and_compare() -> None:
    assert Money(150) + Money(50) == Money(200)
    assert Money(150) - Money(200) == -Money(50)
    assert max(Money(150), Money(50)) == Money(150)
    assert Money(150) >= Money(150)


def test_only_nothing_at_all_is_false() -> None:
    assert not Money.zero()
    assert Money(1)
    assert Money(-1)
