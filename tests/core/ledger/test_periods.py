"""A closed month takes nothing more; months close in order; a year ends in retained earnings."""

import asyncio
from datetime import date

import asyncpg
import pytest

from core.errors import PeriodClosed, PeriodOutOfOrder
from core.ledger import balances, periods, store
from core.ledger.chart import Gl, chart_in
from core.ledger.journal import Journal, credit, debit
from core.ledger.trial_balance import trial_balance
from core.money import Currency, Money
from tests.core.ledger.books import AMINA, Books, noon, paid_in

JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 14), date(2026, 3, 1)


async def close(books: Books, day: date) -> None:
    async with books.database.unit_of_work() as session:
        await periods.close_month(session, day, closed_by="stf_accountant")


async def reopen(books: Books, day: date) -> None:
    async with books.database.unit_of_work() as session:
        await periods.reopen_month(session, day)


async def test_a_journal_of_a_closed_month_is_refused_with_the_first_open_day(books: Books) -> None:
    await close(books, JANUARY)

    with pytest.raises(PeriodClosed) as refusal:
        await books.post(paid_in("a", 100, on=JANUARY))

    assert (refusal.value.business_date, refusal.value.open_from) == (JANUARY, date(2026, 2, 1))
    assert await books.balance(AMINA.code) == 0


async def test_a_batch_with_one_journal_of_a_closed_month_is_refused_whole(books: Books) -> None:
    await close(books, JANUARY)

    with pytest.raises(PeriodClosed):
        await books.post_batch([paid_in("a", 100, on=FEBRUARY), paid_in("b", 100, on=JANUARY)])

    assert await books.balance(AMINA.code) == 0


async def test_an_open_month_takes_back_dated_journals(books: Books) -> None:
    await close(books, JANUARY)
    await books.post(paid_in("today", 100, on=MARCH))

    [late] = await books.post(paid_in("late", 50, on=FEBRUARY))

    assert late.is_new
    assert (await books.balance_on(AMINA.code, FEBRUARY), await books.balance_on(AMINA.code, MARCH)) == (
        50,
        150,
    )


async def test_months_before_the_first_closed_one_are_closed_too(books: Books) -> None:
    await close(books, JANUARY)

    with pytest.raises(PeriodClosed):
        await books.post(paid_in("a", 100, on=date(2020, 5, 5)))


async def test_a_repeat_of_a_journal_of_a_closed_month_gets_its_first_answer(books: Books) -> None:
    [first] = await books.post(paid_in("a", 100, on=JANUARY))
    await close(books, JANUARY)

    [again] = await books.post(paid_in("a", 100, on=JANUARY))
    [in_batch] = await books.post_batch([paid_in("a", 100, on=JANUARY)])

    assert again.journal_id == in_batch.journal_id == first.journal_id
    assert not again.is_new


async def test_the_database_itself_refuses_a_journal_of_a_closed_month(books: Books) -> None:
    await close(books, JANUARY)

    with pytest.raises(asyncpg.PostgresError, match="the period is closed"):
        async with books.database.unit_of_work() as session:
            await session.execute(
                """INSERT INTO journal (key, fingerprint, kind, event_at, business_date, meta)
                   VALUES ('a', '', 'x', now(), '2026-01-05', '{}')"""
            )


async def test_months_are_closed_in_order_and_once(books: Books) -> None:
    await close(books, JANUARY)

    for day in (JANUARY, MARCH, date(2025, 12, 1)):
        with pytest.raises(PeriodOutOfOrder) as refusal:
            await close(books, day)
        assert refusal.value.expected == date(2026, 2, 1)

    await close(books, FEBRUARY)
    async with books.database.reading() as session:
        assert await periods.open_from(session) == MARCH
        assert [period.month for period in await periods.closed_periods(session)] == [
            date(2026, 2, 1),
            date(2026, 1, 1),
        ]


async def test_books_that_were_never_closed_are_open(books: Books) -> None:
    async with books.database.reading() as session:
        assert await periods.open_from(session) is None


async def test_the_month_closed_last_is_opened_again_and_no_other(books: Books) -> None:
    await close(books, JANUARY)
    await close(books, FEBRUARY)

    with pytest.raises(PeriodOutOfOrder) as refusal:
        await reopen(books, JANUARY)
    assert refusal.value.expected == date(2026, 2, 1)

    await reopen(books, FEBRUARY)
    assert (await books.post(paid_in("a", 100, on=FEBRUARY)))[0].is_new


async def somebody_waits(books: Books) -> None:
    async with books.database.reading() as session:
        for _ in range(1_000):
            if await session.rows(
                """SELECT FROM pg_locks WHERE NOT granted
                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
            ):
                return
    raise AssertionError("nobody waits")


async def test_closing_waits_for_journals_under_way_and_later_ones_see_it(books: Books) -> None:
    async with books.database.unit_of_work() as slow:
        await store.post(slow, [paid_in("slow", 100, on=JANUARY)])
        closing = asyncio.create_task(close(books, JANUARY))
        await somebody_waits(books)
        late = asyncio.create_task(books.post(paid_in("late", 1, on=JANUARY)))
    await closing

    with pytest.raises(PeriodClosed):
        await late
    assert await books.balance(AMINA.code) == 100
    await books.assert_agree()


YEAR_END = date(2025, 12, 31)


def of_the_year(currency: Currency = Currency.KES) -> list[Journal]:
    suffix = "" if currency is Currency.KES else f".{currency}"
    income, expense = Money(900, currency), Money(350, currency)
    bank = f"{Gl.BANK}{suffix}"
    return [
        Journal(
            f"earned{suffix}",
            "x",
            noon(date(2025, 6, 30)),
            date(2025, 6, 30),
            (debit(bank, income), credit(f"{Gl.INTEREST_INCOME}{suffix}", income)),
        ),
        Journal(
            f"spent{suffix}",
            "x",
            noon(YEAR_END),
            YEAR_END,
            (debit(f"{Gl.PERSONNEL}{suffix}", expense), credit(bank, expense)),
        ),
    ]


async def end_year(books: Books, year_end: date = YEAR_END) -> list[Journal]:
    async with books.database.unit_of_work() as session:
        return await periods.close_year(
            session, year_end, event_at=noon(date(2026, 1, 20)), closed_by="stf_accountant"
        )


async def test_a_year_ends_in_retained_earnings(books: Books) -> None:
    await books.post(*of_the_year())

    await end_year(books)

    assert await books.balance(Gl.RETAINED_EARNINGS) == 550
    assert (await books.balance(Gl.INTEREST_INCOME), await books.balance(Gl.PERSONNEL)) == (0, 0)
    with pytest.raises(PeriodClosed):
        await books.post(paid_in("late", 1, on=YEAR_END))
    await books.assert_agree()


async def test_the_income_of_a_closed_year_is_still_told(books: Books) -> None:
    await books.post(*of_the_year())
    await end_year(books)
    await books.fold()

    async with books.database.reading() as session:
        before = await trial_balance(session, YEAR_END, before_closing=True)
        after = await trial_balance(session, YEAR_END)

    assert {row.code: row.net.minor for row in before.rows} == {"1010": 550, "4010": -900, "5210": 350}
    assert {row.code: row.net.minor for row in after.rows if row.net} == {"1010": 550, "3110": -550}


async def test_a_year_with_several_currencies_ends_in_each(books: Books) -> None:
    async with books.database.unit_of_work() as session:
        await store.open_accounts(session, chart_in(Currency.USD))
    await books.post(*of_the_year(), *of_the_year(Currency.USD))

    journals = await end_year(books)

    assert [journal.key for journal in journals] == ["year_end:2025-12-31:KES", "year_end:2025-12-31:USD"]
    assert await books.balance("3110.USD") == 550


async def test_a_year_in_which_nothing_was_earned_closes_without_a_journal(books: Books) -> None:
    assert await end_year(books) == []

    with pytest.raises(PeriodClosed):
        await books.post(paid_in("late", 1, on=YEAR_END))


async def test_a_loss_is_taken_from_retained_earnings(books: Books) -> None:
    await books.post(of_the_year()[1])

    await end_year(books)

    assert await books.balance(Gl.RETAINED_EARNINGS) == -350


async def test_a_year_ends_on_the_last_day_of_a_month_and_is_not_opened_again(books: Books) -> None:
    with pytest.raises(PeriodOutOfOrder):
        await end_year(books, date(2025, 12, 30))
    await end_year(books)

    with pytest.raises(PeriodOutOfOrder) as refusal:
        await reopen(books, YEAR_END)

    assert refusal.value.expected is None


async def test_a_journal_smuggled_into_a_closed_month_is_found(books: Books) -> None:
    await close(books, JANUARY)
    async with books.database.unit_of_work() as session:
        await session.execute("ALTER TABLE journal DISABLE TRIGGER period_is_open")
        await store.post(session, [paid_in("smuggled", 100, on=JANUARY)])

    async with books.database.reading() as session:
        found = await balances.differences(session)
    assert [difference.where for difference in found] == ["journal smuggled"]
