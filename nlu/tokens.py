"""Of which words, numbers and signs does a text consist, and which of them are spoken for already?"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Set as AbstractSet

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*|\S")
_AHEAD = 8
"""Empty words behind the last, so that a grammar may look ahead without asking how long the text is."""


class Tokens:
    """A text in pieces. A grammar that has understood pieces takes them, and the next one doesn't see them."""

    __slots__ = ("_vocabulary", "ends", "length", "said", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        pieces = list(_TOKEN.finditer(text))
        self.text = text
        self.length = len(pieces)
        self.starts = [piece.start() for piece in pieces]
        self.ends = [piece.end() for piece in pieces]
        self.said = [piece.group().lower() for piece in pieces] + [""] * _AHEAD
        """Every piece in small letters; what is asked about the surroundings."""
        self.words = list(self.said)
        """The same, but empty where a piece is taken."""
        self._vocabulary = frozenset(self.said)

    def take(self, first: int, end: int) -> None:
        """These pieces are understood."""
        for n in range(first, end):
            self.words[n] = ""

    def is_tight(self, n: int) -> bool:
        """Whether nothing stands between this piece and the next."""
        return n + 1 < self.length and self.ends[n] == self.starts[n + 1]

    def take_letters(self, start: int, end: int) -> None:
        """The pieces within these letters of the text are understood."""
        self.take(bisect_right(self.ends, start), bisect_left(self.starts, end))

    def speaks_of(self, words: AbstractSet[str]) -> bool:
        """Whether any of these words stands anywhere in the text."""
        return not self._vocabulary.isdisjoint(words)

    def before(self, n: int) -> str:
        """The piece before this one; empty at the beginning."""
        return self.said[n - 1] if n else ""

    def is_number(self, n: int) -> bool:
        """Whether the piece is written in digits and not taken."""
        word = self.words[n]
        return bool(word) and word[0] in "0123456789"
