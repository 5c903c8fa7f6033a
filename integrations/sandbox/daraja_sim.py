"""SIM checks on Daraja's side of the wire. Numbers ending in 015 of the magic block were swapped yesterday."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import NAIROBI, Clock
from integrations.sandbox import numbers
from integrations.sandbox.daraja_fields import wrong_field
from integrations.sandbox.daraja_gate import Gate, json_body
from integrations.sandbox.magic import is_just_swapped


class Sims:
    """What the operator knows of SIM cards."""

    def __init__(self, *, gate: Gate, clock: Clock) -> None:
        self._gate = gate
        self._clock = clock

    def routes(self) -> list[Route]:
        return [Route("/imsi/v2/checkATI", self._check, methods=["POST"])]

    async def _check(self, request: Request) -> Response:
        if problem := self._gate.token_problem(request, "sim"):
            return problem
        body = await json_body(request)
        if wrong := wrong_field("sim", body):
            return self._gate.invalid(wrong)
        phone = str(body["customerNumber"])
        yesterday = self._clock.now().astimezone(NAIROBI) - timedelta(days=1)
        swapped = f"{yesterday:%d-%m-%Y %H:%M}" if is_just_swapped(phone) else "01-01-1900 00:00"
        return JSONResponse(
            {
                "requestRefID": numbers.request_id("sim", int(phone[-9:])),
                "responseCode": "200",
                "responseDesc": "Success",
                "lastSwapDate": swapped,
            }
        )
