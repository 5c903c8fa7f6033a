"""Do two people change what tax is withheld, and where a member pays it?"""

from core.staff.permissions import Role
from tests.channels.admin.checked import agreed, assert_needs_two_people, assert_refused
from tests.channels.admin.conftest import Hire, Person
from tests.world import World

RATE = {
    "payment": "dividend",
    "residence": "resident",
    "since": "2026-07-01",
    "percent": "7.5",
    "reason": "Finance Act 2026",
}


async def test_a_rate_holds_from_its_day_when_two_agree(hire: Hire, admin: Person) -> None:
    accountant, manager = await hire(Role.ACCOUNTANT), await hire(Role.MANAGER)

    await agreed(accountant, manager, "/savings/withholding", RATE)

    shown = (await accountant.get("/savings/withholding")).json()["items"]
    [found] = [each for each in shown if (each["payment"], each["residence"]) == ("dividend", "resident")]
    assert found["rates"] == [{"since": None, "percent": "5"}, {"since": "2026-07-01", "percent": "7.5"}]
    await assert_refused(
        accountant,
        "/savings/withholding",
        [
            ({**RATE, "since": "2026-03-10"}, 422, "savings.contradictory_terms"),
            ({**RATE, "residence": "exempt"}, 422, "savings.contradictory_terms"),
            ({**RATE, "percent": "100"}, 422, "request.invalid"),
        ],
    )
    await assert_needs_two_people(admin, "/savings/withholding", RATE)


async def test_a_rate_that_waited_past_its_day_is_refused(world: World, hire: Hire) -> None:
    accountant = await hire(Role.ACCOUNTANT)
    asked = await accountant.post("/savings/withholding", {**RATE, "since": "2026-03-11"})
    world.clock.move(days=1)
    manager = await hire(Role.MANAGER)

    late = await manager.post(f"/approvals/{asked.json()['id']}/approve")

    assert (late.status_code, late.json()["code"]) == (422, "savings.contradictory_terms")


async def test_a_residence_is_changed_when_two_agree(hire: Hire, admin: Person, amina: str) -> None:
    accountant, manager = await hire(Role.ACCOUNTANT), await hire(Role.MANAGER)
    path, said = f"/members/{amina}/tax-residence", {"residence": "exempt", "reason": "certificate 88/2026"}
    assert (await accountant.get(path)).json() == {"residence": "resident"}

    await agreed(accountant, manager, path, said)

    assert (await accountant.get(path)).json() == {"residence": "exempt"}
    await assert_refused(accountant, "/members/mbr_none/tax-residence", [(said, 404, "members.unknown")])
    assert (await accountant.get("/members/mbr_none/tax-residence")).status_code == 404
    await assert_needs_two_people(admin, path, said)


async def test_tellers_ask_for_no_tax(teller: Person, amina: str) -> None:
    assert (await teller.post("/savings/withholding", RATE)).status_code == 403
    assert (
        await teller.post(f"/members/{amina}/tax-residence", {"residence": "exempt", "reason": "please"})
    ).status_code == 403
