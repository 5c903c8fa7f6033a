"""Mandates and payment links, as staff write them down."""

import pytest

from core.savings.model import SavingsProduct
from core.staff.permissions import Role
from imarisha.institution import AMINA
from tests.channels.admin.conftest import Hire, Person, audited
from tests.test_money_in import account
from tests.world import World


async def savings(world: World) -> str:
    return (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).account_id


async def test_a_mandate_is_given_paused_resumed_and_ended(world: World, teller: Person, amina: str) -> None:
    said = {
        "purpose": "savings",
        "subject": await savings(world),
        "amount": "200.00",
        "rhythm": "monthly",
        "starts_on": "2026-03-31",
    }

    given = await teller.post(f"/members/{amina}/mandates", said)
    path = f"/mandates/{given.json()['id']}"
    steps = [(await teller.post(f"{path}/{step}")).json()["status"] for step in ("pause", "resume", "end")]
    again = await teller.post(f"{path}/resume")

    assert (given.status_code, given.json()["next_on"]) == (201, "2026-03-31")
    assert steps == ["paused", "active", "ended"]
    assert (again.status_code, again.json()["code"]) == (409, "payments.mandate_ended")
    [listed] = (await teller.get(f"/members/{amina}/mandates")).json()["items"]
    assert (listed["status"], listed["amount"]["amount"]) == ("ended", "200.00")
    [event] = await audited(world, "mandate.given")
    assert event["actor"] == teller.staff_id


async def test_what_is_due_on_a_loan_needs_no_amount(world: World, teller: Person, amina: str) -> None:
    async with world.system.database.reading() as session:
        row = await session.row("SELECT id FROM loan WHERE member_id = $1", amina)
    assert row is not None

    given = await teller.post(
        f"/members/{amina}/mandates",
        {
            "purpose": "loan_repayment",
            "subject": row["id"],
            "rhythm": "once",
            "starts_on": "2026-03-16",
        },
    )

    assert given.status_code == 201
    assert given.json()["amount"] is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"starts_on": "2026-03-10"}, "payments.contradictory_mandate"),
        ({"amount": None}, "payments.contradictory_mandate"),
        ({"subject": "acc_nobody"}, "savings.unknown_account"),
    ],
)
async def test_a_mandate_that_makes_no_sense_is_refused(
    world: World, teller: Person, amina: str, changed: dict[str, object], code: str
) -> None:
    said = {
        "purpose": "savings",
        "subject": await savings(world),
        "amount": "200.00",
        "rhythm": "weekly",
        "starts_on": "2026-03-11",
    }

    answer = await teller.post(f"/members/{amina}/mandates", said | changed)

    assert answer.json()["code"] == code
    assert await world.count("payment_mandate") == 0


async def test_a_link_is_made_shown_and_closed(world: World, teller: Person, amina: str) -> None:
    said = {"purpose": "savings", "subject": await savings(world), "amount": "500.00", "days": 3}

    made = await teller.post(f"/members/{amina}/payment-links", said)
    link = made.json()
    page = await world.http.get(link["path"])
    closed = await teller.post(f"/payment-links/{link['id']}/close")
    shown = (await teller.get(f"/payment-links/{link['id']}")).json()

    assert (made.status_code, page.status_code) == (201, 200)
    assert closed.json()["is_closed"] is True
    assert shown == closed.json()
    assert (await world.http.get(link["path"])).status_code == 410
    assert link["id"] not in (await audited(world, "payment_link.made"))[0]["subject"]


async def test_an_unknown_link_and_an_unknown_mandate_are_not_found(teller: Person) -> None:
    assert (await teller.get("/payment-links/lnk_nothing")).status_code == 404
    assert (await teller.post("/payment-links/lnk_nothing/close")).status_code == 404
    assert (await teller.post("/mandates/mnd_nothing/pause")).status_code == 404


async def test_who_only_looks_gives_nothing(world: World, hire: Hire, amina: str) -> None:
    auditor = await hire(Role.AUDITOR)
    said = {"purpose": "savings", "subject": await savings(world), "amount": "500.00"}

    assert (await auditor.post(f"/members/{amina}/payment-links", said)).status_code == 403
    assert await world.count("payment_link") == 0
