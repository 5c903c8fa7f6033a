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


@dataclass(eq=False)
class UnknownReceipt(Refusal):
    """The paybill confirmed no such receipt to us."""

    receipt: str
    code: ClassVar[str] = "payments.unknown_receipt"


@dataclass(eq=False)
class ReceiptPlaced(Refusal):
    """The receipt waits no more: it was credited or allocated."""

    receipt: str
    code: ClassVar[str] = "payments.receipt_placed"


@dataclass(eq=False)
class PartsDiffer(Refusal):
    """The parts don't make up the receipt."""

    receipt: str
    open_minor: int
    asked_minor: int
    code: ClassVar[str] = "payments.parts_differ"


@dataclass(eq=False)
class UnknownCallback(Refusal):
    """No provider's call is kept under this id."""

    callback_id: str
    code: ClassVar[str] = "payments.unknown_callback"


@dataclass(eq=False)
class CallbackNotParked(Refusal):
    """The call does not wait for a person."""

    callback_id: str
    code: ClassVar[str] = "payments.callback_not_parked"


@dataclass(eq=False)
class ContradictoryMandate(Refusal):
    """The terms of a mandate don't fit together, or its first day is over."""

    what: str
    value: str
    code: ClassVar[str] = "payments.contradictory_mandate"


@dataclass(eq=False)
class UnknownMandate(Refusal):
    """No mandate has this id."""

    mandate_id: str
    code: ClassVar[str] = "payments.unknown_mandate"


@dataclass(eq=False)
class MandateEnded(Refusal):
    """The mandate has ended for good."""

    mandate_id: str
    code: ClassVar[str] = "payments.mandate_ended"


@dataclass(eq=False)
class UnknownLink(Refusal):
    """There is no such payment link."""

    code: ClassVar[str] = "payments.unknown_link"


@dataclass(eq=False)
class LinkClosed(Refusal):
    """The link is paid, closed, or too old."""

    code: ClassVar[str] = "payments.link_closed"


@dataclass(eq=False)
class LinkTriedTooOften(Refusal):
    """So many phones were asked by one link that it must rest."""

    code: ClassVar[str] = "payments.link_tried_too_often"
