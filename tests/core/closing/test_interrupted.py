"""A close that dies anywhere and is begun again leaves what one that lived leaves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from typing_extensions import override

from core.day_close import Closing, close_missed
from core.db.engine import Database, WriteSession
from imarisha.embedded import EmbeddedServers
from tests.clock import StoppedClock
from tests.conftest import clone
from tests.core.closing.books import everything
from tests.core.closing.conftest import closing_of
from tests.core.closing.test_day_close import to_the_night_after

LAST = date(2026, 3, 16)
"""An instalment of the demo's is due then."""


class Killed(Exception):
    """What a process does not live to see."""


class Mortal(Database):
    """Dies in its n-th transaction, after all of it was done and before it is committed."""

    def __init__(self, url: str, *, dies_in: int) -> None:
        super().__init__(url)
        self.left = dies_in

    @override
    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[WriteSession]:
        async with super().unit_of_work() as session:
            yield session
            self.left -= 1
            if not self.left:
                raise Killed


@pytest.mark.parametrize("seed", range(4))
async def test_a_close_killed_again_and_again_equals_one_run(
    servers: EmbeddedServers, founded_template: str, seed: int
) -> None:
    random = Random(seed)
    with clone(servers, founded_template) as url:
        lived = await closed(url, deaths=())

    with clone(servers, founded_template) as url:
        killed = await closed(url, deaths=[random.randint(1, 60) for _ in range(8)])

    assert killed == lived
    assert lived["penalties"]
    assert lived["events"]


async def closed(url: str, *, deaths: list[int] | tuple[int, ...]) -> dict[str, list[tuple[object, ...]]]:
    """The books after some days were closed by processes that died in these transactions, and by one that did not."""
    clock = StoppedClock()
    database = Database(url)
    await database.open()
    closing = closing_of(database, clock)
    to_the_night_after(clock, LAST)
    for dies_in in deaths:
        await die(closing, Mortal(url, dies_in=dies_in))
    await close_missed(closing)
    found = await everything(database)
    await database.close()
    return found


async def die(closing: Closing, mortal: Mortal) -> None:
    await mortal.open()
    try:
        await close_missed(replace(closing, database=mortal))
    except Killed:
        return
    finally:
        await mortal.close()
