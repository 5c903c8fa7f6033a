"""Which PINs do we take, how are they stored, and when does a wrong one lock? No I/O and no threads here."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import argon2

from core.phone import Msisdn

TRIES_BEFORE_LOCK = 3
LOCK_TIME = timedelta(minutes=30)
_LOCKS_BEFORE_STAFF = 2

_FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)
# 1111, 1212 and 1122 are the shapes of fifteen of the twenty commonest PINs in DataGenetics' study of 3.4 million
# leaked ones (2012), two more are runs. To refuse these shapes costs a member 190 of 10,000 choices.
_REPEATED = re.compile(r"(\d\d)\1|(\d)\2(\d)\3", re.ASCII)
_RUN_UP, _RUN_DOWN = {1}, {9}

_LEAST_PEPPER_BYTES = 16
_MARK_BYTES = 12
_STORED = re.compile(
    r"pepper(?P<version>\d{1,9})"
    r"(?P<encoded>\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+)",
    re.ASCII,
)


class PinFormatError(ValueError):
    """The text is not four digits. It never carries the text."""


class StoredPinError(ValueError):
    """A stored value is not one of ours, or its pepper is not among those of this installation."""


def is_weak(pin: str, phone: Msisdn, birth_date: date) -> bool:
    """Whether the PIN is easily guessed by someone who knows people, this member's phone or birthday.

    True for repeats (1111, 1212, 1122), runs (0123, 4321, 7890), the birth year, day and month of birth
    in either order, and the end of the phone number. Raises PinFormatError.
    """
    _require_four_digits(pin)
    birthday = {f"{birth_date:%Y}", f"{birth_date:%d%m}", f"{birth_date:%m%d}"}
    return (
        _REPEATED.fullmatch(pin) is not None or _is_run(pin) or pin in birthday or phone.digits.endswith(pin)
    )


def _is_run(pin: str) -> bool:
    """Each digit one up or one down from the one before, 9 and 0 being neighbours as on a keypad's row."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in (_RUN_UP, _RUN_DOWN)


def _require_four_digits(pin: str) -> None:
    if _FOUR_DIGITS.fullmatch(pin) is None:
        raise PinFormatError("a PIN is four digits")


@dataclass(frozen=True, slots=True)
class PinStanding:
    """How a member's PIN stands after the tries so far."""

    wrong_tries: int = 0
    """Wrong ones since the last right one, lock or new PIN."""
    locks: int = 0
    """Locks since the last right PIN, staff unlock or new PIN."""
    locked_until: datetime | None = None
    """The end of a lock that ends by itself; may lie in the past."""
    locked_for_staff: bool = False
    """Only staff can lift the lock."""

    @property
    def tries_left(self) -> int:
        """Wrong tries until the next lock, were the PIN open now."""
        return TRIES_BEFORE_LOCK - self.wrong_tries

    def is_locked(self, now: datetime) -> bool:
        """Whether no PIN is taken at this moment, not even the right one."""
        return self.locked_for_staff or (self.locked_until is not None and now < self.locked_until)


# After a right PIN, a staff unlock or a new PIN. A right PIN forgives earlier failures, as NIST SP 800-63B
# section 5.2.2 advises, so that two mistakes years apart don't send a member to the branch.
OPEN = PinStanding()


def after_wrong_try(wrong_tries: int, locks: int, now: datetime) -> PinStanding:
    """The standing once one more wrong PIN is counted on an open one.

    The third wrong try locks for 30 minutes; the third after that, until staff unlock it.
    """
    counted = wrong_tries + 1
    if counted < TRIES_BEFORE_LOCK:
        return PinStanding(wrong_tries=counted, locks=locks)
    if locks + 1 < _LOCKS_BEFORE_STAFF:
        return PinStanding(locks=locks + 1, locked_until=now + LOCK_TIME)
    return PinStanding(locks=locks + 1, locked_for_staff=True)


@dataclass(frozen=True, slots=True)
class HashCost:
    """Argon2id parameters. The default is the least that OWASP's password storage sheet recommends."""

    passes: int = 2
    memory_kib: int = 19 * 1024
    lanes: int = 1


class PinHasher:
    """Turns a PIN into what may be stored, and checks one against it.

    A PIN has 10,000 values, so no cost protects a stolen hash: the pepper does, a key kept outside the
    database. Stored form: `pepper<version>` and Argon2id's own encoding of
    HMAC-SHA256(pepper, member id ":" pin). Old peppers stay given until `needs_rehash` finds no more of them.
    Both calls take some 20 ms of one core: `PinChecks` keeps them off the event loop.
    """

    def __init__(
        self, peppers: Mapping[int, bytes], *, current_pepper: int, cost: HashCost = HashCost()
    ) -> None:
        """Raises ValueError where the current pepper is missing or one is too short to be a key."""
        if current_pepper not in peppers:
            raise ValueError(f"pepper {current_pepper} is current but not given")
        if any(len(pepper) < _LEAST_PEPPER_BYTES for pepper in peppers.values()):
            raise ValueError(f"a pepper has at least {_LEAST_PEPPER_BYTES} bytes")
        self._peppers = dict(peppers)
        self._current_pepper = current_pepper
        self._argon2 = argon2.PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes, type=argon2.Type.ID
        )

    def hash(self, member_id: str, pin: str) -> str:
        """What to store for this member's PIN. Raises PinFormatError."""
        _require_four_digits(pin)
        return self.hash_password(member_id, pin)

    def hash_password(self, owner_id: str, password: str) -> str:
        """What to store for a longer secret; the rules for it are its owner's."""
        encoded = self._argon2.hash(self._keyed(self._current_pepper, owner_id, password))
        return f"pepper{self._current_pepper}{encoded}"

    def verify(self, stored: str, member_id: str, pin: str) -> bool:
        """Whether this is the PIN that was stored for this member. Raises StoredPinError."""
        version, encoded = self._read(stored)
        try:
            return self._argon2.verify(encoded, self._keyed(version, member_id, pin))
        except argon2.exceptions.VerifyMismatchError:
            return False

    def mark(self, member_id: str, attempt: str, pin: str) -> str:
        """What tells a repeat of the very same try from another PIN under the same attempt key.

        Useless without the pepper, and never the same for two attempts.
        """
        keyed = hmac.digest(
            self._peppers[self._current_pepper], f"{member_id}:{attempt}:{pin}".encode(), hashlib.sha256
        )
        return keyed[:_MARK_BYTES].hex()

    def needs_rehash(self, stored: str) -> bool:
        """Whether parameters or pepper have changed since, so that the next right PIN is stored anew."""
        version, encoded = self._read(stored)
        return version != self._current_pepper or self._argon2.check_needs_rehash(encoded)

    def _read(self, stored: str) -> tuple[int, str]:
        match = _STORED.fullmatch(stored)
        if match is None:
            raise StoredPinError("not a stored PIN")
        return int(match["version"]), match["encoded"]

    def _keyed(self, version: int, member_id: str, pin: str) -> bytes:
        pepper = self._peppers.get(version)
        if pepper is None:
            raise StoredPinError(f"pepper {version} is not given")
        return hmac.digest(pepper, f"{member_id}:{pin}".encode(), hashlib.sha256)
