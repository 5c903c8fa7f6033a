"""Lengths and letters on the network, held against an independent implementation."""

import pytest
from smsutil.codecs import GSM_BASIC_CHARSET, GSM_EXT_CHARSET

from dialogs.gsm import BASIC, EXTENSION, foreign_letters, septets, to_gsm


def test_alphabet_is_that_of_smsutil_without_the_escape() -> None:
    assert set(GSM_BASIC_CHARSET) - {"\x1b"} == BASIC
    assert set(GSM_EXT_CHARSET) == EXTENSION


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("abc", 3), ("€", 2), ("[x]", 5), ("a\nb", 3), ("~^{}\\|", 12), ("Æ@£", 3)],
)
def test_extension_letters_take_two_septets(text: str, length: int) -> None:
    assert septets(text) == length
    assert septets(text) == len(text.encode("gsm0338"))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Wanjirũ", "Wanjiru"),
        ("Nyaga Mũthoni", "Nyaga Muthoni"),
        ("Ng’ang’a", "Ng'ang'a"),  # noqa: RUF001 - the typographic apostrophe is the point
        ("O\u2013K\u2026", "O-K..."),
        ("François", "Francois"),
        ("Zoë", "Zoe"),
        ("José", "José"),
        ("王", "?"),
        ("😀", "?"),
        ("tab\there", "tab here"),
    ],
)
def test_names_are_spelled_inside_the_alphabet(name: str, written: str) -> None:
    assert to_gsm(name) == written
    assert not foreign_letters(to_gsm(name))
