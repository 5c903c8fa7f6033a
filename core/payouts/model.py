"""What is a payout? An intent to send a member money, with an identity of its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.money import Money
from core.phone import Msisdn


class PayoutPurpose(StrEnum):
    """What a payout is for; `core.payout_settlement` says what happens when it ends."""

    WITHDRAWAL = "withdrawal"
    """Money out of a savings account; the subject is the account's id."""

    LOAN = "loan"
    """A loan's money; the subject is the loan's id, and the payout's own."""


class PayoutState(StrEnum):
    """How far a payout has come; `lifecycle.py` holds the allowed moves."""

    AWAITING_APPROVAL = "awaiting_approval"
    """The money is held, and somebody of staff must agree first."""

    REQUESTED = "requested"
    """Saved with its hold, not sent; or surely nothing was done with what was sent."""

    SUBMITTING = "submitting"
    """Saved as about to be sent: from here on this attempt is never sent again."""

    SUBMITTED = "submitted"
    """The provider has it and will tell."""

    UNKNOWN = "unknown"
    """Sent, and nobody has said what became of it: a query, a late result, the statement or two of staff decide."""

    SETTLED = "settled"
    """The money is with the member and posted."""

    VOIDED = "voided"
    """It failed for good and what was held is free again."""


class Wait(StrEnum):
    """Why a requested payout is not sent yet, or what a new attempt of an unknown one would wait for."""

    NOTHING = ""
    """It goes out as soon as a worker takes it."""

    FLOAT = "float"
    """The utility float is too small, or nobody has told how large it is."""

    SETUP = "setup"
    """The provider refuses our operator: one more try could lock it, so staff must mend that first."""

    PROVIDER = "provider"
    """The provider could not take it for now."""


class FactSource(StrEnum):
    """Where we heard what became of a payout."""

    REPLY = "reply"
    """The provider's answer to our own request."""

    RESULT = "result"
    """The provider told us the result."""

    TIMEOUT = "timeout"
    """The provider told us that it lay too long in its queue; that says nothing about the money."""

    STATUS = "status"
    """The answer to a question of ours."""

    STAFF = "staff"
    """Two of staff held it against the statement."""


@dataclass(frozen=True, slots=True)
class Payout:
    """Money on its way out. What leaves the account is amount, fee and excise; `amount` reaches the phone."""

    payout_id: str
    member_id: str
    purpose: PayoutPurpose
    subject: str
    phone: Msisdn
    amount: Money
    fee: Money
    excise: Money
    state: PayoutState
    attempt: int
    """Counts from 1; a new one only after the provider's own word that the one before moved no money."""
    waits_for: Wait
    provider_request_id: str | None
    """The provider's handle of the present attempt."""
    receipt: str | None
    reason: str
    incident: str
    """What a person should look at; empty for nothing."""
    enquiries: int
    requested_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None

    @property
    def total(self) -> Money:
        """What it takes from the account."""
        return self.amount + self.fee + self.excise

    @property
    def reference(self) -> str:
        """What the provider knows the present attempt by."""
        return reference(self.payout_id, self.attempt)


def reference(payout_id: str, attempt: int) -> str:
    """The provider refuses a reference that it has had: each attempt has one of its own, known before it is sent.

    >>> reference("wdl_1", 1), reference("wdl_1", 2)
    ('wdl_1', 'wdl_1-2')
    """
    return payout_id if attempt == 1 else f"{payout_id}-{attempt}"


def attempt_of(reference_sent: str) -> tuple[str, int]:
    """The payout and the attempt that a reference names.

    >>> attempt_of("wdl_1"), attempt_of("wdl_1-2")
    (('wdl_1', 1), ('wdl_1', 2))
    """
    payout_id, _, attempt = reference_sent.partition("-")
    return payout_id, int(attempt) if attempt.isdecimal() else 1
