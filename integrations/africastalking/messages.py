"""How does a text reach a phone? Africa's Talking, the form endpoint that live and sandbox both serve.

There is no idempotency key: what may have been taken is never sent again. Status codes are those of the provider's
page "Send Bulk SMS"; recorded answers are in the tests of the public `SamuelMwangiW/africastalking-laravel`.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

import httpx

from core.notices.ports import Delivery, Messenger, SendReply
from core.phone import Msisdn
from integrations.africastalking.settings import AfricasTalkingSettings
from integrations.http import Answer, ExchangeRecorder, NoAnswer, NotSent, ProviderClient, Result
from integrations.reading import code, field, listed, object_or_empty, words

SEND_PATH = "/version1/messaging"

SECONDS = 30.0
"""The longest one send may take in all."""

STATUS_CODES: Mapping[str, tuple[Delivery, str]] = MappingProxyType(
    {
        "100": (Delivery.ACCEPTED, ""),
        "101": (Delivery.ACCEPTED, ""),
        "102": (Delivery.ACCEPTED, ""),
        "401": (Delivery.REFUSED, "account_held"),
        "402": (Delivery.REFUSED, "configuration"),
        "403": (Delivery.REFUSED, "invalid_number"),
        "404": (Delivery.REFUSED, "unsupported_number"),
        "405": (Delivery.BUSY, "no_credit"),
        "406": (Delivery.REFUSED, "opted_out"),
        "407": (Delivery.BUSY, "no_route"),
        "409": (Delivery.REFUSED, "do_not_disturb"),
        "500": (Delivery.BUSY, "provider_error"),
        "501": (Delivery.BUSY, "provider_error"),
        "502": (Delivery.BUSY, "provider_error"),
    }
)
"""A recipient's statusCode -> what follows, and why in one stable word. Others leave the delivery unknown."""

_UNREADABLE = (Delivery.UNKNOWN, "unreadable")

# Answers to the request as a whole. A server error is in no row: the message may have been taken.
_STATUSES: Mapping[int, SendReply] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: SendReply(Delivery.REFUSED, reason="invalid_request"),
        HTTPStatus.UNAUTHORIZED: SendReply(Delivery.REFUSED, reason="configuration"),
        HTTPStatus.FORBIDDEN: SendReply(Delivery.REFUSED, reason="configuration"),
        HTTPStatus.NOT_FOUND: SendReply(Delivery.REFUSED, reason="configuration"),
        HTTPStatus.METHOD_NOT_ALLOWED: SendReply(Delivery.REFUSED, reason="configuration"),
        HTTPStatus.TOO_MANY_REQUESTS: SendReply(Delivery.BUSY, reason="throttled"),
    }
)


class AfricasTalkingMessenger(Messenger):
    """Sends SMS from one account; `http` is closed by whoever made it."""

    def __init__(
        self, settings: AfricasTalkingSettings, *, http: httpx.AsyncClient, recorder: ExchangeRecorder
    ) -> None:
        self._settings = settings
        self._client = ProviderClient(
            provider="africastalking",
            base_url=settings.base_url,
            http=http,
            recorder=recorder,
            error_in=_error_in,
        )

    async def send(self, phone: Msisdn, text: str) -> SendReply:
        form = {
            "username": self._settings.username,
            "to": phone.e164,
            "message": text,
            "bulkSMSMode": "1",
            "enqueue": "1",
        }
        if self._settings.sender:
            form["from"] = self._settings.sender
        headers = {"apiKey": self._settings.api_key, "Accept": "application/json"}
        request = self._client.build("POST", SEND_PATH, headers=headers, form=form)
        return _reply(await self._client.send(request, seconds=SECONDS), phone)


def _reply(result: Result, phone: Msisdn) -> SendReply:
    match result:
        case NotSent():
            return SendReply(Delivery.BUSY, reason="provider_down")
        case NoAnswer():
            return SendReply(Delivery.UNKNOWN, reason="no_answer")
        case Answer(status=HTTPStatus.OK | HTTPStatus.CREATED):
            return _per_recipient(result, phone)
    return _STATUSES.get(result.status, SendReply(Delivery.UNKNOWN, reason="provider_error"))


def _per_recipient(answer: Answer, phone: Msisdn) -> SendReply:
    recipients = _recipients(answer)
    if recipients is None:
        return SendReply(Delivery.UNKNOWN, reason="unreadable")
    if not recipients:
        # A bad sender id is answered so: 201, nobody in the list, nothing sent.
        return SendReply(Delivery.REFUSED, reason="configuration")
    ours = next((line for line in recipients if field(line, "number") == phone.e164), None)
    delivery, reason = STATUS_CODES.get(code(field(ours, "statusCode")), _UNREADABLE)
    message_id = words(field(ours, "messageId"))
    return SendReply(
        delivery,
        provider_message_id=message_id if message_id not in {"", "None"} else None,
        reason=reason,
        cost=words(field(ours, "cost")),
    )


def _recipients(answer: Answer) -> list[object] | None:
    """One line per number; None where the answer has no such list."""
    recipients = field(field(object_or_empty(answer.body), "SMSMessageData"), "Recipients")
    return None if recipients is None else listed(recipients)


def _error_in(answer: Answer) -> str:
    """For the record: the lines that were not accepted, or the words of an answer that isn't JSON."""
    recipients = _recipients(answer)
    if recipients is None:
        return words(answer.body[:200].decode("utf-8", "replace"))
    if not recipients:
        return words(field(field(object_or_empty(answer.body), "SMSMessageData"), "Message"))
    codes = (code(field(line, "statusCode")) for line in recipients)
    return " ".join(each for each in codes if STATUS_CODES.get(each, _UNREADABLE)[0] is not Delivery.ACCEPTED)
