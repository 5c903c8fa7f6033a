"""What may stand in a text's braces, how is it written in a language, and how long can it get?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.money import amount_text
from dialogs.gsm import septets, to_gsm
from dialogs.values import Scalar


class Words(Protocol):
    """The texts of one language, as far as a slot needs them."""

    def __getitem__(self, key: str) -> str: ...
    def __contains__(self, key: str) -> bool: ...
    def under(self, prefix: str) -> Iterable[str]:
        """The last parts of all keys that begin with `prefix.`"""
        ...


class Slot(Protocol):
    """One kind of thing in braces."""

    def show(self, value: Scalar, words: Words) -> str:
        """The value as people of this language write it."""
        ...

    def longest(self, words: Words) -> Scalar:
        """The value that takes most room, with which screens are proven to fit."""
        ...


@dataclass(frozen=True, slots=True)
class MoneySlot:
    """An amount in minor units, written `1,000.00`."""

    most_minor: int = 99_999_999_99

    def show(self, value: Scalar, words: Words) -> str:  # noqa: ARG002 - amounts are written alike in our languages
        return amount_text(int(value))

    def longest(self, words: Words) -> Scalar:  # noqa: ARG002 - the same
        return self.most_minor


@dataclass(frozen=True, slots=True)
class DateSlot:
    """A day as ISO text, written `20 Nov 2026`; the months are the language's."""

    def show(self, value: Scalar, words: Words) -> str:
        day = date.fromisoformat(str(value))
        return f"{day.day} {words['calendar.months'].split()[day.month - 1]} {day.year}"

    def longest(self, words: Words) -> Scalar:
        months = words["calendar.months"].split()
        widest = max(range(12), key=lambda month: septets(months[month]))
        return date(2028, widest + 1, 28).isoformat()


@dataclass(frozen=True, slots=True)
class NameSlot:
    """A person's name, brought into the network's alphabet and cut where it is very long."""

    most: int = 16

    def show(self, value: Scalar, words: Words) -> str:  # noqa: ARG002 - names are written alike
        name = to_gsm(str(value))
        return name if septets(name) <= self.most else name[: self.most // 2 + self.most // 4] + "."

    def longest(self, words: Words) -> Scalar:  # noqa: ARG002 - the same
        return "W" * self.most


@dataclass(frozen=True, slots=True)
class TextSlot:
    """Something written as it stands, such as a masked number or a receipt."""

    most: int

    def show(self, value: Scalar, words: Words) -> str:  # noqa: ARG002 - written as it stands
        return to_gsm(str(value))

    def longest(self, words: Words) -> Scalar:  # noqa: ARG002 - the same
        return "W" * self.most


@dataclass(frozen=True, slots=True)
class CountSlot:
    """A whole number of things."""

    most: int

    def show(self, value: Scalar, words: Words) -> str:  # noqa: ARG002 - digits are digits
        return str(value)

    def longest(self, words: Words) -> Scalar:  # noqa: ARG002 - the same
        return self.most


@dataclass(frozen=True, slots=True)
class WordSlot:
    """A code whose name is a text: `product.<code>`, or `product.other` for one the texts don't know yet."""

    group: str

    def show(self, value: Scalar, words: Words) -> str:
        key = f"{self.group}.{value}"
        return words[key] if key in words else words[f"{self.group}.other"]

    def longest(self, words: Words) -> Scalar:
        return max(words.under(self.group), key=lambda code: septets(words[f"{self.group}.{code}"]))


MONEY = MoneySlot()
DATE = DateSlot()
NAME = NameSlot()
PRODUCT = WordSlot("product")
ACCOUNT = WordSlot("document.accounts")
MASKED_PHONE = TextSlot(10)
CENTS = MoneySlot(99)
LOAN_MONEY = MoneySlot(9_999_999_99)
"""No product lends as much."""
