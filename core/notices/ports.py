"""What notices need from outside: someone who carries a text to a phone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.phone import Msisdn


class Delivery(StrEnum):
    """What we know after handing a message to a provider."""

    ACCEPTED = "accepted"
    """The provider took it and will deliver; a report may follow."""

    REFUSED = "refused"
    """The provider will never deliver it: bad number, opted out, our set-up."""

    BUSY = "busy"
    """The provider surely did not take it now; a later try may pass."""

    UNKNOWN = "unknown"
    """It may have been taken: don't send it again."""


@dataclass(frozen=True, slots=True)
class SendReply:
    """The provider's answer to one message to one phone."""

    delivery: Delivery
    provider_message_id: str | None = None
    reason: str = ""
    cost: str = ""
    """As the provider writes it, such as `KES 0.8000`."""


class Messenger(Protocol):
    """Carries a finished text to one phone."""

    async def send(self, phone: Msisdn, text: str) -> SendReply:
        """Send once; never repeats a message that may have been taken; never raises for a provider's fault."""
        ...
