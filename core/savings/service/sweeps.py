"""Take instalments due from members' transaction accounts, as far as the money goes.

What is above a sum to keep goes to deposits by the member's own order: a standing order of the kind *surplus*.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from core.db.engine import WriteSession
from core.ledger import store as ledger
from core.savings import store, sweep_store
from core.savings.model import Account, AccountStatus
from core.savings.ports import LoanDue, LoanPart, LoanRepayer
from core.savings.sweeps import plan_sweeps


async def sweep_instalments(
    session: WriteSession, *, on: date, now: datetime, loans: LoanRepayer, after: str = "", most: int = 500
) -> str | None:
    """Sweep the next `most` loans with something due; the last loan's id to go on behind, None when all are done.

    A second run takes what has come in since, and nothing else.
    """
    page = await loans.due(session, on=on, after=after, most=most)
    if not page:
        return None
    await loans.hold(session, [due.loan_id for due in page])
    accounts = await _transaction_accounts(session, page)
    entries = await ledger.lock_entries(session, [account.ledger_code for account in accounts.values()])
    free = {member: account.available for member, account in accounts.items()}
    parts = [
        LoanPart(
            key=f"sweep:{due.loan_id}:{on.isoformat()}:{entries[accounts[due.member_id].ledger_code]}",
            loan_id=due.loan_id,
            source_code=accounts[due.member_id].ledger_code,
            amount=amount,
        )
        for due, amount in plan_sweeps(await _still_due(session, loans, page, on=on), free)
    ]
    if parts:
        await loans.repay(session, parts, on=on, now=now)
    return page[-1].loan_id


async def _still_due(
    session: WriteSession, loans: LoanRepayer, page: Sequence[LoanDue], *, on: date
) -> list[LoanDue]:
    """The same loans, as they are once held: another run, or the counter, may have taken an instalment meanwhile."""
    found = await loans.due_of(session, sorted({due.member_id for due in page}), on=on)
    by_loan = {due.loan_id: due for due in found}
    return [by_loan[due.loan_id] for due in page if due.loan_id in by_loan]


async def _transaction_accounts(session: WriteSession, dues: Sequence[LoanDue]) -> Mapping[str, Account]:
    """Each borrower's account to take from, held for this transaction, by member."""
    chosen = await sweep_store.transaction_accounts(session, sorted({due.member_id for due in dues}))
    accounts = await store.lock(session, sorted(chosen.values()))
    return {
        account.member_id: account for account in accounts.values() if account.status is AccountStatus.ACTIVE
    }
