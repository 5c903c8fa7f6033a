"""`make train`: from the phrases of `nlu/data` to `nlu/model.npz`, the same bytes every time."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlu import corpus
from nlu.calibration import calibrated
from nlu.concepts import Concepts
from nlu.corpus import Row
from nlu.cross_validation import Example, cross_validated, trained_on
from nlu.learn import Recipe
from nlu.model import MODEL_PATH, Model, save
from nlu.noise import noisy
from nlu.pipeline import WordPipeline
from nlu.spelling import Spelling

TEMPLATE_COPIES = 4
# How much a row counts beside a hand-written message.
_NOISY, _TEMPLATED, _PUBLIC = 0.5, 0.4, 0.5
_WORD_SEEN_MIN = 3
"""A word in fewer messages may be a typing error itself, so nothing is mended to it."""


def rows(folder: Path = corpus.DATA) -> Iterator[tuple[Row, float, bool]]:
    """Every row with its importance, and whether it stands for a message as members write it."""
    for row in (*corpus.phrases(folder), *corpus.reviewed(folder)):
        yield row, 1.0, True
        yield _noisy_copy(row), _NOISY, True
    for row in corpus.templated(folder, copies=TEMPLATE_COPIES):
        yield row, _TEMPLATED, False
    for row in corpus.public(folder):
        yield row, _PUBLIC, True


def _noisy_copy(row: Row) -> Row:
    return Row(noisy(row.text, row.text), row.intent, row.language, row.group, is_ours=row.is_ours)


def spelling(folder: Path = corpus.DATA) -> Spelling:
    """The words and short messages of the phrases."""
    cut = WordPipeline(None, None).cut
    seen = Counter(word for row in corpus.phrases(folder) for word in set(cut(row.text).words))
    return Spelling(
        shorthand=corpus.shorthand(folder),
        words=(word for word, texts in seen.items() if texts >= _WORD_SEEN_MIN and word.isalpha()),
        short=corpus.short_messages(folder),
    )


def examples(known: Spelling, alike: Concepts, folder: Path = corpus.DATA) -> list[Example]:
    """All rows, cut into words as they will be at run time."""
    cut = WordPipeline(known, alike).cut
    return [Example(row, cut(row.text), importance, is_judged) for row, importance, is_judged in rows(folder)]


def train(recipe: Recipe, folder: Path = corpus.DATA) -> Model:
    """The model of the phrases in a folder, its gate set by cross-validation on the same phrases."""
    known, alike = spelling(folder), Concepts(corpus.concepts(folder))
    material = examples(known, alike, folder)
    gate = calibrated(cross_validated(material, known, recipe))
    return Model(trained_on(material, recipe), gate, known, alike, corpus.fingerprint(folder))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m nlu.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL_PATH, help="where the model is written")
    parser.add_argument("--data", type=Path, default=corpus.DATA, help="the folder of phrases")
    chosen = parser.parse_args(arguments)
    model = train(Recipe(), chosen.data)
    save(model, chosen.out)
    size = chosen.out.stat().st_size
    sys.stdout.write(f"{chosen.out}: {len(model.linear.index)} n-grams, {size} bytes, {model.gate}\n")


if __name__ == "__main__":
    main()
