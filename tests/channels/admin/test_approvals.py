"""Do two people do one thing, once, and never one person both parts?"""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from core.checked_actions import MONEY_WAITS
from core.staff.permissions import Role
from tests.channels.admin.conftest import Hire, Person, audited
from tests.world import World

RENT = {
    "business_date": "2026-03-11",
    "reason": "rent of March",
    "lines": [
        {"account": "5260", "side": "debit", "amount": "1500.00"},
        {"account": "1010", "side": "credit", "amount": "1500"},
    ],
}


async def asked(maker: Person) -> str:
    answer = await maker.post("/ledger/transactions", RENT)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def test_what_one_asks_for_and_another_agrees_to_is_posted(
    world: World, teller: Person, admin: Person
) -> None:
    before = await world.balance("5260")
    request_id = await asked(teller)
    assert await world.balance("5260") == before

    approved = (await admin.post(f"/approvals/{request_id}/approve")).json()

    assert (approved["state"], approved["maker"], approved["checker"]) == (
        "approved",
        teller.staff_id,
        admin.staff_id,
    )
    assert (await world.balance("5260") - before).minor == 150_000
    journal = (await teller.get(f"/ledger/journals/{approved['outcome']['journal']}")).json()
    assert journal["lines"][0] == {
        "account": "5260",
        "side": "debit",
        "amount": {"amount": "1500.00", "currency": "KES"},
    }
    assert [row["actor"] for row in await audited(world, "ledger.post_by_hand.asked")] == [teller.staff_id]
    assert [row["actor"] for row in await audited(world, "ledger.post_by_hand.approved")] == [admin.staff_id]
    await world.assert_books_agree()


async def test_nobody_agrees_to_what_they_asked_for(world: World, admin: Person) -> None:
    request_id = await asked(admin)

    approved, rejected = (
        await admin.post(f"/approvals/{request_id}/approve"),
        await admin.post(f"/approvals/{request_id}/reject", {"reason": "changed my mind"}),
    )

    assert (approved.status_code, approved.json()["code"]) == (403, "staff.own_request")
    assert (rejected.status_code, rejected.json()["code"]) == (403, "staff.own_request")
    assert not await world.balance("5260")


async def test_the_database_itself_refuses_one_person_for_both_parts(world: World, admin: Person) -> None:
    request_id = await asked(admin)

    with pytest.raises(asyncpg.CheckViolationError, match="checker_is_not_maker"):
        async with world.system.database.unit_of_work() as session:
            await session.execute(
                "UPDATE staff_request SET state = 'approved', checker = maker, decided_at = now() WHERE id = $1",
                request_id,
            )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff_request SET facts = '{}'",
        "UPDATE staff_request SET maker = 'mbr_somebody'",
        "UPDATE staff_request SET expires_at = expires_at + interval '1 year'",
        "DELETE FROM staff_request",
        "TRUNCATE staff_request",
    ],
)
async def test_what_was_asked_for_is_never_changed(world: World, teller: Person, change: str) -> None:
    await asked(teller)

    with pytest.raises(asyncpg.PostgresError, match="never changed"):
        async with world.system.database.unit_of_work() as session:
            await session.execute(change)


async def test_a_decision_is_final(world: World, teller: Person, admin: Person) -> None:
    request_id = await asked(teller)
    await admin.post(f"/approvals/{request_id}/reject", {"reason": "no invoice"})

    with pytest.raises(asyncpg.PostgresError, match="ends once"):
        async with world.system.database.unit_of_work() as session:
            await session.execute(
                "UPDATE staff_request SET state = 'pending', checker = NULL, decided_at = NULL"
            )

    approved = await admin.post(f"/approvals/{request_id}/approve")
    assert (approved.status_code, approved.json()["facts"]["state"]) == (409, "rejected")
    assert (await admin.get(f"/approvals/{request_id}")).json()["reason"] == "no invoice"


async def test_who_may_ask_may_not_decide_and_who_decides_need_not_ask(world: World, hire: Hire) -> None:
    accountant, other, manager = [
        await hire(role) for role in (Role.ACCOUNTANT, Role.ACCOUNTANT, Role.MANAGER)
    ]
    request_id = await asked(accountant)

    by_peer = await other.post(f"/approvals/{request_id}/approve")
    by_manager = await manager.post(f"/approvals/{request_id}/approve")

    assert (by_peer.status_code, by_peer.json()["code"]) == (403, "staff.not_permitted")
    assert by_manager.status_code == 200
    refused = await manager.post("/ledger/transactions", RENT)
    assert (refused.status_code, refused.json()["code"]) == (403, "staff.not_permitted")
    assert (await world.balance("5260")).minor == 150_000


async def test_two_who_agree_at_once_post_once(
    world: World, teller: Person, admin: Person, hire: Hire
) -> None:
    manager = await hire(Role.MANAGER)
    request_id = await asked(teller)

    answers = await asyncio.gather(
        *(person.post(f"/approvals/{request_id}/approve") for person in (admin, manager))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await world.balance("5260")).minor == 150_000
    await world.assert_books_agree()


async def test_agreeing_twice_is_agreeing_once(world: World, teller: Person, admin: Person) -> None:
    request_id = await asked(teller)

    first = await admin.post(f"/approvals/{request_id}/approve")
    again = await admin.post(f"/approvals/{request_id}/approve")

    assert first.json()["outcome"] == again.json()["outcome"]
    assert (first.status_code, again.status_code) == (200, 200)
    assert (await world.balance("5260")).minor == 150_000


async def test_a_request_expires_unheard(world: World, teller: Person, admin: Person) -> None:
    request_id = await asked(teller)
    async with world.system.database.unit_of_work() as session:
        await session.execute("UPDATE staff_session SET ends_at = ends_at + interval '9 days'")
    world.clock.move(seconds=(MONEY_WAITS - timedelta(seconds=1)).total_seconds())
    _renew(world, teller, admin)
    assert [each["id"] for each in (await admin.get("/approvals/waiting")).json()["items"]] == [request_id]

    world.clock.move(seconds=1)

    refused = await admin.post(f"/approvals/{request_id}/approve")
    assert (refused.status_code, refused.json()["facts"]["state"]) == (409, "expired")
    assert (await admin.get("/approvals/waiting")).json()["items"] == []
    assert (await admin.get(f"/approvals/{request_id}")).json()["state"] == "expired"
    assert not await world.balance("5260")


def _renew(world: World, *people: Person) -> None:
    """Access tokens of this moment, for the sessions they have."""
    for person in people:
        _, session_id = world.system.admin.keys.access.read(
            person.tokens["access_token"], world.clock.now() - timedelta(days=30)
        )
        token = world.system.admin.keys.access.issue(
            staff_id=person.staff_id, session_id=session_id, now=world.clock.now()
        )
        person.headers["authorization"] = f"Bearer {token}"


async def test_only_who_asked_takes_it_back_and_once_taken_back_it_is_closed(
    teller: Person, admin: Person
) -> None:
    request_id = await asked(teller)

    by_other = await admin.post(f"/approvals/{request_id}/withdraw")
    by_maker = await teller.post(f"/approvals/{request_id}/withdraw")
    again = await teller.post(f"/approvals/{request_id}/withdraw")
    approved = await admin.post(f"/approvals/{request_id}/approve")

    assert by_other.json()["code"] == "staff.not_your_request"
    assert (by_maker.json()["state"], again.json()["state"]) == ("withdrawn", "withdrawn")
    assert approved.json()["facts"]["state"] == "withdrawn"


async def test_a_posting_that_is_refused_on_approval_leaves_the_request_open(
    world: World, teller: Person, admin: Person
) -> None:
    async with world.system.database.reading() as session:
        row = await session.row("SELECT code FROM ledger_account WHERE code LIKE '2010:%' ORDER BY code")
    assert row is not None
    overdrawn = {
        **RENT,
        "lines": [
            {"account": row["code"], "side": "debit", "amount": "99999999.00"},
            {"account": "1010", "side": "credit", "amount": "99999999.00"},
        ],
    }
    request_id = (await teller.post("/ledger/transactions", overdrawn)).json()["id"]

    refused = await admin.post(f"/approvals/{request_id}/approve")

    assert (refused.status_code, refused.json()["code"]) == (422, "ledger.insufficient")
    assert (await admin.get(f"/approvals/{request_id}")).json()["state"] == "pending"
    assert await audited(world, "ledger.post_by_hand.approved") == []


async def test_the_queue_shows_what_i_decide_on_or_asked_for(
    teller: Person, officer: Person, admin: Person
) -> None:
    request_id = await asked(teller)

    async def queue(person: Person) -> list[str]:
        return [each["id"] for each in (await person.get("/approvals/waiting")).json()["items"]]

    assert await queue(admin) == [request_id]
    assert await queue(teller) == [request_id]
    assert await queue(officer) == []


async def test_lists_go_on_where_the_page_before_ended(teller: Person, admin: Person) -> None:
    made = [await asked(teller) for _ in range(3)]

    first = (await admin.get("/approvals/waiting", limit=2)).json()
    second = (await admin.get("/approvals/waiting", limit=2, after=first["next"])).json()
    latest = (await admin.get("/approvals", limit=2, maker=teller.staff_id)).json()

    assert sorted(each["id"] for each in first["items"] + second["items"]) == sorted(made)
    assert second["next"] is None
    assert [each["id"] for each in latest["items"]] == sorted(made, reverse=True)[:2]


async def test_the_same_key_asks_once_and_gets_the_same_answer(world: World, teller: Person) -> None:
    first = await teller.post("/ledger/transactions", RENT, key="rent-of-march")
    again = await teller.post("/ledger/transactions", RENT, key="rent-of-march")

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    assert await world.count("staff_request") == 1


async def test_the_same_key_at_once_asks_once(world: World, teller: Person) -> None:
    answers = await asyncio.gather(
        *(teller.post("/ledger/transactions", RENT, key="rent-of-march") for _ in range(4))
    )

    assert {answer.content for answer in answers} == {answers[0].content}
    assert await world.count("staff_request") == 1


async def test_the_same_key_for_something_else_is_refused(world: World, teller: Person) -> None:
    await teller.post("/ledger/transactions", RENT, key="rent-of-march")

    other = await teller.post(
        "/ledger/transactions", {**RENT, "reason": "rent of April"}, key="rent-of-march"
    )

    assert (other.status_code, other.json()["code"]) == (409, "ledger.key_conflict")
    assert await world.count("staff_request") == 1


async def test_two_people_may_use_the_same_key(world: World, teller: Person, admin: Person) -> None:
    for person in (teller, admin):
        assert (await person.post("/ledger/transactions", RENT, key="rent-of-march")).status_code == 202

    assert await world.count("staff_request") == 2


async def test_a_refused_write_leaves_its_key_free(world: World, teller: Person) -> None:
    refused = await teller.post(
        "/ledger/transactions", {**RENT, "business_date": "2026-03-12"}, key="rent-of-march"
    )
    assert refused.json()["code"] == "ledger.future_date"

    assert (await teller.post("/ledger/transactions", RENT, key="rent-of-march")).status_code == 202
    assert await world.count("staff_answer") == 1


@pytest.mark.parametrize("key", ["short", "x" * 101, "with space"])
async def test_a_write_without_a_proper_key_is_refused(teller: Person, key: str) -> None:
    answer = await teller.post("/ledger/transactions", RENT, key=key)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "header.Idempotency-Key"


async def test_an_unknown_request_is_not_found(admin: Person) -> None:
    for path in ("approve", "withdraw"):
        assert (await admin.post(f"/approvals/req_nothing/{path}")).status_code == 404
    assert (await admin.get("/approvals/req_nothing")).json()["code"] == "staff.unknown_request"
