"""What do we refuse about money on its way?"""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class PaymentInProgress(Refusal):
    """A prompt to this phone is still open; a second would fail or charge twice."""

    payment_id: str
    code: ClassVar[str] = "payments.in_progress"


@dataclass(eq=False)
class UnknownPayment(Refusal):
    """No payment has this id."""

    payment_id: str
    code: ClassVar[str] = "payments.unknown"


@dataclass(eq=False)
class PaymentOutOfRange(Refusal):
    """M-Pesa moves no such amount at once."""

    minimum_minor: int
    maximum_minor: int
    code: ClassVar[str] = "payments.out_of_range"


@dataclass(eq=False)
class UnknownFee(Refusal):
    """There is no such fee to pay."""

    fee: str
    code: ClassVar[str] = "payments.unknown_fee"
