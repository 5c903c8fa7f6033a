"""What is new in a request, on samples of the provider's wire form."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.fingerprint import Fingerprint
from dialogs.history import Diverged, Heard, Said, Shape, Start, borders, newest_input, shape_of
from dialogs.messages import TextStyle

SAMPLES = Path(__file__).parent.parent / "channels" / "samples" / "africastalking-ussd"
MARK = Fingerprint(b"a key for tests only").of


def sample(name: str) -> str:
    """The text of a sample request."""
    body = (SAMPLES / f"{name}.form").read_text("utf-8")
    return dict(parse_qsl(body, keep_blank_values=True))["text"]


def heard(text: str) -> Heard:
    return Heard(len(text), MARK(text))


def newest(
    text: str,
    before: str | None,
    *,
    style: TextStyle = TextStyle.CUMULATIVE,
    redial: bool = False,
) -> Start | Said | Diverged:
    known = None if before is None else heard(before)
    return newest_input(text, style, known, redial=redial, mark_of=MARK)


def test_dial_starts_a_conversation() -> None:
    assert newest(sample("01_dial"), None) == Start()


@pytest.mark.parametrize(
    ("before", "name", "typed"),
    [
        ("", "02_choice", "1"),
        ("1", "03_repeat_choice", "1"),
        ("3*500", "04_pin_and_amount", "4271"),
        ("3", "05_back_token", "0"),
        ("6*98", "06_more_and_home", "00"),
        ("5", "07_free_text", "Wanjirũ & Sons + 2"),
        ("", "11_safaricom_double_start", "3"),
        ("5", "12_star_inside_input", "2*7"),
        ("1", "13_hash_inside_input", "500#"),
        ("1", "14_empty_reply", ""),
        ("", "18_airtel", "1"),
    ],
)
def test_input_is_what_was_added_to_the_history(before: str, name: str, typed: str) -> None:
    assert newest(sample(name), before) == Said(typed)


def test_direct_dial_begins_with_its_inputs_as_shortcuts() -> None:
    assert newest(sample("09_direct_dial"), None) == Start(shortcut=2)


def test_digits_swallowed_by_the_code_leave_an_empty_text() -> None:
    assert newest(sample("10_direct_dial_swallowed"), None) == Start()


@pytest.mark.parametrize(
    ("before", "text"),
    [("1", "12"), ("1*2", "1*3*4"), ("1*2", "2*2*1"), ("12", "1*2"), ("3", "5"), ("1*1", "1")],
)
def test_text_that_does_not_go_on_from_the_history_is_refused(before: str, text: str) -> None:
    assert newest(text, before) == Diverged()


def test_single_input_after_an_empty_redial_starts_anew_with_it() -> None:
    assert newest("4271", "4271*1", redial=True) == Start(said="4271")


def test_longer_text_after_an_empty_redial_goes_on() -> None:
    assert newest("4271*1*3", "4271*1", redial=True) == Said("3")


def test_gateway_of_newest_inputs_is_taken_by_its_word() -> None:
    assert newest("2*7", "1", style=TextStyle.LATEST) == Said("2*7")
    assert newest("", "1", style=TextStyle.LATEST) == Said("")


def test_newest_input_without_a_known_call_is_no_shortcut() -> None:
    assert newest("4271", None, style=TextStyle.LATEST) == Start()


@pytest.mark.parametrize(
    ("text", "shape"), [("", Shape.EMPTY), ("1", Shape.ONE), ("1*", Shape.MORE), ("*", Shape.MORE)]
)
def test_shape_of_a_request(text: str, shape: Shape) -> None:
    assert shape_of(text) is shape


@given(st.lists(st.text(alphabet="12*# a", max_size=5), max_size=8), st.text(alphabet="12*# a", max_size=5))
def test_any_history_and_any_input_are_told_apart(inputs: list[str], typed: str) -> None:
    before = "*".join(inputs)
    # The gateway starts the history with the first input, so an empty one leaves it empty.
    text = f"{before}*{typed}" if before else typed

    assert newest(text, before) == Said(typed)


@given(st.text(alphabet="12*", max_size=12), st.integers(0, 12))
def test_borders_are_the_beginnings_at_stars(text: str, after: int) -> None:
    expected = [text[:i] for i, letter in enumerate(text) if letter == "*" and i > after]

    assert borders(text, after=after) == expected
