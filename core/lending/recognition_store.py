"""All SQL of income from running loans: interest by day and fees at their due date, for all loans at once."""

from dataclasses import dataclass
from datetime import date

from core.db.engine import ReadSession, WriteSession
from core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Recognised:
    """What became income on all loans of a product whose interest stands on one account: one journal's worth."""

    product: str
    interest_code: str
    """The product's control account, or a loan's own where it was made before there was one."""
    rows: int
    amount: Money


# `core.lending.recognition.accrued` for every running loan; a test holds the two against each other. Loans that went
# bad are few, so only they are asked how much room in duplum leaves; what was due by the default is in it already.
_ACCRUE = """
WITH asked AS (
    SELECT i.loan_id, i.number, i.due_on,
           CASE WHEN i.due_on <= $1 THEN i.interest
                ELSE i.interest * ($1 - i.starts_on) / (i.due_on - i.starts_on) END - i.interest_recognised AS amount
      FROM instalment i JOIN loan l ON l.id = i.loan_id AND l.status = 'active'
     WHERE i.interest_recognised < i.interest AND i.starts_on < $1
), bad AS (
    SELECT s.loan_id, s.defaulted_on, s.principal_at_default - s.interest_at_default
           - (SELECT coalesce(sum(i.interest_recognised), 0) FROM instalment i
               WHERE i.loan_id = s.loan_id AND i.due_on > s.defaulted_on)
           - (SELECT coalesce(sum(p.amount), 0) FROM loan_penalty p
               WHERE p.loan_id = s.loan_id AND p.for_day > s.defaulted_on) AS room
      FROM loan_standing s WHERE s.defaulted_on IS NOT NULL
), roomed AS (
    SELECT a.loan_id, a.number, least(a.amount, greatest(0, b.room - (
               sum(a.amount) OVER (PARTITION BY a.loan_id ORDER BY a.due_on, a.number) - a.amount))) AS amount
      FROM asked a JOIN bad b ON b.loan_id = a.loan_id AND a.due_on > b.defaulted_on WHERE a.amount > 0
), wanted AS (
    SELECT a.loan_id, a.number, a.amount FROM asked a LEFT JOIN bad b ON b.loan_id = a.loan_id
     WHERE a.amount > 0 AND (b.loan_id IS NULL OR a.due_on <= b.defaulted_on)
    UNION ALL
    SELECT loan_id, number, amount FROM roomed WHERE amount > 0
), written AS (
    UPDATE instalment i SET interest_recognised = i.interest_recognised + w.amount
      FROM wanted w WHERE i.loan_id = w.loan_id AND i.number = w.number
    RETURNING i.loan_id, w.amount
)
SELECT l.product, l.currency, l.interest_code, count(*) AS rows, sum(w.amount)::bigint AS amount
  FROM written w JOIN loan l ON l.id = w.loan_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

_FEES = """
WITH written AS (
    UPDATE instalment i SET fees_recognised = i.fees
      FROM instalment before JOIN loan l ON l.id = before.loan_id AND l.status = 'active'
     WHERE before.loan_id = i.loan_id AND before.number = i.number
       AND i.fees_recognised < i.fees AND i.due_on <= $1
    RETURNING l.product, l.currency, i.fees - before.fees_recognised AS amount
)
SELECT product, currency, '' AS interest_code, count(*) AS rows, sum(amount)::bigint AS amount
  FROM written GROUP BY 1, 2 ORDER BY 1, 2
"""


async def hold_running_loans(session: WriteSession) -> None:
    """Lock every running loan for this transaction: whoever writes one loan's rows holds its loan too."""
    await session.row(
        """SELECT count(*) FROM (
               SELECT 1 FROM loan WHERE status = 'active' ORDER BY id FOR NO KEY UPDATE) held"""
    )


async def accrue_interest(session: WriteSession, *, on: date) -> list[Recognised]:
    """Recognise the interest of all running loans up to the end of a day; what is new. Again the same day: nothing."""
    return await _recognise(session, _ACCRUE, on)


async def recognise_fees(session: WriteSession, *, on: date) -> list[Recognised]:
    """Recognise the fees of instalments due by a day; what is new. Again the same day: nothing."""
    return await _recognise(session, _FEES, on)


async def _recognise(session: WriteSession, sql: str, on: date) -> list[Recognised]:
    return [
        Recognised(
            product=row["product"],
            interest_code=row["interest_code"],
            rows=row["rows"],
            amount=Money(row["amount"], Currency(row["currency"])),
        )
        for row in await session.rows(sql, on)
    ]


async def unpaid_on_bad_loans(session: ReadSession) -> dict[tuple[str, Currency], Money]:
    """By product and currency, the interest that is recognised and unpaid on loans that don't perform, as last aged."""
    rows = await session.rows(
        """SELECT l.product, l.currency, sum(i.interest_recognised - i.interest_paid)::bigint AS amount
             FROM loan_standing s JOIN loan l ON l.id = s.loan_id AND l.status = 'active'
             JOIN instalment i ON i.loan_id = s.loan_id AND i.interest_recognised > i.interest_paid
            WHERE s.loan_class IN ('substandard', 'doubtful', 'loss') GROUP BY 1, 2"""
    )
    return {
        (row["product"], Currency(row["currency"])): Money(row["amount"], Currency(row["currency"]))
        for row in rows
    }


async def products_lent(session: ReadSession) -> list[tuple[str, Currency]]:
    """Every product and currency in which a loan was ever made."""
    rows = await session.rows("SELECT DISTINCT product, currency FROM loan ORDER BY 1, 2")
    return [(row["product"], Currency(row["currency"])) for row in rows]
