"""Which pieces are a time of day? They are no date and no amount: `saa tano asubuhi`, `5pm`, `10:30`."""

from typing import Final

from nlu.numerals import small_at
from nlu.tokens import Tokens

_HALF_DAYS: Final = frozenset({"am", "pm", "a.m", "p.m", "oclock", "o'clock"})
_PARTS_OF_DAY: Final = frozenset({"asubuhi", "jioni", "usiku", "mchana", "alfajiri", "alasiri", "adhuhuri"})
_NOW: Final = frozenset({"hii", "hizi", "hiyo", "ngapi", "zote"})


def clock_at(tokens: Tokens, n: int) -> int | None:
    """The piece after the time of day that begins here; None where none does."""
    if tokens.words[n] == "saa":
        return _swahili_hour(tokens, n)
    if not tokens.is_number(n):
        return None
    if (
        tokens.words[n + 1] == ":"
        and tokens.is_tight(n)
        and tokens.is_tight(n + 1)
        and tokens.is_number(n + 2)
    ):
        return n + 4 if tokens.words[n + 3] in _HALF_DAYS else n + 3
    if tokens.words[n + 1] in _HALF_DAYS and len(tokens.words[n]) <= 5:  # noqa: PLR2004 - such as 10.30
        return n + 2
    return None


def _swahili_hour(tokens: Tokens, n: int) -> int | None:
    if tokens.words[n + 1] in _NOW:
        return n + 2
    end = clock_at(tokens, n + 1)
    if end is None:
        hour = small_at(tokens, n + 1)
        if hour is None:
            return None
        end = hour[1]
    if tokens.words[end : end + 2] == ["na", "nusu"]:
        end += 2
    return end + 1 if tokens.words[end] in _PARTS_OF_DAY else end
