"""How far is the distribution of a year? What was decided, how many members were reckoned, how many paid."""

from dataclasses import dataclass
from datetime import date

from core.db.engine import ReadSession
from core.money import Money


@dataclass(frozen=True, slots=True)
class Progress:
    """One declared year. Percentages as they were declared; sums over the members reckoned so far."""

    year: int
    share_percent: str
    deposit_percent: str
    declared_on: date
    pays_on: date
    booked_on: date | None
    members: int
    paid_members: int
    gross: Money
    tax: Money
    paid: Money
    """Net of tax."""


async def declared_years(session: ReadSession, *, before: int | None = None, most: int) -> list[Progress]:
    """Years that were declared, the newest first, those before `before`."""
    rows = await session.rows(
        """SELECT d.year, d.share_percent, d.deposit_percent, d.declared_on, d.pays_on, d.booked_on,
                  count(m.member_id)::int AS members, count(m.paid_on)::int AS paid_members,
                  coalesce(sum(m.dividend + m.interest), 0)::bigint AS gross,
                  coalesce(sum(m.dividend_tax + m.interest_tax), 0)::bigint AS tax,
                  coalesce(sum(m.dividend + m.interest - m.dividend_tax - m.interest_tax)
                           FILTER (WHERE m.paid_on IS NOT NULL), 0)::bigint AS paid
             FROM dividend d LEFT JOIN dividend_member m ON m.year = d.year
            WHERE $1::int IS NULL OR d.year < $1 GROUP BY d.year ORDER BY d.year DESC LIMIT $2""",
        before,
        most,
    )
    return [
        Progress(
            year=row["year"],
            share_percent=row["share_percent"],
            deposit_percent=row["deposit_percent"],
            declared_on=row["declared_on"],
            pays_on=row["pays_on"],
            booked_on=row["booked_on"],
            members=row["members"],
            paid_members=row["paid_members"],
            gross=Money(row["gross"]),
            tax=Money(row["tax"]),
            paid=Money(row["paid"]),
        )
        for row in rows
    ]


async def is_declared(session: ReadSession, year: int) -> bool:
    return await session.row("SELECT FROM dividend WHERE year = $1", year) is not None


async def is_open(session: ReadSession, year: int) -> bool:
    """Whether a year is declared and not booked yet."""
    row = await session.row("SELECT FROM dividend WHERE year = $1 AND booked_on IS NULL", year)
    return row is not None
