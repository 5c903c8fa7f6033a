"""Orders as tests set them: on the fifth of March, with what a test cares about changed."""

from datetime import date

from core.money import Money
from core.savings.standing_orders import OrderTerms, Trigger

FIFTH = date(2026, 3, 5)


def terms(
    amount: str | None = "400.00",
    trigger: Trigger = Trigger.ON_DATE,
    *,
    starts_on: date = FIFTH,
    ends_on: date | None = None,
    allows_part: bool = False,
    tolerance_days: int = 2,
    priority: int = 5,
    keep: str = "0",
) -> OrderTerms:
    return OrderTerms(
        trigger=trigger,
        amount=None if amount is None else Money.parse(amount),
        keep=Money.parse(keep),
        starts_on=starts_on,
        ends_on=ends_on,
        allows_part=allows_part,
        tolerance_days=tolerance_days,
        priority=priority,
    )
