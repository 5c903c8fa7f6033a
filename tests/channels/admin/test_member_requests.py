"""Do staff see what members ask of a person, and does an answer take it off the list once?"""

from core.membership import requests
from core.membership.model import RequestKind
from core.staff.permissions import Role
from imarisha.institution import AMINA
from tests.channels.admin.conftest import Hire, Person, audited
from tests.world import World


async def asked(world: World) -> None:
    async with world.system.database.reading() as session:
        row = await session.row("SELECT id FROM member WHERE phone = $1", AMINA.phone)
    assert row is not None
    await requests.ask_staff(
        world.system.database,
        world.clock,
        world.system.ids,
        member_id=row["id"],
        kind=RequestKind.CORRECT_DATA,
        words="My name is Wanjiku",
    )


async def test_a_request_is_listed_until_somebody_answers_it(world: World, teller: Person) -> None:
    await asked(world)
    [waiting] = (await teller.get("/member-requests")).json()["items"]
    assert (waiting["kind"], waiting["words"]) == ("correct_data", "My name is Wanjiku")

    done = await teller.post(f"/member-requests/{waiting['id']}/answer", {"answer": "corrected"})
    later = await teller.post(f"/member-requests/{waiting['id']}/answer", {"answer": "once more"})

    assert (done.json()["answer"], later.json()["answer"]) == ("corrected", "corrected")
    assert (await teller.get("/member-requests")).json()["items"] == []
    assert len(await audited(world, "member.request_answered")) == 1


async def test_an_unknown_request_is_not_found_and_an_auditor_does_not_answer(
    world: World, teller: Person, hire: Hire
) -> None:
    await asked(world)
    auditor = await hire(Role.AUDITOR)
    [waiting] = (await auditor.get("/member-requests")).json()["items"]

    unknown = await teller.post("/member-requests/ask_none/answer", {"answer": "corrected"})
    not_permitted = await auditor.post(f"/member-requests/{waiting['id']}/answer", {"answer": "corrected"})

    assert (unknown.status_code, unknown.json()["code"]) == (404, "membership.request_unknown")
    assert not_permitted.status_code == 403
