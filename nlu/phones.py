"""Which mobile numbers stand in a text? Any Kenyan way of writing one, others with a plus; as E.164."""

import re
from collections.abc import Iterator
from typing import Final

from nlu.intents import EntityKind
from nlu.mentions import Mention

_GAP = r"[ .\-\u00a0()]{0,2}"
_KENYAN: Final = re.compile(
    rf"(?<![\w*#+])(?:(?:(?:\+|00)\s?)?254{_GAP}(?:\(?0\)?)?{_GAP}|\(?0)(?P<parted>[17](?:{_GAP}[0-9]){{8}})(?![0-9])"
    r"|(?<![\w*#+.,])(?P<bare>[17][0-9]{8})(?![0-9.,]*[0-9])"
)
# Plan of the Communications Authority of Kenya: 7xx, and the blocks of 1xx that are given out.
_MOBILE: Final = re.compile(r"7[0-9]{8}|1(?:0[0-8]|1[0-9]|2[014]|3[05-9]|4[0-6]|8[0-9])[0-9]{6}")
_ABROAD: Final = re.compile(r"(?<![\w+])\+(?!254)(?P<number>[1-9](?:[ \-]?[0-9]){7,14})(?![0-9])")
_NOT_DIGITS: Final = re.compile(r"[^0-9]+")


def phones(text: str) -> Iterator[Mention]:
    """Every mobile number; digits that only look like one are left out.

    >>> [phone.readings for phone in phones("tuma kwa 0711 000-001 tafadhali")]
    [('+254711000001',)]
    """
    for found in _KENYAN.finditer(text):
        national = _NOT_DIGITS.sub("", found["parted"] or found["bare"])
        if _MOBILE.fullmatch(national):
            yield Mention(EntityKind.PHONE, (f"+254{national}",), found.start(), found.end())
    for found in _ABROAD.finditer(text):
        digits = _NOT_DIGITS.sub("", found["number"])
        yield Mention(EntityKind.PHONE, (f"+{digits}",), found.start(), found.end())
