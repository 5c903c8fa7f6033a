"""How is a call of Safaricom taken? Kept before anything is done about it, and answered; a worker does the rest.

Needs PostgreSQL alone. A call that says what no honest provider would say is counted as a security event.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from core.audit import security
from core.clock import Clock
from core.db.engine import Database
from core.errors import DatabaseUnavailable
from core.ids import Ids
from core.payments import callback_store
from core.payments.callback_store import Call, CallbackKind, CallbackState
from integrations.daraja.callbacks import MalformedCallbackError, redacted
from integrations.reading import BODY_BYTES_MAX

_log = structlog.get_logger(__name__)

_PAYMENT_ID: Final = re.compile(r"\w{1,40}", re.ASCII)
_FINGERPRINT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class CallDesk:
    """What the routes work with; `count` takes what became of a call, for the metrics."""

    database: Database
    clock: Clock
    ids: Ids
    count: Callable[[str], None]

    async def keep(
        self,
        request: Request,
        kind: CallbackKind,
        body: bytes,
        facts: bytes,
        *,
        state: CallbackState = CallbackState.KEPT,
        why: str = "",
    ) -> Response:
        """200 once the call is kept, for a repeat too; 503 without a database."""
        named = str(request.path_params.get("payment_id", ""))
        named = named if _PAYMENT_ID.fullmatch(named) else ""
        seal = hashlib.blake2b(f"{kind}:{named}:".encode() + body, digest_size=_FINGERPRINT_BYTES)
        call = Call(kind, named, seal.digest(), redacted(body), facts.decode(), _source(request))
        try:
            async with self.database.single_statements() as session:
                is_new = await callback_store.keep(
                    session, self.ids.new("cbk"), call, at=self.clock.now(), state=state, why=why
                )
        except DatabaseUnavailable:
            self.count("database down")
            _log.exception("call not kept", kind=kind)
            return problem(503, "try again")
        self.count("kept" if is_new else "repeat")
        return JSONResponse({"ResultCode": 0, "ResultDesc": "Success"})

    async def refuse(self, request: Request, kind: CallbackKind, wrong: MalformedCallbackError) -> Response:
        """400 naming the field, and one more security event of this source."""
        self.count("malformed")
        _log.warning("call refused", kind=kind, field=wrong.field)
        try:
            async with self.database.single_statements() as session:
                await security.note(
                    session,
                    kind=f"payments.{kind}_call_malformed",
                    source=_source(request),
                    detail=wrong.field,
                    at=self.clock.now(),
                )
        except DatabaseUnavailable:
            _log.warning("security event not kept", kind=kind)
        return problem(400, f"{wrong.field} is missing or wrong")


async def whole_body(request: Request) -> bytes:
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


def problem(status: int, detail: str) -> Response:
    """A refusal as a problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": "Callback not taken", "status": status, "detail": detail}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def _source(request: Request) -> str:
    return request.client.host if request.client else ""
