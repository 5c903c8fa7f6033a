"""All SQL of agreed terms and goals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.money import Currency, Money
from core.savings.term_deposits import AtMaturity, TermState


@dataclass(frozen=True, slots=True)
class TermDeposit:
    """The agreed time of one account."""

    account_id: str
    months: int
    began_on: date
    matures_on: date
    contribution_minor: int | None
    """Each month's amount of a recurring deposit."""
    at_maturity: AtMaturity
    payout_account_id: str
    state: TermState


async def add(session: WriteSession, deposit: TermDeposit) -> None:
    await session.execute(
        """INSERT INTO term_deposit (account_id, months, began_on, matures_on, contribution, at_maturity,
                                     payout_account_id) VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        deposit.account_id,
        deposit.months,
        deposit.began_on,
        deposit.matures_on,
        deposit.contribution_minor,
        deposit.at_maturity,
        deposit.payout_account_id,
    )


async def find(session: ReadSession, account_id: str) -> TermDeposit | None:
    row = await session.row("SELECT * FROM term_deposit WHERE account_id = $1", account_id)
    return None if row is None else _deposit(row)


async def lock(session: WriteSession, account_id: str) -> TermDeposit | None:
    row = await session.row("SELECT * FROM term_deposit WHERE account_id = $1 FOR UPDATE", account_id)
    return None if row is None else _deposit(row)


async def lock_maturing(session: WriteSession, *, on: date, most: int) -> list[TermDeposit]:
    """Running terms that end on that day or have ended before."""
    rows = await session.rows(
        """SELECT * FROM term_deposit WHERE state = 'running' AND matures_on <= $1
            ORDER BY matures_on, account_id LIMIT $2 FOR UPDATE""",
        on,
        most,
    )
    return [_deposit(row) for row in rows]


async def is_awaited_by(session: ReadSession, account_id: str) -> bool:
    """Whether a running term will pay into this account."""
    row = await session.row(
        "SELECT 1 AS one FROM term_deposit WHERE payout_account_id = $1 AND state = 'running' LIMIT 1",
        account_id,
    )
    return row is not None


async def end(session: WriteSession, account_ids: Sequence[str], state: TermState) -> None:
    await session.execute(
        "UPDATE term_deposit SET state = $2 WHERE account_id = ANY($1::text[])", account_ids, state
    )


async def renew(session: WriteSession, terms: Sequence[tuple[str, date, date, Fraction]]) -> None:
    """Begin another time on locked accounts: (account, first day, maturity, percent a year)."""
    await session.execute_many(
        "UPDATE term_deposit SET began_on = $2, matures_on = $3 WHERE account_id = $1",
        [(account_id, began_on, matures_on) for account_id, began_on, matures_on, _ in terms],
    )
    await session.execute_many(
        "UPDATE savings_account SET agreed_percent = $2 WHERE id = $1",
        [(account_id, str(percent)) for account_id, _, _, percent in terms],
    )


async def set_goal(session: WriteSession, *, account_id: str, target: Money, target_on: date) -> None:
    """What an account is saved for; a goal set before is replaced."""
    await session.execute(
        """INSERT INTO savings_goal (account_id, target, target_on) VALUES ($1, $2, $3)
           ON CONFLICT (account_id) DO UPDATE SET target = excluded.target, target_on = excluded.target_on""",
        account_id,
        target.minor,
        target_on,
    )


async def goal(session: ReadSession, account_id: str) -> tuple[Money, date, Money] | None:
    """Target, its day, and what is saved; None without a goal."""
    row = await session.row(
        """SELECT g.target, g.target_on, a.balance, a.currency FROM savings_goal g
             JOIN savings_account s ON s.id = g.account_id JOIN ledger_account a ON a.code = s.ledger_code
            WHERE g.account_id = $1""",
        account_id,
    )
    if row is None:
        return None
    currency = Currency(row["currency"])
    return Money(row["target"], currency), row["target_on"], Money(row["balance"], currency)


async def goals_reached(session: ReadSession, *, most: int) -> list[tuple[str, str, str, Money]]:
    """Open accounts that hold their target and whose member has not been told: (account, member, name, target)."""
    rows = await session.rows(
        """SELECT s.id, s.member_id, s.name, g.target, a.currency FROM savings_goal g
             JOIN savings_account s ON s.id = g.account_id JOIN ledger_account a ON a.code = s.ledger_code
            WHERE s.status <> 'closed' AND a.balance >= g.target
              AND NOT EXISTS (SELECT FROM notice n WHERE n.key = 'goal:' || s.id || ':' || g.target)
            ORDER BY s.id LIMIT $1""",
        most,
    )
    return [
        (row["id"], row["member_id"], row["name"], Money(row["target"], Currency(row["currency"])))
        for row in rows
    ]


def _deposit(row: asyncpg.Record) -> TermDeposit:
    return TermDeposit(
        account_id=row["account_id"],
        months=row["months"],
        began_on=row["began_on"],
        matures_on=row["matures_on"],
        contribution_minor=row["contribution"],
        at_maturity=AtMaturity(row["at_maturity"]),
        payout_account_id=row["payout_account_id"],
        state=TermState(row["state"]),
    )
