"""Which day do figures tell? `5/12`, `tarehe 5`, `the 5th`, `5 Desemba 2026`, `siku 3 zilizopita`, `mwezi wa tano`."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from nlu.calendar_days import day_and_month, day_of_month, full_year, month_of, shifted, whole_month, year_of
from nlu.date_words import (
    BORROWING,
    COMING,
    DOUBTFUL_MONTHS,
    GONE,
    LAST,
    MONTHS,
    NEXT,
    STATEMENT,
    THIS,
    TIME_BEFORE,
    TO,
)
from nlu.found_days import Days, View, one
from nlu.number_words import COUNT_BEHIND, COUNT_FIRST, ORDINALS
from nlu.small_numbers import small_at
from nlu.terms import UNITS_OF_TIME, Length, length_at
from nlu.word_sets import words

_DATE_WORDS: Final = frozenset({"tarehe", "trh", "tareh", "date", "tar", "dated", "tarehe:"})
_FIRST_OF_MONTH: Final = {"mosi": 1, "pili": 2}
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}|[0-9]{2})")
_SEPARATORS: Final = frozenset("/-")
_LAST_DAY, _LAST_MONTH = 31, 12
_YEAR_DIGITS = 4
_BEFORE_YEAR: Final = frozenset({"in", "since", "mwaka", "year", "tangu", "of", "during"})
_BEFORE_YEAR_OF_BOOKS: Final = frozenset({"for", "ya", "from", "kutoka", "za", "kuanzia"})
_YEARS_AHEAD = 10
_IN_A_ROW: Final = frozenset(
    [
        *("loan", "time", "payment", "instalment", "installment", "child", "salary", "guarantor", "one"),
        "born",
        "mkopo",
    ]
)
"""Behind an ordinal: the 2nd of these is no day."""
_ROUND_THE_CLOCK: Final = ("24", "7")


def numbered_day_at(view: View, n: int) -> Days | None:
    """The day or stretch that begins at this piece with a figure in it; None where none does."""
    tokens = view.tokens
    word = tokens.words[n]
    if tokens.is_number(n):
        return _in_figures(view, n) or _day_with_month(view, n) or _so_far_away(view, n) or _year(view, n)
    if word in _DATE_WORDS:
        return _after_date_word(view, n)
    if word in MONTHS:
        return _month_first(view, n)
    if word == "mwezi":
        return _so_far_away(view, n) or _month_of_the_year(view, n)
    if word in {"in", "after", "within", "baada"}:
        return _after_so_long(view, n)
    if word in UNITS_OF_TIME or word in _COUNT_WORDS:
        return _so_far_away(view, n)
    if word in {"last", "past", "previous", "next", "coming"}:
        return _last_so_many(view, n)
    return None


_COUNT_WORDS: Final = words(
    """
    one two three four five six seven eight nine ten twelve thirty fourteen
    """
)


def _in_figures(view: View, n: int) -> Days | None:
    """`5/12`, `5/12/2026`, `5-12-26`, `5.12.2026`, `2026-12-05`; what can't be a day of ours is none."""
    tokens = view.tokens
    dotted = _DOTTED.fullmatch(tokens.words[n])
    if dotted is not None:
        day = _dated(view, dotted[1], dotted[2], dotted[3])
        return one(day, n + 1, names_month=True) or Days((), n + 1)
    sign = tokens.words[n + 1]
    if sign not in _SEPARATORS or not (
        tokens.is_tight(n) and tokens.is_tight(n + 1) and tokens.is_number(n + 2)
    ):
        return None
    first, second = tokens.words[n], tokens.words[n + 2]
    if not (first.isdigit() and second.isdigit()):
        return None
    if tokens.said[n + 3] in {"of", "ya", *COUNT_FIRST, *COUNT_BEHIND}:
        # `1/2 million`: a fraction.
        return Days((), n + 3)
    has_third = tokens.words[n + 3] == sign and tokens.is_tight(n + 2) and tokens.is_number(n + 4)
    third = tokens.words[n + 4] if has_third and tokens.is_tight(n + 3) else ""
    if third:
        return _three_parts(view, (first, second, third), n + 5)
    if sign == "-" or max(len(first), len(second)) > 2 or (first, second) == _ROUND_THE_CLOCK:  # noqa: PLR2004 - two digits
        return None
    return one(_dated(view, first, second, ""), n + 3, names_month=True) or Days((), n + 3)


def _three_parts(view: View, parts: tuple[str, str, str], end: int) -> Days | None:
    first, second, third = parts
    if len(first) == _YEAR_DIGITS:
        first, third = third, first
    if not third.isdigit() or max(len(first), len(second)) > 2:  # noqa: PLR2004 - two digits
        return None
    return one(_dated(view, first, second, third), end, names_month=True) or Days((), end)


def _dated(view: View, day: str, month: str, year: str) -> date | None:
    if year and (len(year) not in {2, _YEAR_DIGITS} or full_year(year) is None):
        return None
    return day_and_month(
        view.today, int(day), int(month), full_year(year) if year else None, is_past=view.is_past
    )


def _day_with_month(view: View, n: int) -> Days | None:
    """`5th`, `5th of December`, `5 december 2026`; a bare number without a month is no day."""
    tokens = view.tokens
    if len(tokens.words[n]) > 2 or not tokens.words[n].isdigit():  # noqa: PLR2004 - a day has two digits
        return None
    day = int(tokens.words[n])
    is_ordinal = tokens.words[n + 1] in ORDINALS and tokens.is_tight(n)
    end = n + 2 if is_ordinal else n + 1
    if not is_ordinal and tokens.words[end] in TO and (stretch := _days_of_month(view, day, end + 1)):
        return stretch
    if not 1 <= day <= _LAST_DAY or (is_ordinal and tokens.words[end] in _IN_A_ROW):
        return None
    return _with_month(view, day, end, is_sure=is_ordinal)


def _days_of_month(view: View, first: int, n: int) -> Days | None:
    """The rest of `5-10 december`, `1 to 15 january`."""
    if not view.tokens.is_number(n):
        return None
    last = _day_with_month(view, n)
    if last is None or not last.names_month or len(last.readings) != 1:
        return None
    until = last.readings[0][0]
    since = day_and_month(until, first, until.month, until.year)
    return one((since, until), last.end, names_month=True) if since and since < until else None


def _with_month(view: View, day: int, end: int, *, is_sure: bool) -> Days | None:
    """The month behind a day: by name, by number, or this and next; without one, only a sure day is a day."""
    tokens = view.tokens
    at = end + 1 if tokens.words[end] in {"of", "ya"} else end
    word = tokens.words[at]
    month, month_end = (MONTHS[word], at + 1) if word in MONTHS else (0, at)
    if word == "mwezi" and is_sure:
        month, month_end = number_of_month(view, at)
    if month:
        year, year_end = _year_behind(view, month_end)
        found = day_and_month(view.today, day, month, year, is_past=view.is_past)
        return one(found, year_end, names_month=True) or Days((), year_end)
    if is_sure and (moved := _named_month(view, at)) is not None:
        months, month_end = moved
        first, last = month_of(view.today, months=months)
        return one(first.replace(day=day), month_end, names_month=True) if day <= last.day else None
    if not is_sure:
        return None
    return one(day_of_month(view.today, day, is_past=view.is_past), end, day_only=day)


def number_of_month(view: View, n: int) -> tuple[int, int]:
    """`mwezi wa 12`, `mwezi wa kumi na mbili`; nothing where no number of a month follows."""
    tokens = view.tokens
    small = small_at(tokens, n + 2 if tokens.words[n + 1] == "wa" else n + 1)
    if tokens.words[n + 1] == "wa" and tokens.words[n + 2] in MONTHS:
        return MONTHS[tokens.words[n + 2]], n + 3
    if small is None or not 1 <= small[0] <= _LAST_MONTH:
        return 0, n
    return small


def _named_month(view: View, n: int) -> tuple[int, int] | None:
    """`mwezi ujao`, `this month`: how many months away, and the piece after it."""
    first, second = view.tokens.words[n], view.tokens.words[n + 1]
    for word, other in ((first, second), (second, first)):
        if word in {"mwezi", "month"}:
            for words, months in ((THIS, 0), (NEXT, 1), (LAST, -1)):
                if other in words:
                    return months, n + 2
    return None


def _year_behind(view: View, n: int) -> tuple[int | None, int]:
    tokens = view.tokens
    at = n + 1 if tokens.words[n] in {",", "mwaka", "of"} else n
    word = tokens.words[at]
    if len(word) == _YEAR_DIGITS and word.isdigit() and tokens.is_number(at) and (year := full_year(word)):
        return year, at + 1
    return None, n


def _after_date_word(view: View, n: int) -> Days | None:
    """`tarehe 5`, `tarehe tano mwezi ujao`, `tarehe mosi`, `tarehe 5/12`."""
    tokens = view.tokens
    if tokens.is_number(n + 1) and (found := _in_figures(view, n + 1)) is not None:
        return found
    word = tokens.words[n + 1]
    if word in _FIRST_OF_MONTH:
        return _with_month(view, _FIRST_OF_MONTH[word], n + 2, is_sure=True)
    small = small_at(tokens, n + 1)
    if small is None or not 1 <= small[0] <= _LAST_DAY:
        return None
    end = small[1] + 1 if tokens.words[small[1]] in ORDINALS else small[1]
    return _with_month(view, small[0], end, is_sure=True)


def _month_first(view: View, n: int) -> Days | None:
    """`december 5`, `Dec 5th 2026`, `december 2025`, `in december`."""
    tokens = view.tokens
    month = MONTHS[tokens.words[n]]
    if tokens.words[n + 1] == "the" and tokens.is_number(n + 2) and tokens.words[n + 3] in ORDINALS:
        n += 1
    if tokens.is_number(n + 1) and len(tokens.words[n + 1]) <= 2 and tokens.words[n + 1].isdigit():  # noqa: PLR2004 - a day
        day, end = int(tokens.words[n + 1]), n + 2
        is_ordinal = tokens.words[end] in ORDINALS and tokens.is_tight(n + 1)
        is_free = not (tokens.is_tight(n + 1) and tokens.said[end].isalpha())
        year, end = _year_behind(view, end + 1 if is_ordinal else end)
        if (is_ordinal or is_free) and 1 <= day <= _LAST_DAY:
            found = day_and_month(view.today, day, month, year, is_past=view.is_past)
            return one(found, end, names_month=True)
    year, end = _year_behind(view, n + 1)
    is_sure = tokens.words[n] not in DOUBTFUL_MONTHS or tokens.before(n) in TIME_BEFORE
    if year is None and not is_sure:
        return None
    return one(whole_month(view.today, month, year, is_past=view.is_past), end, names_month=True)


def _month_of_the_year(view: View, n: int) -> Days | None:
    """`mwezi wa tano`, `mwezi wa desemba`; `mwezi 1` is how long, and `mwezi 5` is May."""
    month, end = number_of_month(view, n)
    if not month or (month == 1 and view.tokens.words[n + 1] != "wa"):
        return None
    year, end = _year_behind(view, end)
    return one(whole_month(view.today, month, year, is_past=view.is_past), end, names_month=True)


def _year(view: View, n: int) -> Days | None:
    """`in 2025`, `mwaka wa 2023`; without such a word it may be an amount."""
    tokens = view.tokens
    word = tokens.words[n]
    before = tokens.said[n - 2] if tokens.before(n) == "wa" and n > 1 else tokens.before(n)
    if len(word) != _YEAR_DIGITS or not word.isdigit():
        return None
    if before not in _BEFORE_YEAR and not (before in _BEFORE_YEAR_OF_BOOKS and tokens.speaks_of(STATEMENT)):
        return None
    year = full_year(word)
    if year is None or year > view.today.year + _YEARS_AHEAD:
        return None
    if before in {"since", "tangu"} and year <= view.today.year:
        return one((year_of(year)[0], view.today), n + 1)
    return one(year_of(year), n + 1)


def _so_far_away(view: View, n: int) -> Days | None:
    """`3 days ago`, `siku tatu zijazo`, `2 weeks from now`, `miezi mitatu iliyopita`."""
    tokens = view.tokens
    length = length_at(tokens, n)
    if length is None or (count := _whole(length)) is None:
        return None
    behind = tokens.words[length.end]
    if behind in GONE:
        far = _moved(view, -count, length.unit)
        if tokens.speaks_of(STATEMENT) and behind not in {"ago", "nyuma", "back"}:
            return one((far, view.today), length.end + 1)
        return one(far, length.end + 1)
    if behind in COMING:
        return one(_moved(view, count, length.unit), length.end + 1)
    if behind == "from" and tokens.words[length.end + 1] in {"now", "today"}:
        return one(_moved(view, count, length.unit), length.end + 2)
    return None


def _after_so_long(view: View, n: int) -> Days | None:
    """`after 3 months`, `baada ya siku 3`, `in 2 weeks`; when it is about borrowing, `in` says for how long."""
    tokens = view.tokens
    word = tokens.words[n]
    at = n + 2 if word == "baada" and tokens.words[n + 1] == "ya" else n + 1
    length = length_at(tokens, at)
    if length is None or (count := _whole(length)) is None or tokens.words[length.end] in GONE:
        return None
    if word in {"in", "within"} and (length.unit in "MY" or tokens.speaks_of(BORROWING)):
        return None
    end = length.end + 1 if tokens.words[length.end] == "time" else length.end
    return one(_moved(view, count, length.unit), end)


def _last_so_many(view: View, n: int) -> Days | None:
    """`last 3 months`, `past two weeks`, `next 7 days`: a stretch that ends or begins today."""
    length = length_at(view.tokens, n + 1)
    if length is None or (count := _whole(length)) is None:
        return None
    if view.tokens.words[n] in {"next", "coming"}:
        return one((view.today, _moved(view, count, length.unit)), length.end)
    return one((_moved(view, -count, length.unit), view.today), length.end)


def _whole(length: Length) -> int | None:
    if len(length.counts) != 1 or length.counts[0] != length.counts[0].to_integral_value():
        return None
    return int(length.counts[0]) if length.counts[0] <= Decimal(_MOST[length.unit]) else None


_MOST: Final = {"D": 3660, "W": 520, "M": 240, "Y": 20}


def _moved(view: View, count: int, unit: str) -> date:
    if unit == "D":
        return view.today + timedelta(days=count)
    if unit == "W":
        return view.today + timedelta(weeks=count)
    return shifted(view.today, months=count if unit == "M" else 12 * count)
