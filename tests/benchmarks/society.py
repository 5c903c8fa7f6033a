"""Who calls in a benchmark? An institution of its own, founded as the demo is, where everybody has a PIN."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from core.members.model import Language
from imarisha import institution, migrate
from imarisha.embedded import EmbeddedServers
from imarisha.settings import read
from imarisha.wiring import Replacements, build
from tests.benchmarks.calls import Member

PIN = "4271"


def founded(
    servers: EmbeddedServers, name: str, *, members: int, replacements: Replacements
) -> tuple[dict[str, str], list[Member]]:
    """A database of this name with so many members, half of them with a loan: the environment, and who they are."""
    environment = {
        "IMARISHA_DATABASE_URL": servers.postgres.create_database(name),
        "IMARISHA_REDIS_URL": servers.urls.redis_url,
        "IMARISHA_SESSION_KEY": "a session key for benchmarks",
        "IMARISHA_PIN_PEPPER": "a pepper for benchmarks",
        "IMARISHA_STAFF_KEY": "a staff key for benchmarks",
        "IMARISHA_FIELD_KEY": "a field key for benchmarks",
    }
    migrate.upgrade(environment["IMARISHA_DATABASE_URL"])
    people = [
        replace(person, language=Language.ENGLISH, pin=PIN) for person in institution.neighbours(members)
    ]
    asyncio.run(_found(environment, people, replacements))
    return environment, [_member(person) for person in people]


async def _found(
    environment: Mapping[str, str], people: list[institution.Person], replacements: Replacements
) -> None:
    system = build(read(environment), replacements)
    await system.open()
    try:
        await institution.found(system.database, system.clock, system.ids, system.pins, people)
    finally:
        await system.close()


def _member(person: institution.Person) -> Member:
    balances = f"Savings {person.savings}\nDeposits {person.deposits}\nShares {person.shares}"
    return Member(person.phone, PIN, balances)
