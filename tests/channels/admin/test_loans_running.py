"""Can staff see a loan, post what came for it, and change it only when two agree?"""

from typing import Any

import pytest

from core.staff.permissions import Role
from imarisha.institution import AMINA
from tests.channels.admin.conftest import Hire, Person, audited, member_id
from tests.world import World


async def loan_of(world: World, phone: str = AMINA.phone) -> str:
    async with world.system.database.reading() as session:
        row = await session.row(
            "SELECT l.id FROM loan l JOIN member m ON m.id = l.member_id WHERE m.phone = $1", phone
        )
    assert row is not None
    return str(row["id"])


async def shown(person: Person, loan_id: str) -> dict[str, Any]:
    answer = await person.get(f"/loans/{loan_id}")
    assert answer.status_code == 200, answer.text
    picture: dict[str, Any] = answer.json()
    return picture


async def agreed(asker: Person, decider: Person, path: str, said: object) -> dict[str, Any]:
    """One asks and another agrees; the outcome."""
    asked = await asker.post(path, said)
    assert asked.status_code == 202, asked.text
    own = await asker.post(f"/approvals/{asked.json()['id']}/approve")
    assert own.status_code == 403
    answer = await decider.post(f"/approvals/{asked.json()['id']}/approve")
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()["outcome"]
    return outcome


async def test_a_loan_is_seen_with_its_rows_its_log_and_what_clears_it(world: World, teller: Person) -> None:
    loan_id = await loan_of(world)

    picture = await shown(teller, loan_id)
    quote = (await teller.get(f"/loans/{loan_id}/quote")).json()

    assert (picture["number"], picture["status"], len(picture["rows"])) == ("LN-00001", "active", 12)
    assert [event["kind"] for event in picture["events"]] == ["disbursement", *["payment"] * 4]
    assert quote["to_clear"] == picture["to_clear"]
    assert picture["to_clear"]["total"]["amount"] == (await world.to_clear(AMINA.phone)).plain()


async def test_nobody_sees_a_loan_that_is_not_there(teller: Person) -> None:
    answer = await teller.get("/loans/lon_none")

    assert (answer.status_code, answer.json()["code"]) == (404, "lending.unknown_loan")


@pytest.mark.parametrize("received_in", ["cash", "bank", "savings"])
async def test_a_repayment_at_the_counter_is_posted_once(
    world: World, teller: Person, received_in: str
) -> None:
    loan_id = await loan_of(world)
    before = await world.to_clear(AMINA.phone)
    said = {"amount": "1000.00", "received_in": received_in}

    first = await teller.post(f"/loans/{loan_id}/repayments", said, key="slip-0001")
    again = await teller.post(f"/loans/{loan_id}/repayments", said, key="slip-0001")

    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    assert (before - await world.to_clear(AMINA.phone)).minor == 100_000
    await world.assert_books_agree()


async def test_a_repayment_is_reversed_when_a_second_person_agrees(
    world: World, teller: Person, admin: Person
) -> None:
    loan_id = await loan_of(world)
    before = await world.to_clear(AMINA.phone)
    await teller.post(f"/loans/{loan_id}/repayments", {"amount": "1000.00", "received_in": "cash"})

    outcome = await agreed(
        teller, admin, f"/loans/{loan_id}/reversals", {"event": 6, "reason": "another member's money"}
    )

    assert outcome["event"] == "7"
    assert await world.to_clear(AMINA.phone) == before
    assert (await audited(world, "loan.reversal"))[-1]["subject"] == loan_id
    unknown = await teller.post(f"/loans/{loan_id}/reversals", {"event": 99, "reason": "none"})
    assert unknown.status_code == 422


async def test_a_penalty_is_charged_and_waived(world: World, teller: Person, admin: Person) -> None:
    loan_id = await loan_of(world)
    charged = await teller.post(
        f"/loans/{loan_id}/charges",
        {"portion": "fee", "amount": "500.00", "excise": "100.00", "name": "letter", "due_on": "2026-03-12"},
    )
    assert charged.json()["outstanding"]["fee"]["amount"] == "600.00"

    await agreed(teller, admin, f"/loans/{loan_id}/waivers", {"event": 6, "reason": "our mistake"})

    assert (await shown(teller, loan_id))["outstanding"]["fee"]["amount"] == "0.00"
    await world.assert_books_agree()


async def test_a_loan_is_rescheduled_when_a_second_person_agrees(
    world: World, teller: Person, admin: Person
) -> None:
    loan_id = await loan_of(world)
    due = (await shown(teller, loan_id))["rows"][5]["due_on"]
    plan = {"from_due": due, "extra_instalments": 6, "reason": "ill"}

    nothing = await teller.post(f"/loans/{loan_id}/reschedulings", {"from_due": due, "reason": "ill"})
    await agreed(teller, admin, f"/loans/{loan_id}/reschedulings", plan)

    assert nothing.status_code == 422
    assert len((await shown(teller, loan_id))["rows"]) == 18
    await world.assert_books_agree()


async def test_a_loan_is_called_and_written_off_by_two(world: World, teller: Person, admin: Person) -> None:
    loan_id = await loan_of(world)
    why = {"reason": "left the country"}

    called = await agreed(teller, admin, f"/loans/{loan_id}/guarantee-call", why)
    outcome = await agreed(teller, admin, f"/loans/{loan_id}/write-off", why)

    assert called["own_deposits"] == "42500.00"
    assert outcome["status"] == "written_off"
    await world.assert_books_agree()


async def test_only_who_may_serves_loans(world: World, hire: Hire) -> None:
    auditor = await hire(Role.AUDITOR)
    loan_id = await loan_of(world)

    answer = await auditor.post(f"/loans/{loan_id}/repayments", {"amount": "1.00", "received_in": "cash"})

    assert answer.status_code == 403
    assert (await auditor.get(f"/loans/{loan_id}")).status_code == 200


async def test_a_payout_that_nobody_waits_for_is_neither_settled_nor_failed(
    world: World, admin: Person
) -> None:
    loan_id = await loan_of(world)

    settled = await admin.post(f"/loans/{loan_id}/payout-settled")
    failed = await admin.post(f"/loans/{loan_id}/payout-failed", {"reason": "no such number"})

    assert settled.status_code == 200
    assert failed.status_code == 409
    assert await member_id(world, AMINA.phone)


async def test_what_settled_a_loan_on_days_that_are_over_is_not_asked(world: World, teller: Person) -> None:
    loan_id = await loan_of(world)

    for on, status in (("2026-03-10", 422), ("0001-01-01", 422), ("2026-03-11", 200), ("2026-04-01", 200)):
        assert (await teller.get(f"/loans/{loan_id}/quote", on=on)).status_code == status, on


async def test_a_new_plan_begins_with_an_instalment_to_be_paid(world: World, teller: Person) -> None:
    loan_id = await loan_of(world)
    rows = (await shown(teller, loan_id))["rows"]

    for from_due in ("2001-01-01", rows[0]["due_on"], "2030-01-01"):
        answer = await teller.post(
            f"/loans/{loan_id}/reschedulings",
            {"from_due": from_due, "extra_instalments": 1, "reason": "ill"},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "lending.no_instalment_due"), from_due
