"""Dynamic QR on Daraja's side of the wire: a picture, at once."""

import base64
import io

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import Clock
from integrations.sandbox import numbers
from integrations.sandbox.daraja_fields import wrong_field
from integrations.sandbox.daraja_gate import Gate, json_body


class Codes:
    """Pictures of payments to the paybill."""

    def __init__(self, *, gate: Gate, clock: Clock) -> None:
        self._gate = gate
        self._clock = clock
        self._made = 0

    def routes(self) -> list[Route]:
        return [Route("/mpesa/qrcode/v1/generate", self._generate, methods=["POST"])]

    async def _generate(self, request: Request) -> Response:
        if problem := self._gate.token_problem(request, "qr") or self._gate.not_taken("qr"):
            return problem
        body = await json_body(request)
        if wrong := wrong_field("qr", body):
            return self._gate.invalid(wrong)
        self._made += 1
        # What stands in Safaricom's codes is not published; here it is what was asked for.
        content = "|".join(str(body[name]) for name in ("TrxCode", "CPI", "RefNo", "Amount", "MerchantName"))
        answer = JSONResponse(
            {
                # No code but a handle, as live.
                "ResponseCode": numbers.conversation_id(self._made, self._clock.now()),
                "RequestID": numbers.request_id("qr", self._made),
                "ResponseDescription": "QR Code Successfully Generated.",
                "QRCode": _picture(content, int(str(body["Size"]))),
            }
        )
        return await self._gate.answered(request, "qr", answer)


def _picture(content: str, pixels: int) -> str:
    code = segno.make(content, micro=False)
    width = code.symbol_size()[0]
    file = io.BytesIO()
    code.save(file, kind="png", scale=max(1, pixels // int(width)))
    return base64.b64encode(file.getvalue()).decode()
