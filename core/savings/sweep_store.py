"""All SQL of sweeps: which account a borrower's instalments are taken from."""

from collections.abc import Mapping, Sequence

from core.db.engine import ReadSession


async def transaction_accounts(session: ReadSession, member_ids: Sequence[str]) -> Mapping[str, str]:
    """By member, the account id: the front office's current account, else savings. Sleeping ones are left alone."""
    rows = await session.rows(
        """SELECT DISTINCT ON (member_id) member_id, id FROM savings_account
            WHERE member_id = ANY($1::text[]) AND product IN ('fosa', 'savings') AND status = 'active'
            ORDER BY member_id, product = 'fosa' DESC, opened_on, id""",
        member_ids,
    )
    return {row["member_id"]: row["id"] for row in rows}
