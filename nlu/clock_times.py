"""Which pieces are a time of day? They are no date and no amount: `saa tano asubuhi`, `5pm`, `10:30`."""

from typing import Final

from nlu.small_numbers import small_at
from nlu.tokens import Tokens

_HALF_DAYS: Final = frozenset({"am", "pm", "a.m", "p.m", "oclock", "o'clock"})
_PARTS_OF_DAY: Final = frozenset({"asubuhi", "jioni", "usiku", "mchana", "alfajiri", "alasiri", "adhuhuri"})
_ENGLISH_PARTS: Final = frozenset({"morning", "afternoon", "evening", "night"})
_PARTS_OF_HOUR: Final = frozenset({"half", "quarter"})
_PAST: Final = frozenset({"past"})
_NOW: Final = frozenset({"hii", "hizi", "hiyo", "ngapi", "zote"})


def clock_at(tokens: Tokens, n: int) -> int | None:
    """The piece after the time of day that begins here; None where none does."""
    if tokens.words[n] == "saa":
        return _swahili_hour(tokens, n)
    if tokens.words[n] in _PARTS_OF_HOUR and tokens.words[n + 1] in _PAST:
        return _behind_hour(tokens, n + 3) if tokens.is_number(n + 2) else None
    if not tokens.is_number(n):
        return None
    if (
        tokens.words[n + 1] == ":"
        and tokens.is_tight(n)
        and tokens.is_tight(n + 1)
        and tokens.is_number(n + 2)
    ):
        return n + 4 if tokens.words[n + 3] in _HALF_DAYS else n + 3
    if len(tokens.words[n]) <= 5 and (end := _behind_hour(tokens, n + 1)) > n + 1:  # noqa: PLR2004 - such as 10.30
        return end
    return _hour_and_minutes(tokens, n)


def _hour_and_minutes(tokens: Tokens, n: int) -> int | None:
    """`at 10 30`, `25 past 5`, `at 10 to 4`, `9 30 in the evening`."""
    if len(tokens.words[n]) > 2:  # noqa: PLR2004 - hours and minutes have two digits
        return None
    at = (
        n + 2
        if tokens.words[n + 1] in _PAST or (tokens.words[n + 1] == "to" and tokens.before(n) == "at")
        else n + 1
    )
    if not tokens.is_number(at) or len(tokens.words[at]) > 2 or not tokens.words[at].isdigit():  # noqa: PLR2004 - the same
        return None
    end = _behind_hour(tokens, at + 1)
    return end if at == n + 2 or end > at + 1 or tokens.before(n) == "at" else None


def _behind_hour(tokens: Tokens, n: int) -> int:
    """The piece after `pm`, `p.m.` or `in the evening`; this one where none stands here."""
    word = tokens.words[n]
    if word in {"a", "p"} and tokens.words[n + 1 : n + 3] == [".", "m"]:
        return n + 4 if tokens.words[n + 3] == "." else n + 3
    at = n + 2 if tokens.words[n : n + 2] == ["in", "the"] else n
    return at + 1 if word in _HALF_DAYS or tokens.words[at] in _ENGLISH_PARTS else n


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
