"""What do payouts need from outside? Someone who sends money, someone who asks what became of it, and of the float."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.money import Money
from core.payments.ports import SendVerdict
from core.payouts.model import FactSource, PayoutPurpose
from core.phone import Msisdn


class Outcome(StrEnum):
    """What became of the money."""

    PAID = "paid"
    """It is with the member."""

    NOT_PAID = "not_paid"
    """The provider says that no money moved and none will."""

    PENDING = "pending"
    """Nobody can say yet."""


class Fault(StrEnum):
    """Whose affair it is that no money moved; it decides what follows."""

    MEMBER = "member"
    """This member can't be paid so: no such wallet, a limit, an account that is full."""

    FLOAT = "float"
    """Our utility account is too short."""

    SETUP = "setup"
    """Our operator, its password or its rights: staff must mend that before anything else is tried."""

    BUSY = "busy"
    """The provider was overloaded."""


@dataclass(frozen=True, slots=True)
class PayoutRequest:
    """One payout to one phone. `reference` is unique per attempt; `amount` is whole shillings."""

    reference: str
    purpose: PayoutPurpose
    phone: Msisdn
    amount: Money


@dataclass(frozen=True, slots=True)
class PayoutReply:
    """The provider's answer to our own request. ACCEPTED also where it has had this very reference before."""

    verdict: SendVerdict
    provider_request_id: str | None = None
    """The provider's handle (Daraja: ConversationID)."""
    reason: str = ""
    fault: Fault = Fault.MEMBER
    """Whose affair a refusal is."""


class PayoutSender(Protocol):
    """Sends money to a member's phone."""

    async def send(self, request: PayoutRequest) -> PayoutReply:
        """Send once. Never repeats what may have had an effect; never raises for a provider's fault."""
        ...


class PayoutEnquiry(Protocol):
    """Asks the provider what became of a payout; the answer comes by callback."""

    async def ask(self, reference: str) -> bool:
        """Ask about the payout sent under this reference; whether the provider took the question."""
        ...


class FloatEnquiry(Protocol):
    """Asks the provider how much is on the utility account; the answer comes by callback."""

    async def ask(self, reference: str) -> bool:
        """Ask once; the answer will carry `reference`. Whether the provider took the question."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What the provider, or staff, said of one attempt of a payout."""

    source: FactSource
    outcome: Outcome
    attempt: int
    result_code: str = ""
    result_text: str = ""
    reason: str = ""
    """A short stable word a member's text exists for."""
    fault: Fault = Fault.MEMBER
    receipt: str | None = None
    amount: Money | None = None
    provider_request_id: str | None = None
