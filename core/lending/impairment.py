"""What loss is expected on a loan? IFRS 9's stage and expected credit loss by a matrix of rates; pure.

Stage 1: loss of the next twelve months. Stage 2, over 30 days late or renegotiated: of the whole life. Stage 3, over
90 days late: credit-impaired. Both back-stops are the standard's rebuttable presumptions (IFRS 9, 5.5.11 and B5.5.37).
The regulator's provision and the expected loss are both kept; neither replaces the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from core.money import Money


class Stage(IntEnum):
    """How far credit risk has risen since the loan was granted."""

    ONE = 1
    """No significant increase."""

    TWO = 2
    """A significant increase."""

    THREE = 3
    """Credit-impaired."""


@dataclass(frozen=True, slots=True)
class ImpairmentBand:
    """The rates for loans from so many days past due, in one stage.

    Raises ValueError where a probability or loss is no share of one.
    """

    stage: Stage
    from_days: int
    probability_of_default: Fraction
    """Over twelve months in stage 1, over the rest of the loan's life after that."""
    loss_given_default: Fraction
    recovery_months: int = 0
    """When the shortfall is expected: discounted over so many months."""
    effective_rate_per_month: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        shares = (self.probability_of_default, self.loss_given_default)
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError(f"no share of one: {shares}")
        if self.recovery_months < 0 or self.effective_rate_per_month < 0:
            raise ValueError(f"no discount: {self.recovery_months}, {self.effective_rate_per_month}")

    @property
    def loss_rate(self) -> Fraction:
        """PD x LGD x discount factor: the expected loss for each unit of exposure."""
        discount: Fraction = (1 + self.effective_rate_per_month) ** self.recovery_months
        return self.probability_of_default * self.loss_given_default / discount


# A starting point until the society has roll rates of its own: PD and LGD are settings, to be set before go-live.
USUAL_IMPAIRMENT = (
    ImpairmentBand(Stage.ONE, 0, Fraction(3, 100), Fraction(40, 100)),
    ImpairmentBand(Stage.TWO, 31, Fraction(20, 100), Fraction(45, 100)),
    ImpairmentBand(Stage.THREE, 91, Fraction(1), Fraction(55, 100)),
)


def impairment_band(
    days_past_due: int, bands: Sequence[ImpairmentBand] = USUAL_IMPAIRMENT, *, is_uncured: bool = False
) -> ImpairmentBand:
    """The band of a loan. A renegotiated loan that is not cured is at least in stage 2, at that stage's first band."""
    by_days = next(band for band in reversed(bands) if days_past_due >= band.from_days)
    if is_uncured and by_days.stage is Stage.ONE:
        return next(band for band in bands if band.stage is Stage.TWO)
    return by_days


def expected_loss(exposure: Money, band: ImpairmentBand) -> Money:
    """The expected credit loss of an exposure, half up to the cent."""
    rate = band.loss_rate
    return exposure.portion(rate.numerator, rate.denominator)


def statutory_reserve(*, provision: Money, expected: Money) -> Money:
    """What the regulator's provision exceeds the expected loss by.

    It goes from retained earnings to a reserve that is not distributed, never through profit and loss.
    """
    return max(provision - expected, Money.zero(provision.currency))
