"""Does ageing in the database agree with the rule, loan by loan and day after day?"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest

from core.clock import NAIROBI
from core.db.engine import Database, WriteSession
from core.errors import NoPauseToResume, PauseOverlaps
from core.lending import standing_store
from core.lending.arrears import ArrearsRules, Bucket, CutOff, Pause
from core.lending.classification import LoanClass, form_4
from core.lending.impairment import Stage
from core.lending.in_duplum import Default
from core.lending.policies import DEVELOPMENT_POLICY, EMERGENCY_POLICY
from core.lending.standing import Renegotiated, RiskRules, RiskStanding, risk_standing
from core.money import Money
from tests.core.lending.lent import Lent, LentRow, a_member, lend, repay

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 10, 0, tzinfo=NAIROBI)
POLICIES = {
    "development": DEVELOPMENT_POLICY,
    "emergency": replace(
        EMERGENCY_POLICY,
        arrears=ArrearsRules(
            cut_off=CutOff(minutes=18 * 60, grace_minutes=0),
            tolerance=Money(0),
            ageing_grace_days=3,
            buckets=(Bucket("A", 1, 5), Bucket("B", 6, 60), Bucket("C", 90)),
        ),
    ),
}


def an_amount(random: Random, most: int) -> int:
    """Often nothing, sometimes about a shilling, else anything."""
    return random.choice([0, random.randint(0, 150), random.randint(0, most)])


def a_row(random: Random, due_on: date) -> LentRow:
    asked = (
        an_amount(random, 500_000),
        an_amount(random, 50_000),
        an_amount(random, 900),
        an_amount(random, 900),
    )
    share = random.choice([(0, 1), (1, 1), (1, 1), (random.randint(0, 9), 9)])
    paid = [amount * share[0] // share[1] for amount in asked]
    return LentRow(due_on, asked, (paid[0], paid[1], paid[2], paid[3]))


def a_loan(random: Random, number: int) -> Lent:
    first = TODAY - timedelta(days=random.choice([0, 1, 2, 29, 30, 31, 95, 185, 365, random.randint(0, 700)]))
    rows = [a_row(random, first + timedelta(days=30 * place)) for place in range(random.randint(1, 14))]
    return Lent(f"lon_{number:03}", tuple(rows), random.choice(["development", "emergency"]))


async def saved(database: Database, loan_id: str) -> RiskStanding | None:
    async with database.reading() as session:
        return await standing_store.standing(session, loan_id)


async def age(database: Database, on: date, paid_through: date | None = None) -> int:
    async with database.unit_of_work() as session:
        return await standing_store.age_loans(session, on=on, paid_through=paid_through, policies=POLICIES)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_ageing_all_loans_at_once_is_the_rule_for_each(empty_database: Database, seed: int) -> None:
    random = Random(seed)
    loans = [a_loan(random, number) for number in range(150)]
    pauses: dict[str, list[Pause]] = {}
    renegotiated: dict[str, Renegotiated] = {}
    async with empty_database.unit_of_work() as session:
        await a_member(session)
        await lend(session, loans)
        for loan in random.sample(loans, 50):
            start = TODAY - timedelta(days=random.randint(0, 300))
            pause = Pause(start, start + timedelta(days=random.randint(0, 90)))
            pauses[loan.loan_id] = [pause]
            await standing_store.pause_ageing(
                session,
                loan_id=loan.loan_id,
                starts_on=pause.starts_on,
                ends_on=pause.ends_on,
                reason="drought",
                paused_by="manager",
                now=NOW,
            )
        for loan in random.sample(loans, 50):
            note = Renegotiated(
                TODAY - timedelta(days=random.randint(0, 400)), random.choice(list(LoanClass))
            )
            renegotiated[loan.loan_id] = note
            await session.execute(
                "INSERT INTO loan_renegotiation VALUES ($1, $2, $3)", loan.loan_id, note.on, note.class_before
            )
    before: dict[str, RiskStanding] = {}

    for day in (0, 1, 2, 20, 45, 46, 200):
        on = TODAY + timedelta(days=day)
        assert await age(empty_database, on) == len(loans)
        expected = {
            loan.loan_id: risk_standing(
                loan.as_due(),
                on,
                rules=POLICIES[loan.product].arrears,
                pauses=pauses.get(loan.loan_id, ()),
                renegotiated=renegotiated.get(loan.loan_id),
                before=before.get(loan.loan_id),
            )
            for loan in loans
        }
        found = {loan.loan_id: await saved(empty_database, loan.loan_id) for loan in loans}
        assert found == expected
        before = expected
    assert {each.loan_class for each in before.values()} == set(LoanClass)


DUE = LentRow(TODAY - timedelta(days=40), (400_000, 10_000, 0, 500))
AHEAD = LentRow(TODAY + timedelta(days=20), (600_000, 10_000, 0, 0))


async def with_loans(database: Database, *loans: Lent) -> None:
    async with database.unit_of_work() as session:
        await a_member(session)
        await lend(session, loans)


async def test_a_second_ageing_of_the_same_day_changes_nothing(empty_database: Database) -> None:
    await with_loans(empty_database, Lent("lon_1", (DUE, AHEAD)))
    await age(empty_database, TODAY)
    first = await saved(empty_database, "lon_1")

    await age(empty_database, TODAY)

    assert await saved(empty_database, "lon_1") == first
    assert first is not None
    assert (first.loan_class, first.stage) == (LoanClass.SUBSTANDARD, Stage.TWO)
    assert (first.defaulted_on, first.default) == (TODAY, Default(Money(1_000_000), Money(10_500)))


async def test_what_was_owing_at_default_is_kept_until_the_loan_performs_again(
    empty_database: Database,
) -> None:
    await with_loans(empty_database, Lent("lon_1", (DUE, AHEAD)))
    await age(empty_database, TODAY)
    async with empty_database.unit_of_work() as session:
        await session.execute("UPDATE instalment SET principal_paid = 300000 WHERE number = 1")

    await age(empty_database, TODAY + timedelta(days=1))
    later = await saved(empty_database, "lon_1")
    async with empty_database.unit_of_work() as session:
        await session.execute(
            """UPDATE instalment SET principal_paid = principal, interest_paid = interest,
                                     penalties_paid = penalties WHERE number = 1"""
        )
    await age(empty_database, TODAY + timedelta(days=2))
    cured = await saved(empty_database, "lon_1")

    assert later is not None
    assert (later.defaulted_on, later.default) == (TODAY, Default(Money(1_000_000), Money(10_500)))
    assert later.outstanding == Money(700_000)
    assert cured is not None
    assert (cured.loan_class, cured.defaulted_on, cured.default) == (LoanClass.PERFORMING, None, None)
    assert cured.last_late_on == TODAY + timedelta(days=1)


async def test_a_loan_that_is_closed_has_no_standing_any_more(empty_database: Database) -> None:
    await with_loans(empty_database, Lent("lon_1", (DUE,)), Lent("lon_2", (DUE,)))
    assert await age(empty_database, TODAY) == 2
    async with empty_database.unit_of_work() as session:
        await session.execute("UPDATE loan SET status = 'closed' WHERE id = 'lon_1'")

    assert await age(empty_database, TODAY) == 1

    assert await saved(empty_database, "lon_1") is None


@pytest.mark.parametrize(
    ("paid_at", "days"),
    [
        ("2026-03-11T00:59:00", 0),
        ("2026-03-11T01:00:00", 0),
        ("2026-03-11T01:00:01", 1),
        ("2026-03-11T09:00:00", 1),
    ],
)
async def test_a_payment_within_sixty_minutes_after_the_due_date_is_on_time(
    empty_database: Database, paid_at: str, days: int
) -> None:
    due = LentRow(TODAY - timedelta(days=1), (400_000, 10_000, 0, 0), (400_000, 10_000, 0, 0))
    await with_loans(empty_database, Lent("lon_1", (due,)))
    parts = '[{"instalment": 1, "principal": 400000, "interest": 10000}]'
    async with empty_database.unit_of_work() as session:
        await repay(session, "lon_1", parts, datetime.fromisoformat(paid_at).replace(tzinfo=NAIROBI))

    await age(empty_database, TODAY, paid_through=TODAY - timedelta(days=1))

    found = await saved(empty_database, "lon_1")
    assert found is not None
    assert found.arrears.days_past_due == days
    assert found.outstanding == Money(400_000 if days else 0)


async def test_a_paused_loan_keeps_its_bucket_and_ages_again_when_resumed(empty_database: Database) -> None:
    await with_loans(empty_database, Lent("lon_1", (replace(DUE, due_on=TODAY - timedelta(days=30)),)))
    await age(empty_database, TODAY)
    async with empty_database.unit_of_work() as session:
        await pause(session, TODAY, TODAY + timedelta(days=60))

    await age(empty_database, TODAY + timedelta(days=10))
    within = await saved(empty_database, "lon_1")
    async with empty_database.unit_of_work() as session:
        await standing_store.resume_ageing(session, loan_id="lon_1", on=TODAY + timedelta(days=10))
    await age(empty_database, TODAY + timedelta(days=12))
    after = await saved(empty_database, "lon_1")

    assert within is not None
    assert (within.arrears.bucket, within.arrears.days_past_due, within.arrears.delinquent_days) == (
        "1-30",
        40,
        30,
    )
    assert after is not None
    assert (after.arrears.bucket, after.arrears.days_past_due, after.arrears.delinquent_days) == (
        "31-60",
        42,
        32,
    )


async def test_two_pauses_of_one_loan_do_not_overlap(empty_database: Database) -> None:
    await with_loans(empty_database, Lent("lon_1", (DUE,)))
    async with empty_database.unit_of_work() as session:
        await pause(session, TODAY, TODAY + timedelta(days=10))

        with pytest.raises(PauseOverlaps) as refused:
            await pause(session, TODAY + timedelta(days=10), TODAY + timedelta(days=20))
        await pause(session, TODAY + timedelta(days=11), TODAY + timedelta(days=20))
        with pytest.raises(ValueError, match="ends before"):
            await pause(session, TODAY, TODAY - timedelta(days=1))

    assert refused.value.ends_on == TODAY + timedelta(days=10)


async def test_there_must_be_a_pause_to_resume(empty_database: Database) -> None:
    await with_loans(empty_database, Lent("lon_1", (DUE,)))
    async with empty_database.unit_of_work() as session:
        await pause(session, TODAY, TODAY + timedelta(days=10))
        await standing_store.resume_ageing(session, loan_id="lon_1", on=TODAY + timedelta(days=3))

        with pytest.raises(NoPauseToResume):
            await standing_store.resume_ageing(session, loan_id="lon_1", on=TODAY + timedelta(days=4))


async def pause(session: WriteSession, starts_on: date, ends_on: date) -> None:
    await standing_store.pause_ageing(
        session,
        loan_id="lon_1",
        starts_on=starts_on,
        ends_on=ends_on,
        reason="illness",
        paused_by="manager",
        now=NOW,
    )


async def test_a_rescheduled_loan_keeps_its_class_until_enough_instalments_are_kept(
    empty_database: Database,
) -> None:
    ahead = [LentRow(TODAY + timedelta(days=30 * n), (100_000, 0, 0, 0)) for n in range(1, 9)]
    await with_loans(empty_database, Lent("lon_1", (DUE, *ahead)))
    await age(empty_database, TODAY)
    async with empty_database.unit_of_work() as session:
        await standing_store.note_renegotiation(session, loan_id="lon_1", on=TODAY)
        await standing_store.note_renegotiation(session, loan_id="lon_1", on=TODAY)
        await session.execute(
            """UPDATE instalment SET principal_paid = principal, interest_paid = interest,
                                     penalties_paid = penalties"""
        )

    classes = []
    for month in range(1, 8):
        await age(empty_database, TODAY + timedelta(days=30 * month + 1))
        found = await saved(empty_database, "lon_1")
        assert found is not None
        classes.append((found.loan_class, found.stage))

    assert classes == [(LoanClass.SUBSTANDARD, Stage.TWO)] * 5 + [(LoanClass.PERFORMING, Stage.ONE)] * 2


async def test_returns_are_made_of_the_standings(empty_database: Database) -> None:
    loans = [
        Lent("lon_1", (AHEAD,)),
        Lent("lon_2", (DUE,)),
        Lent("lon_3", (replace(DUE, due_on=TODAY - timedelta(days=1)),)),
        Lent("lon_4", (replace(DUE, due_on=TODAY - timedelta(days=400)),), product="emergency"),
    ]
    await with_loans(empty_database, *loans)
    async with empty_database.unit_of_work() as session:
        await session.execute("INSERT INTO loan_renegotiation VALUES ('lon_2', $1, 'doubtful')", TODAY)
    await age(empty_database, TODAY)

    async with empty_database.reading() as session:
        form = form_4(await standing_store.class_totals(session))
        at_risk = await standing_store.portfolios_at_risk(session)
        provision, expected = await standing_store.losses(session, "emergency")
        nothing, _ = await standing_store.losses(session, "unknown")

    assert [row.accounts for row in form.portfolio] == [1, 1, 0, 0, 1]
    assert [row.accounts for row in form.renegotiated] == [0, 0, 0, 1, 0]
    assert form.outstanding == Money(600_000 + 3 * 400_000)
    assert {days: each.at_risk.minor for days, each in at_risk.items()} == {
        1: 1_200_000,
        30: 800_000,
        60: 400_000,
        90: 400_000,
    }
    assert (provision, expected, nothing) == (Money(400_000), Money(220_000), Money(0))


async def test_a_society_without_loans_has_nothing_at_risk(empty_database: Database) -> None:
    assert await age(empty_database, TODAY) == 0

    async with empty_database.reading() as session:
        at_risk = await standing_store.portfolios_at_risk(session)

    assert at_risk[30].ratio == 0


def test_a_loan_without_memory_is_judged_by_its_rows_alone() -> None:
    found = risk_standing(Lent("lon_1", (DUE, AHEAD)).as_due(), TODAY, risk=RiskRules(cure_instalments=1))

    assert (found.arrears.days_past_due, found.is_uncured, found.last_late_on) == (40, False, TODAY)
