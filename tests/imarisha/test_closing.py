"""A house that was off closes the days it missed."""

from datetime import date

from imarisha.closing import close_missed_days
from tests.world import World


async def test_days_on_which_the_house_was_off_are_closed_in_order_and_once(world: World) -> None:
    world.clock.move(days=3)

    first = await close_missed_days(world.system)
    again = await close_missed_days(world.system)

    assert first == [date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 13)]
    assert again == []
    await world.assert_books_agree()


async def test_reminders_wait_for_the_morning(world: World) -> None:
    world.clock.move(days=2, hours=-8.5)

    await close_missed_days(world.system)
    await world.work()
    at_night = await world.messages("+254711000001")
    await world.pass_time(hours=7)

    assert at_night == []
    assert "is due on 16 Mar 2026" in (await world.messages("+254711000001"))[-1]
