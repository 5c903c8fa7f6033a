"""Does the address in the SMS open the statement on any phone, and nothing else?"""

import re

from imarisha.institution import AMINA
from tests.world import BASE, World


async def ask_for_a_statement(world: World) -> str:
    """The path that the member's SMS leads to."""
    phone = world.phone(AMINA.phone)
    await phone.dial("*384*96#")
    for typed in (AMINA.pin or "", "4", "1", "1"):
        await phone.answer(typed)
    await world.work()
    [message] = await world.messages(AMINA.phone)
    found = re.search(rf"{re.escape(BASE)}(/statements/\S+)", message)
    assert found is not None, message
    return found[1]


async def test_the_link_in_the_message_opens_the_statement(world: World) -> None:
    path = await ask_for_a_statement(world)

    answer = await world.http.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith('inline; filename="statement-M00001-')
    assert answer.content.startswith(b"%PDF")


async def test_a_link_that_is_not_ours_and_one_that_ended_look_alike(world: World) -> None:
    path = await ask_for_a_statement(world)
    world.clock.move(hours=24)

    ended, never = await world.http.get(path), await world.http.get("/statements/lnk_none.aaaa")

    assert (ended.status_code, ended.text) == (never.status_code, never.text)
    assert ended.status_code == 404
    assert "ended" in ended.text
    assert "kimeisha" in ended.text


async def test_without_the_database_a_member_is_asked_to_come_back(world: World) -> None:
    path = await ask_for_a_statement(world)
    await world.system.database.close()

    answer = await world.http.get(path)

    assert answer.status_code == 503
    await world.system.database.open()
