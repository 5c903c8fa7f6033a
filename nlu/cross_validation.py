"""How well would the recipe do on messages it has not seen? Five models, each judged on the part it missed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.classifier import LinearModel, Reading
from nlu.corpus import Row
from nlu.grams import Cut
from nlu.intents import Intent
from nlu.learn import Recipe, fitted
from nlu.spelling import Spelling

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A row made ready: cut into words, with its importance in training."""

    row: Row
    cut: Cut
    importance: float
    is_judged: bool
    """Whether it stands for a message as members write it; filled templates don't."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """An example with what a model that never saw its group makes of it."""

    example: Example
    reading: Reading
    menu: Intent | None


def fold_of(group: str) -> int:
    """The part that a group of rows belongs to; it depends on nothing but the group."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) % FOLDS


def trained_on(examples: Sequence[Example], recipe: Recipe) -> LinearModel:
    """A model of intents and languages, in this order."""
    return fitted(
        [example.cut for example in examples],
        [[example.row.intent for example in examples], [example.row.language for example in examples]],
        recipe,
        [example.importance for example in examples],
    )


def cross_validated(examples: Sequence[Example], spelling: Spelling, recipe: Recipe) -> list[Unseen]:
    """Every judged example as read by the model that was made without its group."""
    unseen: list[Unseen] = []
    for fold in range(FOLDS):
        known = [example for example in examples if fold_of(example.row.group) != fold]
        model = trained_on(known, recipe)
        unseen.extend(
            Unseen(example, model.read(example.cut), spelling.meant_by_short(example.cut.words))
            for example in examples
            if example.is_judged and fold_of(example.row.group) == fold
        )
    return unseen
