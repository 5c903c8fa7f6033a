"""How do the providers number things? The shapes of their ids, made from counters so that a run can be repeated."""

import hashlib
from datetime import datetime

from core.clock import NAIROBI

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SERIAL_LENGTH = 7
# Has no factor in common with 36, so that numbers look shuffled and none comes twice.
_STRIDE = 48_271_000_001
_LETTER_A = ord("A")
# The letter S stands for 2024.
_YEAR_OF_LETTER_A = 2006


def checkout_id(phone: str, number: int, at: datetime) -> str:
    """`ws_CO_`, Kenyan time, a few digits, and the last nine digits of the payer's number.

    >>> from datetime import UTC
    >>> checkout_id("254711000001", 7, datetime(2026, 11, 20, 7, 15, 31, tzinfo=UTC))
    'ws_CO_20112026101531007711000001'
    """
    return f"ws_CO_{at.astimezone(NAIROBI):%d%m%Y%H%M%S}{number % 1000:03}{phone[-9:]}"


def request_id(kind: str, number: int) -> str:
    """Groups of hex digits and a tail, such as `2f6b-4e1d-8a33-9b7cc5d0e41a204417`."""
    word = _word(kind, number)
    return f"{word[:4]}-{word[4:8]}-{word[8:12]}-{word[12:30]}"


def conversation_id(number: int, at: datetime) -> str:
    """`AG_`, the day, and twenty hex digits.

    >>> from datetime import UTC
    >>> conversation_id(1, datetime(2026, 11, 20, 7, 15, 31, tzinfo=UTC))
    'AG_20261120_d94abeb14b610442f48b'
    """
    return f"AG_{at.astimezone(NAIROBI):%Y%m%d}_{_word('conversation', number)[:20]}"


def message_id(number: int) -> str:
    """As Africa's Talking writes it."""
    return f"ATXid_{_word('message', number)}"


def token(number: int) -> str:
    """28 letters and digits."""
    return _word("token", number)[:28]


def _word(kind: str, number: int) -> str:
    return hashlib.blake2b(f"{kind}:{number}".encode(), digest_size=16).hexdigest()


def receipt(number: int, at: datetime) -> str:
    """Ten capitals and digits, the first three for year, month and day.

    >>> from datetime import UTC
    >>> receipt(1, datetime(2026, 11, 20, 7, 15, 31, tzinfo=UTC))
    'UKKM6BB1Z5'
    """
    day = at.astimezone(NAIROBI)
    year = chr(_LETTER_A + (day.year - _YEAR_OF_LETTER_A) % 26)
    month = chr(_LETTER_A + day.month - 1)
    return year + month + _DIGITS[day.day] + _serial(number)


def _serial(number: int) -> str:
    left = number * _STRIDE % 36**_SERIAL_LENGTH
    characters = []
    for _ in range(_SERIAL_LENGTH):
        left, digit = divmod(left, 36)
        characters.append(_DIGITS[digit])
    return "".join(reversed(characters))
