"""When do wrong passwords or codes lock a sign-in, where, and for how long? Pure.

A lock is of one e-mail at one place, so that nobody keeps a person out but from where the person sits. What it
promises: a place has five tries at an e-mail in a quarter of an hour, and fewer the longer it goes on; who knows
password and code comes in from any other place; and an e-mail that is nobody's locks as one of ours does. A guesser
with many places has as many times the tries: against that stand the length of passwords and the second factor.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

TRIES_BEFORE_LOCK: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(hours=8)
FORGOTTEN_AFTER: Final = timedelta(days=1)
"""So long after the last wrong try or the end of the last lock, whichever is later, nothing is held against a place."""
_ONE_HOLDER: Final = 64
"""An IPv6 network of this size is one customer's, who may use every address in it."""


@dataclass(frozen=True, slots=True)
class SignInStanding:
    """How an e-mail stands at one place after the tries so far."""

    wrong_tries: int = 0
    """Wrong ones since the last right one or lock."""
    locks: int = 0
    """Locks since the last right one."""
    locked_until: datetime | None = None
    last_try: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether nothing is taken here at this moment, not even what is right."""
        return self.locked_until is not None and now < self.locked_until

    def is_forgotten(self, now: datetime) -> bool:
        moments = [each for each in (self.last_try, self.locked_until) if each is not None]
        return not moments or now - max(moments) >= FORGOTTEN_AFTER


OPEN: Final = SignInStanding()


def after_wrong_try(standing: SignInStanding, now: datetime) -> SignInStanding:
    """The standing once one more wrong try is counted on an open one.

    The fifth locks for a quarter of an hour, each later five for twice the time before, up to eight hours.
    """
    before = OPEN if standing.is_forgotten(now) else standing
    counted = before.wrong_tries + 1
    if counted < TRIES_BEFORE_LOCK:
        return SignInStanding(wrong_tries=counted, locks=before.locks, last_try=now)
    doubled: timedelta = FIRST_LOCK * 2 ** min(before.locks, 10)
    until = now + min(doubled, LONGEST_LOCK)
    return SignInStanding(locks=before.locks + 1, locked_until=until, last_try=now)


def place_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the network of one holder of IPv6 addresses.

    >>> place_of("192.0.2.7"), place_of("2001:db8:1:2:3::4"), place_of("::ffff:192.0.2.7"), place_of("")
    ('192.0.2.7', '2001:db8:1:2::/64', '192.0.2.7', '')
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, _ONE_HOLDER), strict=False))
