"""How does money from savings come to loans? What is due on them, and repayments out of locked accounts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import asyncpg
from typing_extensions import override

from core.db.engine import ReadSession, WriteSession
from core.lending import running as loans
from core.lending import store
from core.lending.lifecycle import LoanStatus
from core.lending.service.repay import post_repayment
from core.money import Currency, Money
from core.savings.ports import LoanDue, LoanPart, LoanRepayer

_ACTOR = "day close"

_DUE = """
SELECT l.id, l.member_id, l.currency,
       sum(i.principal - i.principal_paid + i.interest - i.interest_paid + i.fees - i.fees_paid
           + i.penalties - i.penalties_paid)::bigint AS amount
  FROM instalment i JOIN loan l ON l.id = i.loan_id AND l.status = 'active'
 WHERE i.due_on <= $1
   AND (i.principal_paid < i.principal OR i.interest_paid < i.interest OR i.fees_paid < i.fees
        OR i.penalties_paid < i.penalties)
"""


class SavingsRepayLoans(LoanRepayer):
    """Lending, as savings see it."""

    @override
    async def due(self, session: ReadSession, *, on: date, after: str, most: int) -> Sequence[LoanDue]:
        rows = await session.rows(
            f"{_DUE} AND l.id > $2 GROUP BY l.id ORDER BY l.id LIMIT $3", on, after, most
        )
        return [_due(row) for row in rows]

    @override
    async def due_of(self, session: ReadSession, member_ids: Sequence[str], *, on: date) -> Sequence[LoanDue]:
        rows = await session.rows(
            f"{_DUE} AND l.member_id = ANY($2::text[]) GROUP BY l.id ORDER BY min(i.due_on), l.id",
            on,
            list(member_ids),
        )
        return [_due(row) for row in rows]

    @override
    async def open_of(self, session: ReadSession, member_ids: Sequence[str]) -> Sequence[LoanDue]:
        return await self.due_of(session, member_ids, on=date.max)

    @override
    async def hold(self, session: WriteSession, loan_ids: Sequence[str]) -> None:
        await store.hold(session, loan_ids)

    @override
    async def repay(
        self, session: WriteSession, parts: Sequence[LoanPart], *, on: date, now: datetime
    ) -> Mapping[str, Money]:
        return {part.key: await _repay(session, part, on=on, now=now) for part in parts}


async def _repay(session: WriteSession, part: LoanPart, *, on: date, now: datetime) -> Money:
    """What one loan takes: never more than clears it, so that nothing comes back."""
    nothing = Money.zero(part.amount.currency)
    running = await loans.lock_loan(session, part.loan_id, on=on)
    if running.loan.status is not LoanStatus.ACTIVE or running.currency is not part.amount.currency:
        return nothing
    amount = min(part.amount, running.money(running.to_clear(on).total))
    if not amount:
        return nothing
    result = await post_repayment(
        session,
        key=part.key,
        loan_id=part.loan_id,
        amount=amount,
        paid_from=part.source_code,
        paid_on=on,
        by=_ACTOR,
        now=now,
    )
    return result.paid


def _due(row: asyncpg.Record) -> LoanDue:
    return LoanDue(row["id"], row["member_id"], Money(row["amount"], Currency(row["currency"])))
