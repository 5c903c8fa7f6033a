"""All SQL of the yearly distribution: what was declared, each member's year, what was paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import asyncpg

from core.db.engine import ReadSession, WriteSession
from core.money import Currency, Money
from core.savings.interest import Movement
from core.savings.withholding import Residence
from core.shares.dividend import (
    Capitalisation,
    DividendRules,
    MemberDividend,
    Payout,
    PayoutPlan,
    ProgressionRow,
    ShareTreatment,
    Weighting,
    YearOfBalance,
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A year's decision as it is stored."""

    rules: DividendRules
    capitalise: Capitalisation
    pays_on: date
    booked_on: date | None
    """When the whole was booked as owed; nobody's year changes after that."""


@dataclass(frozen=True, slots=True)
class MemberYear:
    """What one member had through the year."""

    member_id: str
    residence: Residence
    earns: bool
    deposits: YearOfBalance
    shares: YearOfBalance


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A member who has been reckoned and not paid, and where their money can go."""

    member_id: str
    dividend: Money
    interest: Money
    tax: Money
    payout: Payout
    savings_code: str | None
    deposits_code: str | None
    shares_code: str | None

    @property
    def gross(self) -> Money:
        return self.dividend + self.interest


async def declare(
    session: WriteSession,
    rules: DividendRules,
    capitalise: Capitalisation,
    *,
    declared_on: date,
    pays_on: date,
) -> bool:
    """False when the year was declared before."""
    row = await session.row(
        """INSERT INTO dividend (year, share_percent, deposit_percent, weighting, share_treatment, last_day_counted,
                                 minimum_deposits, active_only, capitalise_percent, capitalise_least, declared_on,
                                 pays_on)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING RETURNING year""",
        rules.year,
        str(rules.share_percent),
        str(rules.deposit_percent),
        rules.weighting,
        rules.share_treatment,
        rules.last_day_counted,
        rules.minimum_deposits,
        rules.active_only,
        capitalise.percent,
        capitalise.least,
        declared_on,
        pays_on,
    )
    return row is not None


async def lock(session: WriteSession, year: int) -> Declared | None:
    """What was declared, held for this transaction: one at a time reckons, books or pays a year."""
    row = await session.row("SELECT * FROM dividend WHERE year = $1 FOR UPDATE", year)
    if row is None:
        return None
    rules = DividendRules(
        year=row["year"],
        share_percent=Fraction(row["share_percent"]),
        deposit_percent=Fraction(row["deposit_percent"]),
        weighting=Weighting(row["weighting"]),
        share_treatment=ShareTreatment(row["share_treatment"]),
        last_day_counted=row["last_day_counted"],
        minimum_deposits=row["minimum_deposits"],
        active_only=row["active_only"],
    )
    capitalise = Capitalisation(row["capitalise_percent"], row["capitalise_least"])
    return Declared(rules, capitalise, row["pays_on"], row["booked_on"])


async def member_years(session: ReadSession, *, year: int, after: str, most: int) -> list[MemberYear]:
    """Members by id, those behind `after`, with their deposits and shares through the year."""
    members = await session.rows(
        """SELECT m.id, m.status, coalesce(t.residence, 'resident') AS residence, d.id AS deposits_id, h.id AS shares_id
             FROM member m
             LEFT JOIN tax_residence t ON t.member_id = m.id
             LEFT JOIN (savings_account s JOIN ledger_account d ON d.code = s.ledger_code)
                    ON s.member_id = m.id AND s.product = 'deposits'
             LEFT JOIN (share_account c JOIN ledger_account h ON h.code = c.ledger_code) ON c.member_id = m.id
            WHERE m.id > $1 ORDER BY m.id LIMIT $2""",
        after,
        most,
    )
    ids = [row[name] for row in members for name in ("deposits_id", "shares_id") if row[name] is not None]
    years = await _years(session, ids, year)
    nothing = YearOfBalance(0, ())
    return [
        MemberYear(
            member_id=row["id"],
            residence=Residence(row["residence"]),
            earns=row["status"] in {"active", "dormant"},
            deposits=years.get(row["deposits_id"], nothing),
            shares=years.get(row["shares_id"], nothing),
        )
        for row in members
    ]


async def _years(session: ReadSession, ledger_ids: Sequence[int], year: int) -> Mapping[int, YearOfBalance]:
    rows = await session.rows(
        """SELECT e.account_id, CASE WHEN j.business_date >= $2 THEN j.business_date END AS day,
                  sum(CASE e.side WHEN 'C' THEN e.amount ELSE -e.amount END)::bigint AS change
             FROM entry e JOIN journal j ON j.id = e.journal_id
            WHERE e.account_id = ANY($1::bigint[]) AND j.business_date < $3 GROUP BY 1, 2 ORDER BY 1, 2""",
        ledger_ids,
        date(year, 1, 1),
        date(year + 1, 1, 1),
    )
    openings: dict[int, int] = {}
    movements: dict[int, list[Movement]] = {}
    for row in rows:
        if row["day"] is None:
            openings[row["account_id"]] = row["change"]
        else:
            movements.setdefault(row["account_id"], []).append(Movement(row["day"], row["change"]))
    return {
        ledger_id: YearOfBalance(openings.get(ledger_id, 0), tuple(movements.get(ledger_id, ())))
        for ledger_id in ledger_ids
    }


async def keep(session: WriteSession, year: int, earned: Sequence[tuple[str, MemberDividend]]) -> None:
    """Write down members' years; one that is there already stays as it is."""
    known = {
        row["member_id"]
        for row in await session.rows(
            "SELECT member_id FROM dividend_member WHERE year = $1 AND member_id = ANY($2::text[])",
            year,
            [member_id for member_id, _ in earned],
        )
    }
    fresh = [(member_id, made) for member_id, made in earned if member_id not in known]
    await session.execute_many(
        """INSERT INTO dividend_member (year, member_id, dividend, interest, dividend_tax, interest_tax, currency)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        [
            (
                year,
                member_id,
                made.dividend.minor,
                made.interest.minor,
                made.dividend_tax.minor,
                made.interest_tax.minor,
                made.dividend.currency,
            )
            for member_id, made in fresh
        ],
    )
    await session.execute_many(
        """INSERT INTO dividend_progression (year, member_id, month, weight, deposits, shares, dividend, interest, tax)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        [
            (
                year,
                member_id,
                row.month,
                row.weight,
                row.deposits.minor,
                row.shares.minor,
                row.dividend.minor,
                row.interest.minor,
                row.tax.minor,
            )
            for member_id, made in fresh
            for row in made.rows
        ],
    )


async def progression(session: ReadSession, *, year: int, member_id: str) -> Sequence[ProgressionRow]:
    """One member's year month by month, as they may ask to see it; empty where nothing was earned."""
    rows = await session.rows(
        """SELECT p.*, d.currency FROM dividend_progression p JOIN dividend_member d USING (year, member_id)
            WHERE p.year = $1 AND p.member_id = $2 ORDER BY p.month""",
        year,
        member_id,
    )
    return [_progression_row(row) for row in rows]


def _progression_row(row: asyncpg.Record) -> ProgressionRow:
    currency = Currency(row["currency"])
    return ProgressionRow(
        month=row["month"],
        weight=row["weight"],
        deposits=Money(row["deposits"], currency),
        shares=Money(row["shares"], currency),
        dividend=Money(row["dividend"], currency),
        interest=Money(row["interest"], currency),
        tax=Money(row["tax"], currency),
    )


async def totals(session: ReadSession, year: int) -> tuple[Money, Money]:
    """Dividend and interest on deposits of all members who were reckoned."""
    row = await session.row(
        """SELECT coalesce(sum(dividend), 0)::bigint AS dividend, coalesce(sum(interest), 0)::bigint AS interest
             FROM dividend_member WHERE year = $1""",
        year,
    )
    return (Money(0), Money(0)) if row is None else (Money(row["dividend"]), Money(row["interest"]))


async def booked(session: WriteSession, year: int, *, on: date) -> None:
    await session.execute("UPDATE dividend SET booked_on = $2 WHERE year = $1", year, on)


async def year_to_pay(session: ReadSession, *, on: date) -> int | None:
    """The first year that is booked, whose day to pay has come, and that owes somebody still."""
    row = await session.row(
        """SELECT d.year FROM dividend d
            WHERE d.pays_on <= $1 AND d.booked_on <= $1
              AND EXISTS (SELECT FROM dividend_member m WHERE m.year = d.year AND m.paid_on IS NULL)
            ORDER BY d.year LIMIT 1""",
        on,
    )
    return None if row is None else row["year"]


async def lock_unpaid(session: WriteSession, *, year: int, most: int) -> list[Unpaid]:
    """Members still to be paid, held for this transaction."""
    rows = await session.rows(
        """SELECT d.*, coalesce(c.payout, 'savings') AS payout, h.ledger_code AS shares_code,
                  (SELECT s.ledger_code FROM savings_account s
                    WHERE s.member_id = d.member_id AND s.product IN ('savings', 'fosa') AND s.status <> 'closed'
                    ORDER BY s.product = 'savings' DESC LIMIT 1) AS savings_code,
                  (SELECT s.ledger_code FROM savings_account s
                    WHERE s.member_id = d.member_id AND s.product = 'deposits' AND s.status <> 'closed'
                  ) AS deposits_code
             FROM dividend_member d
             LEFT JOIN dividend_choice c ON c.member_id = d.member_id
             LEFT JOIN share_account h ON h.member_id = d.member_id
            WHERE d.year = $1 AND d.paid_on IS NULL ORDER BY d.member_id LIMIT $2 FOR UPDATE OF d""",
        year,
        most,
    )
    return [_unpaid(row) for row in rows]


def _unpaid(row: asyncpg.Record) -> Unpaid:
    currency = Currency(row["currency"])
    return Unpaid(
        member_id=row["member_id"],
        dividend=Money(row["dividend"], currency),
        interest=Money(row["interest"], currency),
        tax=Money(row["dividend_tax"] + row["interest_tax"], currency),
        payout=Payout(row["payout"]),
        savings_code=row["savings_code"],
        deposits_code=row["deposits_code"],
        shares_code=row["shares_code"],
    )


async def paid(
    session: WriteSession, year: int, plans: Sequence[tuple[str, PayoutPlan]], *, on: date
) -> None:
    """Write down how locked members' nets were divided."""
    await session.execute_many(
        """UPDATE dividend_member SET paid_on = $3, to_arrears = $4, to_shares = $5, to_deposits = $6,
                  to_savings = $7, to_mpesa = $8, to_loans = $9 WHERE year = $1 AND member_id = $2""",
        [
            (
                year,
                member_id,
                on,
                plan.arrears.minor,
                plan.shares.minor,
                plan.deposits.minor,
                plan.savings.minor,
                plan.mpesa.minor,
                plan.loans.minor,
            )
            for member_id, plan in plans
        ],
    )


async def set_choice(session: WriteSession, *, member_id: str, payout: Payout) -> None:
    await session.execute(
        """INSERT INTO dividend_choice (member_id, payout) VALUES ($1, $2)
           ON CONFLICT (member_id) DO UPDATE SET payout = excluded.payout""",
        member_id,
        payout,
    )


async def choice(session: ReadSession, member_id: str) -> Payout:
    """Where a member is paid; savings until they choose otherwise."""
    row = await session.row("SELECT payout FROM dividend_choice WHERE member_id = $1", member_id)
    return Payout.SAVINGS if row is None else Payout(row["payout"])
