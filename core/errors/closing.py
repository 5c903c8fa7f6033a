"""What do we refuse about the end of a day?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class DayNotOver(Refusal):
    """A day is closed when its last payments on time can have come: after the cut-off and the longest grace."""

    business_date: date
    closes_at: datetime
    code: ClassVar[str] = "closing.day_not_over"


@dataclass(eq=False)
class DayOutOfOrder(Refusal):
    """Days are closed one after the other."""

    asked: date
    expected: date
    code: ClassVar[str] = "closing.day_out_of_order"
