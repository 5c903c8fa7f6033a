"""What do we make of a network's word that a call is over?"""

import pytest

from imarisha.institution import AMINA
from tests.channels.test_ussd_requests import CALL, EVENTS, fields, post, say
from tests.world import World

WAITING = (
    "Your request (repay loan) is not finished. We keep it for 24 hours:"
    " dial *384*96# and enter your PIN to go on. Imarisha Sacco"
)


async def end(world: World, **changed: str) -> None:
    event = {**fields(), "status": "Incomplete", "durationInMillis": "179500", **changed}
    answer = await post(world, event, EVENTS)
    assert answer.status_code == 200


async def left_in_the_middle(world: World) -> None:
    await say(world, "")
    await say(world, "4271")
    await say(world, "4271*3")


async def test_a_call_ended_by_the_network_leaves_a_message_that_says_how_to_go_on(world: World) -> None:
    await left_in_the_middle(world)

    await end(world)
    await end(world)
    await world.work()

    assert await world.messages(AMINA.phone) == [WAITING]


@pytest.mark.parametrize(
    "changed",
    [
        {"durationInMillis": "60000"},
        {"durationInMillis": "long"},
        {"status": "Success"},
        {"phoneNumber": "nobody"},
        {"sessionId": CALL[:-1] + "0"},
    ],
)
async def test_any_other_end_leaves_none(world: World, changed: dict[str, str]) -> None:
    await left_in_the_middle(world)

    await end(world, **changed)
    await world.work()

    assert await world.messages(AMINA.phone) == []
