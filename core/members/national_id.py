"""What is a national id number? One form for every way it is typed, and a short one for screens. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from core.errors import InvalidNationalId

# Seven or eight digits in practice; numbers of the first years are shorter, and verifiers take up to nine.
_NUMBER: Final = re.compile(r"[1-9]\d{3,8}", re.ASCII)
_SEPARATORS: Final = str.maketrans("", "", " -.")
_LONGEST_TYPED: Final = 20
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, repr=False)
class NationalId:
    """A Kenyan national id number, digits only. Its repr shows the end alone.

    >>> NationalId.parse("12 345 678").number
    '12345678'
    >>> NationalId.parse("12345678")
    NationalId(*****678)
    """

    number: str

    @classmethod
    def parse(cls, text: str) -> "NationalId":
        """Read digits with or without separators. Raises InvalidNationalId."""
        digits = text.translate(_SEPARATORS).lstrip("0") if len(text) <= _LONGEST_TYPED else ""
        if _NUMBER.fullmatch(digits) is None:
            raise InvalidNationalId
        return cls(digits)

    @property
    def masked(self) -> str:
        """For screens, logs and the trail: the last digits alone."""
        return "*" * (len(self.number) - _SHOWN) + self.number[-_SHOWN:]

    def __repr__(self) -> str:
        return f"NationalId({self.masked})"
