"""When does interest on a bad loan stop? At the principal that was owing when it went bad; pure.

Regulation 31 of the Sacco Societies (Deposit-Taking) Regulations 2010: on a delinquent loan the interest that can be
recovered is at most the principal owing on the day it became delinquent. Interest and penalties that were unpaid on
that day count toward it, which is our cautious reading. What the member pays later does not open the cap again.
"""

from dataclasses import dataclass

from core.money import Money


@dataclass(frozen=True, slots=True)
class Default:
    """What was owing on the day a loan became non-performing; kept as it was then."""

    principal: Money
    interest_unpaid: Money
    """Interest and penalties due and unpaid on that day."""


def in_duplum_room(default: Default, *, accrued_since: Money) -> Money:
    """How much interest and penalty may still be charged; nothing once the cap is reached."""
    room = default.principal - default.interest_unpaid - accrued_since
    return max(room, Money.zero(room.currency))


def maximum_claim(default: Default, *, recovery_costs: Money) -> Money:
    """The most that can ever be claimed: the principal, as much again, and reasonable costs of recovery.

    Interest that was already above the cap on the day of default was lawfully charged and stays.
    """
    return default.principal + max(default.principal, default.interest_unpaid) + recovery_costs
