"""Is the screen that a member said yes to with their PIN kept with what it led to, and never for a wrong PIN?"""

from imarisha.institution import MWANGI
from tests.world import World


async def agreed(world: World) -> list[str]:
    async with world.system.database.reading() as session:
        rows = await session.rows("SELECT label FROM shown_screen WHERE bound ORDER BY at")
    return [row["label"] for row in rows]


async def test_a_wrong_pin_agrees_to_nothing_and_the_right_one_does(world: World) -> None:
    phone = world.phone(MWANGI.phone)
    await phone.dial("*384*96#")
    for typed in (MWANGI.pin or "", "2", "1", "1", "50000", "12", "1", "0000"):
        await phone.answer(typed)
    assert await agreed(world) == []

    screen = await phone.answer(MWANGI.pin or "")

    assert "LA-1001" in screen.text
    assert await agreed(world) == ["apply.agree"]
    assert await world.count("loan_application") == 1
