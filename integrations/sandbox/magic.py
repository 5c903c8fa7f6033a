"""Which handsets answer by themselves? Numbers in the block +254 7119x xxxxx only, by their last three digits.

Nobody holds these numbers in the demo, so no member's handset ever answers without them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_BLOCK = re.compile(r"2547119\d{2}(\d{3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Script:
    """How one of these handsets takes a prompt, and what becomes of the callback."""

    result_code: str
    after_seconds: int | None = None
    """None for the sandbox's usual short while."""
    callbacks: int = 1
    callback_delay_seconds: int = 0
    callback_before_answer: bool = False
    query_says_4999: bool = False
    """While open, the query answers 200 with 4999 instead of 500 "being processed"; both are seen live."""
    payout_code: str = "0"
    """The result of a payout to it."""
    payout_waits: bool = False
    """A payout first waits too long in the queue, then succeeds."""
    payout_error: bool = False
    """A payout is answered with "System internal error." and made all the same."""


SCRIPTS: Mapping[str, Script] = MappingProxyType(
    {
        "001": Script("0"),
        "002": Script("1", payout_code="1"),
        "003": Script("1032"),
        "004": Script("1037"),
        "005": Script("2001"),
        "006": Script("0", callbacks=0),
        "007": Script("0", callbacks=2),
        "008": Script("0", callback_before_answer=True),
        "009": Script("0", callback_delay_seconds=120),
        "010": Script("0", after_seconds=60, query_says_4999=True),
        "011": Script("0", payout_waits=True),
        "012": Script("0", payout_error=True),
        "013": Script("0", payout_code="2040"),
        "014": Script("8", payout_code="8"),
    }
)


def script_of(phone: str) -> Script | None:
    """How this phone (digits without plus) answers by itself; None where a person must.

    >>> script_of("254711900003").result_code
    '1032'
    """
    match = _BLOCK.fullmatch(phone)
    return SCRIPTS.get(match[1]) if match else None


def is_just_swapped(phone: str) -> bool:
    """Whether the SIM behind this number changed hands yesterday.

    >>> is_just_swapped("254711900015"), is_just_swapped("254711000015")
    (True, False)
    """
    match = _BLOCK.fullmatch(phone)
    return match is not None and match[1] == "015"


def message_status(phone: str) -> int | None:
    """The statusCode Africa's Talking gives this phone by its last three digits, where they are one of its codes.

    >>> message_status("254711900406"), message_status("254711000001")
    (406, None)
    """
    match = _BLOCK.fullmatch(phone)
    return int(match[1]) if match and match[1][0] in "45" else None
