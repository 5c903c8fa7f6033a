"""What do all of Daraja's APIs have in common? The token, the form of an error, and how an answer can be spoilt."""

import base64
import binascii
from collections.abc import Mapping
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.clock import Clock
from integrations.sandbox import numbers
from integrations.sandbox.answers import DrippingResponse, LostResponse, TornResponse, hold_back
from integrations.sandbox.events import TokenDropped
from integrations.sandbox.faults import Faults
from integrations.sandbox.memory import Memory
from integrations.sandbox.requests import json_object
from integrations.sandbox.settings import SandboxSettings

# As each product words the same complaint.
_INVALID_TOKEN: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "b2c": (401, "401.002.01"),
        "balance": (401, "401.002.01"),
        "c2b": (400, "400.003.01"),
        "status": (400, "400.003.01"),
    }
)
_INTERNAL_ERROR = MappingProxyType({"b2c": ("500.002.1001", "System internal error.")})


class Gate:
    """Between the wire and the APIs."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory, faults: Faults, clock: Clock) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._clock = clock
        self._errors = 0

    def error(self, status: int, code: str, message: str) -> JSONResponse:
        """An error in Daraja's form."""
        self._errors += 1
        body = {
            "requestId": numbers.request_id("request", self._errors),
            "errorCode": code,
            "errorMessage": message,
        }
        return JSONResponse(body, status)

    def invalid(self, field: str) -> JSONResponse:
        """The complaint about a field."""
        return self.error(400, "400.002.02", f"Bad Request - Invalid {field}")

    def token_problem(self, request: Request, api: str) -> Response | None:
        """The complaint about the token shown; None about a good one."""
        if self._faults.happens("daraja.token.invalid"):
            self._memory.record(TokenDropped())
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            return self.error(404, "404.001.04", "Invalid Authentication Header")
        good = self._memory.token
        if good is not None and shown == good.token and self._clock.now() < good.expires_at:
            return None
        status, code = _INVALID_TOKEN.get(api, (404, "404.001.03"))
        if status == 401:  # noqa: PLR2004 (unauthorised: this one echoes the token)
            return self.error(status, code, f"Error Occurred - Invalid Access Token - {shown}")
        return self.error(status, code, "Invalid Access Token")

    def not_taken(self, api: str) -> Response | None:
        """The answer where the request is not to be taken at all; else None."""
        if self._faults.happens(f"daraja.{api}.spike"):
            return self.error(500, "500.003.02", "Error Occurred: Spike Arrest Violation")
        if self._faults.happens(f"daraja.{api}.lost"):
            return LostResponse()
        return None

    def internal_error(self, api: str) -> JSONResponse:
        """Says nothing about what was done."""
        code, message = _INTERNAL_ERROR.get(api, ("500.003.1001", "Internal Server Error"))
        return self.error(500, code, message)

    async def answered(self, request: Request, api: str, answer: Response) -> Response:
        """The answer, or what becomes of it on its way. The request's body must have been read."""
        if self._faults.happens(f"daraja.{api}.error500"):
            return self.internal_error(api)
        if self._faults.happens(f"daraja.{api}.reset"):
            return TornResponse()
        if self._faults.happens(f"daraja.{api}.timeout"):
            await hold_back(request, self._settings.hang_seconds)
        if self._faults.happens(f"daraja.{api}.drip"):
            return DrippingResponse(answer, self._settings.hang_seconds)
        if self._faults.happens(f"daraja.{api}.garbled"):
            return Response(bytes(answer.body)[:40], media_type="application/json")
        return answer


def decoded(text: str) -> str:
    """What stands in base64; empty for what doesn't."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


async def json_body(request: Request) -> Mapping[str, object]:
    """The body's object; an empty one for another content type, so that its first field is found wrong."""
    body = await json_object(request)
    return body if request.headers.get("Content-Type", "").startswith("application/json") else {}
