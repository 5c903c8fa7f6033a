"""Can staff pay a loan out in parts, top one up, and have a payment that was taken back due again?"""

from core.money import Money
from core.staff.permissions import Role
from imarisha.institution import AMINA
from tests.channels.admin.checked import agreed, assert_needs_two_people, assert_refused
from tests.channels.admin.conftest import Hire, Person
from tests.channels.admin.test_loans_running import loan_of, shown
from tests.core.lending.applications.desk import Desk
from tests.world import World


async def accepted(world: World, amount: Money) -> str:
    desk = Desk.of(world.system.database, world.clock)
    return (await desk.accept(await desk.approved(amount))).application_id


async def test_a_loan_is_paid_out_in_parts_once_each(world: World, admin: Person) -> None:
    application = await accepted(world, Money(2_700_000))
    paid = await admin.post(f"/loan-applications/{application}/disburse", {"first_part": "10000.00"})
    assert (paid.status_code, paid.json()["paid_out"]["amount"]) == (200, "10000.00"), paid.text
    path = f"/loans/{paid.json()['loan_id']}/tranches"

    first = await admin.post(path, {"amount": "17000.00"}, key="the-second-part")
    again = await admin.post(path, {"amount": "17000.00"}, key="the-second-part")

    assert first.status_code == 201, first.text
    assert again.json() == first.json()
    assert (first.json()["paid_out"]["amount"], first.json()["outstanding"]["principal"]["amount"]) == (
        "27000.00",
        "27000.00",
    )
    await assert_refused(
        admin,
        path,
        [
            ({"amount": "0.01"}, 422, "lending.tranche_above_agreed"),
            ({"amount": "0"}, 422, "lending.amount_not_positive"),
            ({"amount": "1.00", "paid_to": "mpesa"}, 422, "request.invalid"),
        ],
    )
    await assert_refused(
        admin, "/loans/lon_none/tranches", [({"amount": "1.00"}, 404, "lending.unknown_loan")]
    )
    await world.assert_books_agree()


async def test_a_payment_taken_back_is_due_again_when_two_agree(
    world: World, teller: Person, admin: Person
) -> None:
    loan_id = await loan_of(world)
    before = await world.to_clear(AMINA.phone)
    path = f"/loans/{loan_id}/chargebacks"
    said = {"event": 5, "amount": "1000.00", "reason": "cheque unpaid"}

    outcome = await agreed(teller, admin, path, said)

    assert outcome["event"] == "6"
    assert (await world.to_clear(AMINA.phone)) > before
    assert (await shown(teller, loan_id))["events"][-1]["kind"] == "chargeback"
    await assert_refused(
        teller,
        path,
        [
            ({**said, "amount": "900000.00"}, 422, "lending.chargeback_too_large"),
            ({**said, "amount": "0"}, 422, "lending.amount_not_positive"),
            ({**said, "event": 1}, 422, "lending.unknown_event"),
        ],
    )
    await assert_needs_two_people(admin, path, {**said, "event": 4})
    await world.assert_books_agree()


async def test_a_top_up_names_what_it_clears(world: World, teller: Person, amina: str) -> None:
    loan_id = await loan_of(world)
    wish = {
        "member_id": amina,
        "product": "development",
        "amount": "100000.00",
        "instalments": 12,
        "purpose": "business",
    }

    await assert_refused(
        teller,
        "/loan-applications",
        [
            ({**wish, "clears": ["lon_none"]}, 404, "lending.unknown_loan"),
            ({**wish, "clears": [loan_id], "amount": "5000.00"}, 422, "lending.top_up_too_small"),
        ],
    )


async def test_who_may_not_pay_out_pays_no_part(world: World, teller: Person, hire: Hire) -> None:
    auditor = await hire(Role.AUDITOR)
    loan_id = await loan_of(world)

    for person, path in (
        (teller, f"/loans/{loan_id}/tranches"),
        (auditor, f"/loans/{loan_id}/chargebacks"),
    ):
        answer = await person.post(path, {"amount": "1.00", "event": 1, "reason": "why"})
        assert answer.status_code == 403
