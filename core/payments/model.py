"""What is a payment? An intent with an identity of its own, and what providers told us of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.money import Money
from core.phone import Msisdn


class Purpose(StrEnum):
    """What a payment is for; `core.settlement` says what happens when it is confirmed."""

    LOAN_REPAYMENT = "loan_repayment"
    """Pays a loan; the subject is the loan's id."""

    SAVINGS = "savings"
    """Goes into a savings account of any product; the subject is the account's id."""

    SHARES = "shares"
    """Buys whole shares; the subject is the id of the member's share account."""

    FEE = "fee"
    """Pays a fee; the subject is a `FeeKind`."""


class FeeKind(StrEnum):
    """What a member pays the society for, apart from loans and accounts, which charge their own fees."""

    REGISTRATION = "registration"
    """Once, on joining."""

    STATEMENT = "statement"
    """A printed statement."""

    CARD = "card"
    """A member's card, or a new one for one that was lost."""

    OTHER = "other"
    """Whatever else the counter asks a fee for."""


class PaymentState(StrEnum):
    """How far a payment has come; `lifecycle.py` holds the allowed moves."""

    REQUESTED = "requested"
    """Saved, not yet sent to the provider."""

    SUBMITTING = "submitting"
    """Saved as about to be sent: from here on it is never sent again."""

    SUBMITTED = "submitted"
    """The provider took it; the payer decides."""

    CONFIRMED = "confirmed"
    """The payer's money has come and is posted."""

    FAILED = "failed"
    """No money moved, as far as the provider says."""

    UNKNOWN = "unknown"
    """Sent, and nobody has said what became of it; a query, a callback or the statement decides."""


class FactSource(StrEnum):
    """Where we heard what became of a payment."""

    CALLBACK = "callback"
    """The provider called us."""

    ENQUIRY = "enquiry"
    """We asked the provider."""

    PAYBILL = "paybill"
    """The paybill confirmed a receipt that names our own prompt's account reference."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money on its way in. `amount` is what the payer owes by it, `collected` what is asked of the phone."""

    payment_id: str
    member_id: str
    purpose: Purpose
    subject: str
    phone: Msisdn
    amount: Money
    collected: Money
    """The amount rounded up to whole shillings, because M-Pesa moves no cents."""
    account_reference: str
    state: PaymentState
    provider_request_id: str | None
    receipt: str | None
    reason: str
    enquiries: int
    requested_at: datetime
    sent_at: datetime | None


def account_reference(payment_id: str) -> str:
    """What the payer sees as account number: unique per payment, at most 12 characters (Daraja's limit).

    The last 12 of the id's 16 random characters, so 60 bits; the table's constraint refuses the rest.
    """
    return payment_id[-12:].upper()
