"""What does a provider's statement say, and what becomes of its lines? Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from core.ledger.codes import Gl
from core.money import Currency, Money


class Book(StrEnum):
    """With whom the money lies whose statement it is."""

    MPESA = "mpesa"
    """The paybill's accounts at Safaricom."""

    BANK = "bank"
    """The society's accounts at its banks."""


ACCOUNTS: Final = {Book.MPESA: (Gl.MPESA_PAYBILL, Gl.MPESA_UTILITY), Book.BANK: (Gl.BANK,)}
"""Where our books keep each; the first takes what nobody has booked yet."""


class LineKind(StrEnum):
    """What a line of a statement is about."""

    MOVEMENT = "movement"
    """Money in or out."""

    CHARGE = "charge"
    """What the provider takes for another line, or for the account."""

    REVERSAL = "reversal"
    """Undoes the line that it is linked to."""


class Stage(StrEnum):
    """How a match was found."""

    RECEIPT = "receipt"
    """By the provider's receipt, and the amounts agree."""

    REVERSAL_PAIR = "reversal_pair"
    """A line and what undid it, neither of them in the other's list."""

    SCORE = "score"
    """By reference, phone, name, amount and time together."""

    GROUP = "group"
    """Several on one side make one on the other."""

    HAND = "hand"
    """Two people agreed on it."""

    BOOKED = "booked"
    """It was booked from the statement, as two people agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One completed line. `amount` is above zero for money in; `key` tells it from all others of its book."""

    number: int
    """Its line or row in the file, from 1."""
    key: str
    at: datetime
    amount: Money
    kind: LineKind = LineKind.MOVEMENT
    receipt: str = ""
    linked: str = ""
    """The receipt of the line that this one charges for or undoes."""
    reference: str = ""
    phone: str = ""
    """Digits; stars where the provider hides them."""
    name: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that moved no money: a failed try, say."""

    number: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that can't be read, and why: a short stable word and what stood there."""

    number: int
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Balances:
    """What the statement says that was there before its lines and after them."""

    opening: Money
    closing: Money


Reading = Iterator[StatementLine | Skipped | Fault | Balances]
"""What a reader gives, as it comes: files are too long to be held."""


class Statement(Protocol):
    """A file that somebody can read line by line, as often as asked."""

    @property
    def name(self) -> str: ...

    @property
    def book(self) -> Book: ...

    @property
    def content_hash(self) -> bytes:
        """SHA-256 of the file, by which the same file is known when it comes again."""
        ...

    def read(self) -> Reading: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """What was taken over from a file. `repeated` lines were known from another file or stood there twice."""

    file_id: int
    book: Book
    lines: int
    new: int
    repeated: int
    skipped: int
    money_in: Money
    money_out: Money
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a run of the matching found: matches by stage, and how many on either side are left."""

    by_stage: dict[Stage, int]
    open_lines: int
    open_movements: int
    differences: Money


def normal_reference(text: str) -> str:
    """A reference as it is compared: capitals and digits alone.

    >>> normal_reference(" sav-000 123/d ")
    'SAV000123D'
    """
    return "".join(letter for letter in text.upper() if letter.isalnum())


HOME: Final = Currency.KES
