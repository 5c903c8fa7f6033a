"""Can staff find members, take new ones in, and help them with a PIN?"""

import asyncio
from datetime import timedelta

from core.staff.permissions import Role
from imarisha.institution import AMINA, CHEBET, HASSAN, NJERI, PEOPLE
from imarisha.institution_staff import LOANS
from imarisha.invariants import broken
from tests.channels.admin.conftest import Hire, Person, audited, member_id, seated
from tests.test_repayment import start_payment
from tests.world import World

WANGARI = {
    "first_name": "Wangari",
    "last_name": "Muthoni",
    "phone": "0711 000 009",
    "language": "sw",
    "birth_date": "1994-02-28",
}


async def names(person: Person, q: str, **query: str | int) -> list[str]:
    answer = await person.get("/members", q=q, **query)
    assert answer.status_code == 200, answer.text
    return [each["first_name"] for each in answer.json()["items"]]


async def test_members_are_found_by_phone_number_or_names(teller: Person) -> None:
    cases = [
        ("0711 000 001", ["Amina"]),
        ("+254711000001", ["Amina"]),
        ("m00001", ["Amina"]),
        ("ami", ["Amina"]),
        ("wanj amin", ["Amina"]),
        ("HASSAN ali", ["Hassan"]),
        ("nobody", []),
        ("%", []),
        ("a_", []),
        ("M99999", []),
    ]

    found = [(q, await names(teller, q)) for q, _ in cases]

    assert found == cases


async def test_without_a_question_all_members_come_page_by_page(teller: Person) -> None:
    first = (await teller.get("/members", limit=4)).json()
    second = (await teller.get("/members", limit=4, after=first["next"])).json()

    found = [each["first_name"] for each in first["items"] + second["items"]]
    assert sorted(found) == sorted(person.first_name for person in PEOPLE)
    assert second["next"] is None
    assert await names(teller, "", status="pending") == []


async def test_one_page_shows_all_of_a_member(world: World, teller: Person) -> None:
    await start_payment(world, CHEBET.phone, CHEBET.pin or "", "500")
    await world.approve(CHEBET.phone)

    picture = (await teller.get(f"/members/{await member_id(world, CHEBET.phone)}")).json()

    assert picture["member"]["number"] == "M00005"
    assert picture["balances"]["savings"] == {"amount": "640.00", "currency": "KES"}
    [loan] = picture["loans"]
    assert (loan["product"], loan["days_late"]) == ("emergency", 40)
    assert picture["payments"][0]["state"] == "confirmed"
    assert picture["notices"][0]["kind"] == "repayment_received"
    assert picture["movements"][0]["kind"] == "loan_repayment"
    assert picture["pin"] == {
        "is_set": True,
        "is_locked": False,
        "locked_until": None,
        "only_staff_unlock": False,
        "wrong_tries": 0,
    }


async def test_a_member_s_trail_shows_to_those_who_may_read_it(
    world: World, teller: Person, admin: Person
) -> None:
    hassan = await member_id(world, HASSAN.phone)
    await teller.post(f"/members/{hassan}/pin/unlock")

    by_teller = (await teller.get(f"/members/{hassan}")).json()["trail"]
    by_admin = (await admin.get(f"/members/{hassan}")).json()["trail"]

    assert by_teller == []
    assert [(each["action"], each["actor"]) for each in by_admin] == [("pin.unlocked", teller.staff_id)]


async def test_a_member_that_is_none_is_not_found(teller: Person) -> None:
    answer = await teller.get("/members/mbr_nothing")

    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such member.")


async def test_a_locked_pin_is_opened_and_the_member_signs_in_again(world: World, teller: Person) -> None:
    hassan = await member_id(world, HASSAN.phone)
    phone = world.phone(HASSAN.phone)
    await phone.dial()

    unlocked = await teller.post(f"/members/{hassan}/pin/unlock")
    again = await teller.post(f"/members/{hassan}/pin/unlock")

    assert (unlocked.json(), again.json()) == ({"was_locked": True}, {"was_locked": False})
    assert [row["actor"] for row in await audited(world, "pin.unlocked")] == [teller.staff_id]
    await phone.dial()
    assert (await phone.answer(HASSAN.pin or "")).label == "home.menu"


async def test_who_may_not_unlock_does_not(world: World, hire: Hire) -> None:
    auditor = await hire(Role.AUDITOR)

    answer = await auditor.post(f"/members/{await member_id(world, HASSAN.phone)}/pin/unlock")

    assert answer.status_code == 403
    assert await audited(world, "pin.unlocked") == []


async def test_a_pin_of_nobody_is_not_unlocked(teller: Person) -> None:
    assert (await teller.post("/members/mbr_nothing/pin/unlock")).status_code == 404


async def test_who_registers_waits_and_is_a_member_when_a_colleague_agrees(
    world: World, teller: Person, officer: Person
) -> None:
    registered = (await teller.post("/members", WANGARI)).json()
    joined = registered["member"]["id"]
    assert registered["member"]["status"] == "pending"
    assert (await world.phone("+254711000009").dial()).state == "ended"

    approved = await officer.post(f"/approvals/{registered['approval']['id']}/approve")

    assert approved.json()["outcome"] == {"member": joined}
    picture = (await teller.get(f"/members/{joined}")).json()
    assert picture["member"]["status"] == "active"
    assert picture["member"]["number"] == "M100001"
    assert picture["balances"]["deposits"]["amount"] == "0.00"
    assert picture["approvals"][0]["state"] == "approved"
    screen = await world.phone("+254711000009").dial()
    assert screen.label == "sign_in.choose_pin"
    assert await broken(world.system.database) == []


async def test_nobody_admits_whom_they_registered(officer: Person) -> None:
    registered = (await officer.post("/members", WANGARI)).json()

    refused = await officer.post(f"/approvals/{registered['approval']['id']}/approve")

    assert (refused.status_code, refused.json()["code"]) == (403, "staff.own_request")
    assert await names(officer, "", status="pending") == ["Wangari"]


async def test_a_teller_does_not_admit(teller: Person, officer: Person) -> None:
    registered = (await officer.post("/members", WANGARI)).json()

    refused = await teller.post(f"/approvals/{registered['approval']['id']}/approve")

    assert refused.json()["facts"] == {"permission": "members.admit"}


async def test_who_is_turned_away_may_ask_again(teller: Person, officer: Person) -> None:
    first = (await teller.post("/members", WANGARI)).json()
    await officer.post(f"/approvals/{first['approval']['id']}/reject", {"reason": "the id card is missing"})
    assert (await teller.get(f"/members/{first['member']['id']}")).json()["member"]["status"] == "rejected"

    again = (await teller.post("/members", {**WANGARI, "last_name": "Muthoni Kariuki"})).json()

    assert again["member"]["id"] == first["member"]["id"]
    assert again["member"]["last_name"] == "Muthoni Kariuki"
    admitted = await officer.post(f"/approvals/{again['approval']['id']}/approve")
    assert admitted.status_code == 200


async def test_a_registration_that_waits_is_not_made_twice(teller: Person, officer: Person) -> None:
    first = (await teller.post("/members", WANGARI)).json()

    second = await officer.post("/members", WANGARI)

    assert second.status_code == 409
    assert second.json()["facts"] == {"request_id": first["approval"]["id"]}


async def test_a_registration_nobody_decided_on_may_be_made_again(world: World, teller: Person) -> None:
    first = (await teller.post("/members", WANGARI)).json()
    async with world.system.database.reading() as session:
        row = await session.row("SELECT expires_at FROM staff_request")
    assert row is not None
    world.clock.move(seconds=(row["expires_at"] - world.clock.now() + timedelta(seconds=1)).total_seconds())
    officer = await seated(world, LOANS.email)

    again = await officer.post("/members", WANGARI)

    assert again.status_code == 202
    assert again.json()["member"]["id"] == first["member"]["id"]


async def test_two_who_register_the_same_person_at_once_make_one(
    world: World, teller: Person, officer: Person
) -> None:
    answers = await asyncio.gather(*(person.post("/members", WANGARI) for person in (teller, officer)))

    assert sorted(answer.status_code for answer in answers) == [202, 409]
    assert await world.count("member") == len(PEOPLE) + 1


async def test_who_can_not_join_is_refused(world: World, teller: Person) -> None:
    cases: list[tuple[dict[str, str], int, str]] = [
        ({"phone": AMINA.phone}, 409, "members.already"),
        ({"phone": NJERI.phone}, 409, "members.already"),
        ({"phone": "020 123 456"}, 422, "phone.invalid"),
        ({"birth_date": "2008-03-12"}, 422, "members.not_of_age"),
        ({"birth_date": "1899-01-01"}, 422, "request.invalid"),
        ({"first_name": " "}, 422, "request.invalid"),
        ({"language": "fr"}, 422, "request.invalid"),
    ]

    for changed, status, code in cases:
        answer = await teller.post("/members", {**WANGARI, **changed})
        assert (answer.status_code, answer.json()["code"]) == (status, code), changed

    assert await world.count("member") == len(PEOPLE)


async def test_one_joins_on_one_s_eighteenth_birthday(teller: Person) -> None:
    assert (await teller.post("/members", {**WANGARI, "birth_date": "2008-03-11"})).status_code == 202


async def test_a_national_id_is_kept_sealed_and_seen_whole_by_who_may(
    world: World, teller: Person, officer: Person, hire: Hire
) -> None:
    auditor = await hire(Role.AUDITOR)
    registered = (await teller.post("/members", {**WANGARI, "national_id": "12 345 678"})).json()
    joined = registered["member"]["id"]

    seen = await officer.get(f"/members/{joined}/national-id")
    nobody = await officer.get("/members/mbr_nothing/national-id")
    none_on_file = await officer.get(f"/members/{await member_id(world, CHEBET.phone)}/national-id")
    not_permitted = await auditor.get(f"/members/{joined}/national-id")

    assert seen.json() == {"national_id": "12345678"}
    assert registered["approval"]["facts"]["national_id"] == "*****678"
    assert nobody.status_code == 404
    assert none_on_file.json() == {"national_id": None}
    assert not_permitted.status_code == 403
    assert len(await audited(world, "member.national_id_seen")) == 1


async def test_what_is_no_national_id_is_refused(teller: Person) -> None:
    refused = await teller.post("/members", {**WANGARI, "national_id": "abc"})

    assert (refused.status_code, refused.json()["code"]) == (422, "membership.national_id_invalid")
