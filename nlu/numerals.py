"""Which number begins at this piece? Words, digits and both together, in three languages.

A number is a row of groups of falling size: `laki moja na elfu hamsini`, `elfu mbili mia tano`, `two thousand five
hundred`, `5k`. Swahili puts the size first (`elfu tano`), English last (`five thousand`), Sheng either way. Where words
can be put together in two ways, both are readings: `elfu ishirini tano` is 25,000 or 20,005.
"""

from decimal import Decimal
from itertools import product
from typing import NamedTuple

from nlu.literals import Readings, literal_at
from nlu.number_words import (
    AND,
    COUNT_BEHIND,
    COUNT_FIRST,
    HALVES,
    NOUGHT,
    SHENG,
    TEENS,
    TENS,
    UNITS,
)
from nlu.small_numbers import Small, below_hundred, below_thousand, digits_below, unit_of_hundreds
from nlu.spelled_nearly import nearly
from nlu.tokens import Tokens

_THOUSAND = 1000
_HUNDRED = 100
_LAKI = 100_000
_ONE = Decimal(1)
_SIZES = frozenset({*COUNT_BEHIND, *COUNT_FIRST, *SHENG})
_COUNTS = frozenset({*UNITS, *TEENS, *TENS, *HALVES, *COUNT_FIRST})
_POINT = frozenset({"point", "nukta"})


class Number(NamedTuple):
    """What was found: all readings, where it ends, and of what it was made."""

    readings: Readings
    end: int
    has_size: bool = False
    """A word such as thousand, elfu or soo is in it."""
    is_bare_size: bool = False
    """Nothing but such a word: `thao`."""
    is_half_alone: bool = False
    """`moja na nusu`: one and a half of something that isn't said."""
    is_digits: bool = False


class _Group(NamedTuple):
    readings: Readings
    end: int
    size: int
    is_bare: bool = False
    is_digits: bool = False
    is_half: bool = False


def number_at(tokens: Tokens, n: int) -> Number | None:
    """The longest number that begins here; None where there is none."""
    if tokens.words[n] in NOUGHT:
        return Number((Decimal(0),), n + 1)
    group = _group(tokens, n)
    if group is None:
        return None
    first, readings, smallest, end = group, group.readings, group.size, group.end
    while smallest > 1:
        found = _next_group(tokens, end, smallest)
        if found is None:
            break
        is_joined = tokens.words[end] in AND
        readings = _added(readings, found.readings, last_size=smallest, size=found.size)
        if not is_joined and _is_tenths(tokens, n, end, found):
            # `ten thousand five` says 10,005 and mostly means 10,500.
            readings = (*readings, group.readings[0] + found.readings[0] * smallest / 10)
        end, smallest = found.end, found.size
    has_size = any(word in _SIZES for word in tokens.words[n:end])
    return Number(
        readings,
        end,
        has_size=has_size,
        is_bare_size=first.is_bare and end == first.end,
        is_half_alone=first.is_half and not has_size,
        is_digits=first.is_digits and end == first.end,
    )


def _next_group(tokens: Tokens, n: int, smallest: int) -> _Group | None:
    """The next and smaller part of a number, whether or not an `and` or a comma stands before it."""
    is_joined = tokens.words[n] in AND
    is_comma = tokens.words[n] == "," and not tokens.is_tight(n)
    found = _group(tokens, n + 1 if is_joined or is_comma else n)
    if found is None or found.size >= smallest or found.is_half:
        return None
    if found.is_digits and not is_joined:
        # `5k 300` may be two amounts.
        return None
    if found.size == 1 and max(found.readings) >= smallest:
        return None
    return found


def _is_tenths(tokens: Tokens, n: int, end: int, found: _Group) -> bool:
    """Whether a lone unit stands behind thousands, and not in the way of Swahili, where it is a unit."""
    is_unit = found.size == 1 and max(found.readings) < 10  # noqa: PLR2004 - a unit
    return is_unit and not any(word in COUNT_BEHIND for word in tokens.words[n:end])


def _added(readings: Readings, more: Readings, *, last_size: int, size: int) -> Readings:
    sums = tuple(dict.fromkeys(a + b for a, b in product(readings, more)))
    if last_size == _LAKI and size == 1 and len(sums) == 1 and more[0] >= 10:  # noqa: PLR2004 - a count of tens
        # `laki moja na hamsini` says 100,050 and mostly means 150,000.
        return (*sums, readings[0] + more[0] * _THOUSAND)
    return sums


def _group(tokens: Tokens, n: int) -> _Group | None:
    """One count with one size: `elfu tano`, `five hundred`, `2.5k`, `nusu laki`, or a small number alone."""
    word = tokens.words[n]
    if word in COUNT_BEHIND:
        return _with_half(tokens, _size_first(tokens, n, COUNT_BEHIND[word]))
    if word in SHENG:
        return _with_half(tokens, _sheng_first(tokens, n))
    if word in HALVES:
        return _half_of(tokens, n)
    if word in {"a", "an"} and _is_long_size(tokens.words[n + 1]):
        return _with_half(tokens, _english(tokens, _Group((_ONE,), n + 1, 1)))
    if _is_long_size(word):
        found = _english(tokens, _Group((_ONE,), n, 1))
        return _with_half(tokens, found._replace(is_bare=found.end == n + 1))
    head = _head(tokens, n)
    if head is None:
        return None
    return _with_half(tokens, _english(tokens, _counted(tokens, head)))


def _head(tokens: Tokens, n: int) -> _Group | None:
    """The count that stands before a size, or alone."""
    literal = literal_at(tokens, n)
    if literal is not None:
        half = _half_behind(tokens, literal[1])
        if half is not None and _factor(tokens, half[1]) is not None:
            return _Group(tuple(each + half[0] for each in literal[0]), half[1], 1)
        return _Group(literal[0], literal[1], 1, is_digits=True)
    small = below_hundred(tokens, n)
    if small is None:
        return None
    readings = (Decimal(small.value),)
    tenths = _behind_point(tokens, small.end)
    if tenths is not None:
        return _Group((readings[0] + tenths,), small.end + 2, 1)
    half = _half_behind(tokens, small.end)
    if half is not None:
        return _Group((readings[0] + half[0],), half[1], 1, is_half=True)
    return _Group(readings, small.end, 1)


def _size_first(tokens: Tokens, n: int, size: int) -> _Group:
    """Swahili: `mia` counts with a unit, the larger ones with anything below a thousand."""
    small = unit_of_hundreds(tokens, n + 1) if size == _HUNDRED else below_thousand(tokens, n + 1)
    if small is None:
        return _bare(tokens, n, (size,))
    readings = [Decimal(small.value * size)]
    if small.tail:
        readings.append(Decimal((small.value - small.tail) * size + small.tail))
    group = _Group(tuple(readings), small.end, size)
    return _thousands_of(tokens, group) if size == _HUNDRED else group


def _thousands_of(tokens: Tokens, group: _Group) -> _Group:
    """`mia mbili elfu`: as many thousands; with a count behind it may also be 200 and so many thousands."""
    n = group.end
    size = COUNT_BEHIND.get(tokens.words[n], 0)
    if size < _THOUSAND:
        return group
    behind = below_thousand(tokens, n + 1)
    count = group.readings[0]
    if behind is None:
        return _Group((count * size,), n + 1, size)
    apart = (count + behind.value * size, count * size + behind.value)
    return _Group(apart, behind.end, size)


def _sheng_first(tokens: Tokens, n: int) -> _Group:
    worths = SHENG[tokens.words[n]]
    small = below_hundred(tokens, n + 1) or digits_below(tokens, n + 1, limit=_HUNDRED)
    if small is None:
        return _bare(tokens, n, worths)
    behind = tokens.words[small.end]
    if behind in SHENG and below_hundred(tokens, small.end + 1) is None:
        # `thao mbili soo`: two thousand and a hundred, or a thousand and two hundred.
        other = SHENG[behind][0]
        both = (worths[0] * small.value + other, worths[0] + other * small.value)
        return _Group(tuple(map(Decimal, dict.fromkeys(both))), small.end + 1, min(worths[0], other))
    return _Group(tuple(Decimal(worth * small.value) for worth in worths), small.end, max(worths))


def _bare(tokens: Tokens, n: int, worths: tuple[int, ...]) -> _Group:
    """A size without its count: one of it; or its count is misspelt, which must be asked about."""
    literal = literal_at(tokens, n + 1)
    if literal is not None and max(literal[0]) >= _THOUSAND:
        # `elfu 2,500`: the size may be said twice.
        many = tuple(each * worths[0] for each in literal[0])
        return _Group((*literal[0], *many), literal[1], 1)
    counts = nearly(tokens.words[n + 1])
    if not counts:
        return _Group(tuple(map(Decimal, worths)), n + 1, max(worths), is_bare=True)
    readings = (*(worths[0] * count for count in counts), *worths)
    return _Group(tuple(map(Decimal, readings)), n + 2, max(worths))


def _counted(tokens: Tokens, head: _Group) -> _Group:
    """A count with a Swahili or Sheng size behind it: `5 elfu`, `tano soo`, `kumi elfu`."""
    word = tokens.words[head.end]
    count = head.readings
    if word in SHENG:
        worths = SHENG[word]
        return _Group(tuple(each * worth for each in count for worth in worths), head.end + 1, max(worths))
    size = COUNT_BEHIND.get(word)
    if size is None:
        return head
    behind = (
        below_thousand(tokens, head.end + 1) if size > _HUNDRED else unit_of_hundreds(tokens, head.end + 1)
    )
    if behind is None:
        return _Group(tuple(each * size for each in count), head.end + 1, size)
    if size == _HUNDRED:
        # `tano mia mbili`: the size belongs to the count behind it.
        return head
    readings = [each + behind.value * size for each in count]
    return _Group((*readings, count[0] * size + behind.value), behind.end, size)


def _english(tokens: Tokens, group: _Group) -> _Group:
    """Sizes that stand behind: `five hundred thousand`, `two and a half thousand`, `2.5k`, `fifteen hundred`."""
    readings, end, size = group.readings, group.end, group.size
    while (factor := _factor(tokens, end)) is not None:
        readings, size = tuple(each * factor for each in readings), max(size, 1) * factor
        end += 1
        if factor == _HUNDRED:
            more = _more_than_hundreds(tokens, end)
            if more is not None:
                readings, end, size = tuple(each + more.value for each in readings), more.end, 1
    if end == group.end:
        return group
    # What may follow is smaller than the last size, and after `hundred and fifty` nothing is.
    return _Group(readings, end, size)


def _is_long_size(word: str) -> bool:
    """`hundred` and `million`, not `k`, which needs a count before it."""
    return word in COUNT_FIRST and len(word) > 1


def _factor(tokens: Tokens, n: int) -> int | None:
    word = tokens.words[n]
    factor = COUNT_FIRST.get(word)
    if factor is None:
        return None
    if len(word) == 1 and not _stands_on_digits(tokens, n):
        return None
    return factor


def _stands_on_digits(tokens: Tokens, n: int) -> bool:
    """`5k`, `5 k` and `ten k`, but no `m` that stands apart: that may be a name or a word cut short."""
    if tokens.words[n] == "k" and tokens.said[n - 1] in _COUNTS:
        return True
    return tokens.said[n - 1][-1].isdigit() and (tokens.words[n] == "k" or tokens.is_tight(n - 1))


def _more_than_hundreds(tokens: Tokens, n: int) -> Small | None:
    """The tens and units behind `five hundred`, where a size follows them: `five hundred and fifty thousand`."""
    small = below_hundred(tokens, n + 1 if tokens.words[n] in AND else n)
    if small is None or small.tail or _factor(tokens, small.end) is None:
        return None
    return small


def _half_of(tokens: Tokens, n: int) -> _Group | None:
    """`nusu laki`, `half a million`."""
    skip = 1 if tokens.words[n + 1] in {"a", "ya"} else 0
    word = tokens.words[n + 1 + skip]
    size = COUNT_BEHIND.get(word) or (COUNT_FIRST.get(word, 0) if len(word) > 1 else 0)
    if size < _THOUSAND:
        return None
    return _Group((HALVES[tokens.words[n]] * size,), n + 2 + skip, 1 if size == _THOUSAND else size // 10)


def _with_half(tokens: Tokens, group: _Group) -> _Group:
    """`laki moja na nusu`: and half of its size."""
    if group.size <= 1:
        return group
    half = _half_behind(tokens, group.end)
    if half is None:
        return group
    return _Group(tuple(each + half[0] * group.size for each in group.readings), half[1], 1)


def _half_behind(tokens: Tokens, n: int) -> tuple[Decimal, int] | None:
    """`na nusu`, `and a half`, but no half of something: `na nusu ya deni`."""
    if tokens.words[n] not in AND and tokens.words[n] != "u":
        return None
    at = n + 2 if tokens.words[n + 1] == "a" else n + 1
    half = HALVES.get(tokens.words[at])
    if half is None or tokens.words[at + 1] in {"ya", "of"}:
        return None
    return half, at + 1


def _behind_point(tokens: Tokens, n: int) -> Decimal | None:
    """`one point five`."""
    if tokens.words[n] not in _POINT:
        return None
    tenths = UNITS.get(tokens.words[n + 1])
    return None if tenths is None else Decimal(tenths) / 10
