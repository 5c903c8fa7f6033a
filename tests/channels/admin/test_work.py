"""Does what went wrong reach a person, and can they do something about it?"""

import pytest

from core import outbox
from core.outbox import SendNotice
from imarisha.institution import AMINA
from imarisha.institution_staff import PASSWORD
from tests.channels.admin.conftest import Person, audited
from tests.test_repayment import start_payment
from tests.world import World


async def payment_with_incident(world: World) -> str:
    await start_payment(world, AMINA.phone, AMINA.pin or "", "500")
    async with world.system.database.unit_of_work() as session:
        row = await session.row("UPDATE payment SET incident = 'amount differs' RETURNING id")
    assert row is not None
    return str(row["id"])


async def dead_job(world: World) -> int:
    async with world.system.database.unit_of_work() as session:
        await outbox.enqueue(session, SendNotice("ntc_1"), key="notice:test", at=world.clock.now())
        row = await session.row(
            "UPDATE outbox SET state = 'dead', tries = 8, last_error = 'TimeoutError' WHERE key = 'notice:test'"
            " RETURNING id"
        )
    assert row is not None
    return int(row["id"])


async def test_a_payment_with_an_incident_waits_until_somebody_has_looked(
    world: World, admin: Person
) -> None:
    payment_id = await payment_with_incident(world)
    [waiting] = (await admin.get("/work/incidents")).json()["items"]
    assert (waiting["id"], waiting["incident"]) == (payment_id, "amount differs")

    closed = await admin.post(f"/work/incidents/{payment_id}/close", {"reason": "seen on the statement"})

    assert closed.json() == {"payment_id": payment_id}
    assert (await admin.get("/work/incidents")).json()["items"] == []
    [event] = await audited(world, "payment.incident_closed")
    assert "amount differs" in event["facts"]
    assert "seen on the statement" in event["facts"]


async def test_an_incident_is_closed_once_and_only_where_there_is_one(world: World, admin: Person) -> None:
    payment_id = await payment_with_incident(world)
    await admin.post(f"/work/incidents/{payment_id}/close", {"reason": "seen"})

    again = await admin.post(f"/work/incidents/{payment_id}/close", {"reason": "seen"})
    unknown = await admin.post("/work/incidents/pay_nothing/close", {"reason": "seen"})

    assert (again.status_code, again.json()["code"]) == (409, "work.no_incident")
    assert unknown.status_code == 404
    assert len(await audited(world, "payment.incident_closed")) == 1


async def test_a_failed_job_gets_all_its_tries_again(world: World, admin: Person) -> None:
    job_id = await dead_job(world)
    [failed] = (await admin.get("/work/failed-jobs")).json()["items"]
    assert (failed["id"], failed["kind"], failed["last_error"]) == (job_id, "send_notice", "TimeoutError")

    retried = await admin.post(f"/work/failed-jobs/{job_id}/retry")

    assert retried.json() == {"id": job_id}
    assert (await admin.get("/work/failed-jobs")).json()["items"] == []
    async with world.system.database.reading() as session:
        assert await outbox.waiting(session, now=world.clock.now()) == [(job_id, 0)]
    assert [row["subject"] for row in await audited(world, "work.job_retried")] == [f"job:{job_id}"]


async def test_a_job_that_did_not_fail_is_not_retried(world: World, admin: Person) -> None:
    job_id = await dead_job(world)
    await admin.post(f"/work/failed-jobs/{job_id}/retry")

    again = await admin.post(f"/work/failed-jobs/{job_id}/retry")
    unknown = await admin.post("/work/failed-jobs/999999/retry")

    assert (again.status_code, unknown.status_code) == (404, 404)
    assert len(await audited(world, "work.job_retried")) == 1


@pytest.mark.parametrize("number", ["0", "-1", "x", str(2**63)])
async def test_what_is_no_number_of_a_job_is_refused(admin: Person, number: str) -> None:
    assert (await admin.post(f"/work/failed-jobs/{number}/retry")).status_code == 422


async def test_lists_of_work_go_on(world: World, admin: Person) -> None:
    await dead_job(world)

    after_all = (await admin.get("/work/failed-jobs", after="999999")).json()

    assert after_all == {"items": [], "next": None}


async def test_the_trail_is_read_by_person_and_by_thing_newest_first(
    world: World, admin: Person, teller: Person
) -> None:
    await teller.post("/me/recovery-codes", {"password": PASSWORD})

    by_teller = (await admin.get("/audit", actor=teller.staff_id)).json()["items"]
    about_teller = (await admin.get("/audit", subject=teller.staff_id, limit=1)).json()
    before = (await admin.get("/audit", subject=teller.staff_id, after=about_teller["next"])).json()["items"]

    assert [each["action"] for each in by_teller] == ["staff.recovery_codes", "staff.signed_in"]
    assert about_teller["items"][0]["action"] == "staff.recovery_codes"
    assert [each["action"] for each in before] == ["staff.signed_in", "staff.taken_on"]
    assert await world.count("audit_event") > 2
