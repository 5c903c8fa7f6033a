"""What do operators and members see while a server is down, and after it came back? On servers that may be stopped."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import msgspec
import psutil
import pytest

from core.payments.model import PaymentState
from imarisha.embedded import EmbeddedServers
from imarisha.institution import AMINA
from tests.test_repayment import call_back, start_payment, success
from tests.world import World, a_world, settings_for

pytestmark = pytest.mark.slow

NOTHING_TAKEN = "The service is busy. Nothing was taken."
NOTHING_TAKEN_BILINGUAL = ("Nothing was taken", "Hakuna kilichokatwa")
TURN_SECONDS = 1.0


@pytest.fixture
async def house(own_servers: EmbeddedServers, tmp_path: Path) -> AsyncIterator[World]:
    urls = own_servers.urls
    settings = msgspec.structs.replace(
        settings_for(urls.database_url, urls.redis_url, tmp_path), turn_seconds=TURN_SECONDS
    )
    async with a_world(urls.database_url, urls.redis_url, tmp_path, settings=settings) as world:
        yield world


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """A server that takes connections and answers nothing, as behind a broken network."""
    server = psutil.Process(pid)
    everyone = [server, *server.children(recursive=True)]
    for process in everyone:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in everyone:
            process.send_signal(signal.SIGCONT)


async def problems(world: World) -> tuple[int, list[str]]:
    answer = await world.http.get("/readyz")
    return answer.status_code, answer.json()["problems"]


async def until_ready(world: World) -> None:
    """A server that is back is found again within seconds, without a restart of ours."""
    for _ in range(200):
        if (await problems(world))[0] == 200:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(await problems(world))


async def test_a_house_on_its_feet_is_alive_and_ready(house: World) -> None:
    assert (await house.http.get("/healthz")).text == "ok\n"
    assert await problems(house) == (200, [])


async def test_with_the_database_down_it_is_alive_and_says_what_is_missing(
    house: World, own_servers: EmbeddedServers
) -> None:
    own_servers.postgres.stop()

    assert (await house.http.get("/healthz")).status_code == 200
    assert await problems(house) == (503, ["the database does not answer"])

    own_servers.postgres.start()
    await until_ready(house)


async def test_with_the_database_frozen_it_says_so_in_time(
    house: World, own_servers: EmbeddedServers
) -> None:
    with frozen(own_servers.postgres.pid):
        async with asyncio.timeout(4):
            found = await problems(house)

    assert found == (503, ["the database does not answer"])
    await until_ready(house)


async def test_with_redis_down_it_says_what_still_works(house: World, own_servers: EmbeddedServers) -> None:
    own_servers.redis.stop()

    status, found = await problems(house)

    assert status == 503
    assert [problem for problem in found if problem.startswith("Redis does not answer")] == found != []
    own_servers.redis.start()
    await until_ready(house)


async def test_a_database_without_our_tables_is_not_ready_and_names_the_command(
    own_servers: EmbeddedServers, tmp_path: Path
) -> None:
    connection = await asyncpg.connect(own_servers.urls.database_url)
    await connection.execute("DROP DATABASE IF EXISTS bare")
    await connection.close()
    bare = own_servers.postgres.create_database("bare")

    async with a_world(bare, own_servers.urls.redis_url, tmp_path) as world:
        assert await problems(world) == (503, ["the database needs `imarisha migrate`"])


async def test_metrics_show_the_funnel_of_screens(house: World) -> None:
    phone = house.phone(AMINA.phone)
    await phone.dial()
    await phone.answer("0000")
    await phone.answer(AMINA.pin or "")

    shown = (await house.http.get("/metrics")).text

    assert (
        'imarisha_dialog_moves_total{language="en",network="Safaricom",origin="",target="sign_in.pin"} 1.0'
        in shown
    )
    assert 'imarisha_dialog_moves_total{language="en",origin="sign_in.pin",target="home.menu"} 1.0' in shown
    assert 'imarisha_dialog_turn_seconds_count{target="home.menu"} 1.0' in shown


@pytest.mark.parametrize("way", ["stop", "kill"])
async def test_a_turn_with_the_database_down_says_that_nothing_was_taken_and_the_next_works(
    house: World, own_servers: EmbeddedServers, way: str
) -> None:
    phone = house.phone(AMINA.phone)
    await phone.dial()
    getattr(own_servers.postgres, way)()

    screen = await phone.answer(AMINA.pin or "")

    assert (screen.status, screen.is_open) == (200, True)
    assert NOTHING_TAKEN in screen.text
    own_servers.postgres.start()
    await until_ready(house)
    assert "Check Balance" in (await phone.answer(AMINA.pin or "")).text


async def test_a_dial_with_the_database_down_is_answered_in_both_languages(
    house: World, own_servers: EmbeddedServers
) -> None:
    own_servers.postgres.stop()

    screen = await house.phone("+254711000006").dial()

    assert screen.status == 200
    assert not screen.is_open
    assert "Nothing was taken" in screen.text
    assert screen.text.count("\n") == 1
    assert screen.fits


async def test_a_turn_with_the_database_frozen_is_answered_within_the_time_limit(
    house: World, own_servers: EmbeddedServers
) -> None:
    phone = house.phone(AMINA.phone)
    await phone.dial()

    with frozen(own_servers.postgres.pid):
        async with asyncio.timeout(TURN_SECONDS + 1):
            screen = await phone.answer(AMINA.pin or "")

    assert screen.status == 200
    assert "Nothing was taken" in screen.text
    await until_ready(house)
    again = house.phone(AMINA.phone)
    await again.dial()
    assert "Check Balance" in (await again.answer(AMINA.pin or "")).text


async def test_with_redis_down_a_dial_gets_the_bilingual_sentence_and_a_callback_still_settles(
    house: World, own_servers: EmbeddedServers
) -> None:
    payment_id = await start_payment(house)
    payment = next(each for each in await house.payments() if each.payment_id == payment_id)
    own_servers.redis.kill()

    screen = await house.phone(AMINA.phone).dial()
    status = await call_back(
        house, payment_id, success(payment.provider_request_id or "", receipt="UKK4REDIS1")
    )

    assert (screen.status, screen.is_open, screen.text.count("Nothing was taken")) == (200, False, 1)
    assert screen.text.count("\n") == 1
    assert status == 200
    payment = next(each for each in await house.payments() if each.payment_id == payment_id)
    assert payment.state is PaymentState.CONFIRMED
    await house.assert_books_agree()


async def test_after_redis_was_lost_the_next_dial_starts_at_the_pin(
    house: World, own_servers: EmbeddedServers
) -> None:
    phone = house.phone(AMINA.phone)
    await phone.dial()
    await phone.answer(AMINA.pin or "")
    own_servers.redis.kill()
    own_servers.redis.start()
    await until_ready(house)

    lost = await phone.answer("1")
    screen = await phone.dial()

    assert "Deposits" not in lost.text
    assert "Enter your PIN" in screen.text
