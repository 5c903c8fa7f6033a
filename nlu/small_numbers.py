"""Which number below a thousand begins at this piece? The counts that sizes, days and terms are made with."""

from typing import NamedTuple

from nlu.number_words import (
    AND,
    COUNT_BEHIND,
    COUNT_FIRST,
    ENGLISH_TENS,
    ENGLISH_UNITS,
    ORDINALS,
    SHENG,
    SWAHILI_TENS,
    SWAHILI_UNITS,
    TEENS,
    TENS,
    UNITS,
)
from nlu.tokens import Tokens

_THOUSAND = 1000
_HUNDRED = 100


class Small(NamedTuple):
    """A number below a thousand. `tail` is the part of it that may as well stand for itself."""

    value: int
    end: int
    tail: int = 0


def small_at(tokens: Tokens, n: int) -> tuple[int, int] | None:
    """A whole number below a hundred in words or digits, and the piece after it: for days, months and counts."""
    word = tokens.words[n]
    if tokens.is_number(n):
        is_small = len(word) <= 2 and word.isdigit() and not _carries_letters(tokens, n)  # noqa: PLR2004 - two digits
        return (int(word), n + 1) if is_small else None
    found = below_hundred(tokens, n)
    return None if found is None else (found.value, found.end)


def below_thousand(tokens: Tokens, n: int) -> Small | None:
    """What a Swahili size counts with: `mia mbili na kumi na nane`, `hamsini`, `5`."""
    word = tokens.words[n]
    if COUNT_BEHIND.get(word) != _HUNDRED:
        return digits_below(tokens, n, limit=_THOUSAND) or below_hundred(tokens, n)
    unit = unit_of_hundreds(tokens, n + 1)
    hundreds, end = (unit.value * _HUNDRED, unit.end) if unit else (_HUNDRED, n + 1)
    is_joined = tokens.words[end] in AND
    rest = below_hundred(tokens, end + 1 if is_joined else end)
    if rest is None or _is_count_of_more(tokens, rest.end):
        return Small(hundreds, end)
    return Small(hundreds + rest.value, rest.end, rest.tail if is_joined else rest.value)


def unit_of_hundreds(tokens: Tokens, n: int) -> Small | None:
    """How many hundreds: one to nine."""
    word = tokens.words[n]
    if word in SWAHILI_UNITS:
        return Small(SWAHILI_UNITS[word], n + 1)
    return digits_below(tokens, n, limit=10)


def below_hundred(tokens: Tokens, n: int) -> Small | None:
    """Tens and units in words of one language."""
    word = tokens.words[n]
    if word in TENS:
        return _tens(tokens, n)
    value = UNITS.get(word) or TEENS.get(word)
    return None if value is None else Small(value, n + 1)


def _tens(tokens: Tokens, n: int) -> Small:
    word, behind = tokens.words[n], tokens.words[n + 1]
    tens = TENS[word]
    if word in SWAHILI_TENS:
        if behind in AND and (unit := SWAHILI_UNITS.get(tokens.words[n + 2])):
            return Small(tens + unit, n + 3)
        loose = SWAHILI_UNITS.get(behind)
        return Small(tens + loose, n + 2, loose) if loose else Small(tens, n + 1)
    is_hyphen = behind == "-" and word in ENGLISH_TENS
    unit = ENGLISH_UNITS.get(tokens.words[n + 2] if is_hyphen else behind)
    if unit is None:
        return Small(tens, n + 1)
    return Small(tens + unit, n + 3 if is_hyphen else n + 2)


def digits_below(tokens: Tokens, n: int, *, limit: int) -> Small | None:
    """A count in digits: whole, without a nought before it."""
    word = tokens.words[n]
    if not (tokens.is_number(n) and word.isdigit() and len(word) <= 3):  # noqa: PLR2004 - below a thousand
        return None
    if word[0] == "0" or int(word) >= limit or _carries_letters(tokens, n):
        return None
    return Small(int(word), n + 1)


def _is_count_of_more(tokens: Tokens, n: int) -> bool:
    """Whether what was read last is the count of a size that follows: `elfu mia mbili tano soo`."""
    return tokens.words[n] in SHENG or tokens.words[n] in COUNT_FIRST


def _carries_letters(tokens: Tokens, n: int) -> bool:
    """`3k` is no three; `3rd` is."""
    return tokens.is_tight(n) and tokens.said[n + 1].isalpha() and tokens.said[n + 1] not in ORDINALS
