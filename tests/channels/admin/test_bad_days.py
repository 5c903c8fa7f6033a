"""What do staff hear when something is down, busy or broken?"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
from redis.asyncio import Redis

from channels.admin.application import create_admin
from channels.admin.desk import AdminDesk
from channels.admin.limits import SignInLimits
from core.db.engine import Database
from core.ids import Ids
from core.members.pin import HashCost, PinHasher
from core.members.pin_checks import PinChecks
from imarisha.institution_staff import PASSWORD, TELLER
from tests.channels.admin.conftest import V1, Person, code_for, sign_in
from tests.world import World


def front(desk: AdminDesk) -> httpx.AsyncClient:
    """The staff API over other parts than the world's."""
    transport = httpx.ASGITransport(app=create_admin(desk), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://office.test")


class NoIds(Ids):
    def new(self, prefix: str) -> str:
        raise RuntimeError(f"a fault of ours with {prefix}")


async def test_without_the_database_staff_are_asked_to_try_again(world: World, teller: Person) -> None:
    closed = replace(world.system.admin, database=Database(world.system.settings.database_url))

    async with front(closed) as office:
        answer = await office.get("/v1/me", headers=teller.headers)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "trouble.database"


async def test_a_busy_pool_counts_no_try(world: World) -> None:
    hasher = PinHasher({1: b"a pepper for tests only"}, current_pepper=1, cost=HashCost(1, 8))
    checks = PinChecks(hasher, threads=1, waiting=0)
    typed = {"email": TELLER.email, "password": "wrong", "code": "000000"}

    async with front(replace(world.system.admin, checks=checks)) as office:
        with checks.reserve():
            answers = [await office.post("/v1/sign-in", json=typed) for _ in range(6)]
    await checks.close()

    assert {answer.status_code for answer in answers} == {503}
    assert (await sign_in(world, TELLER.email)).status_code == 200


async def test_without_redis_staff_sign_in_all_the_same(world: World) -> None:
    nowhere = Redis.from_url("redis://127.0.0.1:1/0")
    typed = {"email": TELLER.email, "password": PASSWORD, "code": await code_for(world, TELLER.email)}

    async with front(replace(world.system.admin, limits=SignInLimits(nowhere))) as office:
        answer = await office.post("/v1/sign-in", json=typed)
    await nowhere.aclose()

    assert answer.status_code == 200


async def test_a_fault_of_ours_is_a_problem_that_tells_nothing(world: World, teller: Person) -> None:
    async with front(replace(world.system.admin, ids=NoIds())) as office:
        answer = await office.post(
            "/v1/members",
            json={
                "first_name": "Jane",
                "last_name": "Doe",
                "phone": "0711000009",
                "birth_date": "1990-01-01",
            },
            headers={**teller.headers, "idempotency-key": "jane-doe-1"},
        )

    assert answer.status_code == 500
    assert answer.json()["code"] == "bug"
    assert "fault of ours with" not in answer.text


async def test_codes_are_shown_in_the_demo_alone(world: World) -> None:
    async with front(replace(world.system.admin, is_demo=False)) as office:
        answer = await office.get("/v1/demo/second-factor", params={"email": TELLER.email})
        described = (await office.get("/openapi.json")).json()

    assert answer.status_code == 404
    assert not [path for path in described["paths"] if "demo" in path]


async def test_the_demo_shows_no_code_of_nobody(world: World) -> None:
    answer = await world.http.get(f"{V1}/demo/second-factor", params={"email": "nobody@demo.imarisha"})

    assert answer.json()["code"] == "staff.unknown"


async def test_a_body_of_no_announced_length_is_bounded_too(world: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1024

    answer = await world.http.post(f"{V1}/sign-in", content=endless())

    assert answer.status_code == 413


async def test_a_wrong_date_and_a_wrong_cursor_are_refused(teller: Person, admin: Person) -> None:
    wrong_day = await teller.get("/ledger/trial-balance", on="2026-02-30")
    too_many = await teller.get("/members", limit=201)
    strange = await admin.get("/audit", after="strange")

    assert (wrong_day.status_code, wrong_day.json()["errors"][0]["field"]) == (422, "query.on")
    assert too_many.status_code == 422
    assert (strange.status_code, strange.json()["errors"][0]["field"]) == (422, "query.after")


async def test_signing_out_twice_at_once_is_signing_out(world: World, teller: Person) -> None:
    answers = await asyncio.gather(
        *(world.http.post(f"{V1}/sign-out", headers=teller.headers) for _ in range(2))
    )

    assert {answer.status_code for answer in answers} <= {204, 401}


async def test_paths_beside_the_api_are_not_found(world: World) -> None:
    for path in ("/admin", "/admin/", "/admin/v1", "/admin/v1/", "/admin/v2/me"):
        assert (await world.http.get(path)).status_code in {307, 404}, path
