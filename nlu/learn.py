"""How are the weights found? A linear support vector machine over the n-grams of labelled texts, made small."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from nlu.classifier import LinearModel, weighed
from nlu.grams import Cut, blocks

Counts = tuple[Counter[str], ...]
Doubles = NDArray[np.float64]

_EIGHT_BIT_MAX = 127


@dataclass(frozen=True, slots=True)
class Recipe:
    """What may be chosen; the defaults won in the comparison of `docs/understanding.md`."""

    texts_min: int = 2
    """An n-gram in fewer texts is left out."""
    margin_strength: float = 1.0
    """C of the support vector machine."""
    rows_max: int = 60_000
    """The n-grams that matter most are kept."""


@dataclass(frozen=True, slots=True)
class Table:
    """Texts as numbers: a row per text, a column per n-gram."""

    grams: tuple[str, ...]
    rarity: NDArray[np.float32]
    values: csr_matrix


def tabled(counts: Sequence[Counts], recipe: Recipe) -> Table:
    """The vocabulary of these texts and their values in it."""
    seen: Counter[str] = Counter()
    for text in counts:
        for block in text:
            seen.update(block.keys())
    grams = tuple(sorted(gram for gram, texts in seen.items() if texts >= recipe.texts_min))
    texts_with = np.array([seen[gram] for gram in grams], np.float64)
    rarity = (1.0 + np.log((1 + len(counts)) / (1 + texts_with))).astype(np.float16).astype(np.float32)
    return Table(grams, rarity, valued(counts, grams, rarity))


def valued(counts: Sequence[Counts], grams: Sequence[str], rarity: NDArray[np.float32]) -> csr_matrix:
    """The values of texts in a given vocabulary, as `LinearModel.read` computes them."""
    index = {gram: column for column, gram in enumerate(grams)}
    columns: list[NDArray[np.intp]] = []
    values: list[NDArray[np.float32]] = []
    ends = [0]
    for text in counts:
        end = ends[-1]
        for block in text:
            found = [(index[gram], count) for gram, count in block.items() if gram in index]
            if found:
                pairs = np.array(found, np.intp)
                columns.append(pairs[:, 0])
                values.append(weighed(pairs[:, 1], rarity[pairs[:, 0]]))
                end += len(found)
        ends.append(end)
    shape = (len(counts), len(grams))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)


def fitted(
    texts: Sequence[Cut],
    label_sets: Sequence[Sequence[str]],
    recipe: Recipe,
    importance: Sequence[float] | None = None,
) -> LinearModel:
    """A model of these texts with one or more sets of labels, whose scores stand side by side.

    The same input gives the same model, bit by bit.
    """
    table = tabled([blocks(cut) for cut in texts], recipe)
    parts = [_learned(table.values, np.asarray(labels), recipe, importance) for labels in label_sets]
    names = tuple(name for labels in label_sets for name in sorted(set(labels)))
    weights = np.hstack([weights for weights, _ in parts])
    return _made_small(table, names, weights, np.concatenate([bias for _, bias in parts]), recipe)


def _learned(
    values: csr_matrix, labels: NDArray[np.str_], recipe: Recipe, importance: Sequence[float] | None
) -> tuple[Doubles, Doubles]:
    machine = LinearSVC(C=recipe.margin_strength, random_state=0)
    machine.fit(values, labels, sample_weight=importance)
    weights, bias = machine.coef_, machine.intercept_
    if len(weights) == 1:
        # Of two labels only the second gets weights; the first is its opposite.
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return weights.T, bias


def _made_small(
    table: Table, names: tuple[str, ...], weights: Doubles, bias: Doubles, recipe: Recipe
) -> LinearModel:
    worth = np.abs(weights).max(axis=1) * table.rarity
    kept = np.sort(np.argsort(-worth, kind="stable")[: recipe.rows_max])
    weights = weights[kept]
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / _EIGHT_BIT_MAX
    return LinearModel(
        labels=names,
        index={table.grams[row]: place for place, row in enumerate(kept)},
        rarity=table.rarity[kept],
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
    )
