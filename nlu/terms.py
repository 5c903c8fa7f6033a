"""For how long? Days, weeks, months and years in words or digits."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from nlu.date_words import GONE
from nlu.intents import EntityKind
from nlu.literals import readings
from nlu.mentions import Mention
from nlu.number_words import AND, HALVES
from nlu.numerals import number_at
from nlu.small_numbers import small_at
from nlu.tokens import Tokens

_DAY, _WEEK, _MONTH, _YEAR = "D", "W", "M", "Y"
UNITS_OF_TIME: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("day", "days", "dys", "siku", "masiku"), _DAY),
        **dict.fromkeys(("week", "weeks", "wk", "wks", "weekz", "wiki", "majuma"), _WEEK),
        **dict.fromkeys(
            ("month", "months", "mth", "mths", "mnth", "mnths", "monthz", "mo", "mos", "moths"), _MONTH
        ),
        **dict.fromkeys(("mwezi", "miezi", "myezi", "miesi"), _MONTH),
        **dict.fromkeys(("year", "years", "yr", "yrs", "mwaka", "miaka"), _YEAR),
    }
)
_SWAHILI: Final = frozenset(
    {"siku", "masiku", "wiki", "majuma", "mwezi", "miezi", "myezi", "miesi", "mwaka", "miaka"}
)
_ONE_ONLY: Final = frozenset({"mwezi", "mwaka"})
"""Singular: a number above one behind it counts the months of the year, and is a date."""
_FOR: Final = frozenset({"for", "in", "within", "after"})
"""Before `a month`; otherwise that is how often: `500 a month`."""
_OR: Final = frozenset({"to", "or", "au", "ama", "hadi", "mpaka", "-", "\u2013"})
_NOT_BEFORE: Final = frozenset({"every", "kila", "per", "umri", "aged", "nina", "kwa kila"})
_NOT_BEHIND: Final = frozenset(
    {"old", "late", "overdue", "ago", "back", "arrears", "iliyopita", "zilizopita"}
)
_LONGEST: Final = MappingProxyType({_DAY: 3660, _WEEK: 520, _MONTH: 600, _YEAR: 50})


class Length(NamedTuple):
    """So much time: all readings of its number, its unit, and the piece after it."""

    counts: tuple[Decimal, ...]
    unit: str
    end: int


def terms(tokens: Tokens) -> Iterator[Mention]:
    """Every length of time that is no age, no delay and no rhythm; takes the pieces it is made of."""
    n = 0
    while n < tokens.length:
        length = length_at(tokens, n)
        if length is None:
            n += 1
            continue
        if _is_a_term(tokens, n, length):
            yield from _mentions(tokens, n, length)
        tokens.take(n, length.end)
        n = length.end


def length_at(tokens: Tokens, n: int) -> Length | None:
    """The length of time that begins at this piece: `3 months`, `miezi mitatu`, `mwaka na nusu`, `half a year`."""
    word = tokens.words[n]
    if word in _SWAHILI:
        return _swahili(tokens, n)
    if word in HALVES:
        return _half_year(tokens, n)
    if word in UNITS_OF_TIME and tokens.words[n + 1] in AND:
        half = _and_a_half(tokens, n + 1)
        return None if half is None else Length((1 + half[0],), UNITS_OF_TIME[word], half[1])
    return _count_first(tokens, n)


def _count_first(tokens: Tokens, n: int) -> Length | None:
    if tokens.words[n] in {"a", "an"} and tokens.before(n) in _FOR:
        unit = UNITS_OF_TIME.get(tokens.words[n + 1])
        return None if unit is None else Length((Decimal(1),), unit, n + 2)
    found = number_at(tokens, n)
    if found is None or found.has_size:
        return None
    counts, end = found.readings, found.end
    if tokens.words[end] in _OR:
        second = number_at(tokens, end + 1)
        if second is not None and tokens.words[second.end] in UNITS_OF_TIME and not second.has_size:
            counts, end = (*counts, *second.readings), second.end
    skip = 1 if tokens.words[end] == "-" else 0
    word = tokens.words[end + skip]
    unit = UNITS_OF_TIME.get(word)
    if unit is None or (word in _SWAHILI and _count_behind(tokens, end + skip + 1) is not None):
        # In `5000 miezi 3` the months count with what follows.
        return None
    end += skip + 1
    half = _and_a_half(tokens, end)
    if half is not None:
        counts, end = tuple(count + half[0] for count in counts), half[1]
    return Length(counts, unit, end)


def _swahili(tokens: Tokens, n: int) -> Length | None:
    """The unit first: `miezi mitatu`, `siku 30`, `mwezi mmoja na nusu`."""
    word = tokens.words[n]
    unit = UNITS_OF_TIME[word]
    found = _count_behind(tokens, n + 1)
    if found is None:
        half = _and_a_half(tokens, n + 1)
        return Length((1 + half[0],), unit, half[1]) if half and word in _ONE_ONLY else None
    counts, end = found
    if word in _ONE_ONLY and max(counts) >= 2 and not _is_time_away(tokens, n, end):  # noqa: PLR2004 - more than one
        return None
    if tokens.words[end] in _OR and (second := small_at(tokens, end + 1)) is not None:
        counts, end = (*counts, Decimal(second[0])), second[1]
    half = _and_a_half(tokens, end)
    if half is not None:
        counts, end = tuple(count + half[0] for count in counts), half[1]
    return Length(counts, unit, end)


def _count_behind(tokens: Tokens, n: int) -> tuple[tuple[Decimal, ...], int] | None:
    """The count after a Swahili unit; an amount that follows doesn't belong to it: `miezi sita elfu hamsini`."""
    if tokens.is_number(n):
        counts = readings(tokens.words[n])
        return (counts, n + 1) if counts else None
    found = number_at(tokens, n)
    if found is not None and found.has_size and tokens.words[n] == "mia":
        return found.readings, found.end
    small = small_at(tokens, n)
    return None if small is None else ((Decimal(small[0]),), small[1])


def _is_time_away(tokens: Tokens, n: int, end: int) -> bool:
    """`mwezi 3 uliopita`, `baada ya mwaka 3`: the singular stands there for the plural."""
    return tokens.words[end] in GONE or (n > 1 and tokens.said[n - 2 : n] == ["baada", "ya"])


def _half_year(tokens: Tokens, n: int) -> Length | None:
    """`nusu mwaka`, `half a year`."""
    at = n + 2 if tokens.words[n + 1] in {"a", "ya"} else n + 1
    if UNITS_OF_TIME.get(tokens.words[at]) != _YEAR:
        return None
    return Length((HALVES[tokens.words[n]],), _YEAR, at + 1)


def _and_a_half(tokens: Tokens, n: int) -> tuple[Decimal, int] | None:
    if tokens.words[n] not in AND:
        return None
    at = n + 2 if tokens.words[n + 1] == "a" else n + 1
    half = HALVES.get(tokens.words[at])
    return None if half is None else (half, at + 1)


def _is_a_term(tokens: Tokens, n: int, length: Length) -> bool:
    behind = tokens.said[length.end]
    if tokens.said[max(0, n - 2) : n] == ["niko", "na"]:
        return False
    if tokens.before(n) in _NOT_BEFORE or behind in _NOT_BEHIND:
        return False
    return all(0 < count <= _LONGEST[length.unit] for count in length.counts)


def _mentions(tokens: Tokens, n: int, length: Length) -> Iterator[Mention]:
    written = [_written(count, length.unit) for count in length.counts]
    by_kind: dict[EntityKind, list[str]] = {}
    for kind, value in (each for ways in written for each in ways):
        by_kind.setdefault(kind, []).append(value)
    for kind, values in by_kind.items():
        yield Mention(kind, tuple(dict.fromkeys(values)), tokens.starts[n], tokens.ends[length.end - 1])


def _written(count: Decimal, unit: str) -> list[tuple[EntityKind, str]]:
    """Whole months where it is that; else an ISO 8601 duration; a month and a half may be 45 days or 6 weeks."""
    if unit == _YEAR:
        count, unit = count * 12, _MONTH
    if count == count.to_integral_value():
        whole = str(int(count))
        return [(EntityKind.TERM_MONTHS, whole) if unit == _MONTH else (EntityKind.TERM, f"P{whole}{unit}")]
    if unit == _WEEK:
        return [(EntityKind.TERM, f"P{int(count * 7)}D")]
    if unit == _MONTH:
        return [(EntityKind.TERM, f"P{int(count * 30)}D"), (EntityKind.TERM, f"P{int(count * 4)}W")]
    return []
