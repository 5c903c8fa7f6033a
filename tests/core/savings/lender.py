"""Lending for tests of savings: so much is due on each loan, and a repayment lowers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.db.engine import ReadSession, WriteSession
from core.ledger import postings
from core.ledger import store as ledger
from core.money import Money
from core.savings.ports import LoanDue, LoanPart


@dataclass
class Lender:
    """Lending, as far as savings see it: so much is due on each loan, and a repayment lowers it."""

    owed: dict[str, LoanDue] = field(default_factory=dict)
    takes_ahead: bool = False
    """Whether what is above the due is taken too, as a payment ahead."""
    held: list[str] = field(default_factory=list)

    only_due: dict[str, Money] = field(default_factory=dict)
    """Where less is due than is unpaid, by loan."""

    def lend(self, loan_id: str, member_id: str, amount: str, *, due: str | None = None) -> None:
        self.owed[loan_id] = LoanDue(loan_id, member_id, Money.parse(amount))
        if due is not None:
            self.only_due[loan_id] = Money.parse(due)

    async def due(self, session: ReadSession, *, on: date, after: str, most: int) -> Sequence[LoanDue]:
        _ = session, on
        found = [due for loan_id, due in sorted(self.owed.items()) if loan_id > after and due.amount]
        return found[:most]

    async def due_of(self, session: ReadSession, member_ids: Sequence[str], *, on: date) -> Sequence[LoanDue]:
        _ = on
        return [
            replace(loan, amount=self.only_due.get(loan.loan_id, loan.amount))
            for loan in await self.open_of(session, member_ids)
        ]

    async def open_of(self, session: ReadSession, member_ids: Sequence[str]) -> Sequence[LoanDue]:
        _ = session
        return [due for _, due in sorted(self.owed.items()) if due.member_id in member_ids and due.amount]

    async def hold(self, session: WriteSession, loan_ids: Sequence[str]) -> None:
        _ = session
        self.held += loan_ids

    async def repay(
        self, session: WriteSession, parts: Sequence[LoanPart], *, on: date, now: datetime
    ) -> Mapping[str, Money]:
        taken = {}
        for part in parts:
            due = self.owed[part.loan_id]
            took = part.amount if self.takes_ahead else min(part.amount, due.amount)
            left = max(due.amount - took, Money.zero(took.currency))
            self.owed[part.loan_id] = LoanDue(due.loan_id, due.member_id, left)
            taken[part.key] = took
            if took:
                journal = postings.money_paid_out(
                    key=part.key,
                    kind="loan_repayment",
                    event_at=now,
                    business_date=on,
                    account=part.source_code,
                    amount=took,
                )
                await ledger.post(session, [journal])
        return taken
