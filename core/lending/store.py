"""All SQL of loans: terms, schedules, and what was paid on them."""

from collections.abc import Sequence
from datetime import date, datetime

import asyncpg
import msgspec

from core.db.engine import ReadSession, WriteSession
from core.lending.allocation import owed_of
from core.lending.loan import Loan, LoanStanding
from core.lending.model import Instalment, InstalmentState, LoanStatus
from core.lending.products import PRODUCTS
from core.money import Currency, Money

_LOAN = """SELECT l.id, l.number, l.member_id, l.product, l.principal, l.currency, l.disbursed_on, l.status,
                  l.principal_code, l.interest_code FROM loan l"""
_INSTALMENTS = """SELECT loan_id, number, due_on, principal, interest, principal_paid, interest_paid,
                         interest_recognised FROM instalment"""


async def add(
    session: WriteSession, loan: Loan, schedule: Sequence[Instalment], *, rate_per_period: str
) -> None:
    """Save a loan with its schedule as agreed; its ledger accounts are open already."""
    await session.execute(
        """INSERT INTO loan (id, number, member_id, product, principal, currency, rate_per_period, instalments,
                             disbursed_on, status, principal_code, interest_code)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        loan.loan_id,
        loan.number,
        loan.member_id,
        loan.product.code,
        loan.principal.minor,
        loan.principal.currency,
        rate_per_period,
        len(schedule),
        loan.disbursed_on,
        loan.status,
        loan.principal_code,
        loan.interest_code,
    )
    await session.execute_many(
        "INSERT INTO instalment (loan_id, number, due_on, principal, interest) VALUES ($1, $2, $3, $4, $5)",
        [(loan.loan_id, i.number, i.due_on, i.principal.minor, i.interest.minor) for i in schedule],
    )


async def lock(session: WriteSession, loan_id: str) -> Loan | None:
    """The loan, held for this transaction; None when there is no such loan."""
    row = await session.row(f"{_LOAN} WHERE l.id = $1 FOR UPDATE", loan_id)
    return None if row is None else _loan(row)


async def schedule(session: ReadSession, loan: Loan) -> tuple[InstalmentState, ...]:
    """The instalments in order, with what was paid on each."""
    rows = await session.rows(f"{_INSTALMENTS} WHERE loan_id = $1 ORDER BY number", loan.loan_id)
    return tuple(_instalment(row, loan.principal.currency) for row in rows)


LOAN_FACTS = "l.id, l.product, l.currency, l.disbursed_on, i.*"
"""What `standing_of` reads of a row of `LOANS_WITH_INSTALMENTS`."""

LOANS_WITH_INSTALMENTS = """loan l CROSS JOIN LATERAL (
    SELECT array_agg(due_on ORDER BY number) AS due_on,
           array_agg(i.principal - principal_paid ORDER BY number) AS principals_unpaid,
           array_agg(interest - interest_paid ORDER BY number) AS interests_unpaid
      FROM instalment i WHERE i.loan_id = l.id) i"""
"""Loans, one per row, each with what is unpaid of its instalments as arrays in order."""


async def running(session: ReadSession, member_id: str, *, today: date) -> list[LoanStanding]:
    """A member's active loans, the oldest first, with what each asks today."""
    rows = await session.rows(
        f"""SELECT {LOAN_FACTS} FROM {LOANS_WITH_INSTALMENTS}
             WHERE l.member_id = $1 AND l.status = 'active' ORDER BY l.disbursed_on, l.id""",
        member_id,
    )
    return [standing_of(row, today) for row in rows]


def standing_of(row: asyncpg.Record, today: date) -> LoanStanding:
    """What a loan asks today, from a row with `LOAN_FACTS`."""
    product = PRODUCTS[row["product"]]
    unpaid = list(zip(row["due_on"], row["principals_unpaid"], row["interests_unpaid"], strict=True))
    return LoanStanding(row["id"], product, owed_of(unpaid, today, product, Currency(row["currency"])))


async def save_paid(session: WriteSession, loan_id: str, instalments: Sequence[InstalmentState]) -> None:
    """Write what has been paid and recognised on these instalments of a locked loan."""
    await session.execute_many(
        """UPDATE instalment SET principal_paid = $3, interest_paid = $4, interest_recognised = $5
            WHERE loan_id = $1 AND number = $2""",
        [
            (loan_id, i.number, i.principal_paid.minor, i.interest_paid.minor, i.interest_recognised.minor)
            for i in instalments
        ],
    )


async def close(session: WriteSession, loan_id: str) -> None:
    """Nothing is owed any more."""
    await session.execute("UPDATE loan SET status = $2 WHERE id = $1", loan_id, LoanStatus.CLOSED)


async def add_repayment(
    session: WriteSession,
    *,
    loan_id: str,
    payment_id: str | None,
    journal_id: int,
    amount: Money,
    excess: Money,
    parts: Sequence[dict[str, int]],
    event_at: datetime,
) -> None:
    """Keep how a repayment was split, so that it can be explained and replayed."""
    await session.execute(
        """INSERT INTO loan_repayment (loan_id, payment_id, journal_id, amount, excess, parts, event_at)
           VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)""",
        loan_id,
        payment_id,
        journal_id,
        amount.minor,
        excess.minor,
        msgspec.json.encode(parts).decode(),
        event_at,
    )


def _loan(row: asyncpg.Record) -> Loan:
    return Loan(
        loan_id=row["id"],
        number=row["number"],
        member_id=row["member_id"],
        product=PRODUCTS[row["product"]],
        principal=Money(row["principal"], Currency(row["currency"])),
        disbursed_on=row["disbursed_on"],
        status=LoanStatus(row["status"]),
        principal_code=row["principal_code"],
        interest_code=row["interest_code"],
    )


def _instalment(row: asyncpg.Record, currency: Currency) -> InstalmentState:
    return InstalmentState(
        instalment=Instalment.without_charges(
            number=row["number"],
            due_on=row["due_on"],
            principal=Money(row["principal"], currency),
            interest=Money(row["interest"], currency),
        ),
        principal_paid=Money(row["principal_paid"], currency),
        interest_paid=Money(row["interest_paid"], currency),
        interest_recognised=Money(row["interest_recognised"], currency),
    )
