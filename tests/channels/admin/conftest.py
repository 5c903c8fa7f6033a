"""Staff at their desks: each signed in, over the same HTTP that their console uses."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
import pytest

from core.staff import people
from core.staff.model import Staff, StaffStatus
from core.staff.permissions import Role
from imarisha.institution import AMINA, OTIENO
from imarisha.institution_staff import ADMIN, LOANS, PASSWORD, TELLER
from tests.world import World

V1 = "/admin/v1"
_keys = itertools.count(1)


def fresh_key() -> dict[str, str]:
    return {"idempotency-key": f"test-key-{next(_keys)}"}


async def code_for(world: World, email: str) -> str:
    """What the person reads on the phone."""
    answer = await world.http.get(f"{V1}/demo/second-factor", params={"email": email})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


async def sign_in(
    world: World, email: str, *, password: str = PASSWORD, code: str | None = None
) -> httpx.Response:
    typed = {
        "email": email,
        "password": password,
        "code": await code_for(world, email) if code is None else code,
    }
    return await world.http.post(f"{V1}/sign-in", json=typed)


@dataclass
class Person:
    """One of staff with a session."""

    world: World
    tokens: dict[str, str]
    staff_id: str
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {"authorization": f"Bearer {self.tokens['access_token']}"}

    async def get(self, path: str, **query: str | int) -> httpx.Response:
        return await self.world.http.get(f"{V1}{path}", params=query, headers=self.headers)

    async def post(self, path: str, said: object = None, *, key: str | None = None) -> httpx.Response:
        """A write under a fresh key, or under one of the test's own."""
        headers = {**self.headers, **({"idempotency-key": key} if key else fresh_key())}
        return await self.world.http.post(f"{V1}{path}", json=said, headers=headers)


async def seated(world: World, email: str) -> Person:
    answer = await sign_in(world, email)
    assert answer.status_code == 200, answer.text
    tokens = answer.json()
    return Person(world, tokens, tokens["me"]["id"])


@pytest.fixture
async def admin(world: World) -> Person:
    return await seated(world, ADMIN.email)


@pytest.fixture
async def officer(world: World) -> Person:
    return await seated(world, LOANS.email)


@pytest.fixture
async def teller(world: World) -> Person:
    return await seated(world, TELLER.email)


Hire = Callable[[Role], Awaitable[Person]]


@pytest.fixture
def hire(world: World) -> Hire:
    """Takes on and signs in somebody with just this role."""

    async def hired(role: Role) -> Person:
        system = world.system
        staff = Staff(
            staff_id=system.ids.new("stf"),
            email=f"{role}.{next(_keys)}@office.example",
            first_name="Jane",
            last_name="Doe",
            status=StaffStatus.ACTIVE,
            roles=frozenset({role}),
        )
        hashed = await people.hash_password(system.pins, staff, PASSWORD)
        async with system.database.unit_of_work() as session:
            await people.take_on(session, world.clock.now(), staff, password_hash=hashed, by="test")
        return await seated(world, staff.email)

    return hired


async def member_id(world: World, phone: str) -> str:
    async with world.system.database.reading() as session:
        row = await session.row("SELECT id FROM member WHERE phone = $1", phone)
    assert row is not None
    return str(row["id"])


@pytest.fixture
async def amina(world: World) -> str:
    return await member_id(world, AMINA.phone)


@pytest.fixture
async def otieno(world: World) -> str:
    return await member_id(world, OTIENO.phone)


async def audited(world: World, action: str) -> list[dict[str, str]]:
    """Who did this, to what."""
    async with world.system.database.reading() as session:
        rows = await session.rows(
            "SELECT actor, subject, facts FROM audit_event WHERE action = $1 ORDER BY id", action
        )
    return [{"actor": row["actor"], "subject": row["subject"], "facts": row["facts"]} for row in rows]
