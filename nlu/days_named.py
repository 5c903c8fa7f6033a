"""Which day do words tell? `kesho`, `next Friday`, `mwisho wa mwezi`, `wiki ijayo`, `weekend`."""

from datetime import date, timedelta
from typing import Final

from nlu.calendar_days import month_of, week_of, weekday_after, weekday_before, whole_month, year_of
from nlu.date_words import (
    DAYS_AWAY,
    DOUBTFUL_WEEKDAYS,
    LAST,
    MONTH,
    MONTHS,
    NEXT,
    RHYTHM,
    THIS,
    TIME_BEFORE,
    WEEK,
    WEEKDAYS,
    YEAR,
)
from nlu.days_numbered import number_of_month
from nlu.found_days import Days, View, one
from nlu.number_words import ORDINALS
from nlu.small_numbers import small_at

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
    week = _week_at(view, n + 1)
    if week is not None:
        return one(week + timedelta(days=weekday), n + 3)
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
    stretch = None if steps is None else _period(view.today, period, steps)
    if stretch is None:
        return None
    return _day_within(view, period, stretch[0], end) or one(stretch, end)


def _day_within(view: View, period: str, first: date, end: int) -> Days | None:
    """`wiki ijayo jumatatu`, `next month on 5th`, `mwezi ujao tarehe 5`."""
    tokens = view.tokens
    at = end
    while tokens.words[at] in {"on", "the", "siku", "ya", "tarehe"} and at < end + 3:
        at += 1
    if period in WEEK and tokens.words[at] in WEEKDAYS:
        return one(first + timedelta(days=WEEKDAYS[tokens.words[at]]), at + 1)
    small = small_at(tokens, at)
    is_day = small is not None and (tokens.said[at - 1] == "tarehe" or tokens.words[small[1]] in ORDINALS)
    if period not in MONTH or small is None or not is_day or not 1 <= small[0] <= month_of(first)[1].day:
        return None
    return one(first.replace(day=small[0]), small[1] + (tokens.words[small[1]] in ORDINALS))


def _week_at(view: View, n: int) -> date | None:
    """The Monday of `next week`, `wiki ijayo`, where that stands here."""
    first, second = view.tokens.words[n], view.tokens.words[n + 1]
    for period, mover in ((first, second), (second, first)):
        steps = _steps(mover) if period in WEEK else None
        if steps is not None:
            return week_of(view.today, weeks=steps)[0]
    return None


def _steps(mover: str) -> int | None:
    if mover in LAST:
        return -1
    if mover in NEXT:
        return 1
    return 0 if mover in THIS else None


def _period(today: date, period: str, steps: int) -> tuple[date, date] | None:
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
    named = _named_month(view, at)
    if named is not None:
        (first, last), end = named
        middle = first.replace(day=_MIDDLE_DAY)
        return one(last if part in _ENDS else middle if part in _MIDDLES else first, end)
    period, end = tokens.words[at], at + 1
    if period not in MONTH and period not in YEAR and period not in WEEK:
        return None
    if steps is None and (behind := _steps(tokens.words[end])) is not None:
        steps, end = behind, end + 1
    return _part(view, part, period, steps, end)


def _named_month(view: View, n: int) -> tuple[tuple[date, date], int] | None:
    """`november`, `mwezi wa kumi na moja`: its first and last day, and the piece after it."""
    tokens = view.tokens
    month, end = MONTHS.get(tokens.words[n], 0), n + 1
    if tokens.words[n] == "mwezi":
        month, end = number_of_month(view, n)
    return (whole_month(view.today, month, is_past=view.is_past), end) if month else None


def _part(view: View, part: str, period: str, steps: int | None, end: int) -> Days | None:
    if period in WEEK:
        return one(_weekend_days(view.today, weeks=steps or 0), end) if part in _ENDS else None
    stretch = _period(view.today, period, steps or 0)
    if stretch is None:
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
