"""How are terms, rules and events kept in the database? As JSON that reads back as the same value, exactly."""

from fractions import Fraction
from typing import TypeVar

import msgspec

_Value = TypeVar("_Value")


def written(value: object) -> str:
    """A frozen value of lending as JSON: amounts in minor units, rates as fractions such as `3/25`, days as ISO."""
    return msgspec.json.encode(value, enc_hook=_plain).decode()


def read(kind: type[_Value], record: str) -> _Value:
    """The value that `written` wrote; it checks itself again. Raises msgspec.ValidationError for anything else."""
    return msgspec.json.decode(record, type=kind, dec_hook=_exact)


def _plain(value: object) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no record")


def _exact(kind: type, record: object) -> object:
    if kind is Fraction:
        return Fraction(str(record))
    raise TypeError(f"{kind.__name__} has no record")
