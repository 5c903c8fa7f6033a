"""One turn at a time, on a real Redis."""

import asyncio

import pytest

from dialogs.history import Shape
from dialogs.messages import Reply, TextStyle
from dialogs.redis_connection import RedisConnection
from dialogs.session import SHAPE, Answered, Busy, Claimed, Hop, Session, Written
from dialogs.session_redis import RedisSessionStore
from tests.clock import StoppedClock
from tests.dialogs.teller import AMINA, CHEBET

MENU = Reply("1. Check Balance", ends=False, label="home.menu")
GREETING = Reply("Enter your PIN:", ends=False, label="sign_in.pin")


def hop(mark: str = "m1", *, call: str = "call", address: str = AMINA, shape: Shape = Shape.ONE) -> Hop:
    return Hop(address, call, mark, shape, TextStyle.CUMULATIVE)


def session(**changes: object) -> Session:
    return Session(shape=SHAPE, flows="v1", call="call", started_at=1, **changes)  # type: ignore[arg-type]  # fields by name


def written(reply: Reply = MENU, *, marks: tuple[str, ...] = (), **changes: object) -> Written:
    return Written(session(**changes), reply, keep_seconds=360, marks=list(marks))


@pytest.fixture
def store(connection: RedisConnection, clock: StoppedClock) -> RedisSessionStore:
    return RedisSessionStore(connection, clock, lease_seconds=9, wait_seconds=0.05)


async def claimed(store: RedisSessionStore, asked: Hop) -> Claimed:
    claim = await store.claim(asked)
    assert isinstance(claim, Claimed)
    return claim


async def test_first_turn_finds_nothing_and_the_next_what_was_saved(store: RedisSessionStore) -> None:
    first = await claimed(store, hop())
    assert first.session is None
    assert await store.save(hop(), first.token, written(turn=4, first_name="Amina"))

    second = await claimed(store, hop("m2"))

    assert second.session is not None
    assert (second.session.turn, second.session.first_name) == (4, "Amina")


async def test_second_turn_of_the_same_person_waits_and_is_told_busy(store: RedisSessionStore) -> None:
    await claimed(store, hop())

    assert await store.claim(hop("m2")) == Busy()
    assert isinstance(await store.claim(hop(address=CHEBET, call="other")), Claimed)


async def test_copy_that_waits_gets_the_answer_of_the_first(
    connection: RedisConnection, clock: StoppedClock
) -> None:
    store = RedisSessionStore(connection, clock, wait_seconds=2)
    first = await claimed(store, hop())
    copy = asyncio.create_task(store.claim(hop()))
    await asyncio.sleep(0.02)

    await store.save(hop(), first.token, written())

    assert await copy == Answered(MENU)


async def test_released_turn_is_free_at_once_and_left_nothing(store: RedisSessionStore) -> None:
    first = await claimed(store, hop())

    await store.release(hop(), first.token)

    assert (await claimed(store, hop())).session is None


async def test_turn_that_lost_its_lease_writes_nothing(store: RedisSessionStore, clock: StoppedClock) -> None:
    slow = await claimed(store, hop())
    clock.move(seconds=10)
    quick = await claimed(store, hop())

    assert not await store.save(hop(), slow.token, written(turn=1))
    assert await store.save(hop(), quick.token, written(turn=2))
    assert not await store.save(hop(), slow.token, written(turn=3))

    kept = (await claimed(store, hop("m2"))).session
    assert kept is not None
    assert kept.turn == 2


async def test_release_of_a_lost_lease_frees_nobody_elses(
    store: RedisSessionStore, clock: StoppedClock
) -> None:
    slow = await claimed(store, hop())
    clock.move(seconds=10)
    await claimed(store, hop())

    await store.release(hop(), slow.token)

    assert await store.claim(hop()) == Busy()


async def test_turn_saves_nothing_onto_an_emptied_store(
    store: RedisSessionStore, connection: RedisConnection
) -> None:
    first = await claimed(store, hop())
    await connection.execute("FLUSHALL")

    assert not await store.save(hop(), first.token, written())
    assert await connection.execute("KEYS", "*") == []


async def test_record_outlives_its_lease(store: RedisSessionStore, connection: RedisConnection) -> None:
    first = await claimed(store, hop())
    await store.save(hop(), first.token, Written(session(), MENU, keep_seconds=1))
    await claimed(store, hop("m2"))

    remaining = await connection.execute("PTTL", f"imarisha:talk:{{{AMINA}}}")

    assert isinstance(remaining, int)
    assert remaining > 9_000


async def test_every_key_has_an_end_and_a_tag_for_the_cluster(
    store: RedisSessionStore, connection: RedisConnection
) -> None:
    first = await claimed(store, hop())
    await store.save(hop(), first.token, written())
    await store.bind_call("call", AMINA)

    keys = await connection.execute("KEYS", "*")

    assert isinstance(keys, list)
    assert sorted(str(key) for key in keys) == [
        "b'imarisha:call:{call}'",
        "b'imarisha:talk:{+254711000001}'",
    ]
    for key in keys:
        assert isinstance(key, bytes)
        remaining = await connection.execute("PTTL", key)
        assert isinstance(remaining, int)
        assert 0 < remaining <= 600_000


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"not json",
        b"[]",
        b'{"shape":0,"flows":"v0","call":"call","started_at":1}',
        b'{"shape":99,"flows":"v1","call":"call","started_at":1}',
        b'{"shape":1,"flows":"v1","call":"call","started_at":"yesterday"}',
        # What the first sketch of this engine kept.
        b'{"version":"0.1","state":"home","data":{"pin_ok":true},"language":"en"}',
    ],
)
async def test_record_of_another_version_is_no_record(
    store: RedisSessionStore, connection: RedisConnection, record: bytes
) -> None:
    await connection.execute("HSET", f"imarisha:talk:{{{AMINA}}}", "session", record, "call", "call")

    assert (await claimed(store, hop())).session is None


async def test_record_with_a_field_of_a_later_version_is_read(
    store: RedisSessionStore, connection: RedisConnection
) -> None:
    record = b'{"shape":1,"flows":"v1","call":"call","started_at":1,"mood":"good"}'
    await connection.execute("HSET", f"imarisha:talk:{{{AMINA}}}", "session", record)

    assert (await claimed(store, hop())).session == session()


async def test_call_id_belongs_to_the_number_that_opened_it(store: RedisSessionStore) -> None:
    assert await store.bind_call("call", AMINA)
    assert await store.bind_call("call", AMINA)
    assert not await store.bind_call("call", CHEBET)
    assert await store.bind_call("another call", CHEBET)


async def test_reply_comes_back_byte_for_byte(store: RedisSessionStore) -> None:
    reply = Reply("Line\nÅ € [x] \x00 end", ends=True, label="repay.prompted")
    first = await claimed(store, hop())
    await store.save(hop(), first.token, written(reply, marks=("m1",)))

    assert await store.claim(hop()) == Answered(reply)
