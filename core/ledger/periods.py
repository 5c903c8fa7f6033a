"""Which months take journals? Closing in order, opening the last one again, and the end of a year.

Who closes locks the journal table against writers: journals under way are waited for, later ones see the month closed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.db.engine import ReadSession, WriteSession
from core.errors import PeriodClosed, PeriodOutOfOrder
from core.ledger import postings, store
from core.ledger.account import AccountKind
from core.ledger.journal import Journal
from core.ledger.postings.sides import Part
from core.ledger.trial_balance import turnover_until
from core.money import Currency


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A month that takes no more journals."""

    month: date
    is_year_end: bool
    closed_by: str
    closed_at: datetime


def month_of(day: date) -> date:
    """The first day of the day's month, by which a period is named."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    return month_of(month_of(month) + timedelta(days=31))


async def open_from(session: ReadSession) -> date | None:
    """The first day that takes journals; None while no month was ever closed."""
    latest = await _latest(session)
    return next_month(latest.month) if latest else None


async def closed_periods(session: ReadSession) -> list[ClosedPeriod]:
    """Every closed month, the latest first; what lies before the earliest is closed too."""
    rows = await session.rows(
        "SELECT month, is_year_end, closed_by, closed_at FROM closed_period ORDER BY month DESC"
    )
    return [ClosedPeriod(**row) for row in rows]


async def refuse_closed(session: ReadSession, day: date) -> None:
    """Raises PeriodClosed for a day that takes no journals now."""
    open_since = await open_from(session)
    if open_since is not None and day < open_since:
        raise PeriodClosed(business_date=day, open_from=open_since)


async def refuse_out_of_turn(session: ReadSession, month: date) -> None:
    """Raises PeriodOutOfOrder unless this month is the next to be closed; the first may be any."""
    expected = await open_from(session)
    if expected is not None and month != expected:
        raise PeriodOutOfOrder(asked=month, expected=expected)


async def refuse_not_last(session: ReadSession, month: date) -> None:
    """Raises PeriodOutOfOrder unless this month was closed last, and not as the end of a year."""
    latest = await _latest(session)
    if latest is None or latest.month != month or latest.is_year_end:
        expected = latest.month if latest and not latest.is_year_end else None
        raise PeriodOutOfOrder(asked=month, expected=expected)


def refuse_no_month_end(day: date) -> None:
    """Raises PeriodOutOfOrder: a year ends with the last day of a month."""
    if next_month(day) != day + timedelta(days=1):
        raise PeriodOutOfOrder(asked=day, expected=next_month(day) - timedelta(days=1))


async def close_month(session: WriteSession, day: date, *, closed_by: str) -> None:
    """Close the month of this day. Raises PeriodOutOfOrder unless it is the next; the first may be any."""
    await _close(session, month_of(day), is_year_end=False, closed_by=closed_by)


async def reopen_month(session: WriteSession, day: date) -> None:
    """Take journals again in the month closed last. Raises PeriodOutOfOrder for any other, or the end of a year."""
    await _lock_out_writers(session)
    month = month_of(day)
    await refuse_not_last(session, month)
    await session.execute("DELETE FROM closed_period WHERE month = $1", month)


async def close_year(
    session: WriteSession, year_end: date, *, event_at: datetime, closed_by: str
) -> list[Journal]:
    """Empty the year's income and expense into retained earnings on its last day, and close that month.

    One journal per currency; the journals are returned. The months before are closed first: PeriodOutOfOrder.
    """
    refuse_no_month_end(year_end)
    await _lock_out_writers(session)
    journals = await _closing_journals(session, year_end, event_at)
    await store.post(session, journals) if journals else []
    await _close(session, month_of(year_end), is_year_end=True, closed_by=closed_by)
    return journals


async def _closing_journals(session: ReadSession, year_end: date, event_at: datetime) -> list[Journal]:
    income: dict[Currency, list[Part]] = {}
    expense: dict[Currency, list[Part]] = {}
    for account in await turnover_until(session, year_end):
        side = {AccountKind.INCOME: income, AccountKind.EXPENSE: expense}.get(account.kind)
        if side is not None and account.balance:
            side.setdefault(account.currency, []).append((account.code, account.balance))
    return [
        postings.year_closed(
            year_end=year_end,
            event_at=event_at,
            currency=currency,
            income=income.get(currency, ()),
            expense=expense.get(currency, ()),
        )
        for currency in sorted({*income, *expense})
    ]


async def _close(session: WriteSession, month: date, *, is_year_end: bool, closed_by: str) -> None:
    await _lock_out_writers(session)
    await refuse_out_of_turn(session, month)
    await session.execute(
        "INSERT INTO closed_period (month, is_year_end, closed_by) VALUES ($1, $2, $3)",
        month,
        is_year_end,
        closed_by,
    )


async def _lock_out_writers(session: WriteSession) -> None:
    await session.execute("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE")


async def _latest(session: ReadSession) -> ClosedPeriod | None:
    row = await session.row(
        "SELECT month, is_year_end, closed_by, closed_at FROM closed_period ORDER BY month DESC LIMIT 1"
    )
    return ClosedPeriod(**row) if row else None
