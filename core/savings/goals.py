"""How far is a member from what they save for, and what would reach it in time? Pure."""

from dataclasses import dataclass
from datetime import date

from core.money import Money


@dataclass(frozen=True, slots=True)
class GoalStanding:
    """Where a goal stands on a day."""

    saved: Money
    target: Money
    missing: Money
    percent: int
    """Whole percent reached, rounded down, at most 100."""
    monthly_needed: Money
    """Saved each month from now on, this reaches the target on its day; all that is missing when that is near."""
    is_reached: bool


def standing(*, saved: Money, target: Money, target_on: date, on: date) -> GoalStanding:
    """Reckoned with whole months left, rounded up to the minor unit.

    >>> standing(saved=Money(25_000_00), target=Money(100_000_00), target_on=date(2026, 12, 20),
    ...          on=date(2026, 3, 11)).monthly_needed
    Money(minor=833334, currency=<Currency.KES: 'KES'>)
    """
    nothing = Money.zero(target.currency)
    missing = max(target - saved, nothing)
    months = (target_on.year - on.year) * 12 + target_on.month - on.month
    months -= 1 if target_on.day < on.day else 0
    needed = -(-missing.minor // max(months, 1))
    return GoalStanding(
        saved=saved,
        target=target,
        missing=missing,
        percent=min(max(saved.minor, 0) * 100 // target.minor, 100),
        monthly_needed=Money(needed, target.currency),
        is_reached=not missing,
    )
