"""Names as they come from data, and cells no spreadsheet computes."""

import pytest

from integrations.documents.letters import harmless, one_line, printable

LATIN = frozenset(range(32, 0x250))


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Wanjirũ", "Wanjirũ"),
        ("Wanjiru\u0303", "Wanjirũ"),
        ("ﬁne", "fine"),
        ("አሚና", "???"),
        ("Ali 😀", "Ali ?"),
        ("a\x00b\u202ec", "abc"),
        ("one\ntwo", "one two"),
    ],
)
def test_what_can_not_be_drawn_has_a_stand_in(name: str, printed: str) -> None:
    assert printable(name, LATIN) == printed


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", " =", "\t=", "\r\n@", "\u200b="])
def test_no_cell_begins_as_a_formula_does(start: str) -> None:
    assert harmless(f"{start}HYPERLINK(1)").startswith("'")


def test_an_ordinary_word_stays_as_it_is() -> None:
    assert harmless("O'Brien - Otieno") == "O'Brien - Otieno"
    assert one_line("") == ""
