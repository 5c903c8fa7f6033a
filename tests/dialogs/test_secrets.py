"""A PIN lives in memory for one turn: not in Redis, not in a log, not in an error."""

import re
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from core.errors import DatabaseUnavailable, ServiceBusy
from dialogs.fingerprint import Fingerprint
from dialogs.flow import Visit
from dialogs.messages import Channel, TextStyle
from dialogs.redis_connection import RedisConnection
from dialogs.redis_wire import RedisReply
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, NJERI, Teller

PhoneOf = Callable[[str], Handset]

PINS = ("7391", "7392", "7393", "7394")
# Sixteen digits of a fingerprint may hold any four by chance; they tell nothing without the key.
_FINGERPRINT = re.compile(rb"[0-9a-f]{16}")


async def everything_in(connection: RedisConnection) -> bytes:
    """All keys and values of the database, fingerprints left out."""
    keys = await connection.execute("KEYS", "*")
    assert isinstance(keys, list)
    found: list[RedisReply] = list(keys)
    for key in keys:
        assert isinstance(key, bytes)
        kind = await connection.execute("TYPE", key)
        found.append(await connection.execute("HGETALL" if kind == b"hash" else "GET", key))
    return _FINGERPRINT.sub(b"", repr(found).encode())


def assert_no_pin(text: bytes) -> None:
    assert b"Enter" in text or b"Weka" in text or b"PIN" in text
    for pin in PINS:
        assert pin.encode() not in text


@pytest.mark.parametrize("style", [TextStyle.CUMULATIVE, TextStyle.LATEST])
async def test_no_pin_is_ever_in_redis_or_a_log(
    phone_of: PhoneOf, teller: Teller, connection: RedisConnection, style: TextStyle
) -> None:
    teller.pins[AMINA] = "7391"
    amina, njeri = phone_of(AMINA), phone_of(NJERI)
    amina.style = njeri.style = style
    with capture_logs() as logs:
        await amina.dial(typed_along="7394*1")
        for step in ("7392", "7391", "3", "1000", "1"):
            await amina.type(step)
            assert_no_pin(await everything_in(connection))
        await amina.send("7393*7391")
        await amina.dial()
        teller.failing["sign_in"] = ServiceBusy(what="pins")
        await amina.type("7391")
        teller.failing["sign_in"] = DatabaseUnavailable(in_doubt=True)
        await amina.type("7391")
        teller.failing.clear()
        await amina.play("7391", "7392", "7393")
        await njeri.dial()
        for step in ("7393", "7394", "7393", "7393", "1"):
            await njeri.type(step)
            assert_no_pin(await everything_in(connection))

    assert teller.pins[NJERI] == "7393"
    assert_no_pin(b"PIN " + repr(logs).encode())


async def test_shortcut_with_a_pin_in_it_is_not_kept(amina: Handset, connection: RedisConnection) -> None:
    await amina.dial(in_code="3*7391")

    assert_no_pin(await everything_in(connection))


def test_a_visit_shows_nothing_of_itself() -> None:
    visit = Visit(AMINA, Channel.USSD, "a", "m", {"amount": 1}, "", secret="7391")

    assert "7391" not in repr(visit)


def test_fingerprint_needs_its_key() -> None:
    ours, theirs = Fingerprint(b"a key for tests only"), Fingerprint(b"another key for tests")

    assert ours.of("call", "4271") == ours.of("call", "4271")
    assert ours.of("call", "4271") != theirs.of("call", "4271")
    assert ours.of("call", "4271") != ours.of("call", "4272")
    assert ours.of("ab", "c") != ours.of("a", "bc")


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 65])
def test_fingerprint_refuses_a_weak_key(key: bytes) -> None:
    with pytest.raises(ValueError, match="16 to 64 bytes"):
        Fingerprint(key)
