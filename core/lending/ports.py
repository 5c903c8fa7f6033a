"""What lending needs from whoever moves money out: someone who sends a loan to the member's phone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.db.engine import WriteSession
from core.money import Money


@dataclass(frozen=True, slots=True)
class LoanPayout:
    """A loan's money on its way to a member. The id is the loan's: a loan is paid out once."""

    loan_id: str
    member_id: str
    amount: Money


class Disburser(Protocol):
    """A provider of payouts. It says later, by `settle_disbursement` or `void_disbursement`, what became of it."""

    async def pay_out(self, session: WriteSession, payout: LoanPayout, *, now: datetime) -> None:
        """Queue the payout with the transaction in which its money is held; nothing leaves before the commit."""
        ...
