"""What the end of a day posts: suspense, allowance and reserve are brought to what they should hold."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from core.clock import NAIROBI
from core.db.engine import Database
from core.ledger import store as ledger
from core.ledger.chart import CHART, Gl
from core.ledger.product_accounts import loan_accounts
from core.lending import day_end, standing_store
from core.lending.impairment import statutory_reserve
from core.money import Money
from tests.core.lending.lent import Lent, LentRow, a_member, lend

TODAY = date(2026, 3, 11)
AT = datetime(2026, 3, 11, 23, 59, 59, tzinfo=NAIROBI)
ACCOUNTS = loan_accounts("development")
BAD = Lent("lon_1", (LentRow(TODAY - timedelta(days=60), (500_000, 9_000, 0, 0)),))


async def with_loans(database: Database, *loans: Lent) -> None:
    async with database.unit_of_work() as session:
        await ledger.open_accounts(session, CHART)
        await a_member(session)
        await lend(session, loans)


async def held(database: Database, code: str) -> Money:
    async with database.reading() as session:
        return await ledger.balance(session, code)


async def suspend(database: Database, on: date = TODAY) -> int:
    async with database.unit_of_work() as session:
        await day_end.age_loans(session, on=on)
        return await day_end.suspend_interest(session, on=on, at=AT)


async def test_unpaid_interest_of_a_bad_loan_leaves_income_once(empty_database: Database) -> None:
    good = replace(BAD, loan_id="lon_2", rows=(replace(BAD.rows[0], due_on=TODAY),))
    await with_loans(empty_database, BAD, good)

    journals = [await suspend(empty_database) for _ in range(2)]

    assert journals == [1, 0]
    assert -(await held(empty_database, ACCOUNTS.interest_in_suspense)) == Money(9_000)
    assert await held(empty_database, ACCOUNTS.interest_income) == Money(-9_000)


async def test_interest_that_was_paid_since_comes_back_to_income(empty_database: Database) -> None:
    await with_loans(empty_database, BAD)
    await suspend(empty_database)
    async with empty_database.unit_of_work() as session:
        await session.execute("UPDATE instalment SET interest_paid = 6000")

    assert await suspend(empty_database, TODAY + timedelta(days=1)) == 1

    assert -(await held(empty_database, ACCOUNTS.interest_in_suspense)) == Money(3_000)
    assert await held(empty_database, ACCOUNTS.interest_income) == Money(-3_000)


async def test_the_allowance_is_the_loss_expected_and_the_reserve_what_the_regulator_asks_above_it(
    empty_database: Database,
) -> None:
    late = Lent("lon_3", (LentRow(TODAY - timedelta(days=400), (700_000, 0, 0, 0)),), "emergency")
    await with_loans(empty_database, BAD, late)

    async with empty_database.unit_of_work() as session:
        await day_end.age_loans(session, on=TODAY)
        first = await day_end.provide_for_losses(session, on=TODAY, at=AT)
        again = await day_end.provide_for_losses(session, on=TODAY, at=AT)
        figures = [await standing_store.losses(session, product) for product in ("development", "emergency")]

    provision, expected = (sum(column, start=Money.zero()) for column in zip(*figures, strict=True))
    assert (first, again) == (3, 0)
    assert -(await held(empty_database, ACCOUNTS.allowance)) == figures[0][1]
    assert await held(empty_database, ACCOUNTS.loss_expense) == figures[0][1]
    reserve = statutory_reserve(provision=provision, expected=expected)
    assert reserve > Money.zero()
    assert await held(empty_database, Gl.LOAN_LOSS_RESERVE) == reserve


async def test_the_allowance_goes_back_when_a_loan_is_no_more(empty_database: Database) -> None:
    await with_loans(empty_database, BAD)
    for status in ("active", "closed"):
        async with empty_database.unit_of_work() as session:
            await session.execute("UPDATE loan SET status = $1", status)
            await day_end.age_loans(session, on=TODAY)
            await day_end.provide_for_losses(session, on=TODAY, at=AT)

    assert await held(empty_database, ACCOUNTS.allowance) == Money.zero()
    assert await held(empty_database, ACCOUNTS.loss_expense) == Money.zero()
    assert await held(empty_database, Gl.LOAN_LOSS_RESERVE) == Money.zero()


async def test_fees_due_and_penalties_are_one_journal_a_product(empty_database: Database) -> None:
    with_fee = LentRow(TODAY, (100_000, 0, 300, 0))
    late = LentRow(TODAY - timedelta(days=3), (100_000, 0, 0, 0))
    await with_loans(empty_database, *(Lent(f"lon_{n}", (late, with_fee), "emergency") for n in range(3)))
    accounts = loan_accounts("emergency")
    async with empty_database.unit_of_work() as session:
        await session.execute("UPDATE instalment SET fees_recognised = 0")
        fees = [await day_end.recognise_fees(session, on=TODAY, at=AT) for _ in range(2)]
        penalties = [await day_end.charge_penalties(session, on=TODAY, at=AT) for _ in range(2)]
        lines = await session.rows("SELECT key, kind FROM loan_event ORDER BY key")

    assert (fees, penalties) == ([3, 0], [6, 0])
    assert await held(empty_database, accounts.fees_due) == Money(900)
    assert await held(empty_database, accounts.fee_income) == Money(900)
    assert await held(empty_database, accounts.penalties_due) == await held(
        empty_database, accounts.penalty_income
    )
    assert [line["key"] for line in lines[:2]] == [f"penalty:lon_0:{n}:2026-03-12" for n in (1, 2)]
