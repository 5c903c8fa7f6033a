"""Where does Safaricom ask about payments to the paybill, and tell of them? Validation and confirmation.

Whatever is confirmed has been paid: what can't be read is refused and yet kept for a person, as it may be money.
"""

import asyncio
from enum import StrEnum
from typing import Final

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.errors import Trouble
from core.payments.callback_store import CallbackKind, CallbackState
from core.payments.receipt import PaybillReceipt
from core.receiving.service import Matching, is_understood
from integrations.daraja.c2b_calls import read_paybill_call
from integrations.daraja.callbacks import MalformedCallbackError
from integrations.daraja.calls import CallDesk, whole_body
from integrations.reading import UnreadableBodyError, read_object

_log = structlog.get_logger(__name__)


class Validation(StrEnum):
    """Which payments the paybill takes, where Safaricom asks before the money moves."""

    ANY = "any"
    """All of them; what can't be matched waits in suspense."""

    KNOWN = "known"
    """Those whose account number we understand."""


ANSWER_SECONDS: Final = 2.0
"""Safaricom waits about eight seconds; a payer who waits so long hears that it failed."""

_ACCEPTED: Final = {"ResultCode": "0", "ResultDesc": "Accepted"}
_WRONG_ACCOUNT: Final = "C2B00012"
_OTHER_FAULT: Final = "C2B00016"
_FAULTS: Final = {"TransAmount": "C2B00013", "BusinessShortCode": "C2B00015"}


class PaybillCalls:
    """POST /payments/daraja/c2b/validation and /confirmation, each with or without a payment id at its end."""

    def __init__(self, desk: CallDesk, *, shortcode: str, matching: Matching, validation: Validation) -> None:
        self._desk = desk
        self._shortcode = shortcode
        self._matching = matching
        self._validation = validation

    async def confirm(self, request: Request) -> Response:
        """200 once it is kept; 400 naming the field for what is no confirmation; 503 without a database."""
        body = b""
        try:
            body = await whole_body(request)
            receipt = self._read(body)
        except MalformedCallbackError as error:
            await self._park(request, body, error)
            return await self._desk.refuse(request, CallbackKind.PAYBILL, error)
        return await self._desk.keep(request, CallbackKind.PAYBILL, body, msgspec.json.encode(receipt))

    async def _park(self, request: Request, body: bytes, wrong: MalformedCallbackError) -> None:
        try:
            read_object(body)
        except UnreadableBodyError:
            return
        await self._desk.keep(
            request,
            CallbackKind.PAYBILL,
            body,
            b"",
            state=CallbackState.PARKED,
            why=f"{wrong.field} is missing or wrong",
        )

    async def validate(self, request: Request) -> Response:
        """Whether the payer may pay so. In doubt and in trouble they may: money that comes finds its place."""
        try:
            receipt = self._read(await whole_body(request))
        except MalformedCallbackError as error:
            self._desk.count("validation refused")
            return _rejected(_FAULTS.get(error.field, _OTHER_FAULT))
        if self._validation is Validation.ANY or await self._is_understood(receipt):
            self._desk.count("validation accepted")
            return JSONResponse(_ACCEPTED)
        self._desk.count("validation refused")
        return _rejected(_WRONG_ACCOUNT)

    async def _is_understood(self, receipt: PaybillReceipt) -> bool:
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._desk.database.reading() as session:
                return await is_understood(session, receipt, matching=self._matching)
        except (Trouble, TimeoutError):
            _log.warning("validation accepted without a look")
            return True

    def _read(self, body: bytes) -> PaybillReceipt:
        return read_paybill_call(body, shortcode=self._shortcode, now=self._desk.clock.now())


def _rejected(code: str) -> Response:
    return JSONResponse({"ResultCode": code, "ResultDesc": "Rejected"})
