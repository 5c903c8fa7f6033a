"""Reading what members type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from dialogs.inputs import AmountReader, CountReader, PhoneReader, TextReader, is_pin_shaped, read_amount
from dialogs.remark import Remark, Sentence
from dialogs.values import Values

UP_TO_3000: Values = {"least": 100, "most": 3_000_40}


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1000", 1_000_00),
        (" 1000 ", 1_000_00),
        ("1,500", 1_500_00),
        ("1500.50", 1_500_50),
        ("1500.5", 1_500_50),
        ("1,500/=", 1_500_00),
        ("1500/-", 1_500_00),
        ("2k", 2_000_00),
        ("2.5K", 2_500_00),
        ("KES 2,000", 2_000_00),
        ("ksh2000", 2_000_00),
        ("Kshs. 2,000/=", 2_000_00),
        ("12,345,678", 12_345_678_00),
        ("0500", 500_00),
        ("0", 0),
    ],
)
def test_amount_with_one_meaning_is_understood(typed: str, minor: int) -> None:
    assert read_amount(typed) == Money(minor)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1.000",
        "2,5",
        "1,50",
        "1500.505",
        "1,5000",
        "1.500,00",
        "-5",
        "+5",
        "1e9",
        "five",
        "1 00 000",
        "2kk",
        "2*7",
        "½",
        "\u0661\u0660\u0660",
        "😀",
        "1" * 25,
        ".",
        "KES",
    ],
)
def test_anything_else_is_not_guessed(typed: str) -> None:
    assert read_amount(typed) is None


@given(st.integers(0, 10**11))
def test_every_amount_is_read_back_as_it_is_written(minor: int) -> None:
    assert read_amount(str(Money(minor))) == Money(minor)
    assert read_amount(Money(minor).plain()) == Money(minor)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(typed: str) -> None:
    amount = read_amount(typed)

    assert amount is None or amount.minor >= 0


@pytest.mark.parametrize(("typed", "minor"), [("1", 1_00), ("3000.40", 3_000_40), ("3000", 3_000_00)])
def test_amount_inside_the_range_is_taken(typed: str, minor: int) -> None:
    assert AmountReader("least", "most")(typed, UP_TO_3000) == {"amount": minor}


def test_whole_shilling_above_the_most_means_all_of_it() -> None:
    assert AmountReader("least", "most")("3001", UP_TO_3000) == {"amount": 3_000_40}


@pytest.mark.parametrize("typed", ["0", "0.99", "3001.01", "3002", "1000000000", "abc"])
def test_amount_outside_the_range_is_asked_again_with_the_range(typed: str) -> None:
    assert AmountReader("least", "most")(typed, UP_TO_3000) == Remark(
        "wrong.amount", {"least": 100, "most": 3_000_40}
    )


@pytest.mark.parametrize(
    ("typed", "fits"), [("4271", True), ("427", False), ("42711", False), ("\u0664\u0662\u0667\u0661", False)]
)
def test_pin_has_four_plain_digits(typed: str, *, fits: bool) -> None:
    assert is_pin_shaped(typed) is fits


def test_words_are_taken_with_single_spaces() -> None:
    assert TextReader("purpose", longest=20)("  school   fees ") == {"purpose": "school fees"}


@pytest.mark.parametrize("typed", ["", "   ", "x" * 21])
def test_empty_or_too_long_words_are_asked_again(typed: str) -> None:
    assert TextReader("purpose", longest=20)(typed) == Remark("wrong.text", {"longest": 20})


@pytest.mark.parametrize(("typed", "count"), [("1", 1), ("06", 6), ("48", 48)])
def test_whole_number_within_its_limits_is_read(typed: str, count: int) -> None:
    reader = CountReader("months", least="least", most="most")

    assert reader(typed, {"least": 1, "most": 48}) == {"months": count}


@pytest.mark.parametrize("typed", ["0", "49", "-1", "1.5", "six", "", "*", "99999", "\u0661"])
def test_other_numbers_are_asked_again_with_the_limits(typed: str) -> None:
    reader = CountReader("months", least="least", most="most")

    reading = reader(typed, {"least": 1, "most": 48})

    assert reading == Remark(Sentence.WRONG_COUNT, {"months_least": 1, "months_most": 48})


@pytest.mark.parametrize("typed", ["0711000002", "+254711000002", "0711 000 002", "254711000002"])
def test_phone_number_is_read_in_any_of_its_spellings(typed: str) -> None:
    assert PhoneReader("phone")(typed) == {"phone": "+254711000002"}


@pytest.mark.parametrize("typed", ["", "12", "abc", "0200000000", "*" * 50])
def test_what_is_no_phone_number_is_asked_again(typed: str) -> None:
    assert PhoneReader("phone")(typed) == Remark("refusal.phone.invalid")
