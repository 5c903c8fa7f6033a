"""`make score`: how well are messages understood? On our own phrases by cross-validation, and on any file given.

Nothing is learnt or tuned here: the model is the committed one, and cross-validation models are thrown away.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

from nlu import benchmark, corpus, train
from nlu.answer import entity_values
from nlu.calibration import judged
from nlu.concepts import Concepts
from nlu.cross_validation import Unseen, cross_validated
from nlu.gate import Gate
from nlu.intents import Verdict
from nlu.learn import Recipe
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
    share,
)
from nlu.model import MODEL_PATH, load
from nlu.understand import Understander

_A_DAY = date(2026, 11, 20)
"""What relative dates count from in rows that don't say; a fixed day, so that reports can be compared."""

_COLUMNS: tuple[tuple[str, Callable[[Sequence[Judgement]], float | None]], ...] = (
    ("accuracy in scope", lambda rows: accuracy(inside(rows))),
    ("macro-F1", macro_f1),
    ("recall at 2 %", lambda rows: refusal_recall(rows, false_refusals=0.02)),
    ("recall at 5 %", lambda rows: refusal_recall(rows, false_refusals=0.05)),
    ("refused in scope", lambda rows: share([one.is_refused for one in inside(rows)])),
    ("refused out of scope", lambda rows: share([one.is_refused for one in outside(rows)])),
    ("ECE", calibration_error),
    (
        "entities exact",
        lambda rows: share([r.are_entities_right for r in rows if r.are_entities_right is not None]),
    ),
)


def table(groups: dict[str, list[Judgement]]) -> Iterator[str]:
    """A markdown table, one row per group of judgements."""
    yield "| | rows | " + " | ".join(name for name, _ in _COLUMNS) + " |"
    yield "|---|---|" + "---|" * len(_COLUMNS)
    for name, rows in groups.items():
        cells = (figure(rows) for _, figure in _COLUMNS)
        shown = " | ".join("-" if cell is None else f"{cell:.3f}" for cell in cells)
        yield f"| {name} | {len(rows)} | {shown} |"


def by_language(rows: Sequence[tuple[str, Judgement]]) -> dict[str, list[Judgement]]:
    """Judgements by the language of their rows, and all together."""
    groups: dict[str, list[Judgement]] = {}
    for language, judgement in rows:
        groups.setdefault(language, []).append(judgement)
    return {**dict(sorted(groups.items())), "all": [judgement for _, judgement in rows]}


def of_our_phrases(folder: Path, recipe: Recipe, gate: Gate) -> list[tuple[str, Judgement]]:
    """The hand-written phrases, each read by a model that never saw it."""
    known, alike = train.spelling(folder), Concepts(corpus.concepts(folder))
    unseen = cross_validated(train.examples(known, alike, folder), known, recipe)
    return [
        (text.example.row.language, _of_unseen(gate, text))
        for text in unseen
        if text.example.row.is_ours and text.example.importance == 1.0
    ]


def _of_unseen(gate: Gate, text: Unseen) -> Judgement:
    decision = gate.decide(judged(gate, text), is_money_doubtful=False)
    is_refused = decision.verdict is Verdict.REFUSE
    return Judgement(text.example.row.intent, decision.intent, decision.confidence, is_refused)


def of_file(path: Path, reader: Understander) -> list[tuple[str, Judgement]]:
    """The labelled rows of a JSONL file: text, intent, and optionally lang, entities and today."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_of_row(json.loads(line), reader) for line in lines if line.strip()]


def _of_row(row: dict[str, object], reader: Understander) -> tuple[str, Judgement]:
    today = date.fromisoformat(str(row["today"])) if row.get("today") else _A_DAY
    begun = perf_counter()
    understood = reader.understand(str(row["text"]), today=today)
    seconds = perf_counter() - begun
    entities = row.get("entities")
    judgement = Judgement(
        wanted=str(row["intent"]),
        found=understood.intent,
        confidence=understood.confidence,
        is_refused=understood.verdict is Verdict.REFUSE,
        seconds=seconds,
        are_entities_right=None if entities is None else entity_values(understood.entities) == entities,
    )
    return str(row.get("lang", "all rows")), judgement


def latency(folder: Path, reader: Understander) -> list[float]:
    """Seconds per message over all our phrases, read once each in a mixed order."""
    texts = sorted({row.text for row in corpus.phrases(folder)}, key=lambda text: text[::-1])
    for text in texts[:200]:
        reader.understand(text, today=_A_DAY)
    return [_timed(reader, text) for text in texts]


def _timed(reader: Understander, text: str) -> float:
    begun = perf_counter()
    reader.understand(text, today=_A_DAY)
    return perf_counter() - begun


def report(files: Sequence[Path], *, sets: Path | None, folder: Path) -> Iterator[str]:
    """The lines of the report."""
    begun = perf_counter()
    model = load()
    reader = Understander(model)
    load_seconds = perf_counter() - begun
    if files:
        for path in files:
            yield from _section(path.name, of_file(path, reader))
    else:
        own = of_our_phrases(folder, Recipe(), model.gate)
        yield from _section("Our phrases, cross-validated", own)
    if sets is not None:
        yield from ("", "## Public sets, the same code path", "", *benchmark.lines(sets, Recipe()))
    seconds = latency(folder, reader)
    yield from ("", "## Cost", "")
    for percent in (50, 99):
        yield f"- p{percent} of a message: {(percentile(seconds, percent=percent) or 0) * 1000:.2f} ms"
    yield f"- model file: {MODEL_PATH.stat().st_size / 1e6:.2f} MB, loaded in {load_seconds * 1000:.0f} ms"


def _section(name: str, rows: Sequence[tuple[str, Judgement]]) -> Iterator[str]:
    yield from ("", f"## {name}", "", *table(by_language(rows)), "", "Most frequent mistakes: ")
    mistakes = confusions([judgement for _, judgement in rows], most=10)
    yield "; ".join(f"{wanted} taken for {found} ({times})" for wanted, found, times in mistakes) or "none"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m nlu.score", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="labelled JSONL files instead of our own phrases")
    parser.add_argument("--benchmark", type=Path, help="a folder with injongo_swa and banking77, also scored")
    parser.add_argument("--data", type=Path, default=corpus.DATA, help="the folder of phrases")
    chosen = parser.parse_args(arguments)
    for line in report(chosen.files, sets=chosen.benchmark, folder=chosen.data):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
