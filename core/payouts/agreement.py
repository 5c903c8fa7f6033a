"""Do payouts agree with the books and with the float? For `verify-ledger`.

What is on its way stands on one account: withdrawals by their rows, loans by what they pay out, cents included.
"""

from core.db.engine import ReadSession
from core.ledger.balances import Difference
from core.ledger.codes import Gl

_PAYOUTS = f"""
WITH found AS (
    SELECT 'payouts on their way' AS place, coalesce(ledger_balance('{Gl.PAYOUTS_HELD}'), 0) AS stored,
           (SELECT coalesce(sum(amount), 0) FROM payout
             WHERE purpose = 'withdrawal' AND state NOT IN ('settled', 'voided'))
         + (SELECT coalesce(sum(paid_out), 0) FROM loan
             WHERE status = 'disbursing' AND currency = 'KES') AS computed
    UNION ALL
    SELECT 'promised of the float', f.reserved,
           (SELECT coalesce(sum(amount), 0) FROM payout WHERE state IN ('submitting', 'submitted', 'unknown'))
      FROM payout_float f
    UNION ALL
    SELECT 'settlement of ' || p.id, count(j.id), 1
      FROM payout p LEFT JOIN journal j ON j.key = 'payout:' || p.id || ':settled'
     WHERE p.state = 'settled' GROUP BY p.id
    UNION ALL
    SELECT 'settlement of ' || p.id, 1, 0
      FROM payout p JOIN journal j ON j.key = 'payout:' || p.id || ':settled' WHERE p.state <> 'settled'
)
SELECT place, stored::text, computed::text FROM found WHERE stored <> computed ORDER BY place
"""


async def differences(session: ReadSession) -> list[Difference]:
    """Money on its way, promised or gone that payouts know otherwise; empty when all is well."""
    return [Difference(row["place"], row["stored"], row["computed"]) for row in await session.rows(_PAYOUTS)]
