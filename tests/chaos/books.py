"""The two books as they are compared: cents that moved on the paybill, by the payment they belong to."""

from collections import defaultdict
from collections.abc import Sequence

from core.db.engine import ReadSession
from core.ledger.chart import Gl
from core.payments.model import account_reference
from integrations.sandbox.memory import Memory


def theirs(memory: Memory, payments: Sequence[str]) -> dict[str, int]:
    """What the provider moved, under our payment's id where its reference names one, else under the receipt."""
    ids = {account_reference(payment_id): payment_id for payment_id in payments}
    moved: defaultdict[str, int] = defaultdict(int)
    for paid in memory.payments:
        prompt = memory.prompts[paid.checkout_id]
        moved[ids.get(prompt.account, paid.receipt)] += prompt.shillings * 100
    return dict(moved)


async def ours(session: ReadSession) -> dict[str, int]:
    """What our ledger moved on the paybill's account, under the payment's id."""
    rows = await session.rows(
        """SELECT coalesce(j.meta->>'payment', split_part(j.key, ':', 2)) AS payment,
                  sum(CASE e.side WHEN 'D' THEN e.amount ELSE -e.amount END)::bigint AS cents
             FROM journal j
             JOIN entry e ON e.journal_id = j.id
             JOIN ledger_account a ON a.id = e.account_id
            WHERE a.code = $1 AND j.business_date >= '2026-03-11' GROUP BY 1""",
        Gl.MPESA_PAYBILL,
    )
    return {row["payment"]: row["cents"] for row in rows}


async def unfinished(
    session: ReadSession, payments: Sequence[str], *, states: bool = False
) -> dict[str, str]:
    """The state of each payment that is not final; of all of them where `states` is wanted."""
    rows = await session.rows(
        """SELECT id, state FROM payment
            WHERE id = ANY($1::text[]) AND ($2 OR state NOT IN ('confirmed', 'failed'))""",
        payments,
        states,
    )
    return {row["id"]: row["state"] for row in rows}
