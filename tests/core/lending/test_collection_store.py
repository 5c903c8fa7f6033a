"""Does the queue in the database hold who is late, what they promised and whether they kept it?"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.clock import NAIROBI
from core.db.engine import Database
from core.errors import InvalidPromise, NothingOverdue
from core.lending import collection_store, standing_store
from core.lending.collection_queue import NextAction, Urgency
from core.money import Money
from tests.core.lending.lent import Lent, LentRow, a_member, lend

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 10, 0, tzinfo=NAIROBI)
LATE = LentRow(TODAY - timedelta(days=10), (400_000, 10_000, 0, 0))


@pytest.fixture
async def books(empty_database: Database) -> Database:
    later = replace(LATE, due_on=TODAY - timedelta(days=20))
    async with empty_database.unit_of_work() as session:
        await a_member(session)
        await lend(
            session,
            [
                Lent("lon_1", (LATE,)),
                Lent("lon_2", (later,)),
                Lent("lon_3", (replace(LATE, due_on=TODAY + timedelta(days=1)),)),
            ],
        )
        await standing_store.age_loans(session, on=TODAY)
    return empty_database


async def take(books: Database, loan_id: str, *, days: int = 2, minor: int = 200_000) -> None:
    async with books.unit_of_work() as session:
        await collection_store.take_promise(
            session,
            loan_id=loan_id,
            due_on=TODAY + timedelta(days=days),
            amount=Money(minor),
            taken_by="mary",
            now=NOW,
        )


async def queued(
    books: Database, on: date, officer: str | None = None
) -> list[tuple[str, Urgency, NextAction]]:
    async with books.reading() as session:
        entries = await collection_store.queue(session, on=on, officer=officer)
    return [(entry.case.loan_id, entry.urgency, entry.action) for entry in entries]


async def pay(books: Database, loan_id: str, minor: int, at: datetime) -> None:
    async with books.unit_of_work() as session:
        await session.execute(
            """WITH j AS (INSERT INTO journal (key, fingerprint, kind, event_at, business_date, meta)
                          VALUES ($1, '', 'loan_repayment', $3, '2026-03-11', '{}') RETURNING id)
               INSERT INTO loan_event (loan_id, number, entered_on, kind, body, actor, journal_id, amount, event_at)
               SELECT $2, (SELECT count(*) + 1 FROM loan_event WHERE loan_id = $2), '2026-03-11', 'payment', '{}',
                      'test', j.id, $4, $3 FROM j""",
            f"{loan_id} {at.isoformat()}",
            loan_id,
            at,
            minor,
        )


async def test_late_loans_are_queued_the_later_one_first(books: Database) -> None:
    assert await queued(books, TODAY) == [
        ("lon_2", Urgency.NO_PROMISE, NextAction.CALL),
        ("lon_1", Urgency.NO_PROMISE, NextAction.CALL),
    ]


async def test_a_promise_waits_for_its_day_and_is_broken_after_it(books: Database) -> None:
    await take(books, "lon_1")

    assert (await queued(books, TODAY + timedelta(days=2)))[-1] == (
        "lon_1",
        Urgency.PROMISE_OPEN,
        NextAction.WAIT,
    )
    assert (await queued(books, TODAY + timedelta(days=3)))[0] == (
        "lon_1",
        Urgency.BROKEN_PROMISE,
        NextAction.VISIT,
    )


@pytest.mark.parametrize(
    ("paid_at", "urgency"),
    [
        (NOW - timedelta(seconds=1), Urgency.BROKEN_PROMISE),
        (NOW, Urgency.NO_PROMISE),
        (datetime(2026, 3, 14, 1, 0, tzinfo=NAIROBI), Urgency.NO_PROMISE),
        (datetime(2026, 3, 14, 1, 0, 1, tzinfo=NAIROBI), Urgency.BROKEN_PROMISE),
    ],
)
async def test_a_promise_counts_what_is_paid_after_it_and_by_its_deadline(
    books: Database, paid_at: datetime, urgency: Urgency
) -> None:
    await take(books, "lon_2")
    await pay(books, "lon_2", 200_000, paid_at)

    assert (await queued(books, TODAY + timedelta(days=4)))[0][:2] == ("lon_2", urgency)


async def test_the_latest_promise_counts(books: Database) -> None:
    await take(books, "lon_2", days=0)
    await take(books, "lon_2", days=9)

    assert (await queued(books, TODAY + timedelta(days=1)))[-1] == (
        "lon_2",
        Urgency.PROMISE_OPEN,
        NextAction.WAIT,
    )


async def test_a_promise_must_be_for_arrears_and_for_no_more(books: Database) -> None:
    with pytest.raises(NothingOverdue):
        await take(books, "lon_3")
    with pytest.raises(InvalidPromise):
        await take(books, "lon_1", minor=410_001)


async def test_an_officer_sees_their_own_cases(books: Database) -> None:
    async with books.unit_of_work() as session:
        await collection_store.assign(session, loan_id="lon_1", officer="mary")
        await collection_store.assign(session, loan_id="lon_2", officer="mary")
        await collection_store.assign(session, loan_id="lon_2", officer="john")

    assert [entry[0] for entry in await queued(books, TODAY, "mary")] == ["lon_1"]
    assert [entry[0] for entry in await queued(books, TODAY, "john")] == ["lon_2"]
    assert len(await queued(books, TODAY)) == 2


async def test_a_member_is_reminded_once_a_day(books: Database) -> None:
    async with books.unit_of_work() as session:
        await collection_store.assign(session, loan_id="lon_1", officer="mary")
        assert await collection_store.note_contact(session, loan_id="lon_1", on=TODAY)
        assert not await collection_store.note_contact(session, loan_id="lon_1", on=TODAY)
        assert await collection_store.note_contact(session, loan_id="lon_1", on=TODAY + timedelta(days=1))
        assert await collection_store.note_contact(session, loan_id="lon_2", on=TODAY)
