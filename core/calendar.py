"""On which days is work done? Weekends and holidays as values; the holidays themselves are dated data.

>>> kenyan_working_days().on_or_after(date(2026, 12, 25)).isoformat()
'2026-12-28'
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
_WEEK = frozenset(range(7))
WEEKEND = frozenset({SATURDAY, SUNDAY})
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days count: those outside the weekend and not in the list of holidays.

    Raises ValueError for a week without any.
    """

    weekend: frozenset[int] = WEEKEND
    """Days of the week off, Monday being 0."""
    holidays: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.weekend >= _WEEK:
            raise ValueError("a week has a working day")

    def is_working(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """The day itself when it is one, else the next one."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The day itself when it is one, else the one before."""
        while not self.is_working(day):
            day -= _ONE_DAY
        return day


EVERY_DAY = WorkingDays(weekend=frozenset())


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday as the law or the calendar dates it, before a Sunday moves it."""

    on: date
    name: str


def observed(holidays: Iterable[Holiday]) -> list[date]:
    """The days off: a holiday on a Sunday moves to the next day that is no holiday itself.

    Public Holidays Act (Cap. 110, Laws of Kenya), section 4.

    >>> christmas = [Holiday(date(2022, 12, 25), "Christmas"), Holiday(date(2022, 12, 26), "Boxing Day")]
    >>> [day.isoformat() for day in observed(christmas)]
    ['2022-12-26', '2022-12-27']
    """
    days = {holiday.on for holiday in holidays}
    for sunday in sorted(day for day in days if day.weekday() == SUNDAY):
        following = sunday + _ONE_DAY
        while following in days:
            following += _ONE_DAY
        days.remove(sunday)
        days.add(following)
    return sorted(days)


def kenyan_working_days(*, gazetted: Iterable[Holiday] = ()) -> WorkingDays:
    """Monday to Friday without the public holidays; `gazetted` are those declared by notice, such as Idd-ul-Fitr."""
    return WorkingDays(holidays=frozenset(observed((*KENYAN_HOLIDAYS, *gazetted))))


def _of_year(year: int, good_friday: date) -> tuple[Holiday, ...]:
    return (
        Holiday(date(year, 1, 1), "New Year's Day"),
        Holiday(good_friday, "Good Friday"),
        Holiday(good_friday + timedelta(days=3), "Easter Monday"),
        Holiday(date(year, 5, 1), "Labour Day"),
        Holiday(date(year, 6, 1), "Madaraka Day"),
        Holiday(date(year, 10, 10), "Mazingira Day"),
        Holiday(date(year, 10, 20), "Mashujaa Day"),
        Holiday(date(year, 12, 12), "Jamhuri Day"),
        Holiday(date(year, 12, 25), "Christmas Day"),
        Holiday(date(year, 12, 26), "Boxing Day"),
    )


# Public Holidays Act (Cap. 110), Schedule, Part I; 10 October by the Statute Law (Miscellaneous Amendments) Act 2024.
# The Idd days follow the moon: each is here once it is declared. Idd-ul-Fitr 2026 by the Gazette notice of
# 18 March 2026 (tuko.co.ke/kenya/620815).
KENYAN_HOLIDAYS: tuple[Holiday, ...] = (
    Holiday(date(2026, 3, 20), "Idd-ul-Fitr"),
    *_of_year(2026, good_friday=date(2026, 4, 3)),
    *_of_year(2027, good_friday=date(2027, 3, 26)),
)
