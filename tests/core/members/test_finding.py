"""Does one member find another by number, by a name that tells little, and never a stranger?"""

import pytest

from core.db.engine import Database
from core.errors import NoSuchMember
from core.members.finding import find_other
from core.members.model import Member, MemberStatus
from core.members.names import short_name
from core.phone import Msisdn
from imarisha.institution import AMINA, MWANGI
from tests.clock import StoppedClock
from tests.core.lending.applications.desk import Desk


@pytest.fixture
def desk(founded_database: Database, clock: StoppedClock) -> Desk:
    return Desk.of(founded_database, clock)


async def found(desk: Desk, phone: str) -> Member:
    asked_by = await desk.member(AMINA)
    async with desk.database.reading() as session:
        return await find_other(session, Msisdn.parse(phone), asked_by=asked_by)


async def test_a_member_is_found_by_their_number_and_shown_by_a_short_name(desk: Desk) -> None:
    assert short_name(await found(desk, MWANGI.phone)) == "Mwangi M"


@pytest.mark.parametrize("phone", [AMINA.phone, "+254711000099"])
async def test_oneself_and_a_stranger_are_not_found(desk: Desk, phone: str) -> None:
    with pytest.raises(NoSuchMember):
        await found(desk, phone)


async def test_a_member_who_is_not_active_is_not_found(desk: Desk) -> None:
    async with desk.database.unit_of_work() as session:
        await session.execute(
            "UPDATE member SET status = $2 WHERE phone = $1", MWANGI.phone, MemberStatus.BLOCKED
        )

    with pytest.raises(NoSuchMember):
        await found(desk, MWANGI.phone)
