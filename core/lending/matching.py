"""Which loans fit what a member wants? Products ranked for a purpose, an amount and a term, with reasons; pure.

Those that fit come first, the one named for the purpose before the general one and the cheaper before the dearer;
then those that nearly fit, with what would make them fit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.lending.eligibility import EligibilityFacts, Limit, limit
from core.lending.policies import LendingPolicy, Purpose
from core.money import Money


class Misfit(StrEnum):
    """Why a product doesn't fit a wish. The text of one is `loan_misfit.<misfit>`."""

    PURPOSE = "purpose"
    """It is not lent for this purpose."""

    NOT_ELIGIBLE = "not_eligible"
    """The member may not have it at all now; the limit names the rule."""

    ABOVE_LIMIT = "above_limit"
    """The member may have less of it than they want; the limit names the rule."""

    BELOW_LEAST = "below_least"
    """It isn't lent in such small amounts."""

    TOO_LONG = "too_long"
    """It must be repaid sooner."""

    TOO_SHORT = "too_short"
    """It runs for at least some instalments more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a member asks for."""

    purpose: Purpose
    amount: Money
    months: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A product on the table: its conditions, and its price for the months wished for, per unit lent."""

    policy: LendingPolicy
    burden: Fraction
    """The heaviest monthly payment."""
    cost: Fraction
    """All interest and charges over the term."""


@dataclass(frozen=True, slots=True)
class Match:
    """How one product fits a wish. `amount` and `months` are the nearest that the product can do."""

    product: str
    misfits: tuple[Misfit, ...]
    limit: Limit
    amount: Money
    months: int
    cost: Money
    """What the wish costs on this product in interest and charges; compares products."""

    @property
    def fits(self) -> bool:
        return not self.misfits


def matches(wish: Wish, facts: EligibilityFacts, offers: Iterable[Offer]) -> tuple[Match, ...]:
    """Every product on the table, the best first."""
    listed = [(offer, _match(wish, facts, offer)) for offer in offers]
    listed.sort(key=lambda each: _rank(wish, *each))
    return tuple(match for _, match in listed)


def _match(wish: Wish, facts: EligibilityFacts, offer: Offer) -> Match:
    policy = offer.policy
    allowed = limit(facts, policy, burden=offer.burden)
    nearest = max(policy.least, min(wish.amount, allowed.amount)) if allowed.may_borrow else allowed.amount
    return Match(
        product=policy.product,
        misfits=tuple(_misfits(wish, policy, allowed)),
        limit=allowed,
        amount=nearest,
        months=min(max(wish.months, policy.instalments_least), policy.instalments_most),
        cost=wish.amount.portion(offer.cost.numerator, offer.cost.denominator),
    )


def _misfits(wish: Wish, policy: LendingPolicy, allowed: Limit) -> Iterable[Misfit]:
    if wish.purpose not in policy.purposes:
        yield Misfit.PURPOSE
    if not allowed.may_borrow:
        yield Misfit.NOT_ELIGIBLE
    elif wish.amount > allowed.amount:
        yield Misfit.ABOVE_LIMIT
    if wish.amount < policy.least:
        yield Misfit.BELOW_LEAST
    if wish.months > policy.instalments_most:
        yield Misfit.TOO_LONG
    if wish.months < policy.instalments_least:
        yield Misfit.TOO_SHORT


def _rank(wish: Wish, offer: Offer, match: Match) -> tuple[bool, int, int, int, str]:
    """Fitting first, then fewer misfits, then the closer amount, then the more special product, then the cheaper."""
    missing = max(0, wish.amount.minor - match.amount.minor)
    closeness = 0 if match.fits else missing
    breadth = len(offer.policy.purposes) if wish.purpose in offer.policy.purposes else len(Purpose) + 1
    return (not match.fits, len(match.misfits), closeness, breadth * 10**18 + match.cost.minor, match.product)
