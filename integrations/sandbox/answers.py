"""How can an answer go wrong on its way? Held back too long, or torn off in the middle."""

import asyncio
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class TornResponse(Response):
    """Promises more bytes than it sends, then ends: the server breaks the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI's form)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"512")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"Merchant', "more_body": True})


class LostResponse(Response):
    """No answer at all: the server breaks the connection before it says anything."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ends without a word, which every server takes for a broken connection."""


class DrippingResponse(Response):
    """The right answer, one byte at a time, over so many seconds."""

    def __init__(self, answer: Response, seconds: float) -> None:
        super().__init__(answer.body, answer.status_code, media_type=answer.media_type)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI's form)
        whole = bytes(self.body)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for byte in whole:
            await asyncio.sleep(self._seconds / len(whole))
            await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def hold_back(request: Request, seconds: float) -> None:
    """Wait so long, or until the caller has hung up. The request's body must have been read."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            # After the body, the only thing left to hear is that the caller is gone.
            await request.receive()
