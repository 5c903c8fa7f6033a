"""Cutting long screens."""

from hypothesis import given
from hypothesis import strategies as st

from dialogs.gsm import septets
from dialogs.pages import page

KEYS = "0 Back 00 Home"
MORE = "98 More"


def all_pages(lines: list[str], *, budget: int, keys: str = KEYS) -> list[str]:
    texts, start = [], 0
    while True:
        cut = page(lines, start=start, budget=budget, keys=keys, more=MORE)
        texts.append(cut.text)
        if not cut.following:
            return texts
        assert cut.following > start
        start = cut.following


def test_short_screen_is_one_page_with_its_keys() -> None:
    cut = page(["Hello", "1. Yes"], start=0, budget=160, keys=KEYS, more=MORE)

    assert cut.text == "Hello\n1. Yes\n0 Back 00 Home"
    assert cut.following == 0


def test_first_screen_has_no_line_of_keys() -> None:
    assert page(["Hello"], start=0, budget=160, keys="", more=MORE).text == "Hello"


def test_long_list_is_cut_between_lines_and_offers_more() -> None:
    lines = [f"{n}. {'x' * 20}" for n in range(1, 9)]

    texts = all_pages(lines, budget=100)

    assert len(texts) > 2
    assert [line for text in texts for line in text.split("\n") if line[0] in "12345678"] == lines
    assert all(text.endswith("0 Back 00 Home 98 More") for text in texts[:-1])
    assert texts[-1].endswith("0 Back 00 Home")


def test_last_page_uses_the_room_that_more_would_take() -> None:
    lines = ["a" * 20, "b" * 20]
    exactly = 20 + 1 + 20 + 1 + len(KEYS)

    assert page(lines, start=0, budget=exactly, keys=KEYS, more=MORE).following == 0
    assert page(lines, start=0, budget=exactly - 1, keys=KEYS, more=MORE).following == 1


def test_remark_takes_room_on_its_page_and_loses_no_line() -> None:
    lines = ["a" * 30, "b" * 30, "c" * 30]

    first = page(lines, start=0, budget=90, keys=KEYS, more=MORE, above="Try again.")
    second = page(lines, start=first.following, budget=90, keys=KEYS, more=MORE)

    assert first.text.startswith("Try again.\naaa")
    assert first.following == 1
    assert second.text.startswith("bbb")


def test_line_longer_than_a_page_stays_whole() -> None:
    texts = all_pages(["a" * 200, "b"], budget=100)

    assert texts[0].startswith("a" * 200)
    assert texts[1].startswith("b")


@given(
    lines=st.lists(st.text(alphabet="ab €[", min_size=1, max_size=40).map(lambda t: f"x{t}"), max_size=15),
    budget=st.integers(120, 182),
    keys=st.sampled_from(["", KEYS]),
)
def test_no_line_is_lost_or_cut_and_every_page_fits(lines: list[str], budget: int, keys: str) -> None:
    texts = all_pages(["Title", *lines], budget=budget, keys=keys)

    assert all(septets(text) <= budget for text in texts)
    shown = [line for text in texts for line in text.split("\n") if line and line[0] in "xT"]
    assert shown == ["Title", *lines]
