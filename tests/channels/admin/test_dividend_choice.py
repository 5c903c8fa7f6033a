"""Can the counter write down where a member wants their dividend?"""

from core.staff.permissions import Role
from tests.channels.admin.checked import assert_refused
from tests.channels.admin.conftest import Hire, Person, audited
from tests.world import World


async def test_a_choice_is_written_down_once_and_seen(world: World, teller: Person, amina: str) -> None:
    path = f"/members/{amina}/dividend-choice"
    assert (await teller.get(path)).json() == {"payout": "savings"}

    chosen = await teller.post(path, {"payout": "loans"}, key="on-my-loans")
    again = await teller.post(path, {"payout": "loans"}, key="on-my-loans")

    assert chosen.json() == again.json() == {"payout": "loans"}
    assert (await teller.get(path)).json() == {"payout": "loans"}
    assert [(event["actor"], event["subject"]) for event in await audited(world, "dividend.choice")] == [
        (teller.staff_id, amina)
    ]


async def test_a_choice_that_can_not_be_is_refused(teller: Person, hire: Hire, amina: str) -> None:
    path = f"/members/{amina}/dividend-choice"

    await assert_refused(teller, path, [({"payout": "gold"}, 422, "request.invalid")])
    await assert_refused(
        teller, "/members/mbr_none/dividend-choice", [({"payout": "loans"}, 404, "members.unknown")]
    )
    assert (await teller.get("/members/mbr_none/dividend-choice")).status_code == 404
    auditor = await hire(Role.AUDITOR)
    assert (await auditor.post(path, {"payout": "loans"})).status_code == 403
    assert (await auditor.get(path)).status_code == 200
