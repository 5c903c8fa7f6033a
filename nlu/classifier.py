"""Which label do these n-grams speak for? A linear model in eight-bit weights, run by numpy alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.grams import Cut, blocks

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model makes of one text."""

    scores: Floats
    """One per label; higher is likelier. Not probabilities."""
    known_words: float
    """The share of the words that the model has seen, from 0 to 1."""
    known_runs: float
    """The same of the runs of characters."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Weights per n-gram and label: `scores = bias + sum(value * weight) * scale`."""

    labels: tuple[str, ...]
    index: Mapping[str, int]
    """The row of each n-gram."""
    rarity: Floats
    """The inverse document frequency of each row."""
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def read(self, cut: Cut) -> Reading:
        """Score a text that is already cut into words."""
        found = [self._block(counts) for counts in blocks(cut)]
        rows = np.concatenate([rows for rows, _, _ in found])
        values = np.concatenate([values for _, values, _ in found])
        scores = (values @ self.weights[rows]) * self.scale + self.bias
        return Reading(scores.astype(np.float32, copy=False), found[0][2], found[1][2])

    def _block(self, counts: Counter[str]) -> tuple[NDArray[np.intp], Floats, float]:
        row_of = self.index.get
        found = [(row, count) for gram, count in counts.items() if (row := row_of(gram)) is not None]
        if not found:
            return np.empty(0, np.intp), np.empty(0, np.float32), 0.0
        pairs = np.array(found, np.intp)
        rows = pairs[:, 0]
        values = weighed(pairs[:, 1], self.rarity[rows])
        return rows, values, len(found) / len(counts)


def weighed(counts: NDArray[np.intp], rarity: Floats) -> Floats:
    """Values of one block's n-grams, of length one: repeated n-grams count less each time, rare ones more."""
    values = ((1.0 + np.log(counts)) * rarity).astype(np.float32)
    length = float(np.sqrt(values @ values))
    scaled: Floats = values / np.float32(length or 1.0)
    return scaled
