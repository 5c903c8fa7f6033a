"""Can an outsider keep staff out, or learn from a lock who works here?"""

import httpx
import pytest

from channels.admin.application import create_admin
from core.staff.lock import FORGOTTEN_AFTER, LONGEST_LOCK
from imarisha.institution_staff import PASSWORD, TELLER
from tests.channels.admin.conftest import Person, code_for
from tests.world import World

OUTSIDE, OFFICE = "203.0.113.9", "198.51.100.7"


async def tried(
    world: World, email: str, *, address: str = OUTSIDE, password: str = "wrong", code: str = "000000"
) -> httpx.Response:
    transport = httpx.ASGITransport(app=create_admin(world.system.admin), client=(address, 1))
    typed = {"email": email, "password": password, "code": code}
    async with httpx.AsyncClient(transport=transport, base_url="http://office.test") as office:
        return await office.post("/v1/sign-in", json=typed)


async def test_who_is_locked_out_at_one_place_comes_in_from_another(world: World) -> None:
    for _ in range(6):
        outside = await tried(world, TELLER.email)

    right = await tried(
        world, TELLER.email, address=OFFICE, password=PASSWORD, code=await code_for(world, TELLER.email)
    )

    assert (outside.status_code, right.status_code) == (429, 200)
    assert (await tried(world, TELLER.email)).status_code == 429


async def test_a_lock_reads_the_same_for_somebody_and_nobody(world: World) -> None:
    heard = []
    for email in (TELLER.email, "nobody@demo.imarisha"):
        answers = [await tried(world, email) for _ in range(6)]
        heard.append(
            [(answer.status_code, answer.json(), answer.headers.get("retry-after")) for answer in answers]
        )

    somebody, nobody = heard
    assert somebody == nobody
    assert [status for status, _, _ in nobody] == [401] * 5 + [429]


async def test_locks_grow_and_are_forgotten_after_a_quiet_day(world: World) -> None:
    waits = []
    for _ in range(3):
        for _ in range(6):
            locked = await tried(world, TELLER.email)
        waits.append(int(locked.headers["retry-after"]))
        world.clock.move(seconds=waits[-1])

    world.clock.move(seconds=(FORGOTTEN_AFTER + LONGEST_LOCK).total_seconds())
    for _ in range(6):
        locked = await tried(world, TELLER.email)

    assert waits == [900, 1800, 3600]
    assert locked.headers["retry-after"] == "900"


async def test_old_tries_are_removed_when_somebody_comes_in(world: World) -> None:
    await tried(world, "nobody@demo.imarisha")
    world.clock.move(seconds=FORGOTTEN_AFTER.total_seconds() + 1)

    await tried(world, TELLER.email, password=PASSWORD, code=await code_for(world, TELLER.email))

    assert await world.count("staff_try") == 0


@pytest.mark.parametrize("is_right", [True, False])
async def test_a_lock_at_the_door_does_not_reach_who_is_inside(
    world: World,
    teller: Person,
    is_right: bool,  # noqa: FBT001 (a case's password)
) -> None:
    for _ in range(6):
        await tried(world, TELLER.email)

    said = {"password": PASSWORD if is_right else "wrong"}
    answer = await teller.post("/me/recovery-codes", said)

    assert answer.status_code == (200 if is_right else 401)
