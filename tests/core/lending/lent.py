"""Loans put into the database as they stand, for tests of what reads them: one member, one account for all."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.db.engine import WriteSession
from core.lending.arrears import DueRow, Portions
from core.money import Money

MEMBER = "mbr_1"
_ACCOUNT = "1110:all"


@dataclass(frozen=True)
class LentRow:
    """One instalment in minor units: principal, interest, fees, penalties, and what is paid of each."""

    due_on: date
    asked: tuple[int, int, int, int]
    paid: tuple[int, int, int, int] = (0, 0, 0, 0)

    def as_due(self, number: int) -> DueRow:
        unpaid = (Money(asked - paid) for asked, paid in zip(self.asked, self.paid, strict=True))
        return DueRow(number, self.due_on, Portions(*unpaid), Money(sum(self.paid)))


@dataclass(frozen=True)
class Lent:
    """A running loan."""

    loan_id: str
    rows: tuple[LentRow, ...]
    product: str = "development"
    status: str = "active"
    member_id: str = MEMBER
    disbursed_on: date = date(2025, 1, 1)
    principal: int = field(default=1_000_000)

    def as_due(self) -> list[DueRow]:
        return [row.as_due(number) for number, row in enumerate(self.rows, start=1)]

    def with_paid(self, number: int, paid: tuple[int, int, int, int]) -> "Lent":
        rows = list(self.rows)
        rows[number - 1] = replace(rows[number - 1], paid=paid)
        return replace(self, rows=tuple(rows))


async def a_member(session: WriteSession, member_id: str = MEMBER, *, joined: str = "2024-01-01") -> None:
    await session.execute(
        """INSERT INTO member (id, number, first_name, last_name, phone, language, status, birth_date, joined_at)
           VALUES ($1, $1, 'Amina', 'Wanjiru', $1, 'en', 'active', '1988-03-14', $2::text::timestamptz)""",
        member_id,
        joined,
    )


async def lend(session: WriteSession, loans: Sequence[Lent]) -> None:
    """Save loans and their instalments; their member is there already."""
    await session.execute(
        """INSERT INTO ledger_account (code, name, kind, currency, hot) VALUES ($1, 'loans', 'asset', 'KES', true)
           ON CONFLICT DO NOTHING""",
        _ACCOUNT,
    )
    await session.execute_many(
        """INSERT INTO loan (id, number, member_id, product, principal, currency, rate_per_period, instalments,
                             disbursed_on, status, principal_code, interest_code, terms, rules)
           VALUES ($1, $1, $2, $3, $4, 'KES', '1.00', $5, $6, $7, $8, $8, '{}', '{}')""",
        [
            (
                loan.loan_id,
                loan.member_id,
                loan.product,
                loan.principal,
                len(loan.rows),
                loan.disbursed_on,
                loan.status,
                _ACCOUNT,
            )
            for loan in loans
        ],
    )
    await session.execute_many(
        """INSERT INTO instalment (loan_id, number, starts_on, due_on, principal, interest, fees, penalties,
                                   principal_paid, interest_paid, fees_paid, penalties_paid,
                                   interest_recognised, fees_recognised)
           VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $5, $6)""",
        [
            (loan.loan_id, number, row.due_on, *row.asked, *row.paid)
            for loan in loans
            for number, row in enumerate(loan.rows, start=1)
        ],
    )


async def repay(session: WriteSession, loan_id: str, parts: str, event_at: datetime) -> None:
    """Note a repayment with its split, as the instalments already show it."""
    await session.execute(
        """INSERT INTO journal (key, fingerprint, kind, event_at, business_date, meta)
           VALUES ('repayment:' || $1 || $2::timestamptz, '', 'loan_repayment', $2, '2026-01-01', '{}')
           ON CONFLICT DO NOTHING""",
        loan_id,
        event_at,
    )
    await session.execute(
        """INSERT INTO loan_event (loan_id, number, entered_on, kind, body, actor, journal_id, parts, event_at)
           SELECT $1, (SELECT count(*) + 1 FROM loan_event WHERE loan_id = $1), '2026-01-01', 'payment', '{}', 'test',
                  max(id), $2::text::jsonb, $3 FROM journal""",
        loan_id,
        parts,
        event_at,
    )
