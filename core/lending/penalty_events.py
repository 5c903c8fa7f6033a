"""How do penalties of the day-close come into the loans' logs? In one statement for all loans of a day."""

from datetime import date, datetime

from core.db.engine import WriteSession

# As core/lending/record.py writes a ChargeAdded: on the row of its instalment, and behind all that was entered before,
# so that a replay puts it on the same row and leaves payments as they were divided.
_ENTER = """
WITH fresh AS (
    SELECT p.loan_id, p.instalment, p.amount, i.due_on, l.currency,
           greatest($1, (SELECT max(e.entered_on) FROM loan_event e WHERE e.loan_id = p.loan_id)) AS entered_on,
           'penalty:' || p.loan_id || ':' || p.instalment || ':' || p.for_day AS key,
           row_number() OVER (PARTITION BY p.loan_id ORDER BY p.instalment) AS place
      FROM loan_penalty p
      JOIN instalment i ON i.loan_id = p.loan_id AND i.number = p.instalment
      JOIN loan l ON l.id = p.loan_id
     WHERE p.for_day = $1
       AND NOT EXISTS (SELECT 1 FROM loan_event e
                        WHERE e.key = 'penalty:' || p.loan_id || ':' || p.instalment || ':' || p.for_day)
)
INSERT INTO loan_event (loan_id, number, entered_on, event_at, kind, body, amount, key, actor)
SELECT f.loan_id,
       coalesce((SELECT max(e.number) FROM loan_event e WHERE e.loan_id = f.loan_id), 0) + f.place,
       f.entered_on, $2, 'charge_added',
       jsonb_build_object('due_on', f.entered_on, 'row_due_on', f.due_on, 'portion', 'penalty', 'name', 'penalty',
           'amount', jsonb_build_object('minor', f.amount, 'currency', f.currency), 'rate', NULL),
       f.amount, f.key, 'day close'
  FROM fresh f
"""


async def enter(session: WriteSession, *, for_day: date, at: datetime) -> None:
    """Add a line for each penalty of a day that has none yet; the loans are held by this transaction."""
    await session.execute(_ENTER, for_day, at)
