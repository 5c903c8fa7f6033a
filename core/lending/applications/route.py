"""Who decides on an application, and how many of them must agree? The route by amount, as data; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.errors import SomebodyElseDecides
from core.lending.applications.model import Application
from core.money import Money
from core.staff.model import Staff
from core.staff.permissions import Role


class Outcome(StrEnum):
    """What the votes come to."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's word on an application."""

    application_id: str
    staff_id: str
    is_for: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tier:
    """Up to an amount, so many votes of these roles decide, one way or the other. None: any amount."""

    up_to: Money | None
    roles: frozenset[Role]
    votes: int

    def __post_init__(self) -> None:
        if self.votes < 1 or not self.roles:
            raise ValueError(f"nobody decides up to {self.up_to}")

    def outcome(self, votes: Iterable[Vote]) -> Outcome:
        """Approved or rejected as soon as enough say the same."""
        listed = list(votes)
        agreed = sum(vote.is_for for vote in listed)
        if agreed >= self.votes:
            return Outcome.APPROVED
        return Outcome.REJECTED if len(listed) - agreed >= self.votes else Outcome.OPEN


@dataclass(frozen=True, slots=True)
class ApprovalRoute:
    """Tiers by rising amount; the last one has no limit. Raises ValueError where they are not in order."""

    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        limits = [tier.up_to for tier in self.tiers[:-1]]
        bounded = [limit for limit in limits if limit is not None]
        if not self.tiers or self.tiers[-1].up_to is not None or len(bounded) != len(limits):
            raise ValueError("the last tier, and only it, is without a limit")
        if sorted(bounded) != bounded:
            raise ValueError("tiers rise")

    def tier(self, amount: Money) -> Tier:
        """The tier that an amount falls into."""
        return next(tier for tier in self.tiers if tier.up_to is None or amount <= tier.up_to)


_DECIDERS: Final = frozenset({Role.MANAGER, Role.ADMIN})
# Small loans are a loan officer's daily work; large ones go to a committee of two. The limits are the demo's: each
# society's loan policy names its own.
USUAL_ROUTE: Final = ApprovalRoute(
    (
        Tier(Money(5_000_000), _DECIDERS | {Role.LOAN_OFFICER}, votes=1),
        Tier(Money(50_000_000), _DECIDERS, votes=1),
        Tier(None, _DECIDERS, votes=2),
    )
)


def refuse_unfit(application: Application, voter: Staff, tier: Tier) -> None:
    """Nobody decides on what they appraised or wrote down, or above the limit of their roles.

    Raises SomebodyElseDecides, which says which of these.
    """
    if voter.staff_id == application.appraised_by:
        raise SomebodyElseDecides(because="appraised_it")
    if voter.staff_id == application.written_by:
        raise SomebodyElseDecides(because="wrote_it_down")
    if not voter.roles & tier.roles:
        raise SomebodyElseDecides(because="above_their_limit")
