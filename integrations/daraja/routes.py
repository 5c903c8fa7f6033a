"""Where does Safaricom call us? Keep the word first, act on it, always answer that we have it.

Needs PostgreSQL alone. When the settling fails after the word was kept, the workers' sweep settles it.
"""

import re
from collections.abc import Callable

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core import settlement
from core.clock import Clock
from core.db.engine import Database
from core.errors import DatabaseUnavailable, UnknownPayment
from core.ids import Ids
from core.payments import service as payments
from core.payments import store
from core.payments.model import FactSource
from core.payments.ports import Enquiry
from integrations.daraja.callbacks import MalformedCallbackError, read_stk_callback
from integrations.reading import BODY_BYTES_MAX

_log = structlog.get_logger(__name__)

_PAYMENT_ID = re.compile(r"\w{1,40}", re.ASCII)


class StkCallbacks:
    """POST /payments/daraja/stk and /payments/daraja/stk/{payment_id}."""

    def __init__(self, *, database: Database, clock: Clock, ids: Ids, count: Callable[[str], None]) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._count = count

    async def receive(self, request: Request) -> Response:
        """200 once the word is kept; 400 naming the field for what is no callback; 503 without a database."""
        try:
            heard = read_stk_callback(await _body(request))
        except MalformedCallbackError as error:
            self._count("malformed")
            _log.warning("callback refused", field=error.field)
            return _problem(400, f"{error.field} is missing or wrong")
        try:
            payment_id = await self._payment_of(request, heard)
            is_new = await payments.hear(
                self._database, self._clock, payment_id=payment_id, source=FactSource.CALLBACK, heard=heard
            )
        except DatabaseUnavailable:
            self._count("database down")
            _log.exception("callback not kept: an enquiry will find the payment")
            return _problem(503, "try again")
        self._count(await self._settle(payment_id, is_new=is_new))
        return JSONResponse({"ResultCode": 0, "ResultDesc": "Success"})

    async def _payment_of(self, request: Request, heard: Enquiry) -> str:
        """By the path; without an id in it, by the provider's handle; empty for nobody's."""
        named = str(request.path_params.get("payment_id", ""))
        if _PAYMENT_ID.fullmatch(named):
            return named
        if not heard.provider_request_id:
            return ""
        async with self._database.reading() as session:
            return await store.by_provider_request(session, heard.provider_request_id) or ""

    async def _settle(self, payment_id: str, *, is_new: bool) -> str:
        try:
            await settlement.settle(self._database, self._clock, self._ids, payment_id=payment_id)
        except UnknownPayment:
            _log.warning("callback fits no payment", payment=payment_id)
            return "unknown"
        except Exception:  # noqa: BLE001 (the word is kept and must be acknowledged; the sweep settles it)
            _log.exception("callback kept but not settled", payment=payment_id)
            return "kept"
        return "settled" if is_new else "repeat"


async def _body(request: Request) -> bytes:
    """The whole body. Raises MalformedCallbackError for one that breaks off, and past what Safaricom sends."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > BODY_BYTES_MAX:
                raise MalformedCallbackError("body")
    except ClientDisconnect as error:
        raise MalformedCallbackError("body") from error
    return body


def _problem(status: int, detail: str) -> Response:
    body = {"type": "about:blank", "title": "Callback not taken", "status": status, "detail": detail}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")
