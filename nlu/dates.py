"""Which day, or which stretch of days, is spoken of? Seen from a given day, day before month as in Kenya.

A day without its month or year is the nearest one ahead; in a text about what has happened, the nearest one behind.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Final

from nlu.calendar_days import day_and_month, written
from nlu.clock_times import clock_at
from nlu.date_words import FROM, GONE_BY, GREETING, RHYTHM, STATEMENT, TO
from nlu.days_named import named_day_at
from nlu.days_numbered import numbered_day_at
from nlu.found_days import Days, Stretch, View
from nlu.intents import EntityKind
from nlu.mentions import Mention
from nlu.small_numbers import small_at
from nlu.tokens import Tokens

_LAST_DAY: Final = 31
_NOW: Final = frozenset({"date", "now", "sasa"})


def dates(tokens: Tokens, today: date) -> Iterator[Mention]:
    """Every day and stretch of days; takes the pieces they, and times of day, are made of."""
    view = View(tokens, today, is_past=tokens.speaks_of(GONE_BY))
    for start, days in _stretches(tokens, _found(view)):
        if tokens.before(start) in RHYTHM or _is_greeting(tokens, start):
            continue
        yield Mention(
            EntityKind.DATE,
            tuple(dict.fromkeys(written(*_since(view, start, each)) for each in days.readings)),
            tokens.starts[start],
            tokens.ends[days.end - 1],
        )


def _is_greeting(tokens: Tokens, n: int) -> bool:
    """`habari za leo`, `happy sunday`, `a good weekend`."""
    at = n - 2 if tokens.before(n) in {"za", "ya"} else n - 1
    return at >= 0 and tokens.said[at] in GREETING


def _since(view: View, start: int, stretch: Stretch) -> Stretch:
    """`since january` is until today; so is `since monday` where a statement is asked for."""
    first, last = stretch
    if view.tokens.before(start) not in {"since", "tangu"} or first > view.today:
        return stretch
    return (first, view.today) if last is not None or view.tokens.speaks_of(STATEMENT) else stretch


def _found(view: View) -> list[tuple[int, Days]]:
    tokens, found, n = view.tokens, list[tuple[int, Days]](), 0
    while n < tokens.length:
        days = None
        if tokens.words[n]:
            end = clock_at(tokens, n)
            if end is not None:
                tokens.take(n, end)
                n = end
                continue
            days = numbered_day_at(view, n) or named_day_at(view, n) or _end_of_stretch(view, n, found)
        if days is None:
            n += 1
            continue
        tokens.take(n, days.end)
        if days.readings:
            found.append((n, days))
        n = days.end
    return found


def _end_of_stretch(view: View, n: int, found: list[tuple[int, Days]]) -> Days | None:
    """The bare number in `tarehe 1 hadi 15`, and today in `from march to date`."""
    tokens = view.tokens
    if not found or found[-1][1].end != n - 1 or tokens.said[n - 1] not in TO:
        return None
    if tokens.words[n] in _NOW:
        return Days(((view.today, None),), n + 1)
    if found[-1][1].day_only is None:
        return None
    small = small_at(tokens, n)
    first = found[-1][1].readings[0][0]
    if small is None or not first.day < small[0] <= _LAST_DAY:
        return None
    last = day_and_month(view.today, small[0], first.month, first.year)
    return None if last is None else Days(((last, None),), small[1])


def _stretches(tokens: Tokens, found: list[tuple[int, Days]]) -> Iterator[tuple[int, Days]]:
    """Days with a word such as `hadi` between them become one stretch."""
    joined = [_stretch(tokens, first, second) for first, second in pairwise(found)]
    n = 0
    while n < len(found):
        together = joined[n] if n < len(joined) else None
        yield found[n] if together is None else (found[n][0], together)
        n += 1 if together is None else 2


def _stretch(tokens: Tokens, first: tuple[int, Days], second: tuple[int, Days]) -> Days | None:
    (start, begin), (second_start, end) = first, second
    if second_start != begin.end + 1 or tokens.said[begin.end] not in TO:
        return None
    if tokens.said[begin.end] in {"and", "na"} and tokens.before(start) not in FROM:
        return None
    from_day = begin.readings[0][0]
    if begin.day_only is not None and end.names_month:
        month = end.readings[0][0]
        from_day = day_and_month(month, begin.day_only, month.month, month.year) or from_day
    to_first, to_last = end.readings[0]
    last = to_last or to_first
    if from_day > last and from_day.year > last.year:
        # `1/1 to 31/1/2026`: the year is said once.
        from_day = day_and_month(last, from_day.day, from_day.month, last.year) or from_day
    return Days(((from_day, last),), end.end) if from_day <= last else None
