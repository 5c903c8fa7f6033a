"""What of an exchange with a provider may be written down? All but secrets, and phone numbers only in part."""

import re
from collections.abc import Mapping

# Compared in lower case. Daraja, Africa's Talking and OAuth spell these in several ways.
_SECRET_FIELDS = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "authorization",
        "consumer_key",
        "consumer_secret",
        "initiatorpassword",
        "passkey",
        "password",
        "pin",
        "securitycredential",
    }
)
_HIDDEN = "***"
_PHONE = re.compile(r"(?<!\d)(\+?254\d|0[17])\d{5,}?(\d{3})(?!\d)", re.ASCII)
# A CheckoutRequestID ends in the last nine digits of the payer's number.
_CHECKOUT = re.compile(r"(ws_CO_\d{14})\d+(\d{3})", re.ASCII)
# Daraja's 401.002.01 echoes the token it refuses.
_TOKEN = re.compile(r"\b[A-Za-z0-9]{24,}\b", re.ASCII)
_LONGEST_NUMBER = 15
_DEEPEST = 20


def redacted_text(text: str) -> str:
    """The text with phone numbers, CheckoutRequestIDs and tokens masked, on one line.

    >>> redacted_text("Invalid PhoneNumber 254711000001 in ws_CO_201120261015311711000001")
    'Invalid PhoneNumber 2547***001 in ws_CO_20112026101531***001'
    """
    line = "".join(character if character.isprintable() else "?" for character in text)
    return _TOKEN.sub(_HIDDEN, _PHONE.sub(r"\1***\2", _CHECKOUT.sub(r"\1***\2", line)))


def redacted_value(value: object, depth: int = 0) -> object:
    """The same for a JSON value; whatever stands under a secret's name is hidden altogether."""
    if depth > _DEEPEST:
        return _HIDDEN
    match value:
        case str():
            return redacted_text(value)
        case Mapping():
            return {
                redacted_text(str(name)): _redacted_field(str(name), held, depth)
                for name, held in value.items()
            }
        case list():
            return [redacted_value(held, depth + 1) for held in value]
        case int() if value.bit_length() <= 4 * _LONGEST_NUMBER:
            masked = redacted_text(str(value))
            return value if masked == str(value) else masked
        case _:
            return value


def _redacted_field(name: str, value: object, depth: int) -> object:
    return _HIDDEN if name.lower() in _SECRET_FIELDS else redacted_value(value, depth + 1)
