"""All SQL of penalties: a day's penalties for every late loan, charged once, in batches of loans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.lending.ageing_sql import ACCRUED_SINCE_DEFAULT, INSTALMENTS_AS_OF
from core.lending.penalties import PenaltyCharge, PenaltyRow, penalties
from core.lending.policies import POLICIES, LendingPolicy
from core.lending.standing_store import deadlines_of, room_of
from core.money import Currency, Money

_LATE = f"""
WITH {INSTALMENTS_AS_OF}
SELECT loan_id FROM unpaid WHERE due_on < $1
 GROUP BY loan_id HAVING sum(principal + interest + fees) > max(tolerance) ORDER BY loan_id
"""

# Late loans, each with its unpaid rows and what was charged on them.
_LOANS = f"""
WITH {INSTALMENTS_AS_OF}, charged AS (
    SELECT p.loan_id, p.instalment AS number, sum(p.amount)::bigint AS amount, max(p.for_day) AS for_day
      FROM loan_penalty p WHERE p.loan_id = ANY($6) GROUP BY 1, 2
)
SELECT l.id, l.product, l.currency, l.principal,
       s.defaulted_on, s.principal_at_default, s.interest_at_default,
       {ACCRUED_SINCE_DEFAULT} AS accrued_since,
       array_agg(u.number ORDER BY u.number) AS numbers,
       array_agg(u.due_on ORDER BY u.number) AS due_on,
       array_agg(i.principal + i.interest + i.fees ORDER BY u.number) AS scheduled,
       array_agg(u.principal ORDER BY u.number) AS principals,
       array_agg(u.principal + u.interest + u.fees ORDER BY u.number) AS overdue,
       array_agg(coalesce(c.amount, 0) ORDER BY u.number) AS charged,
       array_agg(c.for_day ORDER BY u.number) AS charged_for
  FROM loan l
  JOIN unpaid u ON u.loan_id = l.id AND u.due_on < $1
  JOIN instalment i ON i.loan_id = u.loan_id AND i.number = u.number
  LEFT JOIN charged c ON c.loan_id = u.loan_id AND c.number = u.number
  LEFT JOIN loan_standing s ON s.loan_id = l.id
 WHERE l.id = ANY($6)
 GROUP BY l.id, s.loan_id ORDER BY l.id
"""

# One statement a batch: a row that is there already adds nothing to its instalment.
_CHARGE = """
WITH charged AS (
    INSERT INTO loan_penalty (loan_id, instalment, for_day, amount)
    SELECT loan_id, instalment, $4, amount FROM unnest($1::text[], $2::int[], $3::bigint[])
        AS c(loan_id, instalment, amount)
    ON CONFLICT DO NOTHING RETURNING loan_id, instalment, amount
), added AS (
    UPDATE instalment i SET penalties = i.penalties + c.amount FROM charged c
     WHERE i.loan_id = c.loan_id AND i.number = c.instalment
)
SELECT l.product, l.currency, count(*) AS charges, sum(c.amount)::bigint AS amount
  FROM charged c JOIN loan l ON l.id = c.loan_id GROUP BY 1, 2 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class PenaltiesCharged:
    """What was newly charged on all loans of a product: one journal's worth."""

    product: str
    charges: int
    amount: Money


async def charge_penalties(
    session: WriteSession,
    *,
    on: date,
    paid_through: date | None = None,
    policies: Mapping[str, LendingPolicy] = POLICIES,
    loans_at_once: int = 2_000,
) -> list[PenaltiesCharged]:
    """Charge the penalties of a day on all late loans; what is new, by product, for the books.

    Loans are read and charged so many at a time. The same day again charges nothing. Payments count up to
    each product's deadline of `paid_through`, by default of the day before: a day's penalties are charged when the
    deadline before it has passed.
    """
    through = paid_through or date.fromordinal(on.toordinal() - 1)
    with_penalty = {code: policy for code, policy in policies.items() if policy.penalty is not None}
    rule = deadlines_of(with_penalty.values(), through)
    late = [row["loan_id"] for row in await session.rows(_LATE, on, *rule)]
    totals: dict[str, PenaltiesCharged] = {}
    for start in range(0, len(late), loans_at_once):
        loans = await session.rows(_LOANS, on, *rule, late[start : start + loans_at_once])
        charges = [(loan["id"], charge) for loan in loans for charge in _of_loan(loan, on, with_penalty)]
        for row in await _charge(session, on, charges):
            _add(totals, row)
    return [totals[product] for product in sorted(totals)]


async def last_penalties(session: ReadSession, member_id: str) -> dict[str, date]:
    """By product, the last day for which a penalty was charged on a loan of the member, running or closed."""
    rows = await session.rows(
        """SELECT l.product, max(p.for_day) AS for_day FROM loan l JOIN loan_penalty p ON p.loan_id = l.id
            WHERE l.member_id = $1 GROUP BY 1""",
        member_id,
    )
    return {row["product"]: row["for_day"] for row in rows}


async def _charge(
    session: WriteSession, on: date, charges: Sequence[tuple[str, PenaltyCharge]]
) -> Sequence[asyncpg.Record]:
    return await session.rows(
        _CHARGE,
        [loan_id for loan_id, _ in charges],
        [charge.number for _, charge in charges],
        [charge.amount.minor for _, charge in charges],
        on,
    )


def _of_loan(
    loan: asyncpg.Record, on: date, policies: Mapping[str, LendingPolicy]
) -> Sequence[PenaltyCharge]:
    policy = policies[loan["product"]]
    if policy.penalty is None:
        raise AssertionError(f"{policy.product} was not asked for")
    currency = Currency(loan["currency"])
    return penalties(
        _rows(loan, currency),
        on,
        policy.penalty,
        principal=Money(loan["principal"], currency),
        tolerance=policy.arrears.tolerance,
        room=room_of(loan),
    )


def _rows(loan: asyncpg.Record, currency: Currency) -> list[PenaltyRow]:
    columns = ("numbers", "due_on", "scheduled", "principals", "overdue", "charged", "charged_for")
    return [
        PenaltyRow(
            number=number,
            due_on=due_on,
            scheduled=Money(scheduled, currency),
            overdue_principal=Money(principal, currency),
            overdue=Money(overdue, currency),
            charged=Money(charged, currency),
            charged_for=charged_for,
        )
        for number, due_on, scheduled, principal, overdue, charged, charged_for in zip(
            *(loan[column] for column in columns), strict=True
        )
    ]


def _add(totals: dict[str, PenaltiesCharged], row: asyncpg.Record) -> None:
    product, amount = row["product"], Money(row["amount"], Currency(row["currency"]))
    before = totals.get(product, PenaltiesCharged(product, 0, Money.zero(amount.currency)))
    totals[product] = PenaltiesCharged(product, before.charges + row["charges"], before.amount + amount)
