"""Interest by day: the rule, and the statement for all loans held against it."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db.engine import Database
from core.lending import recognition_store
from core.lending.recognition import AccruingRow, Ceiling, accrued, recognised_by
from core.lending.recognition_store import Recognised
from core.money import Money
from tests.core.lending.lent import Lent, LentRow, a_member, lend

TODAY = date(2026, 3, 11)
DAY = timedelta(days=1)
DEFAULTED_ON = TODAY - 20 * DAY


@given(
    interest=st.integers(0, 10**9),
    days=st.integers(1, 400),
    passed=st.integers(-5, 410),
    paid=st.integers(0, 10**9),
)
def test_income_grows_day_by_day_to_the_whole_and_never_shrinks(
    interest: int, days: int, passed: int, paid: int
) -> None:
    row = AccruingRow(1, TODAY, TODAY + days * DAY, interest, min(paid, interest))

    today, tomorrow = (recognised_by(row, TODAY + n * DAY) for n in (passed, passed + 1))

    assert row.recognised <= today <= tomorrow <= interest
    assert passed < days or today == interest


def test_in_duplum_stops_it_and_the_oldest_row_since_the_default_uses_what_is_left() -> None:
    rows = [
        AccruingRow(1, TODAY - 60 * DAY, TODAY - 30 * DAY, 1_000, 900),
        AccruingRow(2, TODAY - 30 * DAY, TODAY, 1_000, 0),
    ]
    long_ago, lately = TODAY - 90 * DAY, TODAY - 20 * DAY

    assert accrued(rows, TODAY) == {1: 100, 2: 1_000}
    assert accrued(rows, TODAY, ceiling=Ceiling(long_ago, 300)) == {1: 100, 2: 200}
    assert accrued(rows, TODAY, ceiling=Ceiling(lately, 300)) == {1: 100, 2: 300}
    assert accrued(rows, TODAY, ceiling=Ceiling(long_ago, -5)) == {}


def test_a_row_without_days_is_whole_on_its_day() -> None:
    row = AccruingRow(1, TODAY, TODAY, 50)

    assert [recognised_by(row, TODAY + n * DAY) for n in (0, 1)] == [50, 50]


@dataclass(frozen=True)
class Accruing:
    """A loan as accrual sees it; `room` is what in duplum leaves it, None for one that did not go bad."""

    loan_id: str
    rows: tuple[AccruingRow, ...]
    room: int | None
    product: str

    @property
    def ceiling(self) -> Ceiling | None:
        return None if self.room is None else Ceiling(DEFAULTED_ON, self.room)


def a_loan(random: Random, number: int) -> Accruing:
    starts_on = TODAY - random.randint(0, 120) * DAY
    rows = []
    for place in range(1, 5):
        due_on = starts_on + random.randint(1, 40) * DAY
        interest = random.randint(0, 5_000)
        is_old = due_on < TODAY and random.random() < 0.8
        rows.append(
            AccruingRow(
                place, starts_on, due_on, interest, interest if is_old else random.randint(0, interest)
            )
        )
        starts_on = due_on
    room = random.choice([None, None, 0, 700, 10_000])
    return Accruing(f"lon_{number:03}", tuple(rows), room, random.choice(["development", "emergency"]))


async def save(database: Database, loans: list[Accruing]) -> None:
    async with database.unit_of_work() as session:
        await a_member(session)
        await lend(
            session,
            [
                Lent(
                    loan.loan_id,
                    tuple(LentRow(row.due_on, (0, row.interest, 0, 0)) for row in loan.rows),
                    loan.product,
                )
                for loan in loans
            ],
        )
        await session.execute_many(
            "UPDATE instalment SET starts_on = $3, interest_recognised = $4 WHERE loan_id = $1 AND number = $2",
            [(loan.loan_id, r.number, r.starts_on, r.recognised) for loan in loans for r in loan.rows],
        )
        await session.execute_many(
            """INSERT INTO loan_standing (loan_id, aged_on, days_past_due, overdue_principal, overdue_interest,
                   overdue_fees, overdue_penalties, delinquent_days, outstanding, loan_class, is_uncured, provision,
                   stage, expected_loss, defaulted_on, principal_at_default, interest_at_default)
               VALUES ($1, $4, 40, 0, 0, 0, 0, 0, 0, 'substandard', false, 0, 2, 0, $2, $3, 0)""",
            [
                (loan.loan_id, DEFAULTED_ON, principal_at_default(loan), TODAY)
                for loan in loans
                if loan.room is not None
            ],
        )


def principal_at_default(loan: Accruing) -> int:
    """So much that `room` is left after what was recognised on rows due after the default."""
    return (loan.room or 0) + sum(row.recognised for row in loan.rows if row.due_on > DEFAULTED_ON)


async def test_the_statement_recognises_what_the_rule_says_for_each_loan(empty_database: Database) -> None:
    random = Random(11)
    loans = [a_loan(random, number) for number in range(60)]
    await save(empty_database, loans)

    async with empty_database.unit_of_work() as session:
        found = await recognition_store.accrue_interest(session, on=TODAY)
        again = await recognition_store.accrue_interest(session, on=TODAY)

    expected = {
        (loan.loan_id, row.number): row.recognised + new.get(row.number, 0)
        for loan in loans
        for new in [accrued(loan.rows, TODAY, ceiling=loan.ceiling)]
        for row in loan.rows
    }
    async with empty_database.reading() as session:
        rows = await session.rows("SELECT loan_id, number, interest_recognised FROM instalment")
    assert {(row["loan_id"], row["number"]): row["interest_recognised"] for row in rows} == expected
    before = sum(row.recognised for loan in loans for row in loan.rows)
    assert sum(one.amount.minor for one in found) == sum(expected.values()) - before
    assert again == []


@pytest.mark.parametrize(("due_in", "recognised"), [(1, 0), (0, 300), (-3, 300)])
async def test_a_fee_is_income_from_its_due_date(
    empty_database: Database, due_in: int, recognised: int
) -> None:
    async with empty_database.unit_of_work() as session:
        await a_member(session)
        await lend(session, [Lent("lon_1", (LentRow(TODAY + due_in * DAY, (0, 0, 300, 0)),))])
        await session.execute("UPDATE instalment SET fees_recognised = 0")

        found = await recognition_store.recognise_fees(session, on=TODAY)
        again = await recognition_store.recognise_fees(session, on=TODAY)

    assert found == ([Recognised("development", "", 1, Money(recognised))] if recognised else [])
    assert again == []
