"""Which passwords do we take from staff? Pure; the pool of `core.members.pin_checks` does the hashing."""

import unicodedata
from enum import StrEnum
from typing import Final

LENGTH_MIN: Final = 12
LENGTH_MAX: Final = 128
"""NIST SP 800-63B asks for room for 64 letters at least; a limit keeps hashing cheap."""
_DIFFERENT_MIN: Final = 5
_NAME_PART_MIN: Final = 4
# What people type to reach twelve letters. A long list would have to be kept up to date: the length, the lock and the
# second factor carry the weight.
_TOO_COMMON: Final = frozenset(
    {
        "123456789012",
        "1234567890ab",
        "administrator",
        "changeme1234",
        "letmein12345",
        "password1234",
        "passw0rd1234",
        "password12345",
        "qwerty123456",
        "qwertyuiop12",
        "welcome12345",
    }
)


class PasswordFault(StrEnum):
    """What is wrong with a password."""

    TOO_SHORT = "too_short"
    """It has fewer than twelve letters."""

    TOO_LONG = "too_long"
    """It has more letters than we take."""

    TOO_COMMON = "too_common"
    """It stands on every guesser's list, or repeats a few letters."""

    NAMES_THE_PERSON = "names_the_person"
    """It holds the person's name or address."""


def fault_of(password: str, *, email: str, first_name: str, last_name: str) -> PasswordFault | None:
    """Why this is no password for this person; None where it is one.

    Length is what counts: no rule asks for digits or signs, as NIST SP 800-63B advises against them.
    """
    plain = normal(password).casefold()
    if len(plain) < LENGTH_MIN:
        return PasswordFault.TOO_SHORT
    if len(plain) > LENGTH_MAX:
        return PasswordFault.TOO_LONG
    if plain in _TOO_COMMON or len(set(plain)) < _DIFFERENT_MIN:
        return PasswordFault.TOO_COMMON
    names = (email.partition("@")[0], first_name, last_name)
    if any(len(name) >= _NAME_PART_MIN and name.casefold() in plain for name in names):
        return PasswordFault.NAMES_THE_PERSON
    return None


def normal(password: str) -> str:
    """One form for every way a keyboard writes the same letters."""
    return unicodedata.normalize("NFKC", password)
