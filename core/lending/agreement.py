"""Do the rows of all loans agree with the accounts they stand on? For `verify-ledger`.

Each loan's principal has its own account. Interest, fees and penalties that are due stand on accounts that many loans
share: what each owes of them is told by its rows alone.
"""

from core.db.engine import ReadSession
from core.ledger.balances import Difference
from core.ledger.codes import Gl

# A loan that was written off stands on no account any more.
_LOANS = f"""
WITH owed AS (
    SELECT l.principal_code, l.interest_code, l.product, l.currency,
           coalesce(sum(i.principal - i.principal_paid), 0) AS principal,
           coalesce(sum(i.interest_recognised - i.interest_paid), 0) AS interest,
           coalesce(sum(i.fees_recognised - i.fees_paid), 0) AS fees,
           coalesce(sum(i.penalties - i.penalties_paid), 0) AS penalties
      FROM loan l LEFT JOIN instalment i ON i.loan_id = l.id AND l.status <> 'written_off'
     GROUP BY l.id
), by_account AS (
    SELECT principal_code AS code, sum(principal) AS amount FROM owed GROUP BY 1
    UNION ALL
    SELECT interest_code, sum(interest) FROM owed GROUP BY 1
    UNION ALL
    SELECT '{Gl.FEES_DUE}.' || product || CASE currency WHEN 'KES' THEN '' ELSE '.' || currency END, sum(fees)
      FROM owed GROUP BY 1
    UNION ALL
    SELECT '{Gl.PENALTIES_DUE}.' || product || CASE currency WHEN 'KES' THEN '' ELSE '.' || currency END,
           sum(penalties)
      FROM owed GROUP BY 1
)
SELECT 'loans on ' || b.code AS place, coalesce(ledger_balance(b.code), 0)::text AS stored, b.amount::text AS computed
  FROM by_account b WHERE coalesce(ledger_balance(b.code), 0) <> b.amount ORDER BY b.code
"""


async def differences(session: ReadSession) -> list[Difference]:
    """Accounts that hold another amount than the rows of their loans say; empty when all is well."""
    return [Difference(row["place"], row["stored"], row["computed"]) for row in await session.rows(_LOANS)]
