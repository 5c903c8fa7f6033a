"""Can staff see money on its way out, serve a withdrawal, and end what is stuck with the right hands?"""

from typing import Any

from core.staff.permissions import Role
from tests.channels.admin.checked import agreed, assert_needs_two_people, assert_refused
from tests.channels.admin.conftest import Hire, Person, audited
from tests.channels.admin.test_loan_applications import AGREEMENT, WORD, appraised, written_down
from tests.channels.admin.test_savings import accounts_of
from tests.world import World

BECAUSE = {"reason": "asked by the member"}


async def told_float(world: World) -> None:
    await world.pass_time(seconds=5)
    await world.pass_time(seconds=30)


async def withdrawn(
    teller: Person, member: str, amount: str = "1000", total: str = "1006.00"
) -> dict[str, Any]:
    savings = (await accounts_of(teller, member))["savings"]["id"]
    said = {"member_id": member, "account": savings, "amount": amount, "total_told": total}
    answer = await teller.post("/withdrawals", said)
    assert answer.status_code == 202, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_withdrawal_at_the_counter_is_told_its_cost_and_sent(
    world: World, teller: Person, admin: Person, amina: str
) -> None:
    await told_float(world)
    savings = (await accounts_of(teller, amina))["savings"]["id"]
    told = await teller.get("/withdrawals/cost", member_id=amina, account=savings, amount="1000")
    assert told.json() == {
        "amount": {"amount": "1000.00", "currency": "KES"},
        "fee": {"amount": "5.00", "currency": "KES"},
        "excise": {"amount": "1.00", "currency": "KES"},
        "total": {"amount": "1006.00", "currency": "KES"},
        "needs_approval": False,
    }

    shown = await withdrawn(teller, amina)
    listed = (await admin.get("/payouts")).json()["items"]
    await world.work()
    await world.pass_time(seconds=30)

    assert [(each["id"], each["state"]) for each in listed] == [(shown["id"], "requested")]
    picture = (await admin.get(f"/payouts/{shown['id']}")).json()
    assert picture["payout"]["state"] == "settled"
    assert [(word["source"], word["outcome"]) for word in picture["heard"]] == [("result", "paid")]
    assert (await admin.get("/payouts")).json()["items"] == []
    assert len((await admin.get("/payouts", state="settled")).json()["items"]) == 1
    assert len((await admin.get("/payouts", member_id=amina)).json()["items"]) == 1


async def test_what_can_not_be_withdrawn_is_refused(world: World, teller: Person, amina: str) -> None:
    own = await accounts_of(teller, amina)
    savings, deposits = own["savings"]["id"], own["deposits"]["id"]

    def said(amount: str, total: str, account: str = savings) -> dict[str, Any]:
        return {"member_id": amina, "account": account, "amount": amount, "total_told": total}

    await assert_refused(
        teller,
        "/withdrawals",
        [
            (said("1000", "1000"), 409, "payouts.cost_changed"),
            (said("1000.50", "1006.50"), 422, "payouts.not_whole_shillings"),
            (said("20", "20"), 422, "payouts.out_of_range"),
            (said("90000", "90015.60"), 422, "savings.insufficient"),
            (said("1000", "1006", deposits), 422, "savings.not_withdrawable"),
            (said("1e3", "1006"), 422, "request.invalid"),
        ],
    )
    assert await world.count("payout") == 0


async def stuck(world: World, teller: Person, member: str) -> str:
    """A payout that Safaricom never says a word about."""
    await told_float(world)
    await world.faults(seed=1, daraja__b2c__lost=1.0)
    shown = await withdrawn(teller, member)
    await world.work()
    return str(shown["id"])


async def test_what_is_stuck_is_ended_by_two_people_after_a_day(
    world: World, teller: Person, hire: Hire, amina: str
) -> None:
    payout_id = await stuck(world, teller, amina)
    accountant, manager = await hire(Role.ACCOUNTANT), await hire(Role.MANAGER)
    path = f"/payouts/{payout_id}/end"
    said = {"found": "not_paid", "receipt": "", "reason": "not in the statement of that day"}
    await assert_refused(
        accountant,
        path,
        [
            (said, 409, "payouts.too_fresh"),
            ({**said, "found": "paid"}, 422, "request.invalid"),
            ({**said, "found": "lost"}, 422, "request.invalid"),
        ],
    )

    world.clock.move(days=1)
    accountant, manager = await hire(Role.ACCOUNTANT), await hire(Role.MANAGER)
    outcome = await agreed(accountant, manager, path, said)

    assert outcome == {"payout": payout_id, "state": "voided"}
    assert (await teller.post(path, said)).status_code in {401, 403}


async def test_nobody_ends_a_payout_alone(world: World, teller: Person, admin: Person, amina: str) -> None:
    payout_id = await stuck(world, teller, amina)

    await assert_needs_two_people(
        admin,
        f"/payouts/{payout_id}/end",
        {"found": "paid", "receipt": "UKB1AAAAAA", "reason": "in the statement"},
    )


async def test_what_is_not_sent_is_called_off_once(
    world: World, teller: Person, admin: Person, amina: str
) -> None:
    before = (await accounts_of(teller, amina))["savings"]["balance"]
    shown = await withdrawn(teller, amina)

    first = await admin.post(f"/payouts/{shown['id']}/take-back", BECAUSE, key="take-it-back")
    again = await admin.post(f"/payouts/{shown['id']}/take-back", BECAUSE, key="take-it-back")
    other = await admin.post(f"/payouts/{shown['id']}/take-back", BECAUSE)

    assert (first.json()["state"], again.content) == ("voided", first.content)
    assert (other.status_code, other.json()["code"]) == (409, "payouts.not_open")
    assert (await accounts_of(teller, amina))["savings"]["balance"] == before
    assert BECAUSE["reason"] in (await audited(world, "payout.taken_back"))[-1]["facts"]
    denied = await teller.post(f"/payouts/{shown['id']}/take-back", BECAUSE)
    assert (denied.status_code, denied.json()["code"]) == (403, "staff.not_permitted")


async def test_the_float_is_seen_and_payouts_are_started_again(
    world: World, teller: Person, admin: Person, amina: str
) -> None:
    unknown = (await admin.get("/payouts/float")).json()
    assert (unknown["balance"], unknown["available"], unknown["waiting"]) == (None, None, 0)
    refused = await admin.post("/payouts/start-again", BECAUSE)
    assert (refused.status_code, refused.json()["code"]) == (409, "payouts.not_stopped")

    await withdrawn(teller, amina)
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE payout_float SET stopped = 'operator'")
    await world.work()
    seen = (await admin.get("/payouts/float")).json()
    assert (seen["stopped"], seen["waiting"], seen["waiting_amount"]["amount"]) == ("operator", 1, "1000.00")

    started = await admin.post("/payouts/start-again", BECAUSE)
    await told_float(world)
    assert started.json() == {"payouts": 1}
    assert (await admin.get("/payouts/float")).json()["stopped"] == ""


async def test_an_incident_is_closed(world: World, teller: Person, admin: Person, amina: str) -> None:
    shown = await withdrawn(teller, amina)
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE payout SET incident = 'look' WHERE id = $1", shown["id"])
    assert [each["id"] for each in (await admin.get("/payouts", incidents="true")).json()["items"]] == [
        shown["id"]
    ]

    closed = await admin.post(f"/payouts/{shown['id']}/close-incident", BECAUSE)

    assert (closed.status_code, closed.json()["incident"]) == (200, "")
    missing = await admin.post("/payouts/wdl_none/close-incident", BECAUSE)
    assert (missing.status_code, missing.json()["code"]) == (404, "payouts.unknown")


async def test_words_that_fit_no_payout_wait_for_a_person(world: World, admin: Person) -> None:
    said = {"OriginatorConversationID": "wdl_nobody", "Amount": "1000"}
    await world.http.post("/payments/daraja/b2c/timeout", json=said)

    [stray] = (await admin.get("/payouts/strays")).json()["items"]

    assert (stray["payout_id"], stray["heard"]["source"]) == ("wdl_nobody", "timeout")


async def test_a_loan_is_paid_to_the_phone(
    world: World, teller: Person, officer: Person, admin: Person, hire: Hire
) -> None:
    await told_float(world)
    application_id = await written_down(world, teller, "20000.00")
    await appraised(officer, application_id, "20000.00")
    await admin.post(f"/loan-applications/{application_id}/approve", WORD)
    figures = (await teller.get(f"/loan-applications/{application_id}")).json()["offer"]["figures"]
    said = {
        "text": AGREEMENT,
        "text_version": 3,
        "language": "en",
        "to_pay": figures["to_pay"]["amount"],
        "apr": figures["apr"],
    }
    assert (await teller.post(f"/loan-applications/{application_id}/accept", said)).status_code == 200
    accountant = await hire(Role.ACCOUNTANT)

    paid = await accountant.post(f"/loan-applications/{application_id}/disburse", {"paid_to": "mpesa"})
    assert paid.status_code == 200, paid.text
    await world.work()
    await world.pass_time(seconds=30)

    [payout] = (await admin.get("/payouts", state="settled")).json()["items"]
    assert (payout["purpose"], payout["amount"]["amount"]) == ("loan", "20000.00")
    loan = (await admin.get(f"/loans/{payout['subject']}")).json()
    assert "active" in str(loan)
