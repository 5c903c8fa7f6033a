"""Can staff see what a member was shown, and only those who may?"""

from imarisha.institution import AMINA
from tests.channels.admin.conftest import Person
from tests.world import World


async def played(world: World) -> None:
    phone = world.phone(AMINA.phone)
    await phone.dial("*384*96#")
    for typed in ("4271", "3", "1000", "1"):
        await phone.answer(typed, copies=2)
    await world.system.screens.flush()


async def test_staff_see_what_stood_on_the_phone_and_what_was_agreed_to(world: World, admin: Person) -> None:
    await played(world)
    await world.pass_time(seconds=10)

    answer = await admin.get("/screens", phone=AMINA.phone)

    assert answer.status_code == 200
    seen = answer.json()["items"]
    assert [(each["label"], each["agreed"]) for each in seen] == [
        ("repay.prompted", False),
        ("repay.confirm", False),
        ("repay.amount", False),
        ("home.menu", False),
        ("sign_in.pin", False),
        ("repay.confirm", True),
    ]
    agreed = seen[-1]
    assert agreed["text"].startswith("Pay KES 1,000.00 by M-Pesa from 0711***001?")
    assert agreed["seal"]
    assert "4271" not in answer.text
    assert AMINA.phone not in answer.text


async def test_the_yes_is_kept_even_where_the_other_screens_are_lost(world: World, admin: Person) -> None:
    phone = world.phone(AMINA.phone)
    await phone.dial("*384*96*3*1000#")
    await phone.answer("4271")
    await phone.answer("1")

    answer = await admin.get("/screens")

    assert [each["label"] for each in answer.json()["items"]] == ["repay.confirm"]


async def test_screens_are_of_a_member_only_behind_the_pin(world: World, admin: Person) -> None:
    await played(world)
    first = (await admin.get("/screens", most=1)).json()["items"][0]

    answer = await admin.get("/screens", member=first["member_id"])

    labels = [each["label"] for each in answer.json()["items"]]
    assert "sign_in.pin" not in labels
    assert "home.menu" in labels


async def test_who_may_not_read_the_trail_sees_no_screens(teller: Person) -> None:
    assert (await teller.get("/screens")).status_code == 403


async def test_a_moment_without_its_zone_is_refused(admin: Person) -> None:
    assert (await admin.get("/screens", since="2026-03-11T10:00:00")).status_code == 422
