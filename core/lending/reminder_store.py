"""All SQL of reminders: whose instalment is coming, due or late on a day, and whose promise was broken."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.db.engine import ReadSession, WriteSession
from core.lending.arrears import CutOff
from core.money import Currency, Money

DAYS_BEFORE = 3
DAYS_LATE = (1, 7, 30)
"""Reminders go out three days before, on the day, and on these days after: what societies do most often."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One loan's member is to hear of an amount and its day."""

    loan_id: str
    member_id: str
    product: str
    amount: Money
    due_on: date
    days_late: int = 0


_COMING = """
SELECT l.id AS loan_id, l.member_id, l.product, l.currency, i.due_on, 0 AS days_late,
       (i.principal - i.principal_paid + i.interest - i.interest_paid + i.fees - i.fees_paid
        + i.penalties - i.penalties_paid)::bigint AS amount
  FROM instalment i JOIN loan l ON l.id = i.loan_id AND l.status = 'active'
 WHERE i.due_on = ANY($1::date[])
   AND (i.principal_paid < i.principal OR i.interest_paid < i.interest OR i.fees_paid < i.fees
        OR i.penalties_paid < i.penalties)
 ORDER BY l.id, i.due_on
"""

_LATE = """
SELECT s.loan_id, l.member_id, l.product, l.currency, s.overdue_since AS due_on, s.days_past_due AS days_late,
       s.overdue_principal + s.overdue_interest + s.overdue_fees + s.overdue_penalties AS amount
  FROM loan_standing s JOIN loan l ON l.id = s.loan_id AND l.status = 'active'
 WHERE s.days_past_due > 0 AND $1::date - s.overdue_since = ANY($2::int[]) ORDER BY s.loan_id
"""

_BROKEN = """
SELECT p.loan_id, l.member_id, l.product, l.currency, p.due_on, 0 AS days_late, p.amount
  FROM (SELECT DISTINCT ON (loan_id) * FROM promise_to_pay ORDER BY loan_id, id DESC) p
  JOIN loan l ON l.id = p.loan_id AND l.status = 'active'
 WHERE p.due_on = $1
   AND p.amount > (SELECT coalesce(sum(e.amount), 0) FROM loan_event e
                    WHERE e.loan_id = p.loan_id AND e.kind = 'payment' AND e.reversed_by IS NULL
                      AND e.event_at >= p.taken_at AND e.event_at <= $2)
 ORDER BY p.loan_id
"""

_CONTACTED = """
INSERT INTO collection_case AS c (loan_id, last_contact_on) SELECT id, $2 FROM unnest($1::text[]) AS l(id)
ON CONFLICT (loan_id) DO UPDATE SET last_contact_on = excluded.last_contact_on
 WHERE c.last_contact_on IS DISTINCT FROM excluded.last_contact_on RETURNING loan_id
"""


async def coming(session: ReadSession, *, on: date) -> list[Reminder]:
    """Unpaid instalments that are due on a day or three days later, by loan."""
    return await _reminders(session, _COMING, [on, on + timedelta(days=DAYS_BEFORE)])


async def late(session: ReadSession, *, on: date) -> list[Reminder]:
    """Loans that have been late for as many days as are reminded of, on the day, as they were last aged."""
    return await _reminders(session, _LATE, on, list(DAYS_LATE))


async def broken_promises(session: ReadSession, *, on: date, cut_off: CutOff | None = None) -> list[Reminder]:
    """Latest promises for a day that were not kept by its deadline."""
    return await _reminders(session, _BROKEN, on, (cut_off or CutOff()).deadline(on))


async def note_contacts(session: WriteSession, loan_ids: list[str], *, on: date) -> set[str]:
    """The loans whose member may be reminded on a day: at most once, so those that weren't before."""
    return {row["loan_id"] for row in await session.rows(_CONTACTED, sorted(set(loan_ids)), on)}


async def _reminders(session: ReadSession, sql: str, *parameters: object) -> list[Reminder]:
    return [
        Reminder(
            loan_id=row["loan_id"],
            member_id=row["member_id"],
            product=row["product"],
            amount=Money(row["amount"], Currency(row["currency"])),
            due_on=row["due_on"],
            days_late=row["days_late"],
        )
        for row in await session.rows(sql, *parameters)
    ]
