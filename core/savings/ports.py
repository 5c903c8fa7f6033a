"""What savings need from lending, which stands above: what is due on loans, and someone who takes a repayment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.db.engine import ReadSession, WriteSession
from core.money import Money


@dataclass(frozen=True, slots=True)
class LoanDue:
    """So much of a loan is due and unpaid."""

    loan_id: str
    member_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class LoanPart:
    """So much is to be paid on a loan out of an account of the ledger, once by `key`."""

    key: str
    loan_id: str
    source_code: str
    amount: Money


class LoanRepayer(Protocol):
    """Lending, as far as money from savings goes to it."""

    async def due(self, session: ReadSession, *, on: date, after: str, most: int) -> Sequence[LoanDue]:
        """Loans with something due by the end of that day, by loan id, those behind `after`."""
        ...

    async def due_of(self, session: ReadSession, member_ids: Sequence[str], *, on: date) -> Sequence[LoanDue]:
        """The same for some members' loans, the longest overdue first."""
        ...

    async def open_of(self, session: ReadSession, member_ids: Sequence[str]) -> Sequence[LoanDue]:
        """All that is unpaid of some members' running loans, due or not, the oldest due first."""
        ...

    async def hold(self, session: WriteSession, loan_ids: Sequence[str]) -> None:
        """Hold these loans for this transaction. Always before accounts, as a repayment at the counter does."""
        ...

    async def repay(
        self, session: WriteSession, parts: Sequence[LoanPart], *, on: date, now: datetime
    ) -> Mapping[str, Money]:
        """Post repayments out of locked accounts that hold enough; what each took, by key, at most its amount."""
        ...
