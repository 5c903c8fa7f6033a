import random

import phonenumbers
import pytest

from core.errors import InvalidPhone
from core.phone import Msisdn


@pytest.mark.parametrize(
    "text",
    [
        "+254711000001",
        "254711000001",
        "00254711000001",
        "0711000001",
        "711000001",
        " 0711 000 001 ",
        "0711-000-001",
        "0711.000.001",
        "(0711) 000001",
        "+254 (0) 711 000001",
        "\u202a+254\u00a0711\u2011000\u2011001\u202c",
    ],
)
def test_every_way_to_write_a_kenyan_number_is_the_same_number(text: str) -> None:
    assert Msisdn.parse(text) == Msisdn("+254711000001")


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("0110 000 001", "+254110000001"),
        ("+256 772 123456", "+256772123456"),
        ("+255712345678", "+255712345678"),
    ],
)
def test_newer_prefixes_and_neighbour_countries_are_read(text: str, e164: str) -> None:
    assert Msisdn.parse(text).e164 == e164


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "7",
        "0202345678",
        "0109000000",
        "07110000011",
        "+1",
        "0711000001/0722000002",
        "0711000001,0711000002",
        "9" * 10_000,
    ],
)
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidPhone):
        Msisdn.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "0711AMINA1",
        "0711flower",
        "call 0711 000 001",
        "0711000001x5",
        "0711000001 ext 5",
        "tel:+254711000001",
    ],
)
def test_no_number_is_guessed_out_of_words_or_extensions(text: str) -> None:
    with pytest.raises(InvalidPhone):
        Msisdn.parse(text)


def test_a_refused_text_is_cut_short_in_the_refusal() -> None:
    with pytest.raises(InvalidPhone) as refusal:
        Msisdn.parse("7" * 10_000)

    assert len(refusal.value.text) == 32


def test_the_quick_way_for_kenyan_numbers_agrees_with_the_numbering_plan() -> None:
    plan = random.Random(254)

    for prefix in range(100, 1000):
        e164 = f"+254{prefix}{plan.randrange(1_000_000):06d}"
        kind = phonenumbers.number_type(phonenumbers.parse(e164))

        assert _is_read(e164) == (kind == phonenumbers.PhoneNumberType.MOBILE), e164


def _is_read(text: str) -> bool:
    try:
        return Msisdn.parse(text).e164 == text
    except InvalidPhone:
        return False


def test_screens_and_logs_see_a_number_with_its_middle_hidden() -> None:
    assert Msisdn("+254711000001").masked == "0711***001"
    assert Msisdn("+256772123456").masked == "+256***456"


def test_providers_get_the_number_without_its_plus() -> None:
    assert Msisdn.parse("0711000001").digits == "254711000001"
