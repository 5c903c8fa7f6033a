"""Is an account number read as people type it, and only trusted as far as it says whose it is?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.payments.references import (
    AUTOMATIC_FROM,
    Candidate,
    IdKind,
    Match,
    Payer,
    Wanted,
    rank,
    read_reference,
    sure,
)

AMINA = Candidate("mbr_amina", IdKind.MEMBER_NUMBER, "M10001", "Amina Wanjiru", "+254711000001")
OTIENO = Candidate("mbr_otieno", IdKind.MEMBER_NUMBER, "M10002", "Otieno Odhiambo", "+254711000002")
STRANGER = Payer()


@pytest.mark.parametrize(
    ("typed", "kind", "value", "wanted"),
    [
        ("M10001", IdKind.MEMBER_NUMBER, "M10001", None),
        (" m-100 01 ", IdKind.MEMBER_NUMBER, "M10001", None),
        ("10001", IdKind.MEMBER_NUMBER, "M10001", None),
        ("10001d", IdKind.MEMBER_NUMBER, "M10001", Wanted.DEPOSITS),
        ("M10001 S", IdKind.MEMBER_NUMBER, "M10001", Wanted.SHARES),
        ("M10001/L", IdKind.MEMBER_NUMBER, "M10001", Wanted.LOAN),
        ("D10001", IdKind.MEMBER_NUMBER, "M10001", Wanted.DEPOSITS),
        ("acc no 10001 savings", IdKind.MEMBER_NUMBER, "M10001", Wanted.SAVINGS),
        ("AKIBA M10001", IdKind.MEMBER_NUMBER, "M10001", Wanted.SAVINGS),
        ("depositts M10001", IdKind.MEMBER_NUMBER, "M10001", Wanted.DEPOSITS),
        ("hisa 0711000001", IdKind.PHONE, "+254711000001", Wanted.SHARES),
        ("254711000001", IdKind.PHONE, "+254711000001", None),
        ("+254 711 000 001", IdKind.PHONE, "+254711000001", None),
        ("ln42", IdKind.LOAN_NUMBER, "LN-00042", Wanted.LOAN),
        ("LN-00042", IdKind.LOAN_NUMBER, "LN-00042", Wanted.LOAN),
        ("loan 42", IdKind.LOAN_NUMBER, "LN-00042", Wanted.LOAN),
        ("23456789", IdKind.NATIONAL_ID, "23456789", None),
        ("23456789L", IdKind.NATIONAL_ID, "23456789", Wanted.LOAN),
        ("jdm8qk2f9xwt", IdKind.PROMPT, "JDM8QK2F9XWT", None),
    ],
)
def test_a_reference_is_read_as_it_is_typed(
    typed: str, kind: IdKind, value: str, wanted: Wanted | None
) -> None:
    read = read_reference(typed)

    assert value in [each.value for each in read.readings if each.kind is kind]
    assert read.wanted is wanted


@pytest.mark.parametrize(("typed", "place"), [("M10001L2", 2), ("M10001 L", None), ("10001l1", 1)])
def test_a_loan_may_be_named_by_its_place(typed: str, place: int | None) -> None:
    assert read_reference(typed).loan_place == place


@pytest.mark.parametrize("typed", ["", "   ", "SCHOOL FEES", "***", "thanks", "\0"])
def test_words_name_nobody(typed: str) -> None:
    assert read_reference(typed).readings == ()


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(typed: str) -> None:
    read = read_reference(typed)

    assert rank(read, [AMINA], STRANGER) is not None


def test_an_exact_number_is_sure_whoever_pays() -> None:
    ranked = rank(read_reference("M10001"), [AMINA], Payer("mbr_otieno", "OTIENO ODHIAMBO", "002"))

    match = sure(ranked)
    assert match is not None
    assert match.member_id == "mbr_amina"


@pytest.mark.parametrize(
    ("payer", "is_sure"),
    [
        (Payer(), False),
        (Payer(name="AMINA"), False),
        (Payer(ending="001"), False),
        (Payer(name="AMINA", ending="001"), True),
        (Payer(name="AMINA WANJIRU"), True),
        (Payer(member_id="mbr_amina"), True),
        (Payer(member_id="mbr_otieno"), False),
    ],
)
def test_one_slip_is_forgiven_to_who_can_be_told_by_something_else(payer: Payer, is_sure: bool) -> None:  # noqa: FBT001 (a column of the table)
    match = sure(rank(read_reference("M100011"), [AMINA], payer))

    assert (match is not None) == is_sure


def test_two_who_are_as_likely_are_for_a_person_to_tell_apart() -> None:
    both = [
        Candidate("mbr_a", IdKind.MEMBER_NUMBER, "M23456789", "Amina Wanjiru", "+254711000001"),
        Candidate("mbr_b", IdKind.NATIONAL_ID, "23456789", "Otieno Odhiambo", "+254711000002"),
    ]
    ranked = rank(read_reference("23456789"), both, STRANGER)

    assert len(ranked) == 2
    assert sure(ranked) is None
    assert sure(rank(read_reference("23456789"), both, Payer("mbr_b"))) is None


def test_a_member_is_listed_once_with_the_best_reason() -> None:
    phone = Candidate("mbr_amina", IdKind.PHONE, "+254711000001", "Amina Wanjiru", "+254711000001")

    [match] = rank(read_reference("0711000001"), [AMINA, phone], STRANGER)

    assert match.why == "phone exact"


def test_a_payer_who_names_nobody_means_themselves_for_sure_only_with_a_purpose() -> None:
    payer = Payer("mbr_amina")

    assert sure(rank(read_reference("SAVINGS"), [], payer)) is not None
    assert sure(rank(read_reference("thank you"), [], payer)) is None
    [suggested] = rank(read_reference("thank you"), [], payer)
    assert suggested.confidence < AUTOMATIC_FROM


def test_a_payer_who_names_somebody_unknown_is_not_taken_for_them() -> None:
    assert rank(read_reference("M99999"), [], Payer("mbr_amina")) == []


def test_nothing_like_it_is_no_match() -> None:
    assert rank(read_reference("M777777"), [AMINA, OTIENO], STRANGER) == []


def test_a_stricter_limit_leaves_more_to_people() -> None:
    ranked = [Match("mbr_amina", 95, "exact")]

    assert sure(ranked) is not None
    assert sure(ranked, automatic_from=100) is None
