"""What do we refuse about money on its way out?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class UnknownPayout(Refusal):
    """No payout has this id."""

    payout_id: str
    code: ClassVar[str] = "payouts.unknown"


@dataclass(eq=False)
class PayoutOutOfRange(Refusal):
    """The amount is below the least or above the most that can be sent at once. Amounts in minor units."""

    minimum_minor: int
    maximum_minor: int
    code: ClassVar[str] = "payouts.out_of_range"


@dataclass(eq=False)
class NotWholeShillings(Refusal):
    """M-Pesa moves no cents."""

    amount_minor: int
    code: ClassVar[str] = "payouts.not_whole_shillings"


@dataclass(eq=False)
class DailyLimitReached(Refusal):
    """The member may take out only so much more today. Amounts in minor units."""

    left_minor: int
    asked_minor: int
    code: ClassVar[str] = "payouts.daily_limit"


@dataclass(eq=False)
class WithdrawalsPaused(Refusal):
    """After a change of number or PIN the member's money stays until this day."""

    until: date
    code: ClassVar[str] = "payouts.paused"


@dataclass(eq=False)
class WithdrawalCostChanged(Refusal):
    """The cost is not what the member was shown. Amounts in minor units."""

    shown_minor: int
    total_minor: int
    code: ClassVar[str] = "payouts.cost_changed"


@dataclass(eq=False)
class PayoutNotOpen(Refusal):
    """What staff ask for can't be done with a payout in this state."""

    payout_id: str
    state: str
    code: ClassVar[str] = "payouts.not_open"


@dataclass(eq=False)
class PayoutTooFresh(Refusal):
    """The provider may still tell what became of it; staff decide from this moment on."""

    payout_id: str
    may_from: datetime
    code: ClassVar[str] = "payouts.too_fresh"


@dataclass(eq=False)
class ReceiptTaken(Refusal):
    """Another payout has this receipt of the provider."""

    receipt: str
    code: ClassVar[str] = "payouts.receipt_taken"


@dataclass(eq=False)
class PayoutsNotStopped(Refusal):
    """Payouts are going out; nothing is to be started again."""

    code: ClassVar[str] = "payouts.not_stopped"
