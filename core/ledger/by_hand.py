"""Which transactions may staff write by hand, and what journal does one make? Pure."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from core.errors import (
    ClosedToHandPosting,
    FutureBusinessDate,
    InvalidAmount,
    UnbalancedTransaction,
    UndoneElsewhere,
)
from core.ledger.account import Side
from core.ledger.chart import Gl, code_in, takes_hand_postings
from core.ledger.journal import Journal, Line
from core.ledger.postings import booked_by_hand
from core.money import Currency, Money

# Kinds of journals of which nothing is kept but the journal, or that `reversals` undoes whole. Every other event stands
# in its area's tables as well: its own use case undoes it there and in the books.
_UNDONE_BY_MIRROR: Final = frozenset(
    {
        "by_hand",
        "own_transfer",
        "savings_paid_in",
        "deposit_paid_in",
        "transfer",
        "account_fee",
        "provider_charge",
        "suspense_in",
        "suspense_cleared",
    }
)
_OF_SUSPENSE: Final = frozenset({"suspense_in", "suspense_cleared"})


class HandSide(StrEnum):
    """The side of a line, as staff write it."""

    DEBIT = "debit"
    CREDIT = "credit"


class HandLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a manual transaction; the amount is decimal, such as `1000.00`."""

    account: str
    side: HandSide
    amount: str


class HandTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """What an accountant writes: the lines in one currency, the day they belong to, and why."""

    business_date: date
    currency: Currency
    reason: str
    lines: tuple[HandLine, ...]


def refuse_faulty(transaction: HandTransaction, *, today: date) -> None:
    """Raises FutureBusinessDate, ClosedToHandPosting, InvalidAmount, UnbalancedTransaction."""
    refuse_future(transaction.business_date, today=today)
    for line in transaction.lines:
        if not takes_hand_postings(line.account):
            raise ClosedToHandPosting(account=line.account)
    _lines(transaction)


def refuse_future(business_date: date, *, today: date) -> None:
    """Raises FutureBusinessDate."""
    if business_date > today:
        raise FutureBusinessDate(asked=business_date, today=today)


def refuse_irreversible(journal: Journal) -> None:
    """Raises UndoneElsewhere for a journal whose event stands in other tables too, and is undone where it was made."""
    if journal.kind not in _UNDONE_BY_MIRROR:
        raise UndoneElsewhere(key=journal.key, kind=journal.kind)
    for line in journal.lines:
        if not takes_hand_postings(line.account) and not _is_receipt(journal, line):
            raise UndoneElsewhere(key=journal.key, kind=journal.kind)


def _is_receipt(journal: Journal, line: Line) -> bool:
    """Whether the line is of the receipt that its reversal closes or opens again."""
    return journal.kind in _OF_SUSPENSE and line.account == code_in(Gl.SUSPENSE, line.amount.currency)


def journal_of(transaction: HandTransaction, *, key: str, event_at: datetime) -> Journal:
    """The journal that it makes. Raises InvalidAmount, UnbalancedTransaction."""
    return booked_by_hand(
        key=key,
        kind="by_hand",
        event_at=event_at,
        business_date=transaction.business_date,
        lines=_lines(transaction),
        reason=transaction.reason,
    )


def _lines(transaction: HandTransaction) -> tuple[Line, ...]:
    lines = tuple(_line(line, transaction.currency) for line in transaction.lines)
    debits = sum(line.amount.minor for line in lines if line.side is Side.DEBIT)
    credited = sum(line.amount.minor for line in lines if line.side is Side.CREDIT)
    if debits != credited or not lines:
        raise UnbalancedTransaction(debit_minor=debits, credit_minor=credited)
    return lines


def _line(line: HandLine, currency: Currency) -> Line:
    amount = Money.parse(line.amount, currency)
    if not amount:
        raise InvalidAmount(text=line.amount)
    return Line(line.account, Side.DEBIT if line.side is HandSide.DEBIT else Side.CREDIT, amount)
