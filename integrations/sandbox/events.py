"""What can happen in the sandbox? Each event is one line of its journal; what it knows is the sum of them."""

from datetime import datetime

import msgspec


class TokenIssued(msgspec.Struct, frozen=True, tag=True):
    """A Daraja app fetched a token; the one before it is no longer good."""

    token: str
    expires_at: datetime


class TokenDropped(msgspec.Struct, frozen=True, tag=True):
    """The token stopped being good before its time."""


class PromptOpened(msgspec.Struct, frozen=True, tag=True):
    """A push was taken and the handset shows its prompt."""

    checkout_id: str
    merchant_id: str
    phone: str
    """Digits without the plus."""
    shillings: int
    account: str
    business: str
    callback_url: str
    opened_at: datetime
    closes_at: datetime
    """When it answers itself, or lapses."""
    closes_with: str
    """The result code of that."""


class PromptAnswered(msgspec.Struct, frozen=True, tag=True):
    """A prompt got its final result; with code 0 the money has moved under this receipt."""

    checkout_id: str
    result_code: str
    receipt: str
    at: datetime


class CallbackPlanned(msgspec.Struct, frozen=True, tag=True):
    """A body is to be posted to a URL of the customer's."""

    number: int
    checkout_id: str
    url: str
    body: str
    due_at: datetime


class CallbackSent(msgspec.Struct, frozen=True, tag=True):
    """It was posted, once; Daraja does not try again, whatever came of it."""

    number: int
    came_of_it: str
    """The HTTP status, or the kind of network fault."""


class MessageStored(msgspec.Struct, frozen=True, tag=True):
    """A text reached a handset."""

    phone: str
    sender: str
    text: str
    at: datetime


class DialsSet(msgspec.Struct, frozen=True, tag=True):
    """The fault dials were set; those not named stand at nothing."""

    seed: int
    values: dict[str, float]


Event = (
    TokenIssued
    | TokenDropped
    | PromptOpened
    | PromptAnswered
    | CallbackPlanned
    | CallbackSent
    | MessageStored
    | DialsSet
)
