"""Any text at all: never an exception, never more time than its length asks for, never a value nobody wrote."""

import re
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlu.entities import entities
from nlu.intents import EntityKind
from tests.nlu.readings import TODAY, said

OUR_WORDS = """
elfu mia laki milioni thao soo ngiri nusu na kumi mbili tano moja 5 12 500 2,500 2.5 k ksh bob /= - / . ,
tarehe mwezi wiki siku miezi mwaka wa ya ijayo iliyopita leo kesho jana hadi to in last next 3 months days
half a and hundred thousand million friday march 0711000001 LN-00871 TKL98HG7YU pin is loan ya fees savings
mwisho end of saa % # * + ( ) 5th 1/2/2026 au baada since
"""
FORMS = {
    EntityKind.AMOUNT: r"[1-9][0-9]*(\.[0-9]{2})?|0\.[0-9]{2}",
    EntityKind.DATE: r"\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?",
    EntityKind.TERM_MONTHS: r"[1-9][0-9]*",
    EntityKind.TERM: r"P[1-9][0-9]*[DW]",
    EntityKind.PHONE: r"\+[1-9][0-9]{7,14}",
    EntityKind.REFERENCE: r"LN-[0-9]{5,12}|[A-Z][A-Z0-9]{9}",
    EntityKind.PRODUCT: r"[a-z_]+",
    EntityKind.ACCOUNT: r"[a-z_]+",
}


def assert_sound(text: str, today: date = TODAY) -> None:
    found = entities(text, today=today)
    assert not found.values.keys() & found.ambiguous.keys()
    assert all(len(many) > 1 for many in found.ambiguous.values())
    every = [*found.values.values(), *(each for many in found.ambiguous.values() for each in many)]
    for each in every:
        assert 0 <= each.start < each.end <= len(text)
        assert re.fullmatch(FORMS[each.kind], each.value), each


@settings(max_examples=200)
@given(st.text(max_size=300), st.dates(date(2000, 1, 1), date(2100, 12, 31)))
@example("İ" * 50, TODAY)
@example("\ud800 5k", TODAY)
@example("\u0661\u0662 \u0665", TODAY)
@example("²³ 5²", TODAY)
def test_no_text_is_too_strange(text: str, today: date) -> None:
    assert_sound(text, today)


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from(OUR_WORDS.split()), max_size=25),
    st.sampled_from([" ", "", "  ", "-"]),
    st.dates(date(2024, 1, 1), date(2029, 12, 31)),
)
def test_no_order_of_our_own_words_is_too_strange(words: list[str], gap: str, today: date) -> None:
    assert_sound(gap.join(words), today)


@given(st.integers(1, 99_999_999))
def test_every_whole_amount_is_read_in_every_common_form(shillings: int) -> None:
    for text in (
        f"{shillings} bob",
        f"ksh {shillings}",
        f"KES {shillings:,}",
        f"{shillings:,}/=",
        f"Kshs.{shillings}",
    ):
        assert said(f"tuma {text} leo") == {"amount": str(shillings), "date": "2026-03-11"}


@given(st.decimals(Decimal("0.01"), Decimal(9_999_999), places=2))
def test_every_amount_with_cents_is_exact(amount: Decimal) -> None:
    value = said(f"ksh {amount:.2f}")["amount"]

    assert isinstance(value, str)
    assert Decimal(value) == amount


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_two_amounts_are_never_one(first: int, second: int) -> None:
    found = said(f"ksh {first} au ksh {second}")

    assert found["amount"] == ([str(first), str(second)] if first != second else str(first))


@given(st.from_regex(r"(?:\+254|254|0)(?:7[0-9]{8}|11[0-9]{7})", fullmatch=True))
def test_no_digit_of_a_phone_is_money(number: str) -> None:
    assert said(f"send to {number} now").keys() == {"phone"}


@given(st.from_regex(r"[S-U][A-L][1-9][A-Z][A-Z0-9]{6}", fullmatch=True))
def test_no_digit_of_a_receipt_is_money(receipt: str) -> None:
    assert said(f"nimelipa code {receipt}") == {"reference": receipt}


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "elfu mbili mia tano na nusu ",
            "5k ",
            "1/",
            "9",
            "0711 000 001 ",
            "tarehe 5 hadi ",
            "a",
            "kumi na ",
        ),
        *("2 500 ", "((((", "emergency loan ya ", "mwezi wa ", "1,1", "na nusu ", "+254 ", "thao mbili soo "),
        *("in 3 ", "pin is ni ya ", "-", " ", "\n", "😀", "0", "254 ", "ln", "loan number ", "half a "),
    ],
)
def test_time_grows_with_length_and_no_faster(piece: str) -> None:
    def seconds(letters: int) -> float:
        text = (piece * (letters // len(piece) + 1))[:letters]
        best = 9.0
        for _ in range(2):
            began = time.process_time()
            assert_sound(text)
            best = min(best, time.process_time() - began)
        return best

    short, long = seconds(1_000), seconds(10_000)

    # Ten times the letters take ten times as long; squared would be a hundred times.
    assert long < max(40 * short, 0.05)
    assert long < 3
