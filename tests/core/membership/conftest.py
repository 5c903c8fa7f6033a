"""Members of the demo at the counter."""

from collections.abc import AsyncIterator

import pytest

from core.db.engine import Database
from core.ids import RandomIds
from core.members import store as members
from core.members.pin import PinHasher
from core.members.pin_checks import PinChecks
from core.membership.office import MembershipOffice
from imarisha.institution import AMINA, NJERI, Person
from tests.clock import StoppedClock
from tests.core.membership.counter import Counter
from tests.world import FIELD_KEY, QUICK_HASH


@pytest.fixture
def office() -> MembershipOffice:
    return MembershipOffice.of(
        {1: FIELD_KEY.encode()},
        current=1,
        institution="Imarisha Sacco",
        links_base="http://x.test/statements/",
    )


@pytest.fixture
async def checks() -> AsyncIterator[PinChecks]:
    running = PinChecks(
        PinHasher({1: b"a pepper for tests only"}, current_pepper=1, cost=QUICK_HASH), threads=2, waiting=64
    )
    yield running
    await running.close()


async def counter_for(
    person: Person, database: Database, clock: StoppedClock, checks: PinChecks, office: MembershipOffice
) -> Counter:
    async with database.reading() as session:
        member, _ = await members.by_phone(session, person.phone)
    return Counter(database, clock, RandomIds(clock), checks, office, member.member_id)


@pytest.fixture
async def amina(
    founded_database: Database, clock: StoppedClock, checks: PinChecks, office: MembershipOffice
) -> Counter:
    return await counter_for(AMINA, founded_database, clock, checks, office)


@pytest.fixture
async def njeri(
    founded_database: Database, clock: StoppedClock, checks: PinChecks, office: MembershipOffice
) -> Counter:
    """Nothing but name, birth date and phone is on file."""
    return await counter_for(NJERI, founded_database, clock, checks, office)
