"""The simulated year, short: forty days of twenty-five members. `make year` lives it whole."""

from datetime import date, timedelta

from core.db.engine import Database
from imarisha.invariants import broken
from tests.year.society import a_society
from tests.year.totals import totals

FIRST_DAY = date(2026, 1, 10)


async def test_every_day_balances_and_the_books_hold_at_the_end(empty_database: Database) -> None:
    society = a_society(empty_database, seed=3, first_day=FIRST_DAY)
    await society.found(25)

    for n in range(40):
        day = FIRST_DAY + timedelta(days=n)
        await society.live(day)
        assert await society.is_balanced(day), day

    assert await broken(empty_database) == []
    assert {"payments", "deposits", "withdrawals"} <= society.counts.keys()
    assert {"applications", "guarantees", "votes", "loans"} <= society.office.counts.keys()
    assert int((await totals(empty_database, FIRST_DAY + timedelta(days=39)))["days closed"]) == 41
