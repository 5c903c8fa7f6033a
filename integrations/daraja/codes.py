"""What do Daraja's codes mean? Two tables: results of a prompt, and errors answered to our own requests.

Sources: Safaricom's Daraja 3.0 portal pages for M-Pesa Express and its query, and the public collections
`ronnyabuto/daraja-error-codes` and `api-evangelist/mpesa`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.payments.ports import Outcome, SendVerdict


class Reason(StrEnum):
    """Why, in one stable word: for texts, metrics and stored payments. Provider prose is for staff only."""

    PAID = "paid"
    """The money has moved."""

    PROCESSING = "processing"
    """Still with the payer or inside M-Pesa."""

    CANCELLED = "cancelled"
    """The payer said no, or on some phones let the prompt lapse."""

    UNREACHABLE = "unreachable"
    """The prompt did not reach the phone, or nobody answered it."""

    EXPIRED = "expired"
    """M-Pesa gave up before the payer did anything."""

    INSUFFICIENT = "insufficient"
    """The payer's M-Pesa balance is too low."""

    LIMIT = "limit"
    """Outside what M-Pesa lets this payer send at once or in a day."""

    WRONG_PIN = "wrong_pin"
    """The payer's M-Pesa PIN was wrong."""

    PIN_LOCKED = "pin_locked"
    """The payer's M-Pesa PIN is locked; Safaricom's customer care opens it."""

    ACCOUNT_FULL = "account_full"
    """Our own paybill may hold no more: for the treasurer."""

    BUSY = "busy"
    """M-Pesa or the payer's line is in use now; a later try may pass."""

    CONFIGURATION = "configuration"
    """Our own set-up is wrong: for staff."""

    INVALID_REQUEST = "invalid_request"
    """The request itself is not acceptable."""

    ACCESS = "access"
    """No valid access token could be had."""

    PROVIDER_DOWN = "provider_down"
    """The provider could not be reached; nothing was sent."""

    NO_ANSWER = "no_answer"
    """Sent, and no answer came back."""

    UNREADABLE = "unreadable"
    """An answer came that says nothing we can rely on."""

    UNKNOWN = "unknown"
    """A code that is in no table."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a result code says about the payer's money, and why."""

    outcome: Outcome
    reason: Reason


def _not_paid(reason: Reason) -> Meaning:
    return Meaning(Outcome.NOT_PAID, reason)


RESULTS: Mapping[str, Meaning] = MappingProxyType(
    {
        "0": Meaning(Outcome.PAID, Reason.PAID),
        "1": _not_paid(Reason.INSUFFICIENT),
        "2": _not_paid(Reason.LIMIT),
        "3": _not_paid(Reason.LIMIT),
        "4": _not_paid(Reason.LIMIT),
        "8": _not_paid(Reason.ACCOUNT_FULL),
        # Sources disagree on 17 (same amount within two minutes, or an internal failure); none lets money move.
        "17": _not_paid(Reason.BUSY),
        "26": _not_paid(Reason.BUSY),
        "1001": _not_paid(Reason.BUSY),
        "1019": _not_paid(Reason.EXPIRED),
        "1025": _not_paid(Reason.UNREACHABLE),
        "1032": _not_paid(Reason.CANCELLED),
        "1037": _not_paid(Reason.UNREACHABLE),
        "2001": _not_paid(Reason.WRONG_PIN),
        "2028": _not_paid(Reason.CONFIGURATION),
        "4999": Meaning(Outcome.PENDING, Reason.PROCESSING),
        "8006": _not_paid(Reason.PIN_LOCKED),
        "9999": _not_paid(Reason.UNREACHABLE),
        "E3008": _not_paid(Reason.CONFIGURATION),
        "SFC_IC0003": _not_paid(Reason.CONFIGURATION),
    }
)

UNKNOWN_RESULT = Meaning(Outcome.PENDING, Reason.UNKNOWN)
"""A code in no table: nobody may take it for paid or for not paid. The payment stays open, is asked about again
and is left to the statement; a member's screen says that it is not confirmed."""


def meaning_of(result_code: str) -> Meaning:
    """What a result code of a callback or a query means."""
    return RESULTS.get(result_code, UNKNOWN_RESULT)


@dataclass(frozen=True, slots=True)
class PushError:
    """A synchronous error to a push: its code, a piece of its message in lower case, and what follows from both."""

    code: str
    message: str
    verdict: SendVerdict
    reason: Reason


# `500.001.1001` alone means nothing, so the message decides. What is not listed has an unknown effect,
# 500.003.1001 "Internal Server Error" above all.
PUSH_ERRORS: tuple[PushError, ...] = (
    PushError("400.002.02", "", SendVerdict.REFUSED, Reason.INVALID_REQUEST),
    PushError("400.002.01", "", SendVerdict.REFUSED, Reason.INVALID_REQUEST),
    PushError("404.001.01", "", SendVerdict.REFUSED, Reason.CONFIGURATION),
    PushError("404.001.04", "", SendVerdict.REFUSED, Reason.CONFIGURATION),
    PushError("405.001", "", SendVerdict.REFUSED, Reason.CONFIGURATION),
    PushError("500.001.1001", "merchant does not exist", SendVerdict.REFUSED, Reason.CONFIGURATION),
    PushError("500.001.1001", "wrong credentials", SendVerdict.REFUSED, Reason.CONFIGURATION),
    PushError("500.001.1001", "unable to lock subscriber", SendVerdict.BUSY, Reason.BUSY),
    PushError("500.003.02", "", SendVerdict.BUSY, Reason.BUSY),
    PushError("500.003.03", "", SendVerdict.BUSY, Reason.BUSY),
)

INVALID_TOKEN_CODES = frozenset({"404.001.03", "401.002.01", "401.003.01", "400.003.01"})
"""One complaint, written differently by each product."""


def push_error(code: str, message: str) -> tuple[SendVerdict, Reason]:
    """What an error answered to a push says about the prompt; UNKNOWN for what is in no table."""
    lowered = message.lower()
    for known in PUSH_ERRORS:
        if known.code == code and known.message in lowered:
            return known.verdict, known.reason
    return SendVerdict.UNKNOWN, Reason.UNKNOWN
