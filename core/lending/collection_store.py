"""All SQL of collecting arrears: the cases as they stand, promises, officers and contacts."""

from datetime import date, datetime

import asyncpg

from core.clock import business_date
from core.db.engine import ReadSession, WriteSession
from core.errors import NothingOverdue
from core.lending.arrears import CutOff
from core.lending.classification import LoanClass
from core.lending.collection_queue import (
    CollectionCase,
    PromiseToPay,
    QueueEntry,
    collection_queue,
    promise,
)
from core.money import Currency, Money

# A promise counts what was paid from the moment it was taken to the deadline of its day.
_CASES = """
SELECT s.loan_id, l.member_id, l.currency, s.days_past_due, s.loan_class, c.officer, c.last_contact_on,
       s.overdue_principal + s.overdue_interest + s.overdue_fees + s.overdue_penalties AS overdue,
       p.promised_on, p.due_on, p.amount AS promised, p.paid
  FROM loan_standing s
  JOIN loan l ON l.id = s.loan_id
  LEFT JOIN collection_case c ON c.loan_id = s.loan_id
  LEFT JOIN LATERAL (
       SELECT p.promised_on, p.due_on, p.amount,
              (SELECT coalesce(sum(r.amount), 0)::bigint FROM loan_event r
                WHERE r.loan_id = p.loan_id AND r.kind = 'payment' AND r.reversed_by IS NULL
                  AND r.event_at >= p.taken_at
                  AND r.event_at <= (p.due_on::timestamp AT TIME ZONE 'Africa/Nairobi')
                                    + make_interval(mins => $1)) AS paid
         FROM promise_to_pay p WHERE p.loan_id = s.loan_id ORDER BY p.id DESC LIMIT 1) p ON true
 WHERE s.days_past_due > 0
"""


async def queue(
    session: ReadSession, *, on: date, officer: str | None = None, cut_off: CutOff | None = None
) -> tuple[QueueEntry, ...]:
    """The collection queue of a day, from the loans as they were last aged; of one officer where one is given."""
    rule = cut_off or CutOff()
    rows = await session.rows(
        f"{_CASES} AND ($2::text IS NULL OR c.officer = $2)", rule.minutes + rule.grace_minutes, officer
    )
    return collection_queue([_case(row) for row in rows], on)


async def take_promise(
    session: WriteSession, *, loan_id: str, due_on: date, amount: Money, taken_by: str, now: datetime
) -> PromiseToPay:
    """A member promised to pay an amount by a day; the latest promise is the one that counts.

    Raises NothingOverdue for a loan that isn't in arrears, InvalidPromise for a day or amount that is none.
    """
    row = await session.row(
        f"{_CASES} AND s.loan_id = $2", CutOff().minutes + CutOff().grace_minutes, loan_id
    )
    if row is None:
        raise NothingOverdue(loan_id=loan_id)
    made = promise(on=business_date(now), due_on=due_on, amount=amount, overdue=_case(row).overdue)
    await session.execute(
        """INSERT INTO promise_to_pay (loan_id, promised_on, due_on, amount, taken_by, taken_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        loan_id,
        made.promised_on,
        made.due_on,
        made.amount.minor,
        taken_by,
        now,
    )
    return made


async def assign(session: WriteSession, *, loan_id: str, officer: str | None) -> None:
    """Give a loan's arrears to an officer, or to nobody."""
    await session.execute(
        """INSERT INTO collection_case (loan_id, officer) VALUES ($1, $2)
           ON CONFLICT (loan_id) DO UPDATE SET officer = excluded.officer""",
        loan_id,
        officer,
    )


async def note_contact(session: WriteSession, *, loan_id: str, on: date) -> bool:
    """A reminder goes out today; False where one went out already, and none may."""
    row = await session.row(
        """INSERT INTO collection_case AS c (loan_id, last_contact_on) VALUES ($1, $2)
           ON CONFLICT (loan_id) DO UPDATE SET last_contact_on = excluded.last_contact_on
            WHERE c.last_contact_on IS DISTINCT FROM excluded.last_contact_on RETURNING loan_id""",
        loan_id,
        on,
    )
    return row is not None


def _case(row: asyncpg.Record) -> CollectionCase:
    currency = Currency(row["currency"])
    return CollectionCase(
        loan_id=row["loan_id"],
        member_id=row["member_id"],
        days_past_due=row["days_past_due"],
        overdue=Money(row["overdue"], currency),
        loan_class=LoanClass(row["loan_class"]),
        officer=row["officer"],
        promise=None
        if row["due_on"] is None
        else PromiseToPay(
            promised_on=row["promised_on"],
            due_on=row["due_on"],
            amount=Money(row["promised"], currency),
            paid=Money(row["paid"], currency),
        ),
        last_contact_on=row["last_contact_on"],
    )
