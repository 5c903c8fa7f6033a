"""Which states may a loan pass through once it is decided, and where does its money go?

disbursing -> active | cancelled;  active -> closed | written_off;  closed -> active (what closed it was reversed);
written_off -> closed (all was recovered) | active (the write-off was reversed); closed -> written_off likewise
"""

from enum import StrEnum


class LoanStatus(StrEnum):
    """How far a loan has come."""

    DISBURSING = "disbursing"
    """The money is on its way; nobody knows yet whether it arrives."""

    ACTIVE = "active"
    """Disbursed, with something still to pay."""

    CLOSED = "closed"
    """Cleared: nothing is owed, and interest scheduled for later has lapsed."""

    WRITTEN_OFF = "written_off"
    """Given up in the books; the member still owes it."""

    CANCELLED = "cancelled"
    """The money never arrived, and the loan is undone."""


class PaidTo(StrEnum):
    """Where the money of a loan goes."""

    SAVINGS = "savings"
    """The member's own account here."""

    BANK = "bank"
    """From our bank account, at once."""

    MPESA = "mpesa"
    """Held until the provider says that it arrived or never will."""


_S = LoanStatus
MOVES: dict[LoanStatus, frozenset[LoanStatus]] = {
    _S.DISBURSING: frozenset({_S.ACTIVE, _S.CANCELLED}),
    _S.ACTIVE: frozenset({_S.CLOSED, _S.WRITTEN_OFF}),
    _S.CLOSED: frozenset({_S.ACTIVE, _S.WRITTEN_OFF}),
    _S.WRITTEN_OFF: frozenset({_S.CLOSED, _S.ACTIVE}),
    _S.CANCELLED: frozenset(),
}


def may_move(now: LoanStatus, to: LoanStatus) -> bool:
    """Whether the table allows the move."""
    return to in MOVES[now]
