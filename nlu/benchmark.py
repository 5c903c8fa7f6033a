"""How does the same code do on public sets? It is trained on their training parts, never on ours or for ours."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlu import corpus
from nlu.concepts import Concepts
from nlu.grams import Cut
from nlu.learn import Recipe, fitted
from nlu.pipeline import WordPipeline

_FOLDS = 5

Labelled = tuple[str, str]
"""A text and its label."""


def lines(folder: Path, recipe: Recipe) -> Iterator[str]:
    """A line per set found in the folder."""
    swahili = folder / "injongo_swa"
    if swahili.is_dir():
        right, of = scored(_jsonl(swahili / "train.jsonl"), _jsonl(swahili / "dev.jsonl"), recipe)
        yield f"- Injongo Swahili, trained on train, scored on dev: {right / of:.4f} ({right} of {of})"
    english = folder / "banking77" / "train.csv"
    if english.is_file():
        right, of = _folded(_csv(english), recipe)
        yield f"- Banking77, {_FOLDS}-fold on train: {right / of:.4f} ({right} of {of})"


def scored(known: Sequence[Labelled], unseen: Sequence[Labelled], recipe: Recipe) -> tuple[int, int]:
    """How many of the unseen texts are labelled rightly by a model of the known ones, and how many there are."""
    cut = WordPipeline(None, Concepts(corpus.concepts())).cut
    cuts: list[Cut] = [cut(text) for text, _ in known]
    model = fitted(cuts, [[label for _, label in known]], recipe)
    found = (model.labels[int(model.read(cut(text)).scores.argmax())] for text, _ in unseen)
    return sum(one == label for one, (_, label) in zip(found, unseen, strict=True)), len(unseen)


def _folded(rows: Sequence[Labelled], recipe: Recipe) -> tuple[int, int]:
    """Each fifth against the other four; the rows of a label are dealt out in turn, so that parts are alike."""
    dealt = sorted(range(len(rows)), key=lambda place: (rows[place][1], place))
    fold_of = {place: turn % _FOLDS for turn, place in enumerate(dealt)}
    right = 0
    for fold in range(_FOLDS):
        known = [row for place, row in enumerate(rows) if fold_of[place] != fold]
        unseen = [row for place, row in enumerate(rows) if fold_of[place] == fold]
        right += scored(known, unseen, recipe)[0]
    return right, len(rows)


def _jsonl(path: Path) -> list[Labelled]:
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [(row["text"], row["intent"]) for row in rows]


def _csv(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]
