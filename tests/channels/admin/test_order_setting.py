"""Can the counter set a member's standing orders and goals, as the member asks?"""

from core.staff.permissions import Role
from imarisha.institution import AMINA
from tests.channels.admin.checked import assert_refused
from tests.channels.admin.conftest import Hire, Person, audited
from tests.channels.admin.test_loans_running import loan_of
from tests.channels.admin.test_savings import accounts_of
from tests.world import World

SAVED = {"destination": "account", "amount": "500.00", "starts_on": "2026-04-05"}


async def test_an_order_is_set_rested_woken_and_ended(world: World, teller: Person, amina: str) -> None:
    own = await accounts_of(teller, amina)
    path = f"/members/{amina}/standing-orders"
    said = {**SAVED, "source": own["savings"]["id"], "destination_id": own["deposits"]["id"]}

    first = await teller.post(path, said, key="set-the-order")
    again = await teller.post(path, said, key="set-the-order")

    assert first.status_code == 201, first.text
    assert again.content == first.content
    order = f"{path}/{first.json()['id']}"
    states = [(await teller.post(f"{order}/{verb}")).json()["status"] for verb in ("pause", "resume", "end")]
    assert states == ["paused", "open", "ended"]
    assert (await teller.get(path)).json()["items"] == []
    for action in ("order.set", "order.paused", "order.open", "order.ended"):
        assert [event["actor"] for event in await audited(world, action)] == [teller.staff_id], action
    over = await teller.post(f"{order}/pause")
    assert (over.status_code, over.json()["code"]) == (404, "savings.unknown_standing_order")


async def test_orders_go_to_shares_and_to_own_loans_too(
    world: World, teller: Person, amina: str, otieno: str
) -> None:
    own, others = await accounts_of(teller, amina), await accounts_of(teller, otieno)
    loan_id, path = await loan_of(world, AMINA.phone), f"/members/{amina}/standing-orders"
    said = {**SAVED, "source": own["savings"]["id"]}

    to_loan = await teller.post(path, {**said, "destination": "loan", "destination_id": loan_id})
    to_shares = await teller.post(path, {**said, "destination": "shares"})

    assert (to_loan.json()["destination_id"], to_loan.status_code) == (loan_id, 201)
    assert (to_shares.json()["destination"], to_shares.status_code) == ("shares", 201)
    await assert_refused(
        teller,
        path,
        [
            ({**said, "destination_id": "acc_none"}, 404, "savings.unknown_account"),
            ({**said, "source": others["savings"]["id"]}, 404, "savings.unknown_account"),
            ({**said, "destination": "loan", "destination_id": "lon_none"}, 404, "lending.unknown_loan"),
            ({**said, "destination": "shares", "amount": "50.00"}, 422, "shares.not_whole"),
            ({**said, "trigger": "surplus"}, 422, "savings.contradictory_terms"),
            ({**said, "ends_on": "2026-04-01"}, 422, "savings.contradictory_terms"),
        ],
    )
    await assert_refused(
        teller,
        f"/members/{otieno}/standing-orders",
        [
            (
                {**said, "source": others["savings"]["id"], "destination": "loan", "destination_id": loan_id},
                404,
                "lending.unknown_loan",
            )
        ],
    )


async def test_a_goal_is_written_down_and_seen(world: World, teller: Person, amina: str, otieno: str) -> None:
    own = await accounts_of(teller, amina)
    path = f"/members/{amina}/accounts/{own['savings']['id']}/goal"
    assert (await teller.get(path)).json() == {"goal": None}

    made = await teller.post(path, {"target": "20000.00", "target_on": "2026-09-11"}, key="my-new-goal")
    again = await teller.post(path, {"target": "20000.00", "target_on": "2026-09-11"}, key="my-new-goal")

    assert made.json() == again.json() == (await teller.get(path)).json()
    goal = made.json()["goal"]
    assert (goal["target"]["amount"], goal["percent"], goal["is_reached"]) == ("20000.00", 41, False)
    assert [event["actor"] for event in await audited(world, "goal.set")] == [teller.staff_id]
    await assert_refused(
        teller,
        path,
        [
            ({"target": "20000.00", "target_on": "2026-03-11"}, 422, "savings.contradictory_terms"),
            ({"target": "0", "target_on": "2026-09-11"}, 422, "money.invalid"),
        ],
    )
    elsewhere = f"/members/{otieno}/accounts/{own['savings']['id']}/goal"
    assert (await teller.get(elsewhere)).status_code == 404
    assert (await teller.post(elsewhere, {"target": "1.00", "target_on": "2026-09-11"})).status_code == 404


async def test_who_does_not_serve_savers_sets_nothing(hire: Hire, amina: str) -> None:
    auditor = await hire(Role.AUDITOR)

    for path in ("standing-orders", "standing-orders/sto_1/pause", "accounts/acc_1/goal"):
        assert (await auditor.post(f"/members/{amina}/{path}", {})).status_code == 403, path
