"""All SQL of loan statements: what each journal added to a loan's debt and paid off, by portion.

Principal and interest that is due stand in the loan's own ledger accounts. Interest paid before it was due went to
income at once and touched neither; it is known from how the repayment was divided, and counts as charged and paid by
that repayment. The closing debt comes from the ledger alone, so a split that contradicts the ledger is found.
"""

from itertools import groupby, takewhile

import asyncpg

from core.db.engine import ReadSession
from core.money import Currency, Money
from core.reports.statement import LoanMovement, LoanStatement, Period, Portions
from core.reports.store import PAYMENT_OF_JOURNAL, REFERENCE

_EVENTS = f"""
WITH loans AS (
    SELECT l.id, l.number, l.product, l.currency, l.disbursed_on, p.id AS principal_id, i.id AS interest_id
      FROM loan l JOIN ledger_account p ON p.code = l.principal_code
                  JOIN ledger_account i ON i.code = l.interest_code
     WHERE l.member_id = $1 AND l.disbursed_on <= $2
), lines AS (
    SELECT l.id AS loan_id, e.journal_id, e.side, e.amount, e.account_id = l.principal_id AS is_principal
      FROM loans l JOIN entry e ON e.account_id IN (l.principal_id, l.interest_id)
    UNION ALL
    SELECT loan_id, journal_id, NULL, NULL, NULL FROM loan_event
     WHERE kind = 'payment' AND loan_id IN (SELECT id FROM loans)
), events AS (
    SELECT loan_id, journal_id,
           coalesce(sum(amount) FILTER (WHERE is_principal AND side = 'D'), 0)::bigint AS principal_charged,
           coalesce(sum(amount) FILTER (WHERE is_principal AND side = 'C'), 0)::bigint AS principal_paid,
           coalesce(sum(amount) FILTER (WHERE NOT is_principal AND side = 'D'), 0)::bigint AS due_charged,
           coalesce(sum(amount) FILTER (WHERE NOT is_principal AND side = 'C'), 0)::bigint AS due_paid
      FROM lines GROUP BY loan_id, journal_id
)
SELECT l.number, l.product, l.currency, j.business_date AS day, j.event_at, j.kind, {REFERENCE} AS reference,
       v.principal_charged, v.principal_paid, v.due_charged, v.due_paid,
       coalesce((SELECT sum((part->>'interest')::bigint)::bigint
                   FROM loan_event r CROSS JOIN LATERAL jsonb_array_elements(r.parts) part
                  WHERE r.kind = 'payment' AND r.loan_id = v.loan_id AND r.journal_id = v.journal_id),
                v.due_paid) AS interest_paid,
       sum(v.principal_charged - v.principal_paid) OVER loan::bigint AS principal_owed,
       sum(v.due_charged - v.due_paid) OVER loan::bigint AS interest_owed
  FROM loans l JOIN events v ON v.loan_id = l.id JOIN journal j ON j.id = v.journal_id {PAYMENT_OF_JOURNAL}
 WHERE j.business_date <= $2
WINDOW loan AS (PARTITION BY l.id)
 ORDER BY l.disbursed_on, l.number, j.business_date, j.id
"""


async def loan_statements(
    session: ReadSession, *, member_id: str, period: Period
) -> tuple[LoanStatement, ...]:
    """A member's loans over the period, the oldest first; without those cleared before it."""
    rows = await session.rows(_EVENTS, member_id, period.until)
    statements = [
        _statement(list(of_loan), period) for _, of_loan in groupby(rows, lambda row: row["number"])
    ]
    return tuple(each for each in statements if each.movements or each.opening.total)


def _statement(rows: list[asyncpg.Record], period: Period) -> LoanStatement:
    first, currency = rows[0], Currency(rows[0]["currency"])
    before = list(takewhile(lambda row: row["day"] < period.since, rows))
    opening = Portions.nothing(currency)
    for row in before:
        movement = _movement(row, currency)
        opening += movement.charged + -movement.paid
    return LoanStatement(
        number=first["number"],
        product=first["product"],
        period=period,
        opening=opening,
        movements=tuple(_movement(row, currency) for row in rows[len(before) :]),
        closing=_portions(first["principal_owed"], first["interest_owed"], currency),
    )


def _movement(row: asyncpg.Record, currency: Currency) -> LoanMovement:
    # Where the split knows of less interest than the ledger took, this is below zero and refused.
    early = row["interest_paid"] - row["due_paid"]
    return LoanMovement(
        on=row["day"],
        at=row["event_at"],
        kind=row["kind"],
        reference=row["reference"],
        charged=_portions(row["principal_charged"], row["due_charged"] + early, currency),
        paid=_portions(row["principal_paid"], row["interest_paid"], currency),
    )


def _portions(principal: int, interest: int, currency: Currency) -> Portions:
    """No product charges fees or penalties on a loan yet."""
    nothing = Money.zero(currency)
    return Portions(Money(principal, currency), Money(interest, currency), nothing, nothing)
