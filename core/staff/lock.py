"""When do wrong passwords or codes lock a sign-in, and for how long? Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TRIES_BEFORE_LOCK: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class SignInStanding:
    """How a person's sign-in stands after the tries so far."""

    wrong_tries: int = 0
    """Wrong ones since the last right one or lock."""
    locks: int = 0
    """Locks since the last right one."""
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether nothing is taken at this moment, not even what is right."""
        return self.locked_until is not None and now < self.locked_until


OPEN: Final = SignInStanding()


def after_wrong_try(standing: SignInStanding, now: datetime) -> SignInStanding:
    """The standing once one more wrong try is counted on an open one.

    The fifth locks for a quarter of an hour, each later five for twice the time before, up to eight hours: it ends
    by itself, so that nobody outside can shut the office out for good, and leaves a guesser a few tries a day.
    """
    counted = standing.wrong_tries + 1
    if counted < TRIES_BEFORE_LOCK:
        return SignInStanding(wrong_tries=counted, locks=standing.locks)
    doubled: timedelta = FIRST_LOCK * 2 ** min(standing.locks, 10)
    return SignInStanding(locks=standing.locks + 1, locked_until=now + min(doubled, LONGEST_LOCK))
