"""Do the floors of members' accounts agree with what is held and what products keep? For `verify-ledger`."""

from core.db.engine import ReadSession
from core.ledger.balances import Difference

# A share account keeps nothing of its own; what is held on it is all of its floor.
_FLOORS = """
SELECT 'floor of ' || a.code AS place, a.minimum::text AS stored, (f.floor + f.held)::text AS computed
  FROM (SELECT own.code, own.floor, coalesce(sum(h.amount), 0) AS held
          FROM (SELECT ledger_code AS code, floor FROM savings_account
                UNION ALL SELECT ledger_code, 0 FROM share_account) own
          LEFT JOIN savings_hold h ON h.ledger_code = own.code AND h.state = 'held'
         GROUP BY own.code, own.floor) f
  JOIN ledger_account a ON a.code = f.code
 WHERE a.minimum IS DISTINCT FROM f.floor + f.held ORDER BY a.code
"""


async def differences(session: ReadSession) -> list[Difference]:
    """Accounts that could be drawn on too far, or not far enough; empty when all is well."""
    return [Difference(row["place"], row["stored"], row["computed"]) for row in await session.rows(_FLOORS)]
