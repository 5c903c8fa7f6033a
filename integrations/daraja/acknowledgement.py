"""What did Daraja say to a request of ours whose outcome comes later? One reading for all of them."""

import re
from collections.abc import Callable
from http import HTTPStatus

import msgspec
import structlog

from core.payments.ports import SendVerdict
from integrations.daraja.client import (
    DarajaClient,
    OperatorNotSetError,
    error_code,
    error_message,
    is_invalid_token,
)
from integrations.daraja.codes import Api, Reason
from integrations.daraja.request_errors import request_error
from integrations.daraja.token import TokenRefusedError
from integrations.daraja.wire import Body
from integrations.http import Answer, NoAnswer, NotSent, Result
from integrations.reading import code, field, object_or_empty, words

_HANDLE = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)

_log = structlog.get_logger(__name__)


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """What we know after asking. ACCEPTED for the reason `duplicate`: Daraja had it already, and has it once."""

    verdict: SendVerdict
    reason: Reason | None = None
    """None where it was simply accepted."""
    conversation_id: str = ""
    """Daraja's handle."""
    originator_conversation_id: str = ""
    """Ours where the request has one, else Daraja's second handle."""
    code: str = ""
    text: str = ""
    """Daraja's own words, for staff."""


async def acknowledged(client: DarajaClient, api: Api, path: str, body: Body) -> Acknowledgement:
    """Send this request once and read what comes back at once; never raises for a fault outside."""
    return await sent(client, api, path, body, _taken)


async def sent(
    client: DarajaClient, api: Api, path: str, body: Body, taken: Callable[[bytes], Acknowledgement]
) -> Acknowledgement:
    """The same where a 200 is read in another way."""
    try:
        result = await client.post(path, body.fields())
    except TokenRefusedError as error:
        _log.error("daraja refuses our key", error=str(error))
        return refused(Reason.CONFIGURATION)
    return _read(result, api, taken)


def refused(reason: Reason, text: str = "") -> Acknowledgement:
    """Nothing was sent, or surely nothing done."""
    return Acknowledgement(verdict=SendVerdict.REFUSED, reason=reason, text=text)


def operator_of(client: DarajaClient) -> tuple[str, str] | None:
    """Who asks, and their credential; None (and a line in the log) where the installation has no API operator."""
    try:
        return client.settings.operator, client.credential()
    except OperatorNotSetError as error:
        _log.error("no request of the API operator can be sent", error=str(error))
        return None


def _read(result: Result, api: Api, taken: Callable[[bytes], Acknowledgement]) -> Acknowledgement:
    match result:
        case NotSent():
            return Acknowledgement(verdict=SendVerdict.BUSY, reason=Reason.PROVIDER_DOWN, text=result.error)
        case NoAnswer():
            return Acknowledgement(verdict=SendVerdict.UNKNOWN, reason=Reason.NO_ANSWER, text=result.error)
        case Answer(status=HTTPStatus.OK):
            return taken(result.body)
        case Answer(status=HTTPStatus.TOO_MANY_REQUESTS):
            return Acknowledgement(verdict=SendVerdict.BUSY, reason=Reason.BUSY)
    said, message = error_code(result), error_message(result)
    if is_invalid_token(result):
        # The client renewed it once already. Nothing was done, and a later try may find a good one.
        return Acknowledgement(verdict=SendVerdict.BUSY, reason=Reason.ACCESS, code=said)
    verdict, reason = request_error(said, message, api)
    return Acknowledgement(verdict=verdict, reason=reason, code=said, text=message)


def _taken(answer: bytes) -> Acknowledgement:
    """A 200 means taken only with ResponseCode 0 and a handle; else we can't know."""
    body = object_or_empty(answer)
    # The register reply misspells its key, and has no second handle.
    originator = _handle(field(body, "OriginatorConversationID")) or _handle(
        field(body, "OriginatorCoversationID")
    )
    conversation = _handle(field(body, "ConversationID"))
    said = code(field(body, "ResponseCode"))
    text = words(field(body, "ResponseDescription"))
    if said == "0" and (conversation or originator):
        verdict, reason = SendVerdict.ACCEPTED, None
    else:
        verdict, reason = SendVerdict.UNKNOWN, Reason.UNKNOWN if said else Reason.UNREADABLE
    return Acknowledgement(
        verdict=verdict,
        reason=reason,
        conversation_id=conversation,
        originator_conversation_id=originator,
        code=said,
        text=text,
    )


def _handle(value: object) -> str:
    return value if isinstance(value, str) and _HANDLE.fullmatch(value) else ""
