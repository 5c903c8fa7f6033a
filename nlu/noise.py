"""How would the same message look typed in a hurry? Noisy copies, for training only."""

import random
from collections.abc import Callable

_NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et",
    "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
_SHORT = {
    "please": "pls", "you": "u", "your": "ur", "are": "r", "balance": "bal", "account": "acc", "want": "wnt",
    "for": "4", "to": "2", "how": "hw", "much": "mch", "what": "wat", "when": "wen", "have": "hv",
    "tafadhali": "tfdhli", "nataka": "ntaka", "naomba": "nmba", "yangu": "yng", "sana": "xana",
    "number": "no", "phone": "fone", "the": "da", "because": "coz", "thanks": "thx", "kwa": "kw",
    "statement": "stmt", "good": "gud", "niko": "nko", "ngapi": "ngp",
}  # fmt: skip
_VOWELS = frozenset("aeiou")
_MIN_LETTERS = 4


def _swapped(word: str, at: int, _chance: random.Random) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, at: int, _chance: random.Random) -> str:
    return word[:at] + word[at + 1 :]


def _doubled(word: str, at: int, _chance: random.Random) -> str:
    return word[:at] + word[at] + word[at:]


def _slipped(word: str, at: int, chance: random.Random) -> str:
    return word[:at] + chance.choice(_NEIGHBOURS.get(word[at].lower(), word[at])) + word[at + 1 :]


def _without_vowels(word: str, _at: int, _chance: random.Random) -> str:
    return word[0] + "".join(letter for letter in word[1:-1] if letter not in _VOWELS) + word[-1]


_ERRORS: tuple[Callable[[str, int, random.Random], str], ...] = (
    _swapped,
    _dropped,
    _doubled,
    _slipped,
    _without_vowels,
)


def noisy(text: str, seed: str) -> str:
    """A copy of the text with errors in about one word of four; the same seed gives the same errors."""
    chance = random.Random(seed)  # noqa: S311  # examples, no secret
    words = text.split()
    wrong = max(1, round(len(words) / 4))
    for place in chance.sample(range(len(words)), min(wrong, len(words))):
        words[place] = _misspelt(words[place], chance)
    return " ".join(words)


def _misspelt(word: str, chance: random.Random) -> str:
    short = _SHORT.get(word.lower())
    if short is not None and chance.random() < 0.7:  # noqa: PLR2004  # most who know a short form use it
        return short
    if len(word) < _MIN_LETTERS or not word.isalpha():
        return word
    return chance.choice(_ERRORS)(word, chance.randrange(1, len(word) - 1), chance)
