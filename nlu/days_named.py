"""Which day do words tell? `kesho`, `next Friday`, `mwisho wa mwezi`, `wiki ijayo`, `weekend`."""

from datetime import date, timedelta
from typing import Final

from nlu.calendar_days import month_of, week_of, weekday_after, weekday_before, year_of
from nlu.date_words import (
    DAYS_AWAY,
    DOUBTFUL_WEEKDAYS,
    LAST,
    MONTH,
    NEXT,
    RHYTHM,
    THIS,
    TIME_BEFORE,
    WEEK,
    WEEKDAYS,
    YEAR,
)
from nlu.found_days import Days, Stretch, View, one

_ENDS: Final = frozenset({"end", "mwisho", "mwishoni", "ends", "endmonth"})
_BEGINNINGS: Final = frozenset({"beginning", "start", "mwanzo", "mwanzoni"})
_MIDDLES: Final = frozenset({"mid", "middle", "katikati"})
_LITTLE: Final = frozenset({"of", "the", "wa", "ya", "at", "-"})
_WEEKEND: Final = frozenset({"weekend", "wikendi", "wikend", "wkend", "wknd"})
_MIDDLE_DAY = 15
_SATURDAY = 5


def named_day_at(view: View, n: int) -> Days | None:
    """The day or stretch that begins at this piece; None where none does."""
    word = view.tokens.words[n]
    if word in DAYS_AWAY:
        return _near_day(view, n)
    if word in WEEKDAYS:
        return _weekday(view, n)
    if word == "day" or (word == "the" and view.tokens.words[n + 1] == "day"):
        return _day_after_next(view, n if word == "day" else n + 1)
    if word in _ENDS or word in _BEGINNINGS or word in _MIDDLES:
        return _part_of_period(view, n)
    return _weekend(view, n) if word in _WEEKEND else _whole_period(view, n)


def _whole_period(view: View, n: int) -> Days | None:
    """`next week`, `mwezi ujao`, and `month end`."""
    word = view.tokens.words[n]
    if word in THIS or word in NEXT or word in LAST:
        return _moved_period(view, at=n + 1, by=n, end=n + 2)
    if word not in WEEK and word not in MONTH and word not in YEAR:
        return None
    if view.tokens.words[n + 1] in {"end", "ending"} and word in MONTH:
        return one(month_of(view.today)[1], n + 2)
    return _moved_period(view, at=n, by=n + 1, end=n + 2)


def _near_day(view: View, n: int) -> Days | None:
    tokens = view.tokens
    word = tokens.words[n]
    if word == "kesho" and tokens.words[n + 1] == "kutwa":
        return one(view.today + timedelta(days=2), n + 2)
    return one(view.today + timedelta(days=DAYS_AWAY[word]), n + 1)


def _day_after_next(view: View, n: int) -> Days | None:
    """`day after tomorrow`, `day before yesterday`."""
    words = tuple(view.tokens.words[n + 1 : n + 3])
    if words[0] == "after" and DAYS_AWAY.get(words[1]) == 1:
        return one(view.today + timedelta(days=2), n + 3)
    if words[0] == "before" and DAYS_AWAY.get(words[1]) == -1:
        return one(view.today - timedelta(days=2), n + 3)
    return None


def _weekday(view: View, n: int) -> Days | None:
    """`friday`, `ijumaa ijayo`, `friday last week`; today's name without more means today a week from now."""
    tokens = view.tokens
    word, behind = tokens.words[n], tokens.words[n + 1]
    if word in DOUBTFUL_WEEKDAYS and tokens.before(n) not in TIME_BEFORE and behind not in {*NEXT, *LAST}:
        return None
    weekday = WEEKDAYS[word]
    if behind in LAST:
        return one(weekday_before(view.today, weekday), n + 2)
    if behind in NEXT or behind in THIS:
        return one(weekday_after(view.today, weekday), n + 2)
    if view.is_past and tokens.before(n) not in RHYTHM:
        return one(weekday_before(view.today, weekday), n + 1)
    return one(weekday_after(view.today, weekday), n + 1)


def _moved_period(view: View, *, at: int, by: int, end: int) -> Days | None:
    """`next week`, `mwezi ujao`, `last year`, `next friday`: the period at one piece, moved by another."""
    tokens = view.tokens
    period, mover = tokens.words[at], tokens.words[by]
    if period in WEEKDAYS and at > by:
        weekday = WEEKDAYS[period]
        is_back = mover in LAST
        return one((weekday_before if is_back else weekday_after)(view.today, weekday), end)
    if period in _WEEKEND and at > by:
        return one(_weekend_days(view.today, weeks=_steps(mover) or 0), end)
    steps = _steps(mover)
    return None if steps is None else one(_period(view.today, period, steps), end)


def _steps(mover: str) -> int | None:
    if mover in LAST:
        return -1
    if mover in NEXT:
        return 1
    return 0 if mover in THIS else None


def _period(today: date, period: str, steps: int) -> Stretch | None:
    if period in WEEK:
        return week_of(today, weeks=steps)
    if period in MONTH:
        return month_of(today, months=steps)
    return year_of(today.year + steps) if period in YEAR else None


def _part_of_period(view: View, n: int) -> Days | None:
    """`mwisho wa mwezi`, `end of next month`, `end month`, `mwanzo wa mwezi ujao`, `mid month`."""
    tokens = view.tokens
    part, at = tokens.words[n], n + 1
    while tokens.words[at] in _LITTLE and at < n + 4:
        at += 1
    steps = _steps(tokens.words[at])
    if steps is not None:
        at += 1
    period, end = tokens.words[at], at + 1
    if period not in MONTH and period not in YEAR and period not in WEEK:
        return None
    if steps is None and (behind := _steps(tokens.words[end])) is not None:
        steps, end = behind, end + 1
    return _part(view, part, period, steps, end)


def _part(view: View, part: str, period: str, steps: int | None, end: int) -> Days | None:
    if period in WEEK:
        return one(_weekend_days(view.today, weeks=steps or 0), end) if part in _ENDS else None
    stretch = _period(view.today, period, steps or 0)
    if stretch is None or stretch[1] is None:
        return None
    if part in _ENDS:
        return one(stretch[1], end)
    if part in _MIDDLES:
        return one(stretch[0].replace(day=_MIDDLE_DAY), end) if period in MONTH else None
    if steps is None and stretch[0] < view.today and not view.is_past:
        stretch = _period(view.today, period, 1) or stretch
    return one(stretch[0], end)


def _weekend(view: View, n: int) -> Days | None:
    steps = _steps(view.tokens.words[n + 1])
    return one(_weekend_days(view.today, weeks=steps or 0), n + 1 if steps is None else n + 2)


def _weekend_days(today: date, *, weeks: int) -> tuple[date, date]:
    """Saturday and Sunday of this week, or so many weeks away."""
    monday, sunday = week_of(today, weeks=weeks)
    return monday + timedelta(days=_SATURDAY), sunday
