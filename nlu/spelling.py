"""Which word was meant by `blnce`, and which menu entry by `salyo`? Shorthand, typing errors, menu words."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from nlu.intents import Intent

MENDED_LETTERS_MIN = 5
_TWO_ERRORS_FROM = 9
"""Letters of a word in which two errors may be mended; in a shorter one only one."""

SHORT_MESSAGE_CHARACTERS_MAX = 28
_EXACT_UP_TO = 4
_CLOSE_UP_TO = 8
_CUTOFF_CLOSE = 80.0
_CUTOFF_LONG = 89.0


class Spelling:
    """Words that members are known to use, and short messages that mean one thing."""

    def __init__(
        self, *, shorthand: Mapping[str, str], words: Iterable[str], short: Mapping[str, Intent]
    ) -> None:
        self.shorthand = dict(shorthand)
        self.words = frozenset(words)
        self.short = dict(short)
        self._short_texts = sorted(self.short)
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(self.words):
            if len(word) >= MENDED_LETTERS_MIN - 1:
                self._by_first.setdefault(word[0], []).append(word)
        self.mend = lru_cache(maxsize=4096)(self._mend)

    def _mend(self, word: str) -> str:
        """The known word that was most likely meant, or the word itself. The first letter is taken as right."""
        meant = self.shorthand.get(word)
        if meant is not None or word in self.words or len(word) < MENDED_LETTERS_MIN or not word.isalpha():
            return meant or word
        near = process.extractOne(
            word,
            self._by_first.get(word[0], ()),
            scorer=OSA.distance,
            score_cutoff=2 if len(word) >= _TWO_ERRORS_FROM else 1,
        )
        return word if near is None else near[0]

    def meant_by_short(self, words: Sequence[str]) -> Intent | None:
        """What a message of few words means when it is, or nearly is, a menu entry or command; else None.

        The cut-off depends on the length: in four letters one typing error already makes another word.
        """
        text = " ".join(words)
        exact = self.short.get(text)
        if exact is not None or not _EXACT_UP_TO < len(text) <= SHORT_MESSAGE_CHARACTERS_MAX:
            return exact
        cutoff = _CUTOFF_CLOSE if len(text) <= _CLOSE_UP_TO else _CUTOFF_LONG
        near = process.extractOne(text, self._short_texts, scorer=fuzz.token_sort_ratio, score_cutoff=cutoff)
        return None if near is None else self.short[near[0]]
