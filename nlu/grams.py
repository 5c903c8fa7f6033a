"""What does the classifier look at? N-grams of words, of characters and of concepts, each counted apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

CHARACTER_GRAMS = range(2, 6)
_EDGE = "\x02"
_WORD = "="
_CONCEPT = "#"


class Cut(NamedTuple):
    """A text cut into plain words, with the concepts among them in their order."""

    words: tuple[str, ...]
    concepts: tuple[str, ...]


@lru_cache(maxsize=8192)
def _of_word(word: str) -> tuple[str, ...]:
    # A space marks where the word begins and ends; a word shorter than the n-gram counts once, whole.
    padded = f" {word} "
    length = len(padded)
    return tuple(
        padded[start : start + size]
        for size in CHARACTER_GRAMS
        if size <= length
        for start in range(length - size + 1)
    )


def blocks(cut: Cut) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """The n-grams of words, of characters and of concepts."""
    return word_grams(cut.words), character_grams(cut.words), concept_grams(cut.concepts)


def character_grams(words: Iterable[str]) -> Counter[str]:
    """How often each run of characters occurs inside the words."""
    counts: Counter[str] = Counter()
    for word in words:
        counts.update(_of_word(word))
    return counts


def word_grams(words: Sequence[str]) -> Counter[str]:
    """How often each word, pair of neighbours and pair around one word occurs; the edges count as words."""
    counts: Counter[str] = Counter(f"{_WORD}{word}" for word in words)
    edged = [_EDGE, *words, _EDGE]
    counts.update(f"{_WORD}{left} {right}" for left, right in pairwise(edged))
    counts.update(f"{_WORD}{left} _ {right}" for left, right in zip(words, words[2:], strict=False))
    return counts


def concept_grams(concepts: Sequence[str]) -> Counter[str]:
    """How often each concept and pair of neighbours occurs, and which concepts occur together in any order."""
    counts: Counter[str] = Counter(f"{_CONCEPT}{concept}" for concept in concepts)
    edged = [_EDGE, *concepts, _EDGE]
    counts.update(f"{_CONCEPT}{left} {right}" for left, right in pairwise(edged))
    counts.update(f"{_CONCEPT}{left}&{right}" for left, right in combinations(sorted(set(concepts)), 2))
    return counts
