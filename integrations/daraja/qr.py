"""What code can a customer's M-Pesa app read to pay us? Dynamic QR, answered at once and safe to ask for again.

Wire format: Daraja 3.0 portal, page Dynamic QR Code.
"""

import asyncio
import base64
import binascii
from collections.abc import Mapping

from core.money import Money
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Api, Reason
from integrations.daraja.figures import whole_shillings
from integrations.daraja.question import Pause, Unanswered, ask
from integrations.daraja.wire import Body
from integrations.reading import field

PATH = "/mpesa/qrcode/v1/generate"

_PAY_BILL = "PB"


class QrBody(Body, frozen=True, kw_only=True):
    """The request as it travels."""

    merchant_name: str
    ref_no: str
    amount: int
    trx_code: str
    cpi: str
    size: str
    """Pixels of a side."""


async def qr_code(
    client: DarajaClient,
    *,
    merchant: str,
    reference: str,
    amount: Money,
    pixels: int = 300,
    pause: Pause = asyncio.sleep,
) -> bytes | Unanswered:
    """The picture (PNG) that pays this amount to our paybill under this reference."""
    shillings = whole_shillings(amount)
    if shillings is None:
        return Unanswered(reason=Reason.INVALID_REQUEST, text="amount")
    body = QrBody(
        merchant_name=merchant,
        ref_no=reference,
        amount=shillings,
        trx_code=_PAY_BILL,
        cpi=client.settings.shortcode,
        size=str(pixels),
    )
    answer = await ask(client, Api.QR, PATH, body, pause=pause)
    return answer if isinstance(answer, Unanswered) else read_qr_code(answer)


def read_qr_code(answer: Mapping[str, object]) -> bytes | Unanswered:
    """The picture in an answer. Its ResponseCode is no code here but a handle, so the picture alone decides."""
    picture = field(answer, "QRCode")
    try:
        decoded = base64.b64decode(str(picture or ""), validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    return decoded or Unanswered(reason=Reason.UNREADABLE)
