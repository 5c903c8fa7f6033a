"""Two processes close one day at once: they share the work, and it is done once."""

import asyncio

from core.day_close import close_missed
from core.db.engine import Database
from imarisha.embedded import EmbeddedServers
from tests.clock import StoppedClock
from tests.conftest import clone
from tests.core.closing.books import everything
from tests.core.closing.conftest import closing_of
from tests.core.closing.test_day_close import TODAY, to_the_night_after


async def test_two_closes_at_once_equal_one(servers: EmbeddedServers, founded_template: str) -> None:
    with clone(servers, founded_template) as url:
        alone = await closed(url, closers=1)

    with clone(servers, founded_template) as url:
        together = await closed(url, closers=3)

    assert together == alone


async def closed(url: str, *, closers: int) -> dict[str, list[tuple[object, ...]]]:
    clock = StoppedClock()
    to_the_night_after(clock, TODAY)
    database = Database(url)
    await database.open()
    days = await asyncio.gather(*(close_missed(closing_of(database, clock)) for _ in range(closers)))
    found = await everything(database)
    await database.close()
    assert sum(len(each) for each in days) == 1
    return found
