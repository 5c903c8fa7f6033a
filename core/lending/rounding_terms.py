"""How do exact shares become amounts people pay? Modes, multiples, and where a remainder goes, as terms."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.errors import ContradictoryTerms


class RoundingMode(StrEnum):
    """What happens to a fraction of the unit."""

    HALF_UP = "half_up"
    """Half a unit and more becomes one, less is dropped."""

    HALF_EVEN = "half_even"
    """Half a unit goes to the even neighbour ("banker's rounding")."""

    UP = "up"
    """Any fraction becomes a whole unit."""

    DOWN = "down"
    """Fractions are dropped."""


class Remainder(StrEnum):
    """Which instalment takes what rounding left over."""

    LAST_INSTALMENT = "last_instalment"
    """The last one, so that it may differ a little from the others."""

    FIRST_INSTALMENT = "first_instalment"
    """The first one that repays principal, so that the others are equal as far as whole units allow."""


class InstalmentBasis(StrEnum):
    """From what the equal part of an instalment is found."""

    NOMINAL_PERIODS = "nominal_periods"
    """Once, as if all periods had their nominal length."""

    ACTUAL_PERIODS = "actual_periods"
    """Once, from each period's own part of the year."""

    REMAINING_BALANCE = "remaining_balance"
    """Again on every row, from what is still owed and the rows that remain."""


class PrincipalRounding(StrEnum):
    """At which step an equal instalment less its interest is rounded to become principal."""

    ROUNDED_INSTALMENT = "rounded_instalment"
    """The instalment is rounded and the interest is: principal is what is between them."""

    DIFFERENCE = "difference"
    """The exact instalment less the exact interest, rounded then."""


@dataclass(frozen=True, slots=True)
class PaymentRounding:
    """Payments as whole units, whatever their parts are. Multiples are in minor units."""

    payment_multiple: int
    payment_mode: RoundingMode
    total_multiple: int
    """The last payment makes the sum of all a multiple of this."""
    total_mode: RoundingMode

    def __post_init__(self) -> None:
        least = min(self.payment_multiple, self.total_multiple)
        if least < 1:
            raise ContradictoryTerms("multiple_of_nothing", given=str(least), limit="1")


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a schedule becomes whole amounts. Multiples are in minor units of the loan's currency."""

    mode: RoundingMode = RoundingMode.HALF_UP
    remainder: Remainder = Remainder.LAST_INSTALMENT
    instalment_multiple: int = 1
    """The equal instalment is a multiple of this: 100 for whole shillings."""
    multiple_mode: RoundingMode = RoundingMode.HALF_EVEN
    corrections: int = 0
    """How often the equal instalment is tried again to bring the last one nearer to it."""
    correction_tolerance: Fraction = Fraction(1)
    """Minor units for each two rows by which the last instalment may differ before a correction is tried."""
    principal: PrincipalRounding = PrincipalRounding.ROUNDED_INSTALMENT
    payments: PaymentRounding | None = None
    """Whole payments instead of whole parts."""

    def __post_init__(self) -> None:
        if self.instalment_multiple < 1:
            raise ContradictoryTerms("multiple_of_nothing", given=str(self.instalment_multiple), limit="1")
        if self.corrections < 0:
            raise ContradictoryTerms("corrections_negative", given=str(self.corrections), limit="0")


USUAL_ROUNDING = Rounding()
