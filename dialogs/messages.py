"""What crosses the border between a channel and the dialogs? Inbound and Reply, and nothing else."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """Where a conversation takes place."""

    USSD = "ussd"


class TextStyle(StrEnum):
    """What a gateway's `text` holds."""

    CUMULATIVE = "cumulative"
    """Everything typed since the dial, joined with `*` (Africa's Talking, Safaricom)."""

    LATEST = "latest"
    """Only the newest input."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a person, as every channel hands it in.

    `text` may hold a PIN: it is read during the turn and never stored, logged or echoed.
    """

    channel: Channel
    provider: str
    address: str
    """Who wrote, in E.164 form."""
    call: str
    """The gateway's id of this call or thread."""
    text: str = field(repr=False)
    style: TextStyle
    dialled: str = field(repr=False)
    """The inputs dialled behind the service code, joined with `*`; empty for a plain dial."""
    budget: int
    """Septets the network passes in one screen."""
    received_at: datetime
    network: str = ""
    """Name of the network's profile, for metrics and the screens kept."""
    call_seconds: int = 180
    """How long the network lets a call last."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person sees next. `ends` closes the call; `label` names the screen for metrics, never data."""

    text: str
    ends: bool
    label: str
