"""Africa's Talking's side of the wire: the form endpoint that sends SMS.

Shapes are those of the provider's page "Send Bulk SMS" and of recorded live answers: 201 even when some or all
recipients were refused, `None` as a message id, plain text for a wrong key.
"""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl

import smsutil
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.clock import Clock
from core.errors import InvalidPhone
from core.phone import Msisdn
from integrations.sandbox import numbers
from integrations.sandbox.answers import hold_back
from integrations.sandbox.events import MessageStored
from integrations.sandbox.faults import Faults
from integrations.sandbox.magic import message_status
from integrations.sandbox.memory import Memory
from integrations.sandbox.settings import SandboxSettings

_SHARED_SENDER = "AFRICASTKNG"
_CENTS_PER_PART = 80
_QUEUED = 102
_SENT = 101
_INVALID_NUMBER = 403
_REJECTED = 502

_STATUS_NAMES: Mapping[int, str] = MappingProxyType(
    {
        _SENT: "Success",
        _QUEUED: "Success",
        401: "RiskHold",
        402: "InvalidSenderId",
        _INVALID_NUMBER: "InvalidPhoneNumber",
        404: "UnsupportedNumberType",
        405: "InsufficientBalance",
        406: "UserInBlacklist",
        407: "CouldNotRoute",
        409: "DoNotDisturbRejection",
        500: "InternalServerError",
        501: "GatewayError",
        _REJECTED: "RejectedByGateway",
    }
)


class AfricasTalking:
    """One account that sends SMS."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory, faults: Faults, clock: Clock) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._clock = clock

    def routes(self) -> list[Route]:
        """The provider's paths."""
        return [Route("/africastalking/version1/messaging", self._send, methods=["POST"])]

    async def _send(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        if problem := self._problem(request, form):
            return problem
        sender = form.get("from") or _SHARED_SENDER
        if sender != _SHARED_SENDER and sender not in self._settings.africastalking_senders:
            return _answer("InvalidSenderId", [])
        delivered = _SENT if form.get("enqueue") == "0" else _QUEUED
        parts = len(smsutil.split(form["message"]).parts)
        recipients = [
            self._recipient(number.strip(), sender, form["message"], parts, delivered)
            for number in form["to"].split(",")
        ]
        return await self._answer(request, recipients, parts)

    def _problem(self, request: Request, form: Mapping[str, str]) -> Response | None:
        key, username = request.headers.get("apiKey"), form.get("username")
        ours = (self._settings.africastalking_api_key, self._settings.africastalking_username)
        if (key, username) != ours:
            headers = {"WWW-Authenticate": 'Basic realm="api",charset=UTF-8'}
            return PlainTextResponse("The supplied authentication is invalid", 401, headers)
        missing = next((name for name in ("to", "message") if not form.get(name)), None)
        if missing is not None:
            return PlainTextResponse(f"Request is missing required form field '{missing}'", 400)
        return None

    def _recipient(
        self, number: str, sender: str, text: str, parts: int, delivered: int
    ) -> dict[str, object]:
        status = self._status(number) or delivered
        if status != delivered:
            return _line(number, status, cost="0", message_id="None")
        phone = Msisdn.parse(number)
        message_id = numbers.message_id(len(self._memory.messages) + 1)
        self._memory.record(MessageStored(phone.digits, sender, text, self._clock.now()))
        return _line(number, status, cost=_cost(parts), message_id=message_id)

    def _status(self, number: str) -> int | None:
        """Why this number gets nothing; None when it does."""
        try:
            phone = Msisdn.parse(number)
        except InvalidPhone:
            return _INVALID_NUMBER
        if phone.e164 != number:
            return _INVALID_NUMBER
        if self._faults.happens("africastalking.reject"):
            return _REJECTED
        magic = message_status(phone.digits)
        return magic if magic in _STATUS_NAMES else None

    async def _answer(self, request: Request, recipients: list[dict[str, object]], parts: int) -> Response:
        if self._faults.happens("africastalking.error500"):
            return PlainTextResponse("Internal Server Error", 500)
        if self._faults.happens("africastalking.timeout"):
            await hold_back(request, self._settings.hang_seconds)
        taken = sum(line["messageId"] != "None" for line in recipients)
        total = _cost(parts * taken) if taken else "0"
        return _answer(
            f"Sent to {taken}/{len(recipients)} Total Cost: {total} Message parts: {parts}", recipients
        )


def _cost(parts: int) -> str:
    shillings, cents = divmod(parts * _CENTS_PER_PART, 100)
    return f"KES {shillings}.{cents:02}00"


def _line(number: str, status: int, *, cost: str, message_id: str) -> dict[str, object]:
    return {
        "statusCode": status,
        "number": number,
        "status": _STATUS_NAMES[status],
        "cost": cost,
        "messageId": message_id,
    }


def _answer(message: str, recipients: list[dict[str, object]]) -> Response:
    return JSONResponse({"SMSMessageData": {"Message": message, "Recipients": recipients}}, 201)
