"""Is a loan fully secured? Own deposits, guarantors, and things given as collateral; pure.

All loans must be: own deposits, guarantors or other collateral (SACCO Societies Regulations 2010, reg. 32).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from core.errors import NotFullySecured
from core.lending.eligibility import EligibilityFacts, own_cover
from core.lending.guarantees import Guarantee
from core.lending.policies import LendingPolicy
from core.money import Money


class CollateralKind(StrEnum):
    """What a member may give as security beside deposits and guarantors."""

    LAND = "land"
    """A title, charged in the land registry."""

    VEHICLE = "vehicle"
    """A logbook, registered jointly."""

    LISTED_SHARES = "listed_shares"
    """Shares of a listed company, pledged at the depository."""

    CHATTELS = "chattels"
    """Movable things, entered in the register of security rights."""


COUNTED_SHARE: Final[Mapping[CollateralKind, Fraction]] = MappingProxyType(
    {
        CollateralKind.LAND: Fraction(70, 100),
        CollateralKind.VEHICLE: Fraction(50, 100),
        CollateralKind.LISTED_SHARES: Fraction(50, 100),
        CollateralKind.CHATTELS: Fraction(30, 100),
    }
)
"""What of a valuation secures a loan: a forced sale brings less. The shares are the demo's own choice."""


class CollateralState(StrEnum):
    """Whether a thing secures anything."""

    HELD = "held"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Valuation:
    """What a thing was found to be worth, when, and by whom."""

    worth: Money
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Collateral:
    """A thing given for an application or loan, which `subject` names."""

    collateral_id: str
    subject: str
    member_id: str
    kind: CollateralKind
    description: str
    reference: str
    """By which it is found in its register, such as a title number."""
    valuation: Valuation
    state: CollateralState

    @property
    def secures(self) -> Money:
        """What of a loan it secures, rounded down to the cent; nothing once released."""
        worth = self.valuation.worth
        if self.state is CollateralState.RELEASED:
            return Money.zero(worth.currency)
        share = COUNTED_SHARE[self.kind]
        return Money(worth.minor * share.numerator // share.denominator, worth.currency)


@dataclass(frozen=True, slots=True)
class Security:
    """What stands behind an amount, and what is lacking."""

    needed: Money
    own: Money
    guaranteed: Money
    collateral: Money
    guarantors: int
    guarantors_needed: int
    """The least number where own deposits and collateral don't do; else none."""

    @property
    def missing(self) -> Money:
        zero = Money.zero(self.needed.currency)
        return max(zero, self.needed - self.own - self.guaranteed - self.collateral)

    @property
    def guarantors_missing(self) -> int:
        return max(0, self.guarantors_needed - self.guarantors)

    @property
    def is_full(self) -> bool:
        return not self.missing and not self.guarantors_missing

    def refuse_if_lacking(self) -> None:
        """Raises NotFullySecured."""
        if not self.is_full:
            raise NotFullySecured(
                missing_minor=self.missing.minor, guarantors_missing=self.guarantors_missing
            )


def security_of(
    amount: Money,
    facts: EligibilityFacts,
    policy: LendingPolicy,
    guarantees: Sequence[Guarantee],
    collateral: Iterable[Collateral],
) -> Security:
    """How an amount is secured by the member's own deposits, live guarantees and things held."""
    zero = Money.zero(amount.currency)
    live = [guarantee for guarantee in guarantees if guarantee.is_live]
    own = min(amount, own_cover(facts, policy))
    things = sum((thing.secures for thing in collateral), start=zero)
    needs_guarantors = amount > own + things
    return Security(
        needed=amount,
        own=own,
        guaranteed=sum((guarantee.amount for guarantee in live), start=zero),
        collateral=things,
        guarantors=len(live),
        guarantors_needed=policy.guarantees.guarantors_least if needs_guarantors else 0,
    )
