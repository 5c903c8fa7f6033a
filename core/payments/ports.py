"""What payments need from outside: someone who asks the payer's phone for money, and answers questions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.money import Money
from core.phone import Msisdn


class SendVerdict(StrEnum):
    """What we know after asking the provider to prompt the payer."""

    ACCEPTED = "accepted"
    """The provider took the request and will call back."""

    REFUSED = "refused"
    """The provider surely did nothing; the reason says why."""

    BUSY = "busy"
    """The provider surely did nothing now, but a later try may pass (throttled, payer's line in use)."""

    UNKNOWN = "unknown"
    """The request may or may not have had an effect: never send it again."""


@dataclass(frozen=True, slots=True)
class CollectionRequest:
    """One prompt to one phone. `amount` is whole shillings; `account_reference` at most 12 characters."""

    payment_id: str
    phone: Msisdn
    amount: Money
    account_reference: str
    description: str


@dataclass(frozen=True, slots=True)
class CollectionReply:
    """The provider's answer to our own request; the outcome of the payment comes later."""

    verdict: SendVerdict
    provider_request_id: str | None = None
    """The provider's handle for queries (Daraja: CheckoutRequestID)."""
    reason: str = ""


class PaymentCollector(Protocol):
    """Prompts a payer's phone for money."""

    async def collect(self, request: CollectionRequest) -> CollectionReply:
        """Ask once. Never repeats a request that may have had an effect; never raises for a provider's fault."""
        ...


class Outcome(StrEnum):
    """What became of the payer's money."""

    PAID = "paid"
    """The payer's money has moved to us."""

    NOT_PAID = "not_paid"
    """The provider says that no money moved and none will."""

    PENDING = "pending"
    """Still in the payer's hands, or the provider can't say: ask again later."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What the provider said when asked, or told us in a callback."""

    outcome: Outcome
    result_code: str
    result_text: str
    reason: str = ""
    """A short stable word a member's text exists for: cancelled, unreachable, insufficient, ..."""
    receipt: str | None = None
    amount: Money | None = None
    provider_request_id: str | None = None


class PaymentEnquiry(Protocol):
    """Asks the provider what became of a request."""

    async def enquire(self, provider_request_id: str) -> Enquiry:
        """The present outcome; PENDING whenever the provider does not give a final one."""
        ...
