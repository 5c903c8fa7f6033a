"""What staff see of payments, ask for from the counter, and place together."""

import pytest

from core.ledger.chart import Gl
from core.money import Money
from core.payments import receipt_store
from core.payments.model import Purpose
from core.payments.receipt import ReceiptState
from core.savings.model import SavingsProduct
from core.staff.permissions import Role
from imarisha.institution import AMINA, CHEBET, OTIENO
from imarisha.institution_staff import ADMIN
from tests.channels.admin.conftest import Hire, Person, audited, seated
from tests.test_money_in import account, share_account
from tests.test_paybill import confirm, paid
from tests.test_repayment import success
from tests.world import World


async def test_a_prompt_from_the_counter_is_told_by_sms_and_seen_live(
    world: World, teller: Person, amina: str
) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    said = {"purpose": "savings", "subject": own.account_id, "amount": "500.00"}

    asked = await teller.post(f"/members/{amina}/payments", said)
    await world.work()
    seen = (await teller.get(f"/payments/{asked.json()['id']}")).json()
    await world.approve(AMINA.phone)
    settled = (await teller.get(f"/payments/{asked.json()['id']}")).json()

    assert asked.status_code == 202
    assert (seen["state"], settled["state"]) == ("submitted", "confirmed")
    first, second = await world.messages(AMINA.phone)
    assert "enter your M-Pesa PIN" in first
    assert "500.00" in second
    [event] = await audited(world, "payment.requested")
    assert event["actor"] == teller.staff_id


async def test_the_same_key_prompts_once(world: World, teller: Person, amina: str) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    said = {"purpose": "savings", "subject": own.account_id, "amount": "500"}

    first = await teller.post(f"/members/{amina}/payments", said, key="counter-17")
    again = await teller.post(f"/members/{amina}/payments", said, key="counter-17")

    assert again.json() == first.json()
    assert await world.count("payment") == 1


async def test_another_phone_and_a_second_prompt(world: World, teller: Person, amina: str) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    said = {"purpose": "savings", "subject": own.account_id, "amount": "500", "phone": "0711 000 002"}

    asked = await teller.post(f"/members/{amina}/payments", said)
    again = await teller.post(f"/members/{amina}/payments", said)

    assert asked.json()["phone"] == OTIENO.phone
    assert (again.status_code, again.json()["code"]) == (409, "payments.in_progress")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ACCOUNTANT])
async def test_who_may_only_look_prompts_nobody(world: World, hire: Hire, role: Role, amina: str) -> None:
    person = await hire(role)

    answer = await person.post(
        f"/members/{amina}/payments", {"purpose": "fee", "subject": "card", "amount": "120"}
    )

    assert answer.status_code == 403
    assert (await person.get("/payments")).status_code == 200
    assert await world.count("payment") == 0


async def test_the_history_is_filtered_and_goes_on(
    world: World, admin: Person, amina: str, otieno: str
) -> None:
    for number, phone in enumerate((AMINA.phone, OTIENO.phone, AMINA.phone)):
        who = phone.replace("+254", "0")
        await confirm(world, paid(world, f"{who}D", TransID=f"UKK4DEMO2{number}"))
        world.clock.move(minutes=1)

    every = (await admin.get("/payments")).json()["items"]
    first = (await admin.get("/payments", limit=1, member_id=amina)).json()
    second = (await admin.get("/payments", limit=1, member_id=amina, after=first["next"])).json()

    assert [each["receipt"] for each in every] == ["UKK4DEMO22", "UKK4DEMO21", "UKK4DEMO20"]
    assert first["items"][0]["receipt"] == "UKK4DEMO22"
    assert second["items"][0]["receipt"] == "UKK4DEMO20"
    assert second["next"] is None
    for query, found in (
        ({"receipt": "ukk4demo21"}, 1),
        ({"state": "failed"}, 0),
        ({"purpose": "savings"}, 3),
        ({"channel": "paybill", "member_id": otieno}, 1),
        ({"since": "2026-03-11", "until": "2026-03-11"}, 3),
        ({"since": "2026-03-12"}, 0),
        ({"until": "2026-03-10"}, 0),
        ({"after": "pay_nothing"}, 0),
    ):
        assert len((await admin.get("/payments", **query)).json()["items"]) == found, query


async def test_an_unknown_payment_is_not_found(admin: Person) -> None:
    assert (await admin.get("/payments/pay_nothing")).status_code == 404


async def in_suspense(world: World) -> str:
    await confirm(world, paid(world, "SCHOOL FEES"))
    return "UKK4DEMO11"


async def test_a_receipt_is_placed_by_two_people(
    world: World, hire: Hire, admin: Person, otieno: str
) -> None:
    receipt = await in_suspense(world)
    accountant = await hire(Role.ACCOUNTANT)
    [waiting] = (await accountant.get("/work/receipts")).json()["items"]
    own = await account(world, OTIENO.phone, SavingsProduct.SAVINGS)
    shares = await share_account(world, OTIENO.phone)
    parts = [
        {"purpose": "savings", "subject": own.account_id, "amount": "750.00"},
        {"purpose": "shares", "subject": shares, "amount": "250.00"},
    ]

    asked = await accountant.post(
        f"/work/receipts/{receipt}/place", {"member_id": otieno, "parts": parts, "reason": "he called"}
    )
    own_yes = await accountant.post(f"/approvals/{asked.json()['id']}/approve")
    agreed = await admin.post(f"/approvals/{asked.json()['id']}/approve")

    assert waiting["reference"] == "SCHOOL FEES"
    assert asked.status_code == 202
    assert own_yes.status_code == 403
    assert agreed.status_code == 200, agreed.text
    assert await world.balance(Gl.SUSPENSE) == Money(0)
    after = await account(world, OTIENO.phone, SavingsProduct.SAVINGS)
    assert after.balance == own.balance + Money(80_000)
    assert (await accountant.get("/work/receipts")).json()["items"] == []
    assert {each.purpose for each in await world.payments()} == {Purpose.SAVINGS, Purpose.SHARES}
    async with world.system.database.reading() as session:
        assert (await receipt_store.find(session, receipt)).state is ReceiptState.ALLOCATED
        [open_now] = await session.rows("SELECT amount - cleared AS open FROM suspense_receipt")
    assert open_now["open"] == 0
    await world.work()
    assert len(await world.messages(OTIENO.phone)) == 2
    await world.assert_books_agree()


async def test_a_loan_is_repaid_out_of_suspense(world: World, hire: Hire, admin: Person) -> None:
    receipt = await in_suspense(world)
    owed = await world.to_clear(CHEBET.phone)
    accountant = await hire(Role.ACCOUNTANT)
    async with world.system.database.reading() as session:
        row = await session.row(
            "SELECT l.id, m.id AS member FROM loan l JOIN member m ON m.id = l.member_id WHERE m.phone = $1",
            CHEBET.phone,
        )
    assert row is not None
    part = {"purpose": "loan_repayment", "subject": row["id"], "amount": "1000.00"}

    asked = await accountant.post(
        f"/work/receipts/{receipt}/place", {"member_id": row["member"], "parts": [part], "reason": "hers"}
    )
    agreed = await admin.post(f"/approvals/{asked.json()['id']}/approve")

    assert agreed.status_code == 200, agreed.text
    assert await world.to_clear(CHEBET.phone) == owed - Money(100_000)
    assert await world.balance(Gl.SUSPENSE) == Money(0)
    await world.assert_books_agree()


@pytest.mark.parametrize(
    ("purpose", "subject", "amount", "code"),
    [
        ("savings", "acc_nobody", "1000.00", "savings.unknown_account"),
        ("loan_repayment", "lon_nobody", "1000.00", "lending.no_loan"),
        ("shares", "acc_nobody", "1000.00", "shares.none"),
        ("fee", "bribe", "1000.00", "payments.unknown_fee"),
        ("fee", "card", "999.00", "payments.parts_differ"),
    ],
)
async def test_a_receipt_is_placed_whole_and_with_its_member(
    world: World, admin: Person, otieno: str, purpose: str, subject: str, amount: str, code: str
) -> None:
    receipt = await in_suspense(world)
    parts = [{"purpose": purpose, "subject": subject, "amount": amount}]

    answer = await admin.post(
        f"/work/receipts/{receipt}/place", {"member_id": otieno, "parts": parts, "reason": "a guess"}
    )

    assert answer.json()["code"] == code
    assert answer.status_code in {404, 422}


async def test_a_receipt_has_one_place(world: World, admin: Person, otieno: str) -> None:
    await confirm(world, paid(world, OTIENO.phone))
    parts = [{"purpose": "fee", "subject": "card", "amount": "1000.00"}]
    said = {"member_id": otieno, "parts": parts, "reason": "again"}

    placed = await admin.post("/work/receipts/UKK4DEMO11/place", said)
    unknown = await admin.post("/work/receipts/UKK4NONE/place", said)

    assert (placed.status_code, placed.json()["code"]) == (409, "payments.receipt_placed")
    assert unknown.status_code == 404


async def test_a_call_that_fits_nothing_waits_until_somebody_has_looked(world: World) -> None:
    await world.http.post("/payments/daraja/stk/pay_nobody", json=success("ws_CO_1"))
    await world.work()
    assert await world.count("security_event") == 0

    await world.pass_time(minutes=11)

    admin = await seated(world, ADMIN.email)
    [call] = (await admin.get("/work/callbacks")).json()["items"]
    assert "254711000001" not in call["body"]
    resolved = await admin.post(f"/work/callbacks/{call['id']}/resolve", {"reason": "a test of theirs"})
    again = await admin.post(f"/work/callbacks/{call['id']}/resolve", {"reason": "a test of theirs"})
    unknown = await admin.post("/work/callbacks/cbk_nothing/resolve", {"reason": "nothing"})
    assert resolved.json() == {"id": call["id"]}
    assert (again.status_code, unknown.status_code) == (409, 404)
    assert (await admin.get("/work/callbacks")).json()["items"] == []
    [event] = (await admin.get("/work/security-events")).json()["items"]
    assert event["kind"] == "payments.callback_fits_nothing"
