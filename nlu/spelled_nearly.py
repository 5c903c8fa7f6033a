"""Is a word a number word with one slip of the finger? Never taken for the number: a reason to ask."""

from functools import cache
from string import ascii_lowercase

from nlu.number_words import TEENS, TENS, UNITS

_SHORTEST = 4
"""Shorter words are too near to other words."""


def nearly(word: str) -> tuple[int, ...]:
    """The numbers that one letter more, less or other makes of this word; mostly none."""
    return _slips().get(word, ())


@cache
def _slips() -> dict[str, tuple[int, ...]]:
    """Every misspelling of the number words by one letter; built when the first is looked for (10 ms)."""
    numbers = {**UNITS, **TENS, **TEENS}
    slips: dict[str, tuple[int, ...]] = {}
    for right, number in numbers.items():
        if len(right) < _SHORTEST:
            continue
        for wrong in _variants(right):
            slips[wrong] = tuple(sorted({*slips.get(wrong, ()), number}))
    return {wrong: near for wrong, near in slips.items() if wrong not in numbers}


def _variants(word: str) -> set[str]:
    halves = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    other = {left + letter + right[1:] for left, right in halves if right for letter in ascii_lowercase}
    more = {left + letter + right for left, right in halves for letter in ascii_lowercase}
    return fewer | swapped | other | more
