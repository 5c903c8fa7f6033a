"""Is the model that comes with the code the one its data make, small, and made the same way every time?"""

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from nlu import corpus
from nlu.intents import Intent, Language
from nlu.model import MODEL_PATH, UnusableModel, load, save
from nlu.train import main
from nlu.understand import Understander
from tests.nlu.small_corpus import few_of

EXAMPLES_MIN = 60
SIZE_MAX = 2_000_000


@pytest.fixture(scope="module")
def some_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small part of the data, quick to learn from."""
    return few_of(tmp_path_factory.mktemp("learning") / "data")


def test_the_model_was_made_from_the_data_as_they_are() -> None:
    assert load().made_from == corpus.fingerprint(), "run: make train"


def test_the_model_is_small() -> None:
    assert MODEL_PATH.stat().st_size < SIZE_MAX


def test_every_intent_has_enough_phrases_in_every_language() -> None:
    counts = Counter((row.intent, row.language) for row in corpus.phrases())

    few = {pair: number for pair, number in counts.items() if number < EXAMPLES_MIN}

    assert len(counts) == len(Intent) * len(Language)
    assert few == {}


def test_no_phrase_means_two_things() -> None:
    meanings: dict[str, set[Intent]] = {}
    for row in corpus.phrases():
        meanings.setdefault(row.text.lower().strip(" .?!"), set()).add(row.intent)

    assert {text: found for text, found in meanings.items() if len(found) > 1} == {}


def test_the_same_data_make_the_same_bytes(some_data: Path, tmp_path: Path) -> None:
    for name in ("first.npz", "second.npz"):
        main(["--data", str(some_data), "--out", str(tmp_path / name)])

    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_a_model_read_back_says_the_same(tmp_path: Path) -> None:
    model = load()
    save(model, tmp_path / "copy.npz")

    copy = load(tmp_path / "copy.npz")

    cut = Understander(model)._pipeline.cut("nataka mkopo wa elfu tano")
    assert np.array_equal(copy.linear.read(cut).scores, model.linear.read(cut).scores)
    assert (copy.gate, copy.made_from) == (model.gate, model.made_from)


def test_reviewed_messages_are_learnt_from(some_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(some_data, folder)
    line = '{"text": "zimwi la pesa", "intent": "deposit", "lang": "sw"}\n'
    (folder / "reviewed.jsonl").write_text(line, encoding="utf-8")

    [row] = corpus.reviewed(folder)

    assert (row.text, row.intent, row.language) == ("zimwi la pesa", Intent.DEPOSIT, Language.SWAHILI)
    assert corpus.fingerprint(folder) != corpus.fingerprint(some_data)


@pytest.mark.parametrize("content", [None, b"", b"no model"])
def test_a_missing_or_broken_model_says_how_to_mend_it(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "model.npz"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UnusableModel, match="make train"):
        load(path)
