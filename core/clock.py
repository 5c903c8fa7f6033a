"""What time is it, and which day is it for the books?"""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

NAIROBI = ZoneInfo("Africa/Nairobi")


class Clock(Protocol):
    """The only source of time in the house; tests move it, production reads the machine's."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock(Clock):
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def business_date(moment: datetime) -> date:
    """The calendar day of an aware moment in Nairobi, where the books are kept."""
    return moment.astimezone(NAIROBI).date()
