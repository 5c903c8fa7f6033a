"""What do a member's running loans say of them today? How late each is, its class, and who else secures it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from core.db.engine import ReadSession
from core.lending.arrears import DueRow, Portions, arrears
from core.lending.classification import RANK, LoanClass, class_of_days
from core.lending.policies import POLICIES, LendingPolicy
from core.money import Currency, Money

# A class that a renegotiation holds is known from the last ageing; how late a loan is, from its rows as they are.
_LOANS = """
SELECT l.id, l.product, l.currency, l.principal AS lent, i.*,
       CASE WHEN s.is_uncured THEN s.loan_class END AS held_class
  FROM loan l
  CROSS JOIN LATERAL (
       SELECT array_agg(number ORDER BY number) AS numbers, array_agg(due_on ORDER BY number) AS due_on,
              array_agg(principal - principal_paid ORDER BY number) AS principals,
              array_agg(interest - interest_paid ORDER BY number) AS interests,
              array_agg(fees - fees_paid ORDER BY number) AS fees,
              array_agg(penalties - penalties_paid ORDER BY number) AS penalties
         FROM instalment WHERE loan_id = l.id) i
  LEFT JOIN loan_standing s ON s.loan_id = l.id
 WHERE l.member_id = $1 AND l.status = 'active' ORDER BY l.disbursed_on, l.id
"""


@dataclass(frozen=True, slots=True)
class MemberLoan:
    """A running loan of a member on a day."""

    loan_id: str
    product: str
    lent: Money
    outstanding: Money
    """The principal still owed."""
    days_past_due: int
    loan_class: LoanClass


async def member_loans(
    session: ReadSession, member_id: str, *, on: date, policies: Mapping[str, LendingPolicy] = POLICIES
) -> list[MemberLoan]:
    """The member's running loans, the oldest first, judged on this day and not when they were last aged."""
    return [_loan(row, on, policies) for row in await session.rows(_LOANS, member_id)]


def _loan(row: asyncpg.Record, on: date, policies: Mapping[str, LendingPolicy]) -> MemberLoan:
    currency = Currency(row["currency"])
    late = arrears(_due_rows(row, currency), on, policies[row["product"]].arrears)
    by_days = class_of_days(late.days_past_due)
    held = by_days if row["held_class"] is None else LoanClass(row["held_class"])
    return MemberLoan(
        loan_id=row["id"],
        product=row["product"],
        lent=Money(row["lent"], currency),
        outstanding=Money(sum(row["principals"] or ()), currency),
        days_past_due=late.days_past_due,
        loan_class=max(by_days, held, key=RANK.__getitem__),
    )


def _due_rows(row: asyncpg.Record, currency: Currency) -> Sequence[DueRow]:
    columns = ("numbers", "due_on", "principals", "interests", "fees", "penalties")
    return [
        DueRow(number, due_on, Portions(*(Money(minor, currency) for minor in parts)))
        for number, due_on, *parts in zip(*(row[column] or () for column in columns), strict=True)
    ]
