"""What does Daraja tell us of a payment to the paybill? Validation and confirmation have one shape; read here.

Wire format: Daraja 3.0 portal, page Customer To Business: version 1 hashes the payer's number, version 2 masks it.
"""

import re
from datetime import datetime

from core.errors import InvalidPhone
from core.money import Money
from core.payments.receipt import PaybillReceipt, phone_hash
from core.phone import Msisdn
from integrations.daraja.callbacks import MalformedCallbackError
from integrations.daraja.figures import amount_in, moment_in
from integrations.reading import UnreadableBodyError, code, field, read_object, words

_RECEIPT = re.compile(r"[A-Za-z0-9]{1,40}", re.ASCII)
_HASH = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_ENDING = re.compile(r"\d{3}$", re.ASCII)
_LONGEST_REFERENCE = 40
_LONGEST_NAME = 60


def read_paybill_call(body: bytes, *, shortcode: str, now: datetime) -> PaybillReceipt:
    """What the call says. A moment that can't be read, or is still to come, is now.

    Raises MalformedCallbackError, also for another paybill than `shortcode`.
    """
    try:
        call = read_object(body)
    except UnreadableBodyError as error:
        raise MalformedCallbackError("body") from error
    receipt = field(call, "TransID")
    if not isinstance(receipt, str) or not _RECEIPT.fullmatch(receipt.strip()):
        raise MalformedCallbackError("TransID")
    if code(field(call, "BusinessShortCode")) != shortcode:
        raise MalformedCallbackError("BusinessShortCode")
    payer_hash, payer_ending = _payer(field(call, "MSISDN"))
    return PaybillReceipt(
        receipt=receipt.strip().upper(),
        amount=_amount(field(call, "TransAmount")),
        reference=_reference(field(call, "BillRefNumber")),
        paid_at=_moment(field(call, "TransTime"), now),
        payer_name=_name(call),
        payer_hash=payer_hash,
        payer_ending=payer_ending,
    )


def _amount(value: object) -> Money:
    """Exact shillings and cents, more than nothing; Daraja writes them as text, others as a number."""
    amount = amount_in(value)
    if not amount:
        raise MalformedCallbackError("TransAmount")
    return amount


def _reference(value: object) -> str:
    """As it was typed; somebody who types nothing has still paid."""
    return words(str(value) if isinstance(value, str | int) else "", _LONGEST_REFERENCE)


def _moment(value: object, now: datetime) -> datetime:
    """When it was paid; a moment that can't be read, or is still to come, is now."""
    return min(moment_in(value) or now, now)


def _payer(value: object) -> tuple[str, str]:
    """The hash of the payer's number and its last digits, as far as they are told."""
    text = str(value).strip() if isinstance(value, str | int) else ""
    if _HASH.fullmatch(text):
        return text.lower(), ""
    try:
        phone = Msisdn.parse(f"+{text}" if text.startswith("254") else text)
    except InvalidPhone:
        ending = _ENDING.search(text)
        return "", ending[0] if ending else ""
    return phone_hash(phone), phone.digits[-3:]


def _name(call: object) -> str:
    names = (words(field(call, each)).strip() for each in ("FirstName", "MiddleName", "LastName"))
    return " ".join(name for name in names if name)[:_LONGEST_NAME]
