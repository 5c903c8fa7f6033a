"""What is no amount of ours, and what is no phone number?"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class InvalidAmount(Refusal):
    """The text is not an amount of money in the currency asked for."""

    text: str
    code: ClassVar[str] = "money.invalid"


@dataclass(eq=False)
class CurrencyMismatch(Refusal):
    """Two amounts of different currencies were put together without a rate."""

    left: str
    right: str
    code: ClassVar[str] = "money.currency_mismatch"


@dataclass(eq=False)
class AmountOverflow(Refusal):
    """More than one line of the books, or a balance, may hold. In minor units; None where a sum grew too large."""

    amount_minor: int | None
    code: ClassVar[str] = "money.overflow"


@dataclass(eq=False)
class NoRate(Refusal):
    """No rate between the currency and the home currency is known for the day."""

    currency: str
    on: date
    code: ClassVar[str] = "money.no_rate"


@dataclass(eq=False)
class InvalidPhone(Refusal):
    """The text is not a mobile number we could reach."""

    text: str
    code: ClassVar[str] = "phone.invalid"
