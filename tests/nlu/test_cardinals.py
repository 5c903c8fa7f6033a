"""Every Swahili cardinal of Unicode CLDR's rules, in the three ways in which it is written."""

import json
from pathlib import Path

import pytest

from nlu.numerals import number_at
from nlu.tokens import Tokens

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "swahili_cardinals.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("comma", [",", "", " na"])
def test_every_cardinal_is_read_whole_and_in_one_way(comma: str) -> None:
    wrong = []
    for row in ROWS:
        if comma != "," and row.get("ambiguous_without_comma"):
            continue
        tokens = Tokens(row["words"].replace(",", comma))
        number = number_at(tokens, 0)
        if number is None or number.readings != (row["value"],) or number.end != tokens.length:
            wrong.append((row["words"], number))

    assert len(ROWS) > 2_000
    assert wrong == []


def test_a_row_that_has_two_meanings_without_its_comma_has_two_readings() -> None:
    [row] = [row for row in ROWS if row.get("ambiguous_without_comma")]

    number = number_at(Tokens(row["words"].replace(",", "")), 0)

    assert number is not None
    assert row["value"] in number.readings
    assert len(number.readings) == 2
