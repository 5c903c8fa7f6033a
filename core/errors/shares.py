"""What do we refuse about shares and dividends?"""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class NotWholeShares(Refusal):
    """Shares are bought and moved whole. The price of one in minor units."""

    price_minor: int
    code: ClassVar[str] = "shares.not_whole"


@dataclass(eq=False)
class BelowMinimumShares(Refusal):
    """A member keeps at least so many shares while a member. Amounts in minor units."""

    minimum_minor: int
    available_minor: int
    code: ClassVar[str] = "shares.below_minimum"


@dataclass(eq=False)
class NoShareAccount(Refusal):
    """The member has no share account yet."""

    code: ClassVar[str] = "shares.none"


@dataclass(eq=False)
class DividendAlreadyDeclared(Refusal):
    """A year's dividend is declared once."""

    year: int
    code: ClassVar[str] = "shares.already_declared"


@dataclass(eq=False)
class DividendTooEarly(Refusal):
    """Rates are declared after the year they are for."""

    year: int
    code: ClassVar[str] = "shares.year_not_over"


@dataclass(eq=False)
class DividendNotDeclared(Refusal):
    """The year has no declared rates, or was paid already."""

    year: int
    code: ClassVar[str] = "shares.not_declared"
