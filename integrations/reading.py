"""How do we read a provider's JSON without trusting it? Tolerant of drifting keys, strict about what we use.

Numbers with a point become Decimal, never float. Keys are found whatever their case, because providers disagree
with themselves about it.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal

BODY_BYTES_MAX = 65_536
"""No provider's body we know of comes near; a longer one is not read."""

_CODE = re.compile(r"[A-Za-z0-9_.]{1,24}", re.ASCII)


class UnreadableBodyError(ValueError):
    """The body is not a JSON object, is too long, or holds numbers nobody can mean."""


def read_object(body: bytes) -> Mapping[str, object]:
    """The JSON object in a body. Raises UnreadableBodyError."""
    if len(body) > BODY_BYTES_MAX:
        raise UnreadableBodyError("too long")
    try:
        value: object = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise UnreadableBodyError("not JSON") from error
    if not isinstance(value, dict):
        raise UnreadableBodyError("not an object")
    return value


def _no_number(word: str) -> Decimal:
    raise ValueError(f"{word} is no number")


def object_or_empty(body: bytes) -> Mapping[str, object]:
    """The JSON object in a body, or an empty one: for answers whose absence of fields says enough."""
    try:
        return read_object(body)
    except UnreadableBodyError:
        return {}


def field(holder: object, name: str) -> object:
    """The value under a key in any case; None where there is no such key, or no object.

    >>> field({"resultcode": 0}, "ResultCode")
    0
    """
    if not isinstance(holder, Mapping):
        return None
    if name in holder:
        return holder[name]
    return next((value for key, value in holder.items() if str(key).lower() == name.lower()), None)


def code(value: object) -> str:
    """A code that comes as a string or as a whole number, as text; empty for anything else.

    >>> code(1032), code("1032"), code("SFC_IC0003"), code(True)
    ('1032', '1032', 'SFC_IC0003', '')
    """
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _CODE.fullmatch(text) else ""


def words(value: object, longest: int = 200) -> str:
    """A provider's sentence, fit to be stored: printable, of bounded length; empty for anything but text."""
    if not isinstance(value, str):
        return ""
    return "".join(character for character in value[:longest] if character.isprintable()).strip()


def listed(value: object) -> list[object]:
    """A list where providers send sometimes a list, sometimes its only element, sometimes nothing."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
