"""All SQL of loan statements: what each event of a loan added to the member's debt and paid off, by portion.

Interest is charged on the day its instalment falls due, once that day is closed; what of it is paid before that is
charged and paid by that payment. Fees and penalties are charged when they are entered. The closing principal comes
from the ledger, so a log that contradicts the books is found.
"""

from itertools import groupby, takewhile

import asyncpg

from core.db.engine import ReadSession
from core.money import Currency, Money
from core.reports.statement import LoanMovement, LoanStatement, Period, Portions
from core.reports.store import PAYMENT_OF_JOURNAL, REFERENCE

# A charge or waiver that was reversed is left out with its reversal; a payment and its reversal both show.
_EVENTS = f"""
WITH loans AS (
    SELECT l.id, l.number, l.product, l.currency, l.disbursed_on, l.status, a.id AS principal_id
      FROM loan l JOIN ledger_account a ON a.code = l.principal_code
     WHERE l.member_id = $1 AND l.disbursed_on <= $2 AND l.status NOT IN ('disbursing', 'cancelled')
), early AS (
    SELECT e.loan_id, e.number, e.reversed_by, i.number AS row, (part ->> 'interest')::bigint AS interest
      FROM loans l JOIN loan_event e ON e.loan_id = l.id AND e.kind = 'payment'
      CROSS JOIN LATERAL jsonb_array_elements(e.parts) part
      JOIN instalment i ON i.loan_id = e.loan_id AND i.number = (part ->> 'instalment')::int
     WHERE i.due_on > e.entered_on
), told AS (
    SELECT e.loan_id, e.number, e.entered_on, e.event_at, e.journal_id, e.kind, e.body ->> 'portion' AS portion,
           e.amount, e.penalty, e.fee, e.interest, e.principal,
           coalesce((SELECT sum(interest) FROM early WHERE early.loan_id = e.loan_id AND early.number = e.number), 0)
               AS early
      FROM loans l JOIN loan_event e ON e.loan_id = l.id
     WHERE e.entered_on <= $2
       AND (e.kind IN ('disbursement', 'payment', 'balance_refund')
            OR e.kind IN ('charge_added', 'charge_waived') AND e.reversed_by IS NULL)
    UNION ALL
    SELECT e.loan_id, e.number, e.entered_on, e.event_at, e.journal_id, 'reversal', NULL, undone.amount,
           undone.penalty, undone.fee, undone.interest, undone.principal,
           coalesce((SELECT sum(interest) FROM early
                      WHERE early.loan_id = e.loan_id AND early.number = undone.number), 0)
      FROM loans l JOIN loan_event undone ON undone.loan_id = l.id AND undone.kind = 'payment'
      JOIN loan_event e ON e.loan_id = l.id AND e.number = undone.reversed_by
     WHERE e.entered_on <= $2
), lines AS (
    SELECT t.loan_id, t.entered_on AS day, t.event_at, t.number AS place, t.journal_id, t.kind, t.portion,
           CASE t.kind WHEN 'disbursement' THEN t.amount WHEN 'balance_refund' THEN t.amount
                       WHEN 'reversal' THEN t.principal ELSE 0 END AS principal_charged,
           CASE t.kind WHEN 'payment' THEN t.early WHEN 'reversal' THEN t.interest - t.early ELSE 0 END
               AS interest_charged,
           CASE WHEN t.kind = 'reversal' THEN t.fee WHEN t.kind = 'charge_added' AND t.portion = 'fee' THEN t.amount
                ELSE 0 END AS fees_charged,
           CASE WHEN t.kind = 'reversal' THEN t.penalty
                WHEN t.kind = 'charge_added' AND t.portion = 'penalty' THEN t.amount ELSE 0 END AS penalties_charged,
           CASE t.kind WHEN 'payment' THEN t.principal ELSE 0 END AS principal_paid,
           CASE t.kind WHEN 'payment' THEN t.interest ELSE 0 END AS interest_paid,
           CASE WHEN t.kind = 'payment' THEN t.fee
                WHEN t.kind = 'charge_waived' AND waived.portion = 'fee' THEN t.amount ELSE 0 END AS fees_paid,
           CASE WHEN t.kind = 'payment' THEN t.penalty
                WHEN t.kind = 'charge_waived' AND waived.portion = 'penalty' THEN t.amount ELSE 0 END
               AS penalties_paid
      FROM told t
      LEFT JOIN LATERAL (
           SELECT c.body ->> 'portion' AS portion FROM loan_event w
             JOIN loan_event c ON c.loan_id = w.loan_id AND c.number = (w.body ->> 'charge')::int
            WHERE t.kind = 'charge_waived' AND w.loan_id = t.loan_id AND w.number = t.number) waived ON true
    UNION ALL
    SELECT i.loan_id, i.due_on, i.due_on::timestamp AT TIME ZONE 'Africa/Nairobi', 0, NULL, 'interest_due', NULL, 0,
           i.interest - coalesce((SELECT sum(e.interest) FROM early e
                                   WHERE e.loan_id = i.loan_id AND e.row = i.number AND e.reversed_by IS NULL), 0),
           0, 0, 0, 0, 0, 0
      FROM loans l JOIN instalment i ON i.loan_id = l.id
     WHERE i.due_on <= $2 AND i.interest > 0 AND i.interest_recognised = i.interest
)
SELECT l.number, l.product, l.currency, l.status, v.day, v.event_at,
       coalesce(j.kind, CASE WHEN v.kind = 'charge_added' AND v.portion = 'penalty' THEN 'loan_penalties'
                             WHEN v.kind = 'charge_added' THEN 'loan_fee'
                             WHEN v.kind = 'charge_waived' THEN 'loan_waiver'
                             ELSE v.kind END) AS kind,
       coalesce({REFERENCE}, '') AS reference,
       v.principal_charged::bigint, v.interest_charged::bigint, v.fees_charged::bigint, v.penalties_charged::bigint,
       v.principal_paid::bigint, v.interest_paid::bigint, v.fees_paid::bigint, v.penalties_paid::bigint,
       (SELECT coalesce(sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END), 0)::bigint
          FROM entry e JOIN journal b ON b.id = e.journal_id
         WHERE e.account_id = l.principal_id AND b.business_date <= $2) AS principal_owed
  FROM loans l JOIN lines v ON v.loan_id = l.id
  LEFT JOIN journal j ON j.id = v.journal_id {PAYMENT_OF_JOURNAL}
 WHERE v.principal_charged + v.interest_charged + v.fees_charged + v.penalties_charged
       + v.principal_paid + v.interest_paid + v.fees_paid + v.penalties_paid > 0
 ORDER BY l.disbursed_on, l.number, v.day, v.place
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
    movements = [_movement(row, currency) for row in rows]
    before = list(takewhile(lambda movement: movement.on < period.since, movements))
    nothing = Portions.nothing(currency)
    owed = sum((each.charged + -each.paid for each in movements), start=nothing)
    # What was written off is off the books, and still the member's debt.
    in_books = (
        owed.principal if first["status"] == "written_off" else Money(first["principal_owed"], currency)
    )
    return LoanStatement(
        number=first["number"],
        product=first["product"],
        period=period,
        opening=sum((each.charged + -each.paid for each in before), start=nothing),
        movements=tuple(movements[len(before) :]),
        closing=Portions(in_books, owed.interest, owed.fees, owed.penalties),
    )


def _movement(row: asyncpg.Record, currency: Currency) -> LoanMovement:
    return LoanMovement(
        on=row["day"],
        at=row["event_at"],
        kind=row["kind"],
        reference=row["reference"],
        charged=_portions(row, "charged", currency),
        paid=_portions(row, "paid", currency),
    )


def _portions(row: asyncpg.Record, done: str, currency: Currency) -> Portions:
    return Portions(
        *(
            Money(row[f"{portion}_{done}"], currency)
            for portion in ("principal", "interest", "fees", "penalties")
        )
    )
