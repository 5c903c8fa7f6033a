"""Is it worth asking a provider at all just now? After many faults in a row, for a while only one request tries.

Each process counts for itself: what one can't reach, another may. A request held back is surely not sent.
"""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

FAULTS_MAX: Final = 10
OPEN_SECONDS: Final = 15.0

OUTAGES: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
"""Statuses that say that nobody was at home. An error in the provider's own words is an answer."""


class Breaker:
    """Counts faults in a row, and opens after so many."""

    def __init__(
        self,
        *,
        faults_max: int = FAULTS_MAX,
        open_seconds: float = OPEN_SECONDS,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._faults_max = faults_max
        self._open_seconds = open_seconds
        self._stopwatch = stopwatch
        self._faults = 0
        self._next_trial = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the provider is taken to be down."""
        return self._faults >= self._faults_max

    def lets_through(self) -> bool:
        """Whether a request may go now. While open, one may after each pause, and tells how things stand."""
        if not self.is_open:
            return True
        now = self._stopwatch()
        if now < self._next_trial:
            return False
        # A trial that is never heard of again costs one more pause, and no more.
        self._next_trial = now + self._open_seconds
        return True

    def heard(self, *, is_fault: bool) -> None:
        """What became of a request that went."""
        if not is_fault:
            self._faults = 0
            return
        self._faults += 1
        if self.is_open:
            self._next_trial = self._stopwatch() + self._open_seconds
