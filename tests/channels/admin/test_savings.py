"""Can the counter serve a saver: accounts, holds, deposits for a time, standing orders, rates?"""

from datetime import date
from typing import Any

from core.money import Money
from core.savings.service import standing_orders
from core.savings.standing_orders import Destination, OrderTerms, Trigger
from core.staff.permissions import Role
from imarisha.institution import AMINA
from tests.channels.admin.checked import agreed, assert_needs_two_people, assert_refused
from tests.channels.admin.conftest import Hire, Person, audited
from tests.channels.admin.test_approvals import RENT
from tests.channels.admin.test_ledger import lines, own_account
from tests.world import World


async def accounts_of(person: Person, member: str) -> dict[str, dict[str, Any]]:
    """A member's accounts by product."""
    shown = (await person.get(f"/members/{member}/accounts")).json()["items"]
    return {each["product"]: each for each in shown}


async def test_an_account_is_opened_once_and_closed_into_another(
    world: World, teller: Person, amina: str
) -> None:
    path, said = f"/members/{amina}/accounts", {"product": "goal", "name": "school"}

    opened = await teller.post(path, said, key="open-a-goal")
    again = await teller.post(path, said, key="open-a-goal")

    goal = opened.json()
    assert opened.content == again.content
    assert (goal["status"], goal["name"], goal["balance"]["amount"]) == ("active", "school", "0.00")
    own = await accounts_of(teller, amina)
    assert own["goal"] == goal
    pay_to = {"pay_to": own["savings"]["id"]}
    closed = await teller.post(f"{path}/{goal['id']}/close", pay_to, key="close-the-goal")
    repeat = await teller.post(f"{path}/{goal['id']}/close", pay_to, key="close-the-goal")
    assert repeat.content == closed.content
    assert closed.json() == {"moved": {"amount": "0.00", "currency": "KES"}}
    assert "goal" not in await accounts_of(teller, amina)
    for action in ("account.opened", "account.closed"):
        assert (await audited(world, action))[-1]["actor"] == teller.staff_id


async def test_an_account_that_can_not_be_opened_or_closed_is_refused(
    teller: Person, amina: str, otieno: str
) -> None:
    path = f"/members/{amina}/accounts"
    own, others = await accounts_of(teller, amina), await accounts_of(teller, otieno)
    savings, deposits = own["savings"]["id"], own["deposits"]["id"]

    await assert_refused(
        teller,
        path,
        [
            ({"product": "savings"}, 409, "savings.exists"),
            ({"product": "fixed_deposit"}, 422, "savings.contradictory_terms"),
            ({"product": "gold"}, 422, "request.invalid"),
            ({"product": "goal", "name": "x" * 61}, 422, "request.invalid"),
        ],
    )
    await assert_refused(
        teller, "/members/mbr_none/accounts", [({"product": "goal"}, 404, "members.unknown")]
    )
    await assert_refused(
        teller,
        f"{path}/{deposits}/close",
        [
            ({"pay_to": savings}, 422, "savings.not_withdrawable"),
            ({"pay_to": others["savings"]["id"]}, 404, "savings.unknown_account"),
        ],
    )
    await assert_refused(teller, f"{path}/{savings}/close", [({"pay_to": savings}, 422, "savings.not_empty")])
    assert (await teller.get("/members/mbr_none/accounts")).status_code == 404


async def test_who_does_not_serve_savers_changes_nothing(hire: Hire, amina: str) -> None:
    auditor = await hire(Role.AUDITOR)
    savings = (await accounts_of(auditor, amina))["savings"]["id"]

    for path in (
        f"/members/{amina}/accounts",
        f"/members/{amina}/accounts/{savings}/wake",
        f"/members/{amina}/accounts/{savings}/close",
        f"/members/{amina}/accounts/{savings}/break",
        f"/members/{amina}/accounts/{savings}/refund",
        f"/members/{amina}/fixed-deposits",
        f"/members/{amina}/recurring-deposits",
        f"/members/{amina}/shares/purchases",
        f"/members/{amina}/shares/transfers",
        "/holds",
        "/holds/hld_1/release",
        "/standing-orders/ord_1/approve",
        "/standing-orders/ord_1/reject",
        "/savings/rates",
        "/dividends",
    ):
        answer = await auditor.post(path, {})
        assert (answer.status_code, answer.json()["code"]) == (403, "staff.not_permitted"), path


async def test_a_dormant_account_is_woken(world: World, teller: Person, amina: str, otieno: str) -> None:
    savings = (await accounts_of(teller, amina))["savings"]["id"]
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE savings_account SET status = 'dormant' WHERE id = $1", savings)

    elsewhere = await teller.post(f"/members/{otieno}/accounts/{savings}/wake")
    woken = await teller.post(f"/members/{amina}/accounts/{savings}/wake", key="wake-it-up")
    again = await teller.post(f"/members/{amina}/accounts/{savings}/wake", key="wake-it-up")

    assert again.content == woken.content
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "savings.unknown_account")
    assert woken.json()["status"] == "active"
    assert [event["actor"] for event in await audited(world, "account.woken")] == [teller.staff_id]


async def test_money_is_held_at_once_and_let_go_by_two(
    world: World, officer: Person, admin: Person, amina: str
) -> None:
    savings = (await accounts_of(admin, amina))["savings"]["id"]
    said = {"account": savings, "amount": "8000.00", "reason": "legal", "subject": "Civil Suit 12 of 2026"}

    placed = await officer.post("/holds", said, key="court-order-12")
    again = await officer.post("/holds", said, key="court-order-12")

    hold = placed.json()
    assert placed.content == again.content
    own = (await accounts_of(admin, amina))["savings"]
    assert (own["holds"], own["available"]["amount"]) == ([hold], "250.00")
    path, why = f"/holds/{hold['id']}/release", {"reason": "the suit was withdrawn"}
    assert await agreed(officer, admin, path, why) == {"released": "8000.00"}
    assert (await accounts_of(admin, amina))["savings"]["available"]["amount"] == "8250.00"
    [released] = await audited(world, "hold.released")
    assert (released["actor"], released["subject"]) == (admin.staff_id, hold["id"])
    await assert_refused(officer, path, [(why, 409, "savings.hold_not_open")])
    second = (await admin.post("/holds", {**said, "reason": "dispute"})).json()
    await assert_needs_two_people(admin, f"/holds/{second['id']}/release", why)


async def test_what_can_not_be_held_or_let_go_is_refused(
    world: World, officer: Person, admin: Person, amina: str
) -> None:
    savings = (await accounts_of(admin, amina))["savings"]["id"]
    said = {"account": savings, "amount": "100.00", "reason": "dispute", "subject": "complaint 7"}
    hold = (await officer.post("/holds", said)).json()
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE savings_hold SET reason = 'guarantee' WHERE id = $1", hold["id"])

    await assert_refused(
        officer,
        "/holds",
        [
            ({**said, "amount": "8150.01"}, 422, "savings.insufficient"),
            ({**said, "amount": "0"}, 422, "money.invalid"),
            ({**said, "account": "acc_none"}, 404, "savings.unknown_account"),
            ({**said, "reason": "guarantee"}, 422, "request.invalid"),
        ],
    )
    why = {"reason": "it was a mistake"}
    await assert_refused(officer, f"/holds/{hold['id']}/release", [(why, 422, "savings.hold_ends_elsewhere")])
    await assert_refused(officer, "/holds/hld_none/release", [(why, 409, "savings.hold_not_open")])


async def test_a_fixed_deposit_is_opened_once_and_broken(
    world: World, teller: Person, admin: Person, amina: str
) -> None:
    code = await own_account(world, AMINA.phone, "savings")
    await agreed(teller, admin, "/ledger/transactions", {**RENT, "lines": lines("1010", code, "20000.00")})
    savings = (await accounts_of(admin, amina))["savings"]["id"]
    path = f"/members/{amina}/fixed-deposits"
    await assert_refused(
        admin,
        path,
        [
            ({"source": savings, "amount": "9000.00", "months": 12}, 422, "savings.amount_out_of_range"),
            ({"source": savings, "amount": "10000.00", "months": 2}, 422, "savings.term_out_of_range"),
            ({"source": savings, "amount": "30000.00", "months": 12}, 422, "savings.insufficient"),
            ({"source": "acc_none", "amount": "10000.00", "months": 12}, 404, "savings.unknown_account"),
            ({"source": savings, "amount": "10000.00", "months": 0}, 422, "request.invalid"),
        ],
    )
    said = {"source": savings, "amount": "10000.00", "months": 12, "at_maturity": "renew_all"}

    made = await teller.post(path, said, key="a-year-at-nine")
    again = await teller.post(path, said, key="a-year-at-nine")

    assert made.content == again.content
    assert (made.json()["percent"], made.json()["matures_on"]) == ("9", "2027-03-11")
    own = await accounts_of(teller, amina)
    assert (own["savings"]["balance"]["amount"], own["fixed_deposit"]["balance"]["amount"]) == (
        "18250.00",
        "10000.00",
    )
    path = f"/members/{amina}/accounts/{made.json()['account']}/break"
    broken = await teller.post(path, key="school-fees-now")
    assert (await teller.post(path, key="school-fees-now")).content == broken.content
    assert broken.json() == {"paid": {"amount": "10000.00", "currency": "KES"}}
    await world.assert_books_agree()


async def test_a_recurring_deposit_is_agreed_on_and_broken(world: World, teller: Person, amina: str) -> None:
    savings = (await accounts_of(teller, amina))["savings"]["id"]
    said = {"pay_to": savings, "amount": "500.00", "months": 12}
    path = f"/members/{amina}/recurring-deposits"

    made = await teller.post(path, said, key="five-hundred-a-month")
    again = await teller.post(path, said, key="five-hundred-a-month")

    deposit = made.json()
    assert made.content == again.content
    assert (deposit["percent"], deposit["matures_on"]) == ("7", "2027-03-11")
    await assert_refused(teller, path, [({**said, "months": 5}, 422, "savings.term_out_of_range")])
    broken = await teller.post(f"/members/{amina}/accounts/{deposit['account']}/break")
    assert broken.json() == {"paid": {"amount": "0.00", "currency": "KES"}}
    ended = await teller.post(f"/members/{amina}/accounts/{deposit['account']}/break")
    assert (ended.status_code, ended.json()["code"]) == (422, "savings.not_a_term_deposit")
    assert {event["actor"] for event in await audited(world, "term.opened")} == {teller.staff_id}
    assert {event["actor"] for event in await audited(world, "term.broken")} == {teller.staff_id}


async def waiting_order(world: World, admin: Person, member: str, order_id: str) -> None:
    own = await accounts_of(admin, member)
    async with world.system.database.unit_of_work() as session:
        await standing_orders.set_order(
            session,
            order_id=order_id,
            member_id=member,
            source_id=own["savings"]["id"],
            destination=Destination.ACCOUNT,
            destination_id=own["deposits"]["id"],
            terms=OrderTerms(Trigger.ON_DATE, Money(50_000), Money(0), date(2026, 4, 5)),
            now=world.clock.now(),
            needs_approval=True,
        )


async def test_a_members_order_waits_until_somebody_lets_it_run_or_not(
    world: World, admin: Person, amina: str
) -> None:
    await waiting_order(world, admin, amina, "ord_1")
    await waiting_order(world, admin, amina, "ord_2")
    first = (await admin.get("/standing-orders/waiting", limit=1)).json()
    rest = (await admin.get("/standing-orders/waiting", after=first["next"])).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == ["ord_1", "ord_2"]

    running = await admin.post("/standing-orders/ord_1/approve", key="let-it-run")
    again = await admin.post("/standing-orders/ord_1/approve", key="let-it-run")
    refused = await admin.post("/standing-orders/ord_2/reject", key="not-that-one")
    assert (await admin.post("/standing-orders/ord_2/reject", key="not-that-one")).content == refused.content

    assert running.content == again.content
    assert (running.json()["status"], refused.json()["status"]) == ("open", "rejected")
    assert (await admin.get("/standing-orders/waiting")).json()["items"] == []
    [listed] = (await admin.get(f"/members/{amina}/standing-orders")).json()["items"]
    assert (listed["id"], listed["amount"]["amount"], listed["due_on"]) == ("ord_1", "500.00", "2026-04-05")
    assert (await audited(world, "order.open"))[-1]["actor"] == admin.staff_id
    late = await admin.post("/standing-orders/ord_2/approve")
    assert (late.status_code, late.json()["code"]) == (404, "savings.unknown_standing_order")
    assert (await admin.get("/members/mbr_none/standing-orders")).status_code == 404


RATE = {"product": "goal", "since": "2026-04-01", "percent": "5.5", "reason": "board minute 14/2026"}


async def test_a_rate_holds_from_its_day_when_a_second_person_agrees(hire: Hire) -> None:
    accountant, manager = await hire(Role.ACCOUNTANT), await hire(Role.MANAGER)

    await agreed(accountant, manager, "/savings/rates", RATE)

    shown = (await accountant.get("/savings/rates")).json()["items"]
    [goal] = [each for each in shown if each["product"] == "goal"]
    assert goal["earns"] == [{"since": None, "percent": "5"}, {"since": "2026-04-01", "percent": "5.5"}]


async def test_what_is_no_rate_is_refused(world: World, admin: Person, hire: Hire) -> None:
    accountant = await hire(Role.ACCOUNTANT)

    await assert_refused(
        accountant,
        "/savings/rates",
        [
            ({**RATE, "since": "2026-03-10"}, 422, "savings.contradictory_terms"),
            ({**RATE, "product": "deposits"}, 422, "savings.contradictory_terms"),
            ({**RATE, "product": "fixed_deposit"}, 422, "savings.contradictory_terms"),
            ({**RATE, "percent": "100"}, 422, "request.invalid"),
            ({**RATE, "percent": "-1"}, 422, "request.invalid"),
            ({**RATE, "percent": "1.23456"}, 422, "request.invalid"),
        ],
    )
    await assert_needs_two_people(admin, "/savings/rates", RATE)
    asked = await accountant.post("/savings/rates", {**RATE, "since": "2026-03-11"})
    world.clock.move(days=1)
    manager = await hire(Role.MANAGER)
    late = await manager.post(f"/approvals/{asked.json()['id']}/approve")
    assert (late.status_code, late.json()["code"]) == (422, "savings.contradictory_terms")


async def test_a_leaving_members_deposits_are_refunded_after_the_notice_by_two_people(
    world: World, teller: Person, admin: Person, otieno: str, amina: str
) -> None:
    own = await accounts_of(teller, otieno)
    savings, deposits = own["savings"], own["deposits"]
    path = f"/members/{otieno}/accounts/{deposits['id']}/refund"
    said = {"pay_to": savings["id"], "notice_on": "2026-01-10", "reason": "moves to Kisumu"}
    elsewhere = (await accounts_of(teller, amina))["savings"]["id"]
    await assert_refused(
        teller,
        path,
        [
            ({**said, "notice_on": "2026-01-11"}, 422, "savings.not_withdrawable"),
            ({**said, "notice_on": "2026-03-12"}, 422, "savings.contradictory_terms"),
            ({**said, "pay_to": elsewhere}, 404, "savings.unknown_account"),
            ({**said, "reason": ""}, 422, "request.invalid"),
        ],
    )

    moved = await agreed(teller, admin, path, said)

    assert moved == {"moved": deposits["balance"]["amount"]}
    assert "deposits" not in await accounts_of(teller, otieno)
    closed = await teller.post(path, said)
    assert (closed.status_code, closed.json()["code"]) == (422, "savings.not_open")
    deposits = (await accounts_of(teller, amina))["deposits"]["id"]
    await assert_needs_two_people(
        admin, f"/members/{amina}/accounts/{deposits}/refund", {**said, "pay_to": elsewhere}
    )
    await world.assert_books_agree()
