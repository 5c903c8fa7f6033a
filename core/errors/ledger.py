"""What do the books refuse?"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from core.errors.tree import Refusal


@dataclass(eq=False)
class InsufficientFunds(Refusal):
    """The ledger account would fall below what it may hold. Amounts in minor units."""

    account: str
    available_minor: int
    asked_minor: int
    code: ClassVar[str] = "ledger.insufficient"


@dataclass(eq=False)
class IdempotencyConflict(Refusal):
    """The same key came with other facts: somebody reused it. Nothing was changed."""

    key: str
    code: ClassVar[str] = "ledger.key_conflict"


@dataclass(eq=False)
class UnknownAccount(Refusal):
    """No account that takes postings has this code."""

    account: str
    code: ClassVar[str] = "ledger.unknown_account"


@dataclass(eq=False)
class UnknownJournal(Refusal):
    """No journal was posted under this key."""

    key: str
    code: ClassVar[str] = "ledger.unknown_journal"


@dataclass(eq=False)
class PeriodClosed(Refusal):
    """The business date lies in a closed month; the books are open from the other date on."""

    business_date: date
    open_from: date
    code: ClassVar[str] = "ledger.period_closed"


@dataclass(eq=False)
class PeriodOutOfOrder(Refusal):
    """Months are closed one after the other and opened again from the last; `expected` is the one whose turn it is."""

    asked: date
    expected: date | None
    code: ClassVar[str] = "ledger.period_out_of_order"


@dataclass(eq=False)
class AlreadyReversed(Refusal):
    """The journal was reversed before."""

    key: str
    code: ClassVar[str] = "ledger.already_reversed"


@dataclass(eq=False)
class ReversalOfReversal(Refusal):
    """The journal is itself a reversal; what was right after all is posted anew."""

    key: str
    code: ClassVar[str] = "ledger.reversal_of_reversal"


@dataclass(eq=False)
class ReversalTooEarly(Refusal):
    """A reversal can't lie before what it reverses."""

    key: str
    business_date: date
    asked: date
    code: ClassVar[str] = "ledger.reversal_too_early"


@dataclass(eq=False)
class NotInSuspense(Refusal):
    """Less than that is still open of the receipt in suspense. Amounts in minor units."""

    receipt: str
    open_minor: int
    asked_minor: int
    code: ClassVar[str] = "ledger.not_in_suspense"


@dataclass(eq=False)
class ClosedToHandPosting(Refusal):
    """The account's money is explained by a sub-ledger that a manual transaction would not reach."""

    account: str
    code: ClassVar[str] = "ledger.closed_to_hand_posting"


@dataclass(eq=False)
class UndoneElsewhere(Refusal):
    """The journal's event stands in other tables too: a use case of its own undoes it there and in the books."""

    key: str
    kind: str
    code: ClassVar[str] = "ledger.undone_elsewhere"


@dataclass(eq=False)
class UnbalancedTransaction(Refusal):
    """The debits of a manual transaction are not its credits. Amounts in minor units."""

    debit_minor: int
    credit_minor: int
    code: ClassVar[str] = "ledger.unbalanced"


@dataclass(eq=False)
class FutureBusinessDate(Refusal):
    """A day that has not begun has no business yet."""

    asked: date
    today: date
    code: ClassVar[str] = "ledger.future_date"
