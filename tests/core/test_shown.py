"""Are the screens members saw kept as they stood, masked and chained, and never at a member's cost?"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from core.audit import shown
from core.audit.shown import KeptScreen, ShownScreen
from core.audit.shown_buffer import MOST_IN_A_BATCH, ShownBuffer
from core.audit.witness import WitnessedDatabase
from core.db.engine import Database
from imarisha.invariants import broken

AT = datetime(2026, 3, 11, 7, 0, tzinfo=UTC)
SCREEN = ShownScreen(
    at=AT,
    member_id="mbr_1",
    phone="+254711000001",
    channel="ussd",
    network="Safaricom",
    turn="call.0.3",
    came_from="repay.amount",
    label="repay.confirm",
    language="en",
    text="Pay KES 1,000.00 by M-Pesa from 0711***001?\nID 12345678",
)


def screens(count: int) -> list[ShownScreen]:
    return [replace(SCREEN, turn=f"call.0.{n}", at=AT + timedelta(minutes=n)) for n in range(count)]


async def keep(database: Database, *kept: ShownScreen) -> None:
    async with database.unit_of_work() as session:
        await shown.record(session, kept)


async def seal(database: Database) -> int:
    async with database.unit_of_work() as session:
        return await shown.seal(session)


async def found(database: Database, **asked: object) -> list[KeptScreen]:
    usual = {"member_id": None, "phone": None, "since": None, "until": None, "before": None, "most": 50}
    async with database.reading() as session:
        return await shown.find(session, **{**usual, **asked})  # type: ignore[arg-type]  # by name


async def tamper(url: str, *statements: str) -> None:
    """As the tables' owner could: the guards are switched off for the moment."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        for table in ("shown_screen", "shown_seal"):
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await connection.execute("ALTER TABLE shown_seal DROP CONSTRAINT fk_shown_seal_screen_id")
        for statement in statements:
            await connection.execute(statement)
    await connection.close()


async def test_a_screen_is_kept_with_its_long_numbers_hidden(empty_database: Database) -> None:
    await keep(empty_database, SCREEN)

    (kept,) = await found(empty_database)

    assert kept.screen.text == "Pay KES 1,000.00 by M-Pesa from 0711***001?\nID *****678"
    assert kept.screen.phone == "*********001"
    assert replace(kept.screen, text=SCREEN.text, phone=SCREEN.phone) == SCREEN
    assert kept.seal == ""


async def test_a_turn_taken_again_keeps_its_first_screen(empty_database: Database) -> None:
    await keep(empty_database, SCREEN)
    await keep(empty_database, replace(SCREEN, text="another"))

    assert [each.screen.text[:7] for each in await found(empty_database)] == ["Pay KES"]


async def test_a_screen_and_the_yes_to_it_are_two(empty_database: Database) -> None:
    await keep(empty_database, SCREEN, replace(SCREEN, bound=True))

    kept = await found(empty_database)

    assert [each.screen.bound for each in kept] == [True, False]
    assert {each.screen.turn for each in kept} == {"call.0.3"}


async def test_screens_are_found_by_member_number_and_time_and_in_pages(empty_database: Database) -> None:
    await keep(empty_database, *screens(5), replace(SCREEN, turn="x", member_id="", phone="+254711000009"))

    async def turns(**asked: object) -> list[str]:
        return [each.screen.turn for each in await found(empty_database, **asked)]

    assert await turns(member_id="mbr_1") == [f"call.0.{n}" for n in (4, 3, 2, 1, 0)]
    assert await turns(phone="+254711000009") == ["x"]
    later = AT + timedelta(minutes=2)
    assert await turns(since=later, until=later) == ["call.0.2"]
    first = await found(empty_database, most=2)
    assert await turns(most=2, before=first[-1].screen_id) == ["call.0.3", "call.0.2"]


async def test_screens_are_sealed_in_order_and_once(empty_database: Database) -> None:
    await keep(empty_database, *screens(3))

    assert await seal(empty_database) == 3
    assert await seal(empty_database) == 0
    seals = [each.seal for each in await found(empty_database)]
    assert len(set(seals)) == 3
    assert all(len(each) == 64 for each in seals)
    assert await broken(empty_database) == []


async def test_only_one_seals_at_a_time(empty_database: Database) -> None:
    await keep(empty_database, SCREEN)

    async with empty_database.unit_of_work() as first:
        assert await shown.seal(first) == 1
        assert await seal(empty_database) == 0


@pytest.mark.parametrize(
    "how",
    [
        "UPDATE shown_screen SET text = 'Pay KES 9,000.00?' WHERE key = 'call.0.1'",
        "UPDATE shown_screen SET bound = true WHERE key = 'call.0.1'",
        "UPDATE shown_screen SET network = '' WHERE key = 'call.0.1'",
        "DELETE FROM shown_screen WHERE key = 'call.0.1'",
        "DELETE FROM shown_seal WHERE sequence = 2",
    ],
)
async def test_a_screen_that_was_touched_shows(
    empty_database: Database, empty_database_url: str, how: str
) -> None:
    await keep(empty_database, *screens(4))
    await seal(empty_database)

    await tamper(empty_database_url, how)

    (line,) = await broken(empty_database)
    assert line.startswith("shown screen ")


@pytest.mark.parametrize("how", ["UPDATE shown_screen SET text = ''", "DELETE FROM shown_seal"])
async def test_nobody_changes_a_kept_screen(empty_database: Database, how: str) -> None:
    await keep(empty_database, SCREEN)

    with pytest.raises(asyncpg.PostgresError):
        async with empty_database.unit_of_work() as session:
            await session.execute(how)


# With the change it led to


async def test_the_screen_goes_with_the_first_change_that_commits(empty_database: Database) -> None:
    witnessed = WitnessedDatabase(empty_database, replace(SCREEN, bound=True))

    with pytest.raises(LookupError):
        async with witnessed.unit_of_work():
            raise LookupError
    assert await found(empty_database) == []
    for _ in range(2):
        async with witnessed.unit_of_work():
            pass

    assert len(await found(empty_database)) == 1


async def test_a_witnessed_database_reads_as_the_other_does(empty_database: Database) -> None:
    witnessed = WitnessedDatabase(empty_database, SCREEN)

    async with witnessed.reading() as session:
        assert await session.row("SELECT 1")
    async with witnessed.at_one_moment() as moment:
        assert await moment.row("SELECT 1")
    async with witnessed.single_statements() as single:
        await single.execute("SELECT 1")
    assert await found(empty_database) == []


async def test_a_witnessed_database_opens_and_closes_the_other(empty_database_url: str) -> None:
    witnessed = WitnessedDatabase(Database(empty_database_url), SCREEN)

    await witnessed.open()
    async with witnessed.unit_of_work():
        pass
    await witnessed.close()


# In batches


async def test_screens_are_written_soon_and_at_the_end(empty_database: Database) -> None:
    lost: list[int] = []
    buffer = ShownBuffer(empty_database, lost=lost.append)

    for screen in screens(3):
        buffer.shown(screen)
    assert await found(empty_database) == []
    await buffer.close()
    await buffer.close()

    assert len(await found(empty_database)) == 3
    assert lost == []


async def test_a_writer_wakes_by_itself(empty_database: Database) -> None:
    lost: list[int] = []
    buffer = ShownBuffer(empty_database, lost=lost.append, batch_seconds=0)

    buffer.shown(SCREEN)
    async with asyncio.timeout(5):
        while not await found(empty_database):  # noqa: ASYNC110 - the writer is a task of its own
            await asyncio.sleep(0.01)

    await buffer.close()


async def test_what_comes_too_fast_is_let_go_and_counted(empty_database: Database) -> None:
    lost: list[int] = []
    buffer = ShownBuffer(empty_database, lost=lost.append)

    for screen in screens(MOST_IN_A_BATCH + 7):
        buffer.shown(screen)
    await buffer.close()

    assert lost == [7]


async def test_screens_are_lost_and_counted_while_the_database_is_away() -> None:
    lost: list[int] = []
    buffer = ShownBuffer(Database("postgresql://nobody@127.0.0.1:1/none"), lost=lost.append)

    buffer.shown(SCREEN)
    await buffer.close()

    assert lost == [1]
