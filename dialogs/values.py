"""What a conversation remembers between two turns: small plain values, scoped to the step that made them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from core.money import Money

Scalar: TypeAlias = str | int
"""Text, a whole number, or an amount in minor units; a day is ISO text."""

Row: TypeAlias = Mapping[str, Scalar]
Value: TypeAlias = Scalar | Sequence[Row]
Values: TypeAlias = Mapping[str, Value]

Stored: TypeAlias = dict[str, Scalar | list[dict[str, Scalar]]]
"""Values as a session keeps them."""

NOTHING: Values = {}


def money(values: Values, name: str) -> Money:
    """The amount kept under this name."""
    return Money(number(values, name))


def number(values: Values, name: str) -> int:
    """The whole number kept under this name."""
    value = values[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} is no number")
    return value


def text(values: Values, name: str) -> str:
    """The text kept under this name."""
    value = values[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def rows(values: Values, name: str) -> Sequence[Row]:
    """The list kept under this name; empty when there is none."""
    value = values.get(name, ())
    if isinstance(value, str | int):
        raise TypeError(f"{name} is no list")
    return value


def storable(values: Values) -> Stored:
    """A copy of the values that a session may keep and change."""
    return {
        name: value if isinstance(value, str | int) else [dict(row) for row in value]
        for name, value in values.items()
    }
