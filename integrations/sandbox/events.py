"""What can happen in the sandbox? Each event is one line of its journal; what it knows is the sum of them."""

from datetime import datetime
from enum import StrEnum

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


class MoneyKind(StrEnum):
    """Why money moved on the paybill, in the words of the portal's column Reason Type."""

    PAY_BILL = "Pay Bill Online"
    """A customer paid us, prompted or from their own menu."""

    PAYOUT = "Business Payment to Customer via API"
    """We paid a customer."""

    CHARGE = "Business Payment to Customer Charge"
    """What Safaricom took for that; it has the payout's receipt."""

    BUSINESS = "Business Pay Bill via API"
    """We paid another business, or the tax office."""

    TRANSFER_OUT = "Working Account to Utility Account, out"
    """Our own float moved; the other half of it has the same receipt."""

    TRANSFER_IN = "Working Account to Utility Account, in"
    """The half that arrives."""

    REVERSAL = "Pay Bill Reversal via API"
    """We gave a customer's payment back."""


class AccountName(StrEnum):
    """The two accounts of the paybill that hold money."""

    UTILITY = "Utility Account"
    """What customers pay in, and what payouts are taken from."""

    WORKING = "Working Account"
    """Organisation money; B2B is paid from here."""


class MoneyMoved(msgspec.Struct, frozen=True, tag=True):
    """One line of one account of the paybill. Money that comes by an answered prompt has no event of its own."""

    receipt: str
    at: datetime
    started_at: datetime
    kind: MoneyKind
    account: AccountName
    cents: int
    """More than nothing when it came in, less when it went out."""
    counterparty: str
    """A customer's number in digits, or a shortcode."""
    reference: str = ""
    """The account number a customer typed, or what we wrote for a business."""
    linked: str = ""
    """The receipt of the payment given back."""


class RequestTaken(msgspec.Struct, frozen=True, tag=True):
    """A request whose outcome is told later was taken, and its outcome decided."""

    api: str
    originator_id: str
    """The customer's own number of it, or one of ours."""
    conversation_id: str
    at: datetime
    finished_at: datetime
    """Until then M-Pesa says that it is under way."""
    result_code: str
    party: str = ""
    """Whom it pays or is about."""
    shillings: int = 0
    receipt: str = ""
    """Empty where no money moved."""
    charge_cents: int = 0
    state: str = "Completed"
    """M-Pesa's word for where it ends."""


class UrlsRegistered(msgspec.Struct, frozen=True, tag=True):
    """Where the organisation wants to be told of payments from customers' own menus."""

    version: str
    """`v1` hashes the payer's number, `v2` masks it."""
    response_type: str
    """What becomes of a payment whose validation is not answered: `Completed` or `Cancelled`."""
    confirmation_url: str
    validation_url: str


class PullRegistered(msgspec.Struct, frozen=True, tag=True):
    """Pulling transactions was switched on for this paybill."""

    nominated: str


class OperatorTried(msgspec.Struct, frozen=True, tag=True):
    """The API operator showed a password."""

    is_right: bool


class OperatorUnlocked(msgspec.Struct, frozen=True, tag=True):
    """An administrator of the organisation unlocked the operator."""


class CallbackPlanned(msgspec.Struct, frozen=True, tag=True):
    """A body is to be posted to a URL of the customer's."""

    number: int
    about: str = msgspec.field(name="checkout_id")
    """The prompt, conversation or payment it tells about."""
    url: str
    body: str
    due_at: datetime
    headers: dict[str, str] = {}


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
    | MoneyMoved
    | RequestTaken
    | UrlsRegistered
    | PullRegistered
    | OperatorTried
    | OperatorUnlocked
    | CallbackPlanned
    | CallbackSent
    | MessageStored
    | DialsSet
)
