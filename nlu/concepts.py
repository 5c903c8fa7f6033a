"""Which words mean alike in our three languages? A small lexicon, so that what is learnt in one helps the others."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache


class Concepts:
    """Finds the concept of a word by exact word or by pattern."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        self.patterns = {concept: list(words) for concept, words in patterns.items()}
        self._exact = {
            word: concept for concept, words in reversed(self.patterns.items()) for word in words if "*" not in word
        }
        wild = [
            (concept, word) for concept, words in self.patterns.items() for word in words if "*" in word
        ]
        self._wild = re.compile(
            "|".join(f"(?P<c{place}>{_expression(word)})" for place, (_, word) in enumerate(wild)) or "(?!)"
        )
        self._of_group = {f"c{place}": concept for place, (concept, _) in enumerate(wild)}
        self.of_word = lru_cache(maxsize=8192)(self._of_word)

    def _of_word(self, word: str) -> str | None:
        exact = self._exact.get(word)
        if exact is not None:
            return exact
        match = self._wild.fullmatch(word)
        return self._of_group[match.lastgroup] if match is not None and match.lastgroup is not None else None


def _expression(pattern: str) -> str:
    return "[a-z]*".join(re.escape(part) for part in pattern.split("*"))
