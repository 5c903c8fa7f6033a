"""Does `imarisha understand` keep its promised shape, and refuse bad lines in one line?"""

import json

import pytest
from click.testing import CliRunner, Result

from imarisha.cli import commands


def understand(lines: str | bytes) -> Result:
    return CliRunner().invoke(commands, ["understand"], input=lines)


def test_a_line_in_gives_a_line_out_in_the_promised_shape() -> None:
    asked = {"text": "nataka loan ya elfu tano nilipe kwa miezi mitatu", "lang": "sw", "today": "2026-11-20"}

    [line] = understand(json.dumps(asked) + "\n\n").output.splitlines()

    read = json.loads(line)
    assert set(read) == {"intent", "confidence", "verdict", "lang", "entities", "ambiguous", "alternatives"}
    assert (read["intent"], read["verdict"]) == ("apply_loan", "act")
    assert read["entities"] == {"amount": "5000", "term_months": 3}
    assert {"intent", "confidence"} == set(read["alternatives"][0])


def test_dates_count_from_the_day_given() -> None:
    [line] = understand('{"text": "nitalipa loan kesho", "today": "2026-11-20"}').output.splitlines()

    assert json.loads(line)["entities"]["date"] == "2026-11-21"


def test_without_a_day_the_business_date_is_taken() -> None:
    assert understand('{"text": "nitalipa loan kesho"}').exit_code == 0


@pytest.mark.parametrize(
    "line",
    [
        "nothing",
        "[]",
        '{"lang": "en"}',
        '{"text": 5}',
        '{"text": "a", "lang": "fr"}',
        '{"text": "a", "today": "5/5"}',
        b"\xff\xfe",
    ],
)
def test_a_line_that_is_no_question_is_refused_by_its_number(line: str | bytes) -> None:
    refused = understand(line)

    assert refused.exit_code == 1
    assert "line 1" in refused.output
