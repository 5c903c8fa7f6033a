"""Are a day's penalties charged on every late loan, once, as the rule says?"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest

from core.clock import NAIROBI
from core.db.engine import Database
from core.lending import penalty_store, standing_store
from core.lending.penalties import PenaltyBase, PenaltyCaps, PenaltyRhythm, PenaltyRow, PenaltyRule, penalties
from core.lending.penalty_store import PenaltiesCharged
from core.lending.policies import DEVELOPMENT_POLICY, EMERGENCY_POLICY, LendingPolicy
from core.money import Money
from tests.core.lending.lent import MEMBER, Lent, LentRow, a_member, lend, repay

TODAY = date(2026, 3, 11)
DAILY = replace(
    DEVELOPMENT_POLICY,
    penalty=PenaltyRule(
        PenaltyRhythm.PER_DAY, share=Fraction(1, 1000), caps=PenaltyCaps(of_loan=Fraction(1, 50))
    ),
)
ONCE = replace(
    EMERGENCY_POLICY,
    penalty=PenaltyRule(
        PenaltyRhythm.ONCE, share=Fraction(1, 20), base=PenaltyBase.OVERDUE_PRINCIPAL, grace_days=3
    ),
)
POLICIES = {"development": DAILY, "emergency": ONCE}
DUE = LentRow(TODAY - timedelta(days=1), (400_000, 10_000, 0, 0))


async def with_loans(database: Database, *loans: Lent) -> None:
    async with database.unit_of_work() as session:
        await a_member(session)
        await lend(session, loans)


async def charge(
    database: Database,
    on: date = TODAY,
    policies: dict[str, LendingPolicy] = POLICIES,
    loans_at_once: int = 100,
) -> list[PenaltiesCharged]:
    async with database.unit_of_work() as session:
        return await penalty_store.charge_penalties(
            session, on=on, policies=policies, loans_at_once=loans_at_once
        )


async def penalties_of(database: Database, loan_id: str) -> list[int]:
    async with database.reading() as session:
        rows = await session.rows(
            "SELECT penalties FROM instalment WHERE loan_id = $1 ORDER BY number", loan_id
        )
    return [row["penalties"] for row in rows]


async def test_a_day_is_charged_once_and_the_next_day_again(empty_database: Database) -> None:
    await with_loans(empty_database, Lent("lon_1", (DUE,)), Lent("lon_2", (DUE,)))

    first = await charge(empty_database)
    again = await charge(empty_database)
    next_day = await charge(empty_database, TODAY + timedelta(days=1))

    assert first == next_day == [PenaltiesCharged("development", 2, Money(820))]
    assert again == []
    assert await penalties_of(empty_database, "lon_1") == [820]


async def test_each_product_is_told_by_itself(empty_database: Database) -> None:
    late = replace(DUE, due_on=TODAY - timedelta(days=4))
    await with_loans(
        empty_database,
        Lent("lon_1", (late,)),
        Lent("lon_2", (late,), "emergency"),
        Lent("lon_3", (late,), "emergency"),
    )

    charged = await charge(empty_database)

    assert charged == [
        PenaltiesCharged("development", 1, Money(410)),
        PenaltiesCharged("emergency", 2, Money(40_000)),
    ]


async def test_loans_on_time_closed_or_without_a_penalty_rule_are_left_alone(
    empty_database: Database,
) -> None:
    free = {"development": DAILY, "emergency": replace(ONCE, penalty=None)}
    await with_loans(
        empty_database,
        Lent("lon_1", (replace(DUE, due_on=TODAY),)),
        Lent("lon_2", (DUE,), status="closed"),
        Lent("lon_3", (replace(DUE, due_on=TODAY - timedelta(days=9)),), "emergency"),
        Lent("lon_4", (replace(DUE, paid=(399_950, 10_000, 0, 0)),)),
    )

    assert await charge(empty_database, policies=free) == []


@pytest.mark.parametrize(("paid_at", "charges"), [("2026-03-11T00:59:59", 0), ("2026-03-11T01:00:01", 1)])
async def test_a_payment_within_the_sixty_minutes_is_not_penalised_and_a_later_one_is(
    empty_database: Database, paid_at: str, charges: int
) -> None:
    await with_loans(empty_database, Lent("lon_1", (replace(DUE, paid=(400_000, 10_000, 0, 0)),)))
    parts = '[{"instalment": 1, "principal": 400000, "interest": 10000}]'
    async with empty_database.unit_of_work() as session:
        await repay(session, "lon_1", parts, datetime.fromisoformat(paid_at).replace(tzinfo=NAIROBI))

    charged = await charge(empty_database)

    assert sum(each.charges for each in charged) == charges


async def test_in_duplum_stops_penalties_at_the_principal_owing_at_default(empty_database: Database) -> None:
    bad = LentRow(TODAY - timedelta(days=60), (10_000, 9_000, 0, 700))
    uncapped = replace(DAILY, penalty=PenaltyRule(PenaltyRhythm.PER_DAY, share=Fraction(1, 100)))
    policies = {"development": uncapped}
    await with_loans(empty_database, Lent("lon_1", (bad,)))
    async with empty_database.unit_of_work() as session:
        await standing_store.age_loans(session, on=TODAY)

    charged = [await charge(empty_database, TODAY + timedelta(days=day), policies) for day in (1, 2, 3)]

    assert [sum(each.amount.minor for each in day) for day in charged] == [190, 110, 0]
    async with empty_database.reading() as session:
        rooms = await standing_store.in_duplum_rooms(session, on=TODAY + timedelta(days=2))
    assert rooms == {"lon_1": Money(0)}


async def test_the_last_penalty_of_each_product_is_known_for_the_lockout(empty_database: Database) -> None:
    await with_loans(empty_database, Lent("lon_1", (DUE,)))
    await charge(empty_database)
    await charge(empty_database, TODAY + timedelta(days=1))

    async with empty_database.reading() as session:
        assert await penalty_store.last_penalties(session, MEMBER) == {
            "development": TODAY + timedelta(days=1)
        }
        assert await penalty_store.last_penalties(session, "nobody") == {}


async def test_batches_charge_what_the_rule_says_for_each_loan(empty_database: Database) -> None:
    random = Random(5)
    loans = [
        Lent(
            f"lon_{number:02}",
            tuple(a_row(random, TODAY + timedelta(days=30 * place - 75)) for place in range(4)),
            random.choice(["development", "emergency"]),
        )
        for number in range(40)
    ]
    await with_loans(empty_database, *loans)

    charged = await charge(empty_database, loans_at_once=7)

    expected = {loan.loan_id: expected_penalties(loan) for loan in loans}
    assert {loan.loan_id: await penalties_of(empty_database, loan.loan_id) for loan in loans} == expected
    assert sum(each.amount.minor for each in charged) == sum(sum(amounts) for amounts in expected.values())
    assert await charge(empty_database) == []


def a_row(random: Random, due_on: date) -> LentRow:
    return LentRow(due_on, (random.randint(0, 90_000), random.randint(0, 900), 0, 0))


def expected_penalties(loan: Lent) -> list[int]:
    policy = POLICIES[loan.product]
    assert policy.penalty is not None
    rows = [
        PenaltyRow(number, row.due_on, Money(sum(row.asked)), Money(row.asked[0]), Money(sum(row.asked)))
        for number, row in enumerate(loan.rows, start=1)
    ]
    found = penalties(
        rows, TODAY, policy.penalty, principal=Money(loan.principal), tolerance=policy.arrears.tolerance
    )
    by_number = {each.number: each.amount.minor for each in found}
    return [by_number.get(row.number, 0) for row in rows]
