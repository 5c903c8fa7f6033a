"""Which transactions may staff write by hand, and what journal does one make? Pure."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from core.errors import ClosedToHandPosting, FutureBusinessDate, InvalidAmount, UnbalancedTransaction
from core.ledger.account import Side
from core.ledger.codes import Gl
from core.ledger.journal import Journal, Line
from core.ledger.postings import booked_by_hand
from core.money import Currency, Money

# What these hold is explained loan by loan; a posting beside the loans would part the books from them.
_OF_LOANS: Final = frozenset(
    {Gl.LOAN_PRINCIPAL, Gl.INTEREST_DUE, Gl.FEES_DUE, Gl.PENALTIES_DUE, Gl.INTEREST_IN_SUSPENSE}
)
# Members' money stands on accounts of their own; on the control account it would be nobody's.
_OF_MEMBERS: Final = frozenset({Gl.MEMBER_SAVINGS, Gl.MEMBER_DEPOSITS, Gl.TERM_DEPOSITS, Gl.SHARE_CAPITAL})


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
        if is_closed(line.account):
            raise ClosedToHandPosting(account=line.account)
    _lines(transaction)


def refuse_future(business_date: date, *, today: date) -> None:
    """Raises FutureBusinessDate."""
    if business_date > today:
        raise FutureBusinessDate(asked=business_date, today=today)


def refuse_irreversible(journal: Journal) -> None:
    """Raises ClosedToHandPosting for a journal of a loan or the like, which is undone where it was made."""
    for line in journal.lines:
        if is_closed(line.account):
            raise ClosedToHandPosting(account=line.account)


def is_closed(account: str) -> bool:
    """Whether no one may post to this account by hand.

    >>> is_closed("1110:lon_1"), is_closed("2010.holiday"), is_closed("2010.holiday:acc_1"), is_closed("5260")
    (True, True, False, False)
    """
    control, _, owner = account.partition(":")
    code = control.partition(".")[0]
    return code in _OF_LOANS or (code in _OF_MEMBERS and not owner)


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
