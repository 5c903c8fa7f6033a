"""Staff see which days are closed and who is late, and may close days that were missed."""

from core.staff.permissions import Role
from imarisha.institution_staff import ADMIN
from tests.channels.admin.conftest import Hire, Person, audited, seated
from tests.world import World


async def test_days_that_are_over_wait_until_they_are_closed(world: World) -> None:
    world.clock.move(days=2)
    admin = await again(world)

    before = (await admin.get("/closes")).json()
    answer = await admin.post("/closes", {"business_date": "2026-03-12"})
    after = (await admin.get("/closes")).json()

    assert before["waiting"] == ["2026-03-11", "2026-03-12"]
    assert (answer.status_code, answer.json()) == (200, {"closed": ["2026-03-11", "2026-03-12"]})
    assert after["waiting"] == []
    assert [close["business_date"] for close in after["closes"][:2]] == ["2026-03-12", "2026-03-11"]
    assert all(step["finished_at"] for step in after["closes"][0]["steps"])
    assert [event["subject"] for event in await audited(world, "days.closed")] == ["2026-03-12"]


async def again(world: World) -> Person:
    """Sessions ended in those days."""
    return await seated(world, ADMIN.email)


async def test_the_same_request_again_has_the_same_answer(world: World) -> None:
    world.clock.move(days=1)
    admin = await again(world)

    first, second = [
        await admin.post("/closes", {"business_date": "2026-03-11"}, key="close-2026-03-11") for _ in range(2)
    ]

    assert first.json() == second.json() == {"closed": ["2026-03-11"]}


async def test_a_day_that_is_not_over_is_refused(admin: Person) -> None:
    answer = await admin.post("/closes", {"business_date": "2026-03-11"})

    assert (answer.status_code, answer.json()["code"]) == (422, "closing.day_not_over")


async def test_a_teller_closes_no_day_and_sees_no_arrears(teller: Person) -> None:
    assert (await teller.post("/closes", {"business_date": "2026-03-10"})).status_code == 403
    assert (await teller.get("/arrears")).status_code == 403


async def test_an_officer_sees_who_is_late_as_of_the_last_close(world: World, hire: Hire) -> None:
    world.clock.move(days=1)
    admin = await again(world)
    await admin.post("/closes", {"business_date": "2026-03-11"})
    officer = await hire(Role.LOAN_OFFICER)

    found = (await officer.get("/arrears")).json()["loans"]

    assert [(late["days_past_due"], late["loan_class"]) for late in found] == [(40, "substandard")]
    assert float(found[0]["overdue"]["amount"]) > 0
    assert (await officer.get("/arrears", officer="nobody")).json()["loans"] == []
