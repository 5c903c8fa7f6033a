"""What do we call a new thing? Prefixed ids that sort by time of making: mbr_ acc_ lon_ pay_ ntc_."""

import secrets
from typing import Protocol

from core.clock import Clock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_CHARACTERS = 10
_RANDOM_CHARACTERS = 16
_RANDOM_BITS = 80

# Ids stand in callback addresses, and Safaricom refuses addresses with these words (Daraja, 400.002.02). The other
# words it refuses hold letters that our alphabet doesn't have.
_UNWELCOME = ("exe", "cmd")


class Ids(Protocol):
    """Makes ids; tests seed it."""

    def new(self, prefix: str) -> str:
        """A fresh id such as `pay_01hf…`: 48 bits of milliseconds, 80 random bits, Crockford base 32."""
        ...


class RandomIds(Ids):
    """Ids nobody can guess, as payment callbacks carry them in their path."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self, prefix: str) -> str:
        moment = int(self._clock.now().timestamp() * 1000)
        while True:
            randomness = secrets.randbits(_RANDOM_BITS)
            if not any(word in _base32(randomness, _RANDOM_CHARACTERS) for word in _UNWELCOME):
                return assemble(prefix, moment, randomness)


def assemble(prefix: str, milliseconds: int, randomness: int) -> str:
    """Write time and randomness as one id.

    >>> assemble("pay", 0, 1)
    'pay_00000000000000000000000001'
    """
    time_part = _base32(milliseconds, _TIME_CHARACTERS)
    return f"{prefix}_{time_part}{_base32(randomness, _RANDOM_CHARACTERS)}"


def _base32(number: int, length: int) -> str:
    characters = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        characters.append(_ALPHABET[digit])
    return "".join(reversed(characters))
