"""What does Daraja tell us in an stkCallback? Read here; who is allowed to tell is the route's business.

Wire format: Daraja 3.0 portal, page M-Pesa Express Simulate; captured callbacks add the item without a value.
"""

import json
import re

from core.money import Money
from core.payments.ports import Enquiry, Outcome
from integrations.daraja.codes import meaning_of
from integrations.daraja.figures import amount_in
from integrations.reading import UnreadableBodyError, code, field, listed, read_object, words
from integrations.redaction import redacted_text, redacted_value

_HANDLE = re.compile(r"[\x21-\x7e]{1,100}", re.ASCII)
# Receipts are ten letters and digits today. That is a habit, not a promise, so only their kind is checked.
_RECEIPT = re.compile(r"[A-Za-z0-9]{1,40}", re.ASCII)
_LONGEST_STORED = 4_000


class MalformedCallbackError(ValueError):
    """The body is no stkCallback; `field` names what is missing or wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(f"stkCallback: {field} is missing or wrong")
        self.field = field


def read_stk_callback(body: bytes) -> Enquiry:
    """What the callback says. A payment's amount and receipt are always there when its outcome is PAID.

    Items are found by name, in any order. Raises MalformedCallbackError.
    """
    try:
        callback = field(field(read_object(body), "Body"), "stkCallback")
    except UnreadableBodyError as error:
        raise MalformedCallbackError("body") from error
    if callback is None:
        raise MalformedCallbackError("Body.stkCallback")
    result_code = code(field(callback, "ResultCode"))
    if not result_code:
        raise MalformedCallbackError("ResultCode")
    meaning = meaning_of(result_code)
    paid = meaning.outcome is Outcome.PAID
    items = _items(callback) if paid else {}
    return Enquiry(
        meaning.outcome,
        result_code,
        words(field(callback, "ResultDesc")),
        reason=meaning.reason,
        receipt=_receipt(items.get("mpesareceiptnumber")) if paid else None,
        amount=_amount(items.get("amount")) if paid else None,
        provider_request_id=_handle(field(callback, "CheckoutRequestID")),
    )


def redacted(body: bytes) -> str:
    """The body as it may be stored and shown to staff: no whole phone number, no secret, printable, bounded."""
    try:
        text = json.dumps(redacted_value(read_object(body)), default=str)
    except UnreadableBodyError:
        text = redacted_text(body[:_LONGEST_STORED].decode("utf-8", "replace"))
    return text[:_LONGEST_STORED]


def _items(callback: object) -> dict[str, object]:
    """Name -> value, names in lower case; an item may come without a value."""
    items = listed(field(field(callback, "CallbackMetadata"), "Item"))
    return {str(field(item, "Name")).lower(): field(item, "Value") for item in items}


def _handle(value: object) -> str:
    if isinstance(value, str) and _HANDLE.fullmatch(value):
        return value
    raise MalformedCallbackError("CheckoutRequestID")


def _receipt(value: object) -> str:
    if isinstance(value, str) and _RECEIPT.fullmatch(value.strip()):
        return value.strip().upper()
    raise MalformedCallbackError("MpesaReceiptNumber")


def _amount(value: object) -> Money:
    """Exact shillings and cents, more than nothing."""
    amount = amount_in(value)
    if not amount:
        raise MalformedCallbackError("Amount")
    return amount
