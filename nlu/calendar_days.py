"""Which day or stretch of days is meant, seen from a given day? Calendar arithmetic without words."""

from calendar import monthrange
from datetime import date, timedelta

_DECEMBER = 12
_FIRST_YEAR, _LAST_YEAR = 1950, 2200


def written(first: date, last: date | None = None) -> str:
    """An ISO day, or two as `from/to`."""
    return first.isoformat() if last is None or last == first else f"{first.isoformat()}/{last.isoformat()}"


def shifted(day: date, *, months: int) -> date:
    """So many months later; the last day of a shorter month."""
    since_zero = day.year * 12 + day.month - 1 + months
    year, month = divmod(since_zero, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_of(day: date, *, months: int = 0) -> tuple[date, date]:
    """First and last day of the month so many months away."""
    first = shifted(day.replace(day=1), months=months)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def week_of(day: date, *, weeks: int = 0) -> tuple[date, date]:
    """Monday and Sunday of the week so many weeks away."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return monday, monday + timedelta(days=6)


def year_of(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def weekday_after(today: date, weekday: int) -> date:
    """The first such day after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_before(today: date, weekday: int) -> date:
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def day_of_month(today: date, day: int, *, is_past: bool) -> date | None:
    """The nearest such day from today on, or up to today; months that lack it are passed over."""
    for months in range(4):
        first, last = month_of(today, months=-months if is_past else months)
        if day <= last.day:
            found = first.replace(day=day)
            if (found <= today) if is_past else (found >= today):
                return found
    return None


def day_and_month(
    today: date, day: int, month: int, year: int | None = None, *, is_past: bool = False
) -> date | None:
    """That day of the year said, else the nearest from today on, or up to today. None where there is none."""
    if not 1 <= month <= _DECEMBER:
        return None
    if year is not None:
        return _real(year, month, day)
    years = [today.year - n if is_past else today.year + n for n in range(5)]
    for each in years:
        found = _real(each, month, day)
        if found is not None and ((found <= today) if is_past else (found >= today)):
            return found
    return None


def whole_month(
    today: date, month: int, year: int | None = None, *, is_past: bool = False
) -> tuple[date, date]:
    """That month of the year said, else the nearest that isn't over, or that has begun."""
    first = date(year or today.year, month, 1)
    if year is None:
        if is_past and first > today:
            first = first.replace(year=first.year - 1)
        elif not is_past and month_of(first)[1] < today:
            first = first.replace(year=first.year + 1)
    return month_of(first)


def full_year(digits: str) -> int | None:
    """`26` and `2026`; None for what is no year of ours."""
    year = int(digits) + (2000 if len(digits) == 2 else 0)  # noqa: PLR2004 - the century is left out
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
