"""Do the figures of the report mean what they say?"""

import json
from pathlib import Path

import pytest

from nlu.measures import (
    Judgement,
    accuracy,
    calibration_error,
    confusions,
    inside,
    macro_f1,
    outside,
    percentile,
    refusal_recall,
)
from nlu.score import main
from tests.nlu.small_corpus import few_of


def judged(wanted: str, found: str, confidence: float = 0.9) -> Judgement:
    return Judgement(wanted, found, confidence, is_refused=False)


def test_accuracy_and_macro_f1_of_two_intents() -> None:
    rows = [judged("fees", "fees"), judged("fees", "deny"), judged("deny", "deny"), judged("deny", "deny")]

    assert accuracy(rows) == pytest.approx(0.75)
    # fees: 2*1/(2+1), deny: 2*2/(2+3)
    assert macro_f1(rows) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_recall_of_refusals_at_a_share_of_false_ones() -> None:
    within = [judged("fees", "fees", confidence / 100) for confidence in range(1, 101)]
    others = [judged("out_of_scope", "fees", 0.03), judged("out_of_scope", "out_of_scope", 0.99)]
    sure = [judged("out_of_scope", "fees", 0.5)]

    assert refusal_recall(within + others + sure, false_refusals=0.05) == pytest.approx(2 / 3)
    # At 2 % all below 0.03 is refused: 0.01 alone.
    assert refusal_recall(within + others + sure, false_refusals=0.02) == pytest.approx(1 / 3)


def test_confidence_that_is_always_right_has_no_calibration_error() -> None:
    half = [judged("fees", "fees", 0.5), judged("fees", "deny", 0.5)]

    assert calibration_error(half) == pytest.approx(0.0)
    assert calibration_error([judged("fees", "deny", 0.9)]) == pytest.approx(0.9)


def test_mistakes_are_counted_most_frequent_first() -> None:
    rows = [judged("fees", "deny"), judged("fees", "deny"), judged("deny", "fees"), judged("deny", "deny")]

    assert confusions(rows, most=1) == [("fees", "deny", 2)]


def test_nothing_has_no_figures() -> None:
    assert accuracy([]) is None
    assert macro_f1([]) is None
    assert calibration_error([]) is None
    assert refusal_recall([], false_refusals=0.05) is None
    assert percentile([0.1], percent=50) is None
    assert (inside([]), outside([])) == ([], [])


def test_the_report_on_a_file_names_its_languages_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"text": "naomba salio", "lang": "sw", "intent": "savings_balance", "entities": {}},
        {"text": "pay loan 500", "lang": "en", "intent": "repay_loan", "entities": {"amount": "500"}},
        {"text": "tell me a joke", "lang": "en", "intent": "out_of_scope", "entities": {}},
    ]
    path = tmp_path / "messages.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    main([str(path), "--data", str(few_of(tmp_path / "data"))])

    shown = capsys.readouterr().out
    assert "## messages.jsonl" in shown
    assert "| en | 2 |" in shown
    assert "| sw | 1 | 1.000 |" in shown
    assert "p99 of a message" in shown


def test_the_report_without_a_file_is_about_our_own_phrases_and_public_sets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    swahili, english = tmp_path / "injongo_swa", tmp_path / "banking77"
    swahili.mkdir()
    english.mkdir()
    rows = [{"text": f"salio langu {n}", "intent": "balance"} for n in range(5)]
    rows += [{"text": f"cheza muziki {n}", "intent": "play_music"} for n in range(5)]
    for part in ("train", "dev"):
        (swahili / f"{part}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    lines = [
        line for n in range(5) for line in (f"where is my card {n},arrival", f"top up failed {n},top_up")
    ]
    (english / "train.csv").write_text("\n".join(["text,category", *lines]), encoding="utf-8")

    main(["--data", str(few_of(tmp_path / "data")), "--benchmark", str(tmp_path)])

    shown = capsys.readouterr().out
    assert "## Our phrases, cross-validated" in shown
    assert "| mixed |" in shown
    assert "scored on dev: 1.0000 (10 of 10)" in shown
    assert "Banking77, 5-fold on train: 1.0000 (10 of 10)" in shown
