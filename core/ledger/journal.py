"""What is one posting? A journal whose lines balance; one that doesn't can't be built."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from core.errors import AmountOverflow
from core.ledger.account import Side
from core.money import Currency, Money

AMOUNT_MINOR_MAX = 10**15
"""The most one line may hold: ten thousand billion shillings. Nine thousand such lines still fit in a balance."""


@dataclass(frozen=True, slots=True)
class Line:
    """So much on one side of one account, named by its code.

    The amount is above zero. Raises AmountOverflow above AMOUNT_MINOR_MAX.
    """

    account: str
    side: Side
    amount: Money

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise AssertionError(f"a line's amount is above zero, not {self.amount.minor} on {self.account}")
        if self.amount.minor > AMOUNT_MINOR_MAX:
            raise AmountOverflow(amount_minor=self.amount.minor)


def debit(account: str, amount: Money) -> Line:
    return Line(account, Side.DEBIT, amount)


def credit(account: str, amount: Money) -> Line:
    return Line(account, Side.CREDIT, amount)


@dataclass(frozen=True, slots=True)
class Journal:
    """One business event in the books. `key` makes it unique: the same key is posted once.

    `event_at` is when it happened, `business_date` the day of the books it belongs to.
    """

    key: str
    kind: str
    event_at: datetime
    business_date: date
    lines: tuple[Line, ...]
    meta: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.event_at.tzinfo is None:
            raise AssertionError("a journal's event time is aware")
        sums: dict[Currency, int] = defaultdict(int)
        for line in self.lines:
            sign = 1 if line.side is Side.DEBIT else -1
            sums[line.amount.currency] += sign * line.amount.minor
        if "\x1f" in self.key + self.kind:
            raise AssertionError("a journal's key and kind hold no control characters")
        if not sums or any(sums.values()):
            raise AssertionError(f"journal {self.key} does not balance: {dict(sums)}")

    @property
    def fingerprint(self) -> bytes:
        """A hash of what is posted, by which a reused key with other facts is noticed (16 bytes).

        Neither of its times is in it: who asks again after midnight asks for the same thing, and the day of the
        first posting stands.
        """
        facts = [
            self.kind,
            [(line.account, line.side, line.amount.minor, line.amount.currency) for line in self.lines],
        ]
        return hashlib.blake2b(msgspec.json.encode(facts), digest_size=16).digest()
