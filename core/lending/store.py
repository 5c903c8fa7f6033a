"""All SQL of loans: what was agreed, their rows as the log left them, and what a running one asks."""

from collections.abc import Sequence
from datetime import date

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.lending.booked import Recognised
from core.lending.lifecycle import LoanStatus, PaidTo, may_move
from core.lending.loan import Loan, LoanStanding
from core.lending.loan_state import LoanState
from core.lending.owing import owed_of
from core.lending.products import PRODUCTS
from core.lending.record import read, written
from core.lending.repayment_rules import RepaymentRules
from core.lending.rows import Row
from core.lending.terms import Terms
from core.money import Currency, Money

_LOAN = """SELECT l.id, l.number, l.member_id, l.product, l.currency, l.disbursed_on, l.status, l.principal_code,
                  l.interest_code, l.terms::text AS terms, l.rules::text AS rules, l.paid_to, l.paid_to_code,
                  l.paid_out, l.application_id
             FROM loan l"""


async def add(session: WriteSession, loan: Loan) -> None:
    """Save a loan as agreed; its ledger accounts are open already, its rows come with its first event."""
    await session.execute(
        """INSERT INTO loan (id, number, member_id, product, principal, currency, rate_per_period, instalments,
                             disbursed_on, status, principal_code, interest_code, terms, rules, paid_to,
                             paid_to_code, paid_out, application_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::jsonb, $14::text::jsonb, $15, $16,
                   $17, $18)""",
        loan.loan_id,
        loan.number,
        loan.member_id,
        loan.product.code,
        loan.principal.minor,
        loan.principal.currency,
        loan.product.percent_per_month,
        loan.terms.instalments,
        loan.disbursed_on,
        loan.status,
        loan.principal_code,
        loan.interest_code,
        written(loan.terms),
        written(loan.rules),
        loan.paid_to,
        loan.paid_to_code,
        None if loan.paid_out is None else loan.paid_out.minor,
        loan.application_id,
    )


async def find(session: ReadSession, loan_id: str) -> Loan | None:
    """The loan; None when there is no such loan."""
    row = await session.row(f"{_LOAN} WHERE l.id = $1", loan_id)
    return None if row is None else _loan(row)


async def add_paid_out(session: WriteSession, loan_id: str, amount: Money) -> None:
    """The member got more of a locked loan: a tranche."""
    await session.execute(
        "UPDATE loan SET paid_out = coalesce(paid_out, 0) + $2 WHERE id = $1", loan_id, amount.minor
    )


async def hold(session: WriteSession, loan_ids: Sequence[str]) -> None:
    """Hold some loans for this transaction, in the order of their ids."""
    await session.rows(
        "SELECT id FROM loan WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE", list(loan_ids)
    )


async def lock(session: WriteSession, loan_id: str) -> Loan | None:
    """The loan, held for this transaction; None when there is no such loan."""
    row = await session.row(f"{_LOAN} WHERE l.id = $1 FOR UPDATE", loan_id)
    return None if row is None else _loan(row)


async def of_application(session: ReadSession, application_id: str) -> Loan | None:
    """The loan that an application became; None when it became none."""
    row = await session.row(f"{_LOAN} WHERE l.application_id = $1", application_id)
    return None if row is None else _loan(row)


async def move(session: WriteSession, loan: Loan, to: LoanStatus, *, on: date) -> None:
    """Bring a locked loan to another state; the day counts where it ends there."""
    if not may_move(loan.status, to):
        raise AssertionError(f"{loan.loan_id}: {loan.status} never becomes {to}")
    await session.execute(
        "UPDATE loan SET status = $2, ended_on = $3 WHERE id = $1",
        loan.loan_id,
        to,
        on if to in {LoanStatus.CLOSED, LoanStatus.CANCELLED} else None,
    )


async def booked(session: ReadSession, loan_id: str) -> tuple[Recognised, ...]:
    """What of each row was taken to income, in order of the rows."""
    rows = await session.rows(
        "SELECT interest_recognised, fees_recognised FROM instalment WHERE loan_id = $1 ORDER BY number",
        loan_id,
    )
    return tuple(Recognised(row["interest_recognised"], row["fees_recognised"]) for row in rows)


async def save_rows(
    session: WriteSession, loan_id: str, state: LoanState, recognised: Sequence[Recognised]
) -> None:
    """Write the rows of a locked loan as its events left them, in one statement."""
    if state.rows:
        pairs = zip(state.rows, recognised, strict=True)
        columns = zip(*(_columns(*pair) for pair in pairs), strict=True)
        await session.execute(_SAVE_ROWS, loan_id, *map(list, columns))
    await session.execute(
        "DELETE FROM instalment WHERE loan_id = $1 AND number > $2", loan_id, len(state.rows)
    )


_SAVED = (
    ("kind", "text"),
    ("starts_on", "date"),
    ("due_on", "date"),
    ("principal", "bigint"),
    ("interest", "bigint"),
    ("fees", "bigint"),
    ("penalties", "bigint"),
    ("principal_paid", "bigint"),
    ("interest_paid", "bigint"),
    ("fees_paid", "bigint"),
    ("penalties_paid", "bigint"),
    ("fees_waived", "bigint"),
    ("penalties_waived", "bigint"),
    ("interest_recognised", "bigint"),
    ("fees_recognised", "bigint"),
)
_NAMES = ", ".join(name for name, _ in _SAVED)
# Rows that stay as they are are not written again.
_SAVE_ROWS = f"""
INSERT INTO instalment AS i (loan_id, number, {_NAMES})
SELECT $1, r.number, {", ".join(f"r.{name}" for name, _ in _SAVED)}
  FROM unnest({", ".join(f"${place}::{kind}[]" for place, (_, kind) in enumerate(_SAVED, start=2))})
       WITH ORDINALITY AS r({_NAMES}, number)
ON CONFLICT (loan_id, number) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name, _ in _SAVED)}
 WHERE ({", ".join(f"i.{name}" for name, _ in _SAVED)})
       IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name, _ in _SAVED)})
"""


def _columns(row: Row, recognised: Recognised) -> tuple[object, ...]:
    """A row as `_SAVED` lists it; what is asked of it is kept after waivers."""
    asked = row.due.minus(row.waived)
    return (
        row.kind,
        row.starts_on,
        row.due_on,
        asked.principal,
        asked.interest,
        asked.fee,
        asked.penalty,
        row.paid.principal,
        row.paid.interest,
        row.paid.fee,
        row.paid.penalty,
        row.waived.fee,
        row.waived.penalty,
        recognised.interest,
        recognised.fees,
    )


LOAN_FACTS = "l.id, l.number, l.product, l.currency, l.disbursed_on, i.*"
"""What `standing_of` reads of a row of `LOANS_WITH_INSTALMENTS`."""

LOANS_WITH_INSTALMENTS = """loan l CROSS JOIN LATERAL (
    SELECT array_agg(due_on ORDER BY number) AS due_on,
           array_agg(i.principal - principal_paid ORDER BY number) AS principals_unpaid,
           array_agg(interest - interest_paid + fees - fees_paid + penalties - penalties_paid ORDER BY number)
               AS interests_unpaid
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
    owed = owed_of(unpaid, today, product, Currency(row["currency"]))
    return LoanStanding(row["id"], row["number"], product, owed)


def _loan(row: asyncpg.Record) -> Loan:
    currency = Currency(row["currency"])
    return Loan(
        loan_id=row["id"],
        number=row["number"],
        member_id=row["member_id"],
        product=PRODUCTS[row["product"]],
        terms=read(Terms, row["terms"]),
        rules=read(RepaymentRules, row["rules"]),
        disbursed_on=row["disbursed_on"],
        status=LoanStatus(row["status"]),
        principal_code=row["principal_code"],
        interest_code=row["interest_code"],
        paid_to=PaidTo(row["paid_to"]),
        paid_to_code=row["paid_to_code"],
        paid_out=None if row["paid_out"] is None else Money(row["paid_out"], currency),
        application_id=row["application_id"],
    )
