"""How are an event's amounts put on two sides? Parts of nothing make no line, negative ones change sides."""

from collections.abc import Iterable
from typing import TypeAlias

from core.ledger.account import Side
from core.ledger.journal import Line
from core.money import Money

Part: TypeAlias = tuple[str, Money]
"""An account's code and an amount."""


def sides(*, debits: Iterable[Part], credits_: Iterable[Part]) -> tuple[Line, ...]:
    """Lines of the parts, debits first. A part below zero stands on the other side with its amount turned."""
    lines = [
        *(_line(Side.DEBIT, account, amount) for account, amount in debits if amount),
        *(_line(Side.CREDIT, account, amount) for account, amount in credits_ if amount),
    ]
    return tuple(sorted(lines, key=lambda line: line.side is Side.CREDIT))


def total(parts: Iterable[Part]) -> Money:
    """The sum of at least one part."""
    amounts = [amount for _, amount in parts]
    return sum(amounts[1:], start=amounts[0])


def _line(side: Side, account: str, amount: Money) -> Line:
    return Line(account, side, amount) if amount.minor > 0 else Line(account, side.opposite, -amount)
