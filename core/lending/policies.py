"""To whom and how much does the society lend on each product? The conditions of lending as data.

What a loan costs and how it is repaid stands in `products`; this is what a member must bring for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from core.lending.arrears import USUAL_ARREARS, ArrearsRules
from core.lending.penalties import PenaltyBase, PenaltyCaps, PenaltyRhythm, PenaltyRule
from core.money import Money


class Purpose(StrEnum):
    """What a member wants the money for; also the sector of the regulator's return."""

    BUSINESS = "business"
    SCHOOL_FEES = "school_fees"
    MEDICAL = "medical"
    FARM = "farm"
    HOME = "home"
    EMERGENCY = "emergency"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Streak:
    """In how many of the last months a member must have paid into deposits."""

    months: int
    of_the_last: int

    def __post_init__(self) -> None:
        if not 0 <= self.months <= self.of_the_last:
            raise ValueError(f"no streak: {self.months} of {self.of_the_last}")


@dataclass(frozen=True, slots=True)
class LumpSumRule:
    """A single deposit of this much or more counts toward the limit only after so many months."""

    from_amount: Money
    months: int


@dataclass(frozen=True, slots=True)
class GuaranteePolicy:
    """What must stand behind a loan, and what one member may guarantee."""

    guarantors_least: int = 3
    own_deposits_share: Fraction = Fraction(90, 100)
    """Up to this share of the borrower's own deposits a loan needs no guarantor."""
    loans_most: int = 4
    """Loans a member may guarantee at once."""
    loans_most_for_borrowers: int = 3
    """The same for a member who has a loan of their own."""
    answer_hours: int = 72
    """After which a request that was not answered expires."""
    shrinks: bool = True
    """Whether a guarantee shrinks as the loan is repaid."""


@dataclass(frozen=True, slots=True)
class LendingPolicy:
    """The conditions of one product. Raises ValueError where they contradict each other."""

    product: str
    purposes: frozenset[Purpose]
    least: Money
    most: Money
    instalments_least: int
    instalments_most: int
    multiplier: Fraction | None
    """How many times their deposits a member may owe; None for a product that deposits don't bound."""
    counts_all_loans: bool = True
    """Whether loans of other products use up the multiple of deposits too."""
    take_home: Fraction | None = Fraction(1, 3)
    """The share of pay that must remain: Employment Act 2007, section 19(3)."""
    membership_months: int = 3
    streak: Streak = Streak(3, 6)
    lump_sum: LumpSumRule = LumpSumRule(Money(5_000_000), 3)
    shares_least: Money = Money(0)  # noqa: RUF009 (an immutable value)
    one_at_a_time: bool = True
    """Whether a member may have only one loan of this product."""
    penalty_lockout_months: int = 0
    """For so long after a penalty no new loan of this product is given."""
    guarantees: GuaranteePolicy = GuaranteePolicy()
    arrears: ArrearsRules = USUAL_ARREARS
    penalty: PenaltyRule | None = None

    def __post_init__(self) -> None:
        if not Money.zero(self.least.currency) < self.least <= self.most:
            raise ValueError(f"{self.product}: from {self.least} to {self.most}")
        if not 1 <= self.instalments_least <= self.instalments_most:
            raise ValueError(
                f"{self.product}: {self.instalments_least} to {self.instalments_most} instalments"
            )
        if self.multiplier is not None and self.multiplier <= 0:
            raise ValueError(f"{self.product}: {self.multiplier} times deposits")
        if self.take_home is not None and not 0 <= self.take_home < 1:
            raise ValueError(f"{self.product}: {self.take_home} of pay to take home")


# Multiplier 3, a third of pay, three months of membership, three deposits in six months, three guarantors, four
# guarantees at once and 90% of own deposits are what Kenyan societies ask most often.
DEVELOPMENT_POLICY = LendingPolicy(
    product="development",
    purposes=frozenset(Purpose) - {Purpose.EMERGENCY},
    least=Money(500_000),
    most=Money(300_000_000),
    instalments_least=1,
    instalments_most=48,
    multiplier=Fraction(3),
    shares_least=Money(500_000),
    penalty=PenaltyRule(
        PenaltyRhythm.ONCE,
        share=Fraction(5, 100),
        base=PenaltyBase.OVERDUE,
        grace_days=3,
        caps=PenaltyCaps(of_instalment=Fraction(5, 100), of_loan=Fraction(50, 100)),
    ),
)

EMERGENCY_POLICY = LendingPolicy(
    product="emergency",
    purposes=frozenset({Purpose.EMERGENCY, Purpose.MEDICAL, Purpose.SCHOOL_FEES, Purpose.OTHER}),
    least=Money(100_000),
    most=Money(10_000_000),
    instalments_least=1,
    instalments_most=12,
    multiplier=Fraction(3),
    penalty_lockout_months=12,
    penalty=PenaltyRule(
        PenaltyRhythm.PER_DAY,
        share=Fraction(1, 1000),
        base=PenaltyBase.OVERDUE,
        caps=PenaltyCaps(of_instalment=Fraction(10, 100), of_loan=Fraction(50, 100)),
    ),
)

POLICIES: Mapping[str, LendingPolicy] = MappingProxyType(
    {policy.product: policy for policy in (DEVELOPMENT_POLICY, EMERGENCY_POLICY)}
)
