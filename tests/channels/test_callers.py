"""Who may call the providers' paths: listed addresses, and those who know the secret prefix."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec

from imarisha.institution import AMINA
from tests.channels.test_ussd_requests import CALL, EVENTS, USSD, assert_refused, fields, post
from tests.clock import StoppedClock
from tests.imarisha.written_logs import written_logs
from tests.test_repayment import success
from tests.world import BASE, World, a_world, settings_for


@asynccontextmanager
async def guarded(
    database_url: str, redis_url: str, folder: Path, **changed: str
) -> AsyncIterator[tuple[World, httpx.ASGITransport]]:
    """The house with other settings, and its application to be called from any address."""
    settings = msgspec.structs.replace(settings_for(database_url, redis_url, folder), **changed)
    async with a_world(database_url, redis_url, folder, StoppedClock(), settings) as world:
        transport = world.http._transport
        inner = getattr(transport, "inner", None)
        assert isinstance(inner, httpx.ASGITransport)
        yield world, inner


async def call_from(
    inner: httpx.ASGITransport, address: str, path: str, *, data: dict[str, str] | None = None
) -> httpx.Response:
    transport = httpx.ASGITransport(app=inner.app, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        return await http.post(path, data=data or {})


async def test_only_listed_addresses_may_call(
    founded_database_url: str, clean_redis_url: str, tmp_path: Path
) -> None:
    lists = {"africastalking_addresses": "52.48.80.0/24, 2001:db8::7", "daraja_addresses": "196.201.214.200"}
    async with guarded(founded_database_url, clean_redis_url, tmp_path, **lists) as (_, inner):
        for address in ("52.48.80.17", "2001:db8::7", "::ffff:52.48.80.17"):
            assert (await call_from(inner, address, USSD, data=fields())).text.startswith("CON ")
            assert (await call_from(inner, address, EVENTS, data={"sessionId": CALL})).status_code == 200
        for address in ("52.48.81.17", "2001:db8::8", "196.201.214.200", "unix", ""):
            assert_refused(await call_from(inner, address, USSD, data=fields()), 403, "address")
            assert_refused(await call_from(inner, address, EVENTS), 403, "address")
            if address != "196.201.214.200":
                assert_refused(await call_from(inner, address, "/payments/daraja/stk/pay_1"), 403)
        assert (await call_from(inner, "196.201.214.200", "/payments/daraja/stk/pay_1")).status_code == 400
        assert (await call_from(inner, "196.201.214.201", "/payments/daraja/stk")).status_code == 403


async def test_who_is_turned_away_is_logged_without_the_secret_prefix(
    founded_database_url: str, clean_redis_url: str, tmp_path: Path
) -> None:
    settings = {"africastalking_addresses": "52.48.80.0/24", "webhook_prefix": "/h/5d41402abc4b"}
    async with guarded(founded_database_url, clean_redis_url, tmp_path, **settings) as (_, inner):
        with written_logs() as logs:
            await call_from(inner, "10.1.2.3", f"/h/5d41402abc4b{USSD}", data=fields())

    assert logs.last["address"] == "10.1.2.3"
    assert "5d41402abc4b" not in logs.text


async def test_a_secret_prefix_stands_before_the_providers_paths_alone(
    founded_database_url: str, clean_redis_url: str, tmp_path: Path
) -> None:
    async with guarded(founded_database_url, clean_redis_url, tmp_path, webhook_prefix="/h/5d41402abc4b") as (
        world,
        _,
    ):
        assert (await post(world, fields())).status_code == 404
        assert (await post(world, fields(), f"/h/wrong{USSD}")).status_code == 404
        assert (await world.http.post("/payments/daraja/stk", json=success("x"))).status_code == 404
        assert (await post(world, fields(), f"/h/5d41402abc4b{USSD}")).text.startswith("CON ")
        assert (await post(world, {"sessionId": CALL}, f"/h/5d41402abc4b{EVENTS}")).status_code == 200
        answer = await world.http.post("/h/5d41402abc4b/payments/daraja/stk/pay_x", json=success("x"))
        assert answer.status_code == 200
        assert (await world.http.get("/healthz")).status_code == 200


async def test_with_a_prefix_payments_still_come_back(
    founded_database_url: str, clean_redis_url: str, tmp_path: Path
) -> None:
    settings = {"webhook_prefix": "/h/5d41402abc4b"}
    async with guarded(founded_database_url, clean_redis_url, tmp_path, **settings) as (world, _):
        phone = world.phone(AMINA.phone)
        path = f"/h/5d41402abc4b{USSD}"
        for text in ("", "4271", "4271*3", "4271*3*1000", "4271*3*1000*1"):
            answer = await post(world, fields(text=text), path)
        assert answer.text.startswith("END Check your phone"), answer.text
        assert not phone.is_open
        await world.work()

        await world.approve(AMINA.phone)

        [payment] = await world.payments()
        assert payment.state == "confirmed"
