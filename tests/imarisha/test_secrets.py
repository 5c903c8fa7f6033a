"""Where is a PIN after the call in which it was typed? Nowhere: not in Redis, not in PostgreSQL, not in a log."""

import re
from collections.abc import Iterator

import pytest
from redis import Redis

from channels.ussd import PROVIDER
from dialogs.messages import Channel, Inbound, TextStyle
from imarisha.institution import AMINA, CHEBET, HASSAN, MWANGI, NJERI, OTIENO
from tests.imarisha.written_logs import WrittenLogs, written_logs
from tests.test_repayment import start_payment
from tests.world import World

CHOSEN, MISTYPED, GUESSED, DIALLED = "7391", "7392", "6482", "5093"
PINS = [CHOSEN, MISTYPED, GUESSED, DIALLED]
PINS += [person.pin for person in (AMINA, OTIENO, HASSAN, CHEBET, MWANGI) if person.pin]
# A PIN as a word of its own: four digits inside a fingerprint, an id or a moment are chance.
_PIN = re.compile(rf"(?<![0-9A-Za-z+/.-])({'|'.join(PINS)})(?![0-9A-Za-z+/])")
_FULL_NUMBER = re.compile(r"(?:254|0)[17]\d{8}")


@pytest.fixture
def logs() -> Iterator[WrittenLogs]:
    with written_logs() as running:
        yield running


def in_redis(world: World) -> str:
    """Every key and every value, whatever kind it is."""
    found: list[object] = []
    with Redis.from_url(world.system.settings.redis_url) as redis:
        for key in redis.scan_iter():
            found.append(key)
            match redis.type(key):
                case b"hash":
                    found.append(redis.hgetall(key))
                case b"zset":
                    found.append(redis.zrange(key, 0, -1))
                case b"set":
                    found.append(redis.smembers(key))
                case b"list":
                    found.append(redis.lrange(key, 0, -1))
                case _:
                    found.append(redis.get(key))
    return repr(found)


async def in_postgres(world: World) -> str:
    """Every row of every table, byte columns also as the letters they may be."""
    async with world.system.database.reading() as session:
        tables = await session.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        assert len(tables) > 10
        rows = [row for table in tables for row in await session.rows(f'SELECT * FROM "{table["name"]}"')]
    return "\n".join(repr(list(row.values())) for row in rows)


def pins_in(text: str) -> list[str]:
    return _PIN.findall(text)


async def assert_no_pin_anywhere(world: World, logs: WrittenLogs) -> None:
    assert pins_in(in_redis(world)) == []
    assert pins_in(await in_postgres(world)) == []
    assert pins_in(logs.text) == []
    assert pins_in((await world.http.get("/metrics")).text) == []
    assert _FULL_NUMBER.findall(logs.text) == []


async def test_the_search_would_find_one(world: World) -> None:
    assert pins_in(await in_postgres(world)) == []
    async with world.system.database.unit_of_work() as session:
        await session.execute(
            "INSERT INTO audit_event (at, actor, action, subject, facts) VALUES (now(), 'x', 'y', 'z', $1::jsonb)",
            f'{{"text": "3*{CHOSEN}"}}',
        )
    with Redis.from_url(world.system.settings.redis_url) as redis:
        redis.hset("imarisha:talk", "session", f'{{"typed":"{GUESSED}"}}')

    assert pins_in(await in_postgres(world)) == [CHOSEN]
    assert pins_in(in_redis(world)) == [GUESSED]


async def test_a_pin_that_opens_and_a_payment_behind_it_leave_no_trace(
    world: World, logs: WrittenLogs
) -> None:
    await start_payment(world, CHEBET.phone, CHEBET.pin or "", "500")
    await assert_no_pin_anywhere(world, logs)

    await world.approve(CHEBET.phone)

    assert len(logs.lines) > 5
    await assert_no_pin_anywhere(world, logs)


async def test_wrong_pins_up_to_the_lock_leave_no_trace(world: World, logs: WrittenLogs) -> None:
    phone = world.phone(MWANGI.phone)
    await phone.dial()

    for typed in (GUESSED, MISTYPED, "12345", f"{GUESSED} "):
        await phone.answer(typed)
        await assert_no_pin_anywhere(world, logs)
    again = world.phone(MWANGI.phone)
    await again.dial()
    await again.answer(MWANGI.pin or "")

    await assert_no_pin_anywhere(world, logs)


async def test_a_first_pin_leaves_no_trace_at_any_step(world: World, logs: WrittenLogs) -> None:
    phone = world.phone(NJERI.phone)
    await phone.dial()

    for typed in ("1234", CHOSEN, MISTYPED, CHOSEN, CHOSEN):
        screen = await phone.answer(typed)
        await assert_no_pin_anywhere(world, logs)

    assert screen.label == "home.menu"
    await phone.dial()
    assert (await phone.answer(CHOSEN)).label == "home.menu"
    await assert_no_pin_anywhere(world, logs)


async def test_a_pin_dialled_along_or_typed_in_the_wrong_place_leaves_no_trace(
    world: World, logs: WrittenLogs
) -> None:
    phone = world.phone(AMINA.phone)
    for code in (f"*384*96*{DIALLED}#", f"*384*96*3*{DIALLED}*1#"):
        await phone.dial(code)
        await assert_no_pin_anywhere(world, logs)
    swallowed = world.phone(AMINA.phone)
    swallowed._swallows_direct_dial = True
    await swallowed.dial(f"*384*96*{DIALLED}#")
    await swallowed.answer(GUESSED)
    await assert_no_pin_anywhere(world, logs)

    await phone.dial()
    await phone.answer(AMINA.pin or "")
    await phone.answer(DIALLED)

    await assert_no_pin_anywhere(world, logs)


async def test_a_locked_member_and_a_stranger_leave_no_trace(world: World, logs: WrittenLogs) -> None:
    locked = world.phone(HASSAN.phone)
    await locked.dial()
    await locked.answer(HASSAN.pin or "")

    stranger = world.phone("+254711000009")
    await stranger.dial(f"*384*96*{CHOSEN}#")

    await assert_no_pin_anywhere(world, logs)


@pytest.mark.parametrize(
    "body",
    [
        f"sessionId=ATUid_0a1b2c3d&serviceCode=*384*96#&text={CHOSEN}",
        f"sessionId=ATUid_0a1b2c3d&phoneNumber=0711000001&serviceCode=*384*96%23&text={CHOSEN}",
        f"text={CHOSEN}&text={GUESSED}",
        f"{CHOSEN}=1&{CHOSEN}=2",
        f"{CHOSEN}",
        f"text={CHOSEN}&x=%FF",
    ],
)
async def test_a_request_that_is_refused_leaves_no_trace(world: World, logs: WrittenLogs, body: str) -> None:
    for path in ("/channels/ussd/africastalking", "/channels/ussd/africastalking/events"):
        answer = await world.http.post(path, content=body)

        assert answer.status_code in {200, 400}
        assert pins_in(answer.text) == []
    await assert_no_pin_anywhere(world, logs)


async def test_a_bug_in_the_middle_of_a_pin_check_leaves_no_trace(world: World, logs: WrittenLogs) -> None:
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE member_pin SET hash = 'not a hash' WHERE hash IS NOT NULL")
    phone = world.phone(OTIENO.phone)
    await phone.dial()

    screen = await phone.answer(OTIENO.pin or "")

    assert not screen.is_open
    assert "Traceback" in logs.text
    await assert_no_pin_anywhere(world, logs)


async def test_a_lost_thread_and_another_phone_on_the_call_leave_no_trace(
    world: World, logs: WrittenLogs
) -> None:
    form = {"serviceCode": "*384*96#", "networkCode": "63902", "sessionId": "ATUid_0a1b2c3d4e5f"}
    for number, text in (
        (AMINA.phone, ""),
        (AMINA.phone, "4271"),
        (AMINA.phone, f"{GUESSED}*1"),
        (MWANGI.phone, f"4271*{CHOSEN}"),
    ):
        await world.http.post(
            "/channels/ussd/africastalking", data={**form, "phoneNumber": number, "text": text}
        )

    assert "another number" in logs.text
    await assert_no_pin_anywhere(world, logs)


def test_what_a_member_typed_is_not_in_the_text_of_a_message(world: World) -> None:
    inbound = Inbound(
        channel=Channel.USSD,
        provider=PROVIDER,
        address=AMINA.phone,
        call="ATUid_1",
        text=f"3*{CHOSEN}",
        style=TextStyle.CUMULATIVE,
        dialled=f"{DIALLED}",
        budget=160,
        received_at=world.clock.now(),
    )

    assert pins_in(repr(inbound)) == []
