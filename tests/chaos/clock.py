"""Time that hurries: every process of a run reads the same moment, though nobody passes it on."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock

_ORIGIN, _BEGAN, _RATE = "CHAOS_ORIGIN", "CHAOS_BEGAN", "CHAOS_RATE"


@dataclass(frozen=True, slots=True)
class HurriedClock(Clock):
    """Stood at `origin` when the machine's clock showed `began`, and goes `rate` times as fast."""

    origin: datetime
    began: float
    rate: float

    def now(self) -> datetime:
        return self.origin + timedelta(seconds=(time.time() - self.began) * self.rate)

    @property
    def environment(self) -> dict[str, str]:
        """By which a child makes the same clock."""
        return {_ORIGIN: self.origin.isoformat(), _BEGAN: str(self.began), _RATE: str(self.rate)}


def clock_of(environment: Mapping[str, str]) -> HurriedClock:
    """The clock that a parent put into the environment."""
    return HurriedClock(
        origin=datetime.fromisoformat(environment[_ORIGIN]),
        began=float(environment[_BEGAN]),
        rate=float(environment[_RATE]),
    )
