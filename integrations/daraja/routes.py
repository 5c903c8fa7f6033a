"""Where does Safaricom tell us what became of a prompt? The word is kept and answered; a worker acts on it."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from core.payments.callback_store import CallbackKind
from integrations.daraja.callbacks import MalformedCallbackError, read_stk_callback
from integrations.daraja.calls import CallDesk, whole_body


class StkCallbacks:
    """POST /payments/daraja/stk and /payments/daraja/stk/{payment_id}."""

    def __init__(self, desk: CallDesk) -> None:
        self._desk = desk

    async def receive(self, request: Request) -> Response:
        """200 once the word is kept; 400 naming the field for what is no callback; 503 without a database.

        A word that is lost by a 400 or a 503 is found out by an enquiry.
        """
        try:
            body = await whole_body(request)
            heard = read_stk_callback(body)
        except MalformedCallbackError as error:
            return await self._desk.refuse(request, CallbackKind.PROMPT, error)
        return await self._desk.keep(request, CallbackKind.PROMPT, body, msgspec.json.encode(heard))
