"""What does a member have and owe right now? Everything a balance screen needs, read in one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.clock import business_date
from core.db.engine import ReadSession
from core.lending import store as lending
from core.lending.loan import LoanStanding
from core.money import Currency, Money

_OVERVIEW = f"""
SELECT savings.balance AS savings, deposits.balance AS deposits, shares.balance AS shares, loans.*
  FROM member m
  LEFT JOIN savings_account s ON s.member_id = m.id AND s.product = 'savings'
  LEFT JOIN ledger_account savings ON savings.code = s.ledger_code
  LEFT JOIN savings_account d ON d.member_id = m.id AND d.product = 'deposits'
  LEFT JOIN ledger_account deposits ON deposits.code = d.ledger_code
  LEFT JOIN share_account h ON h.member_id = m.id
  LEFT JOIN ledger_account shares ON shares.code = h.ledger_code
  LEFT JOIN (SELECT {lending.LOAN_FACTS} FROM {lending.LOANS_WITH_INSTALMENTS}
              WHERE l.member_id = $1 AND l.status = 'active') loans ON true
 WHERE m.id = $1 ORDER BY loans.disbursed_on, loans.id
"""


@dataclass(frozen=True, slots=True)
class Overview:
    """A member's accounts equal to the ledger, and what each running loan asks today, the oldest loan first."""

    savings: Money
    deposits: Money
    shares: Money
    loans: tuple[LoanStanding, ...]


async def overview(session: ReadSession, *, member_id: str, now: datetime) -> Overview:
    """Balances of all accounts and standing of all loans at this moment; zero where there is no account."""
    rows = await session.rows(_OVERVIEW, member_id)
    today = business_date(now)
    first = rows[0]
    return Overview(
        savings=Money(first["savings"] or 0),
        deposits=Money(first["deposits"] or 0),
        shares=Money(first["shares"] or 0),
        loans=tuple(lending.standing_of(row, today) for row in rows if row["id"] is not None),
    )


@dataclass(frozen=True, slots=True)
class StatementMovement:
    """One movement a member recognises: `change` is signed on savings and shares, positive on loans."""

    on: date
    kind: str
    change: Money


_MOVEMENTS = """
WITH own AS (
    SELECT a.id FROM ledger_account a JOIN savings_account s ON s.ledger_code = a.code WHERE s.member_id = $1
    UNION ALL
    SELECT a.id FROM ledger_account a JOIN share_account h ON h.ledger_code = a.code WHERE h.member_id = $1
), movements AS (
    SELECT j.business_date AS day, j.event_at AS at, j.kind, e.currency,
           CASE e.side WHEN 'C' THEN e.amount ELSE -e.amount END AS change
      FROM own CROSS JOIN LATERAL (SELECT * FROM entry WHERE account_id = own.id ORDER BY id DESC LIMIT $2) e
      JOIN journal j ON j.id = e.journal_id
    UNION ALL
    SELECT j.business_date, j.event_at, j.kind, l.currency, r.amount
      FROM loan l JOIN loan_event r ON r.loan_id = l.id AND r.kind = 'payment' JOIN journal j ON j.id = r.journal_id
     WHERE l.member_id = $1 AND r.amount > 0
    UNION ALL
    SELECT j.business_date, j.event_at, j.kind, l.currency, l.principal
      FROM loan l JOIN journal j ON j.key = 'disbursement:' || l.id WHERE l.member_id = $1
)
SELECT * FROM movements ORDER BY at DESC, kind LIMIT $2
"""


async def latest_movements(session: ReadSession, *, member_id: str, most: int) -> Sequence[StatementMovement]:
    """The last movements over all of a member's accounts and loans, the newest first.

    A repayment shows as the member paid it, whichever of interest and principal it went to; what of it was
    above the debt shows as a movement of the savings it went to.
    """
    return [
        StatementMovement(
            on=row["day"], kind=row["kind"], change=Money(row["change"], Currency(row["currency"]))
        )
        for row in await session.rows(_MOVEMENTS, member_id, most)
    ]
