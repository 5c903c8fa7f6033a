"""Is every event sealed once, and does it show when somebody touches the trail?"""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from core.audit import store as audit
from core.audit.chain import FIRST_LINK, AuditEvent, first_break, link
from core.db.engine import Database
from imarisha.invariants import broken

AT = datetime(2026, 3, 11, 7, 0, tzinfo=UTC)


async def happen(database: Database, count: int, action: str = "loan.approved") -> None:
    async with database.unit_of_work() as session:
        for n in range(count):
            await audit.record(
                session, at=AT, actor="usr_1", action=action, subject=f"lon_{n}", facts={"amount": "1000.00"}
            )


async def seal(database: Database) -> int:
    async with database.unit_of_work() as session:
        return await audit.seal(session)


async def broken_link(database: Database) -> int | None:
    async with database.reading() as session:
        return await audit.broken_link(session)


async def seals(database: Database) -> list[tuple[int, int]]:
    async with database.reading() as session:
        rows = await session.rows("SELECT sequence, event_id FROM audit_seal ORDER BY sequence")
    return [(row["sequence"], row["event_id"]) for row in rows]


async def tamper(url: str, *statements: str) -> None:
    """As the tables' owner could: the guards are switched off for the moment."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        for table in ("audit_event", "audit_seal"):
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await connection.execute("ALTER TABLE audit_seal DROP CONSTRAINT fk_audit_seal_event_id")
        for statement in statements:
            await connection.execute(statement)
    await connection.close()


async def test_events_are_sealed_in_order_and_once(empty_database: Database) -> None:
    await happen(empty_database, 3)

    assert await seal(empty_database) == 3
    assert await seal(empty_database) == 0
    await happen(empty_database, 2)
    assert await seal(empty_database) == 2

    found = await seals(empty_database)
    assert [sequence for sequence, _ in found] == [1, 2, 3, 4, 5]
    assert [event for _, event in found] == sorted(event for _, event in found)
    assert await broken_link(empty_database) is None


async def test_an_event_that_was_committed_late_is_sealed_with_the_next_batch(
    empty_database: Database,
) -> None:
    async with empty_database.unit_of_work() as late:
        await audit.record(late, at=AT, actor="usr_1", action="slow", subject="lon_0")
        await happen(empty_database, 2)
        assert await seal(empty_database) == 2

    assert await seal(empty_database) == 1
    assert await broken_link(empty_database) is None


async def test_a_long_trail_is_sealed_and_checked_batch_by_batch(
    empty_database: Database, empty_database_url: str
) -> None:
    async with empty_database.unit_of_work() as session:
        await session.execute(
            """INSERT INTO audit_event (at, actor, action, subject, facts)
               SELECT $1, 'usr_1', 'loan.approved', 'lon_' || n, '{}' FROM generate_series(1, 2300) n""",
            AT,
        )

    assert [await seal(empty_database) for _ in range(4)] == [1000, 1000, 300, 0]
    assert await broken_link(empty_database) is None

    await tamper(empty_database_url, "UPDATE audit_event SET actor = 'usr_2' WHERE subject = 'lon_2100'")
    assert await broken_link(empty_database) == (await seals(empty_database))[2099][1]


async def test_an_event_committed_very_late_is_sealed_by_who_looks_far_back(
    empty_database: Database, empty_database_url: str
) -> None:
    await happen(empty_database, 1)
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute("ALTER SEQUENCE audit_event_id_seq RESTART WITH 100000")
    await connection.close()
    await happen(empty_database, 1)
    async with empty_database.unit_of_work() as session:
        await session.execute(
            "INSERT INTO audit_seal (sequence, event_id, hash) SELECT 1, max(id), '' FROM audit_event"
        )

    assert await seal(empty_database) == 0
    async with empty_database.unit_of_work() as session:
        assert await audit.seal(session, far_back=True) == 1


async def test_what_was_rolled_back_is_not_in_the_trail(empty_database: Database) -> None:
    async def fail() -> None:
        async with empty_database.unit_of_work() as session:
            await audit.record(session, at=AT, actor="usr_1", action="never", subject="lon_0")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await seal(empty_database) == 0


async def test_two_sealers_at_once_make_one_chain(empty_database: Database) -> None:
    await happen(empty_database, 200)

    for _ in range(20):
        await asyncio.gather(*(seal(empty_database) for _ in range(4)), happen(empty_database, 5))
    while await seal(empty_database):
        pass

    found = await seals(empty_database)
    assert [sequence for sequence, _ in found] == list(range(1, 301))
    assert len({event for _, event in found}) == 300
    assert await broken_link(empty_database) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_event SET facts = '{\"amount\": \"9000.00\"}' WHERE subject = 'lon_3'",
        "UPDATE audit_event SET actor = 'usr_2' WHERE subject = 'lon_3'",
        "UPDATE audit_event SET at = at + interval '1 microsecond' WHERE subject = 'lon_3'",
        "UPDATE audit_event SET subject = 'lon_x' WHERE subject = 'lon_3'",
    ],
)
async def test_a_changed_event_is_found(
    empty_database: Database, empty_database_url: str, change: str
) -> None:
    await happen(empty_database, 6)
    await seal(empty_database)

    await tamper(empty_database_url, change)

    assert await broken_link(empty_database) == (await seals(empty_database))[3][1]
    [line] = await broken(empty_database)
    assert line.startswith("audit event ")


@pytest.mark.parametrize("which", [1, 3, 6])
async def test_a_removed_event_is_found_wherever_it_stood(
    empty_database: Database, empty_database_url: str, which: int
) -> None:
    await happen(empty_database, 6)
    await seal(empty_database)

    await tamper(empty_database_url, f"DELETE FROM audit_event WHERE subject = 'lon_{which - 1}'")

    assert await broken_link(empty_database) == (await seals(empty_database))[which - 1][1]


@pytest.mark.parametrize("which", [1, 3])
async def test_an_event_removed_with_its_seal_is_found(
    empty_database: Database, empty_database_url: str, which: int
) -> None:
    await happen(empty_database, 6)
    await seal(empty_database)
    behind = (await seals(empty_database))[which][1]

    await tamper(
        empty_database_url,
        f"DELETE FROM audit_seal WHERE sequence = {which}",
        f"DELETE FROM audit_event WHERE subject = 'lon_{which - 1}'",
    )

    assert await broken_link(empty_database) == behind


async def test_seals_that_were_numbered_anew_don_t_hide_a_removal(
    empty_database: Database, empty_database_url: str
) -> None:
    await happen(empty_database, 6)
    await seal(empty_database)

    await tamper(
        empty_database_url,
        "DELETE FROM audit_seal WHERE sequence = 3",
        "UPDATE audit_seal SET sequence = sequence - 1 WHERE sequence > 3",
    )

    assert await broken_link(empty_database) is not None


async def test_swapped_seals_are_found(empty_database: Database, empty_database_url: str) -> None:
    await happen(empty_database, 4)
    await seal(empty_database)

    await tamper(
        empty_database_url,
        "UPDATE audit_seal SET sequence = 100 WHERE sequence = 2",
        "UPDATE audit_seal SET sequence = 2 WHERE sequence = 3",
        "UPDATE audit_seal SET sequence = 3 WHERE sequence = 100",
    )

    assert await broken_link(empty_database) is not None


async def test_the_invariants_seal_what_waits_before_they_look(empty_database: Database) -> None:
    await happen(empty_database, 3)

    assert await broken(empty_database) == []

    assert len(await seals(empty_database)) == 3


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event CASCADE"],
)
async def test_with_the_guards_on_nothing_can_be_changed(
    empty_database: Database, empty_database_url: str, statement: str
) -> None:
    await happen(empty_database, 1)
    connection = await asyncpg.connect(empty_database_url)

    with pytest.raises(asyncpg.PostgresError, match="written once"):
        await connection.execute(statement)

    await connection.close()


def test_a_link_depends_on_all_of_the_event_and_on_the_one_before() -> None:
    event = AuditEvent(1, AT, "usr_1", "loan.approved", "lon_1", {"a": "1", "b": "2"})
    turned = AuditEvent(1, AT, "usr_1", "loan.approved", "lon_1", {"b": "2", "a": "1"})
    first = link(FIRST_LINK, event)

    assert first == link(FIRST_LINK, turned)
    assert first != link(first, event)
    assert first_break([(event, first)]) is None
    assert first_break([(event, bytes(32))]) == 1
    assert first_break([]) is None
