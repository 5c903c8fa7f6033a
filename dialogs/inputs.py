"""What did the member type? One reader per kind of question; each reading has one meaning or is asked again."""

import re
from dataclasses import dataclass
from typing import Protocol

from core.errors import InvalidPhone
from core.money import Money
from core.phone import Msisdn
from dialogs.remark import Remark, Sentence
from dialogs.values import NOTHING, Values, number

_AMOUNT = re.compile(
    r"(?:kes|kshs?|sh)?\.? *(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.(?P<part>\d{1,2}))? *"
    r"(?P<thousand>k)? *(?:/[=-]|bob|kes|kshs?|sh)?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_AMOUNT = 24
_COUNT = re.compile(r"\d{1,4}", re.ASCII)
_PIN = re.compile(r"\d{4}", re.ASCII)


class Reader(Protocol):
    """Turns what was typed into values, or says why it can't."""

    def __call__(self, typed: str, values: Values) -> Values | Remark:
        """`values` is what the conversation knows so far, such as the limits."""
        ...


def read_amount(typed: str) -> Money | None:
    """An amount in shillings as people write it; None where it has no meaning, or more than one.

    >>> [str(read_amount(said)) for said in ("1000", "1,500/=", "KES 2,000", "2k", "1500.50", "80 000", "50 bob")]
    ['1,000.00', '1,500.00', '2,000.00', '2,000.00', '1,500.50', '80,000.00', '50.00']
    >>> [read_amount(said) for said in ("1.000", "2,5", "10.999", "-5", "1e9", "8 00")]
    [None, None, None, None, None, None]
    """
    match = _AMOUNT.fullmatch(typed.strip()) if len(typed) <= _LONGEST_AMOUNT else None
    if match is None:
        return None
    minor = int(match["whole"].replace(",", "").replace(" ", "")) * 100 + int(
        (match["part"] or "").ljust(2, "0")
    )
    return Money(minor * 1000 if match["thousand"] else minor)


def is_pin_shaped(typed: str) -> bool:
    """Four digits; whether they are the right ones is not asked here."""
    return _PIN.fullmatch(typed) is not None


@dataclass(frozen=True, slots=True)
class AmountReader:
    """An amount between two values of the conversation, kept as `amount` in minor units.

    The greatest amount rounded up to whole shillings counts as the greatest amount itself: the provider
    moves no cents, so that is how a member pays it all.
    """

    least: str
    most: str

    def __call__(self, typed: str, values: Values) -> Values | Remark:
        amount = read_amount(typed)
        least, most = Money(number(values, self.least)), Money(number(values, self.most))
        if amount is None or not least <= amount <= most.rounded_up_to_major():
            return Remark(Sentence.WRONG_AMOUNT, {"least": least.minor, "most": most.minor})
        return {"amount": min(amount, most).minor}


@dataclass(frozen=True, slots=True)
class TextReader:
    """Free words of at most so many letters, kept under `name`."""

    name: str
    longest: int

    def __call__(self, typed: str, values: Values = NOTHING) -> Values | Remark:  # noqa: ARG002 - words have no limits elsewhere
        words = " ".join(typed.split())
        if not words or len(words) > self.longest:
            return Remark(Sentence.WRONG_TEXT, {"longest": self.longest})
        return {self.name: words}


@dataclass(frozen=True, slots=True)
class CountReader:
    """A whole number between two values of the conversation, kept under `name`."""

    name: str
    least: str
    most: str

    def __call__(self, typed: str, values: Values) -> Values | Remark:
        least, most = number(values, self.least), number(values, self.most)
        count = int(typed) if _COUNT.fullmatch(typed) else -1
        if not least <= count <= most:
            return Remark(Sentence.WRONG_COUNT, {"months_least": least, "months_most": most})
        return {self.name: count}


@dataclass(frozen=True, slots=True)
class PhoneReader:
    """A mobile number in any of its spellings, kept under `name` in E.164 form."""

    name: str

    def __call__(self, typed: str, values: Values = NOTHING) -> Values | Remark:  # noqa: ARG002 - numbers have no limits elsewhere
        try:
            return {self.name: Msisdn.parse(typed).e164}
        except InvalidPhone as refusal:
            return Remark(f"refusal.{refusal.code}")
