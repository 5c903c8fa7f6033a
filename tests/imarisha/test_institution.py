"""Is the demo institution founded whole, or not at all?"""

import pytest
from asyncpg import UniqueViolationError

from core.db.engine import Database
from core.ids import RandomIds
from imarisha import institution
from imarisha.institution_applications import ASKED
from imarisha.invariants import broken
from tests.clock import StoppedClock
from tests.conftest import quick_pins


async def test_a_founding_that_breaks_off_leaves_nothing_behind(
    empty_database: Database, clock: StoppedClock
) -> None:
    pins, ids = quick_pins(), RandomIds(clock)
    people = [*institution.PEOPLE, institution.AMINA]

    with pytest.raises(UniqueViolationError):
        await institution.found(empty_database, clock, ids, pins, people)

    assert not await institution.is_founded(empty_database)
    members = await institution.found(empty_database, clock, ids, pins)
    assert len(members) == len(institution.PEOPLE)
    assert await broken(empty_database) == []
    await pins.close()


async def test_neighbours_are_always_the_same_and_their_books_hold(
    empty_database: Database, clock: StoppedClock
) -> None:
    pins = quick_pins()
    people = [*institution.PEOPLE, *institution.neighbours(20)]

    await institution.found(empty_database, clock, RandomIds(clock), pins, people)

    assert institution.neighbours(20) == institution.neighbours(30)[:20]
    assert await institution.is_founded(empty_database)
    assert await broken(empty_database) == []
    async with empty_database.reading() as session:
        rows = await session.rows("SELECT state FROM loan_application ORDER BY id")
    assert sorted(row["state"] for row in rows) == sorted(asked.state for asked in ASKED)
    await pins.close()
