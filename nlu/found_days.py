"""What do the grammars of days look at, and what do they answer?"""

from dataclasses import dataclass
from datetime import date

from nlu.tokens import Tokens

Stretch = tuple[date, date | None]


@dataclass(frozen=True, slots=True)
class View:
    """A text and the day from which it is read. `is_past` says that it tells what has happened."""

    tokens: Tokens
    today: date
    is_past: bool


@dataclass(frozen=True, slots=True)
class Days:
    """A day or stretch with its readings, and the piece after it; no readings for what is no date after all."""

    readings: tuple[Stretch, ...]
    end: int
    day_only: int | None = None
    """The day of a month that wasn't named."""
    names_month: bool = False


def one(
    found: Stretch | date | None, end: int, *, day_only: int | None = None, names_month: bool = False
) -> Days | None:
    """An answer of one reading; None where there is no such day."""
    if found is None:
        return None
    stretch = (found, None) if isinstance(found, date) else found
    return Days((stretch,), end, day_only, names_month)
