"""What do we refuse about statements?"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class StatementUnreadable(Refusal):
    """The file is no statement that we know; `why` is a short stable word."""

    name: str
    why: str
    code: ClassVar[str] = "reconciliation.unreadable"


@dataclass(eq=False)
class StatementFaulty(Refusal):
    """Some lines can't be taken over, so none was. `faults` are the first (line, why, text) of `count`."""

    name: str
    count: int
    faults: tuple[tuple[int, str, str], ...]
    code: ClassVar[str] = "reconciliation.faulty"


@dataclass(eq=False)
class StatementKnown(Refusal):
    """The same file was imported before."""

    name: str
    file_id: int
    imported_at: datetime
    code: ClassVar[str] = "reconciliation.known"


@dataclass(eq=False)
class TotalsDiffer(Refusal):
    """Opening balance and lines do not make the closing balance. Amounts in minor units."""

    name: str
    opening_minor: int
    lines_minor: int
    closing_minor: int
    code: ClassVar[str] = "reconciliation.totals_differ"


@dataclass(eq=False)
class NotOpen(Refusal):
    """Some of these lines or movements are matched already, or there are none such."""

    lines: tuple[int, ...]
    movements: tuple[int, ...]
    code: ClassVar[str] = "reconciliation.not_open"


@dataclass(eq=False)
class AmountsDiffer(Refusal):
    """The lines and the movements that were chosen do not come to the same amount. Minor units."""

    lines_minor: int
    movements_minor: int
    code: ClassVar[str] = "reconciliation.amounts_differ"


@dataclass(eq=False)
class UnknownMatch(Refusal):
    """There is no such match."""

    match_id: int
    code: ClassVar[str] = "reconciliation.unknown_match"
