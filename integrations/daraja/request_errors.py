"""What does an error answered to our own request say about that request? One table; code and words decide together.

What is in no row has an unknown effect. Sources as in `codes.py`, and the issues named at their rows.
"""

from dataclasses import dataclass

from core.payments.ports import SendVerdict
from integrations.daraja.codes import Api, Reason

INVALID_TOKEN_CODES = frozenset({"404.001.03", "401.002.01", "401.003.01", "400.003.01"})
"""One complaint, written differently by each product."""


@dataclass(frozen=True, slots=True)
class RequestError:
    """A synchronous error: its code, a piece of its message in lower case, and what follows from both."""

    code: str
    message: str
    verdict: SendVerdict
    reason: Reason
    api: Api | None = None
    """None where it means the same everywhere."""


REQUEST_ERRORS: tuple[RequestError, ...] = (
    RequestError("400.002.02", "", SendVerdict.REFUSED, Reason.INVALID_REQUEST),
    RequestError("400.002.01", "", SendVerdict.REFUSED, Reason.INVALID_REQUEST),
    RequestError("404.001.01", "", SendVerdict.REFUSED, Reason.CONFIGURATION),
    RequestError("404.001.04", "", SendVerdict.REFUSED, Reason.CONFIGURATION),
    RequestError("405.001", "", SendVerdict.REFUSED, Reason.CONFIGURATION),
    RequestError("500.003.02", "", SendVerdict.BUSY, Reason.BUSY),
    RequestError("500.003.03", "", SendVerdict.BUSY, Reason.BUSY),
    # `500.001.1001` alone means nothing.
    RequestError("500.001.1001", "merchant does not exist", SendVerdict.REFUSED, Reason.CONFIGURATION),
    RequestError("500.001.1001", "wrong credentials", SendVerdict.REFUSED, Reason.CONFIGURATION),
    RequestError("500.001.1001", "unable to lock subscriber", SendVerdict.BUSY, Reason.BUSY, Api.EXPRESS),
    # With "System internal error." the same code leaves open what was done (`gathuku/laravel_mpesa` issue 21).
    RequestError(
        "500.002.1001", "duplicate originatorconversationid", SendVerdict.ACCEPTED, Reason.DUPLICATE
    ),
    RequestError(
        "500.003.1001", "urls are already registered", SendVerdict.ACCEPTED, Reason.DUPLICATE, Api.C2B
    ),
    RequestError(
        "500.003.1001", "duplicate notification info", SendVerdict.REFUSED, Reason.CONFIGURATION, Api.C2B
    ),
)


def request_error(code: str, message: str, api: Api) -> tuple[SendVerdict, Reason]:
    """What this error says about the request; UNKNOWN for what is in no row."""
    lowered = message.lower()
    for known in REQUEST_ERRORS:
        if known.code == code and known.message in lowered and known.api in {None, api}:
            return known.verdict, known.reason
    return SendVerdict.UNKNOWN, Reason.UNKNOWN
