"""Do doubtful messages leave masked, and come back as examples?"""

import json

import pytest

from nlu.candidates import Candidate, Labelled, UnusableCandidate, exported, imported, masked
from nlu.intents import Intent, Language


def doubtful(text: str, *, has_consent: bool = True) -> Candidate:
    return Candidate(text, Intent.FEES, 0.4, Language.SWAHILI, has_consent)


def test_a_candidate_is_masked_and_waits_for_its_label() -> None:
    [line] = exported([doubtful("badili iwe 0712 345 678, pin 4271")])

    row = json.loads(line)
    assert row["text"] == "badili iwe 0700000000, pin 0000"
    assert (row["guessed"], row["intent"]) == ("fees", None)


def test_without_consent_nothing_leaves() -> None:
    assert list(exported([doubtful("naomba msaada", has_consent=False)])) == []


@pytest.mark.parametrize(
    ("text", "hidden"),
    [("id 12345678", "12345678"), ("+254712345678", "712345678"), ("code SFH7K2L9QP", "SFH7K2L9QP")],
)
def test_what_could_name_a_person_is_masked(text: str, hidden: str) -> None:
    assert hidden not in masked(text)


def test_amounts_and_words_stay() -> None:
    assert masked("nalipa 1500 leo") == "nalipa 1500 leo"


def test_labelled_lines_come_back_and_open_ones_are_passed_over() -> None:
    lines = [
        '{"text": "mko wapi", "lang": "sw", "intent": "out_of_scope"}',
        '{"text": "sijui", "lang": "sw", "intent": null}',
        "",
    ]

    assert list(imported(lines)) == [Labelled("mko wapi", Intent.OUT_OF_SCOPE, Language.SWAHILI)]


@pytest.mark.parametrize(
    "line", ["no json", "[]", '{"text": "a", "lang": "sw", "intent": "buy_cow"}', '{"intent": "fees"}']
)
def test_a_line_that_is_no_labelled_message_is_named(line: str) -> None:
    with pytest.raises(UnusableCandidate, match="line 1"):
        list(imported([line]))
