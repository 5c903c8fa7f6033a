"""Is a sealed field opened by its keys alone, at its own owner alone, and found without being opened?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidNationalId
from core.members.national_id import NationalId
from core.members.sealing import FieldSealer, SealBroken

OLD, NEW = b"the old key of these tests", b"the new key of these tests"
FIRST = FieldSealer({1: OLD}, current=1)
BOTH = FieldSealer({1: OLD, 2: NEW}, current=2)


@given(st.text(max_size=40))
def test_what_was_sealed_opens_for_its_owner(text: str) -> None:
    sealed = FIRST.seal(text, owner="mbr_1")

    assert FIRST.open(sealed, owner="mbr_1") == text
    assert sealed != FIRST.seal(text, owner="mbr_1")


def test_a_field_moved_to_another_owner_does_not_open() -> None:
    with pytest.raises(SealBroken):
        FIRST.open(FIRST.seal("12345678", owner="mbr_1"), owner="mbr_2")


def test_an_old_key_still_opens_and_a_new_one_seals() -> None:
    old = FIRST.seal("12345678", owner="mbr_1")

    assert BOTH.open(old, owner="mbr_1") == "12345678"
    assert BOTH.seal("x", owner="mbr_1").startswith("key2$")
    assert FIRST.prints("12345678")[0] in BOTH.prints("12345678")
    assert FIRST.prints("12345678") != FIRST.prints("12345679")
    with pytest.raises(SealBroken):
        FIRST.open(BOTH.seal("x", owner="mbr_1"), owner="mbr_1")


@pytest.mark.parametrize("broken", ["", "12345678", "key1$", "key1$AAAA", "key1$" + "A" * 60, "key1$AAAAA"])
def test_what_is_no_seal_of_ours_does_not_open(broken: str) -> None:
    with pytest.raises(SealBroken):
        FIRST.open(broken, owner="mbr_1")


def test_a_key_that_is_none_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="is current but not given"):
        FieldSealer({1: OLD}, current=2)
    with pytest.raises(ValueError, match="at least 16 bytes"):
        FieldSealer({1: b"short"}, current=1)


@pytest.mark.parametrize("typed", ["", "abc", "123", "1234567890", "12345678x", "١٢٣٤٥٦٧٨", "1" * 10_000])
def test_what_is_no_national_id_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(InvalidNationalId) as caught:
        NationalId.parse(typed)

    assert str(caught.value) == "membership.national_id_invalid"


def test_a_national_id_shows_its_end_alone() -> None:
    assert repr(NationalId.parse("0012 345.678")) == "NationalId(*****678)"
