"""Which words mean alike in our three languages? A small lexicon, so that what is learnt in one helps the others."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

_SECOND = "+"


class Concepts:
    """Finds the concepts of a word: what it is about, and what its tense and mood say (the lines with a plus)."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        self.patterns = {concept: list(words) for concept, words in patterns.items()}
        self._about = _Table({c: words for c, words in self.patterns.items() if not c.startswith(_SECOND)})
        self._manner = _Table({c: words for c, words in self.patterns.items() if c.startswith(_SECOND)})
        self.of_word = lru_cache(maxsize=8192)(self._of_word)

    def _of_word(self, word: str) -> str:
        """None, one or two concepts with a space between them."""
        found = (self._about.first_for(word), self._manner.first_for(word))
        return " ".join(concept for concept in found if concept is not None)


class _Table:
    """Words and patterns of several concepts; the first that fits a word counts, exact words before patterns."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        lines = [(concept, word) for concept, words in patterns.items() for word in words]
        self._exact = {word: concept for concept, word in reversed(lines) if "*" not in word}
        wild = [(concept, word) for concept, word in lines if "*" in word]
        self._of_group = {f"c{place}": concept for place, (concept, _) in enumerate(wild)}
        named = (f"(?P<c{place}>{_expression(word)})" for place, (_, word) in enumerate(wild))
        self._wild = re.compile("|".join(named) or "(?!)")

    def first_for(self, word: str) -> str | None:
        exact = self._exact.get(word)
        if exact is not None:
            return exact
        match = self._wild.fullmatch(word)
        return self._of_group[match.lastgroup] if match is not None and match.lastgroup is not None else None


def _expression(pattern: str) -> str:
    return "[a-z]*".join(re.escape(part) for part in pattern.split("*"))
