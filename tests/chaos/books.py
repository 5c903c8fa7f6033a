"""The two books as they are compared: cents that moved through the paybill, by the payment they belong to.

A payment is named by our own id where the provider knows it (a prompt's account reference, a payout's conversation id),
else by the provider's receipt. What the provider charges is left out: it belongs to no member.
"""

from collections import defaultdict
from collections.abc import Sequence

from core.db.engine import ReadSession
from core.ledger.chart import Gl
from core.payments.model import account_reference
from integrations.sandbox.events import AccountName, MoneyKind
from integrations.sandbox.memory import Memory

_COUNTED = frozenset({MoneyKind.PAY_BILL, MoneyKind.PAYOUT})


def theirs(memory: Memory, payments: Sequence[str]) -> dict[str, int]:
    """What the provider moved: more than nothing came in, less went out."""
    ids = {account_reference(payment_id): payment_id for payment_id in payments}
    paid_out = {taken.receipt: number for number, taken in memory.requests.items() if taken.receipt}
    moved: defaultdict[str, int] = defaultdict(int)
    for account in AccountName:
        for line in memory.book.lines(account):
            movement = line.movement
            if movement.kind in _COUNTED:
                receipt = paid_out.get(movement.receipt, movement.receipt)
                moved[ids.get(movement.reference, receipt)] += movement.cents
    return dict(moved)


async def ours(session: ReadSession) -> dict[str, int]:
    """What our ledger moved on the accounts of the paybill."""
    rows = await session.rows(
        """SELECT coalesce(p.id, r.receipt, o.id, j.key) AS payment,
                  sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END)::bigint AS cents
             FROM journal j
             JOIN entry e ON e.journal_id = j.id
             JOIN ledger_account a ON a.id = e.account_id AND a.code = ANY($1::text[])
             LEFT JOIN payment q ON q.id = coalesce(j.meta->>'payment', split_part(j.key, ':', 2))
             LEFT JOIN payment p ON p.id = q.id AND p.channel <> 'paybill'
             LEFT JOIN paybill_receipt r ON r.receipt = coalesce(q.receipt, split_part(j.key, ':', 2))
             LEFT JOIN payout o ON o.id = split_part(j.key, ':', 2)
            WHERE j.key ~ '^(payment|paybill|payout):'
            GROUP BY 1""",
        [Gl.MPESA_PAYBILL, Gl.MPESA_UTILITY],
    )
    return {row["payment"]: row["cents"] for row in rows}


async def unfinished(
    session: ReadSession, payments: Sequence[str], *, states: bool = False
) -> dict[str, str]:
    """The state of each payment that is not final; of all of them where `states` is wanted."""
    rows = await session.rows(
        """SELECT id, state FROM payment WHERE id = ANY($1::text[]) AND ($2 OR state NOT IN ('confirmed', 'failed'))
            UNION ALL
           SELECT id, state FROM payout WHERE id = ANY($1::text[]) AND ($2 OR state NOT IN ('settled', 'voided'))
            UNION ALL
           SELECT receipt, 'confirmed' FROM paybill_receipt WHERE receipt = ANY($1::text[]) AND $2""",
        payments,
        states,
    )
    return {row["id"]: row["state"] for row in rows}
