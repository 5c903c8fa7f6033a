"""Time that stands still until a test moves it."""

from datetime import datetime, timedelta

from core.clock import NAIROBI, Clock


class StoppedClock(Clock):
    """Begins on an ordinary Wednesday morning in Nairobi, away from month ends."""

    def __init__(self, moment: datetime | None = None) -> None:
        self._now = moment or datetime(2026, 3, 11, 10, 0, tzinfo=NAIROBI)

    def now(self) -> datetime:
        return self._now

    def move(self, **by: float) -> None:
        """Go forward, such as `move(seconds=20)`."""
        self._now += timedelta(**by)
