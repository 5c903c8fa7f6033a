"""What can no report tell?"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class StatementPeriodInvalid(Refusal):
    """A statement was asked for from a day to one before it."""

    since: date
    until: date
    code: ClassVar[str] = "reports.period_invalid"
