"""Take instalments due from members' transaction accounts, as far as the money goes.

What is above a sum to keep goes to deposits by the member's own order: a standing order of the kind *surplus*.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from core.db.engine import WriteSession
from core.savings import store, sweep_store
from core.savings.model import Account
from core.savings.ports import LoanDue, LoanPart, LoanRepayer
from core.savings.sweeps import plan_sweeps


async def sweep_instalments(
    session: WriteSession, *, on: date, now: datetime, loans: LoanRepayer, after: str = "", most: int = 500
) -> str | None:
    """Sweep the next `most` loans with something due; the last loan's id to go on behind, None when all are done.

    A second run takes what has come in since, and nothing else.
    """
    dues = await loans.due(session, on=on, after=after, most=most)
    if not dues:
        return None
    accounts = await _transaction_accounts(session, dues)
    free = {member: account.available for member, account in accounts.items()}
    parts = [
        LoanPart(
            key=f"sweep:{due.loan_id}:{on.isoformat()}:{now.isoformat()}",
            loan_id=due.loan_id,
            source_code=accounts[due.member_id].ledger_code,
            amount=amount,
        )
        for due, amount in plan_sweeps(dues, free)
    ]
    if parts:
        await loans.repay(session, parts, on=on, now=now)
    return dues[-1].loan_id


async def _transaction_accounts(session: WriteSession, dues: Sequence[LoanDue]) -> Mapping[str, Account]:
    """Each borrower's account to take from, held for this transaction, by member."""
    chosen = await sweep_store.transaction_accounts(session, sorted({due.member_id for due in dues}))
    accounts = await store.lock(session, sorted(chosen.values()))
    return {account.member_id: account for account in accounts.values()}
