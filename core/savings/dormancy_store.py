"""All SQL of accounts that nobody uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.db.engine import WriteSession
from core.savings.model import SavingsProduct

# What the society posts by itself; everything else is the member's, or somebody's who pays them.
_OUR_OWN: Final = "'savings_interest', 'overdraft_interest', 'account_fee', 'dividend_paid'"


@dataclass(frozen=True, slots=True)
class Quiet:
    """An account and the last day on which it was used, its opening where it never was."""

    account_id: str
    member_id: str
    product: SavingsProduct
    moved_on: date
    has_money: bool


async def lock_to_check(session: WriteSession, *, on: date, most: int) -> list[Quiet]:
    """Accounts whose day to be looked at has come, held for this transaction."""
    rows = await session.rows(
        f"""SELECT s.id, s.member_id, s.product, a.balance,
                   greatest(s.opened_on, (
                       SELECT max(j.business_date) FROM entry e JOIN journal j ON j.id = e.journal_id
                        WHERE e.account_id = a.id AND j.kind NOT IN ({_OUR_OWN}))) AS moved_on
              FROM savings_account s JOIN ledger_account a ON a.code = s.ledger_code
             WHERE s.quiet_check_on <= $1 AND s.status = 'active'
             ORDER BY s.quiet_check_on, s.id LIMIT $2 FOR UPDATE OF s""",
        on,
        most,
    )
    return [
        Quiet(
            row["id"], row["member_id"], SavingsProduct(row["product"]), row["moved_on"], row["balance"] > 0
        )
        for row in rows
    ]


async def save(session: WriteSession, findings: Sequence[tuple[str, bool, date | None, date | None]]) -> None:
    """For each locked account: whether it sleeps now, when to look again, and when its member was warned."""
    await session.execute_many(
        """UPDATE savings_account SET status = CASE WHEN $2 THEN 'dormant' ELSE status END, quiet_check_on = $3,
                  warned_on = coalesce($4, warned_on) WHERE id = $1""",
        findings,
    )
