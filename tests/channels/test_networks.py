"""Does each network's way of talking come to the same conversation?"""

import pytest

from channels.networks import (
    AIRTEL,
    CODE_FIRST,
    LATEST_ONLY,
    NETWORKS,
    PLAYED,
    SAFARICOM,
    Network,
    networks_of,
)
from dialogs.messages import TextStyle
from imarisha.institution import AMINA
from tests.channels.test_ussd_requests import CALL, EVENTS, say
from tests.world import World


@pytest.mark.parametrize("network", PLAYED.values(), ids=lambda network: network.code)
async def test_a_call_goes_the_same_way_on_every_network(world: World, network: Network) -> None:
    phone = world.phone(AMINA.phone, network=network)

    screens = [await phone.dial("*384*96#"), await phone.answer("4271"), await phone.answer("3")]
    screens += [await phone.answer("1000"), await phone.answer("2"), await phone.answer("0")]

    labels = ["sign_in.pin", "home.menu", "repay.amount", "repay.confirm", "repay.amount", "home.menu"]
    assert [screen.label for screen in screens] == labels
    assert all(screen.fits for screen in screens)


@pytest.mark.parametrize("network", PLAYED.values(), ids=lambda network: network.code)
async def test_an_input_dialled_along_is_taken_on_every_network_that_tells_it(
    world: World, network: Network
) -> None:
    phone = world.phone(AMINA.phone, network=network)

    await phone.dial("*384*96*1#")
    screen = await phone.answer("4271")

    told = network.style is TextStyle.CUMULATIVE
    assert screen.label == ("balance.accounts" if told else "home.menu")


@pytest.mark.parametrize("dialled", ["*384*96#", "*384*96*3*1000#"])
async def test_the_dialled_code_as_first_input_is_no_input(world: World, dialled: str) -> None:
    first = await say(world, dialled, networkCode=CODE_FIRST.code)
    signed_in = await say(world, f"{dialled}*4271", networkCode=CODE_FIRST.code)

    assert first == "CON Hello Amina. Enter your PIN:"
    expected = "CON Pay KES 1,000.00" if "3" in dialled.removeprefix("*384*96") else "CON Imarisha Sacco"
    assert signed_in.startswith(expected)


async def test_a_code_that_is_not_ours_is_an_input_like_any_other(world: World) -> None:
    answer = await say(world, "*100#", networkCode=CODE_FIRST.code)

    assert answer == "CON Hello Amina. Enter your PIN:"


async def test_a_start_that_comes_twice_is_one_call(world: World) -> None:
    phone = world.phone(AMINA.phone, network=LATEST_ONLY)

    await phone.dial("*384*96#")

    assert len(phone.answers) == 2
    assert len({answer.text for answer in phone.answers}) == 1
    assert (await phone.answer("4271")).label == "home.menu"


async def test_an_end_is_told_or_kept_silent_as_the_network_does(world: World) -> None:
    posts: list[str] = []

    async def note(request: object) -> None:
        posts.append(request.url.path)  # type: ignore[attr-defined]  # an httpx request

    world.http.event_hooks["request"].append(note)
    for network in (SAFARICOM, CODE_FIRST):
        phone = world.phone(AMINA.phone, network=network)
        await phone.dial("*384*96#")
        await phone.drop()

    assert posts.count(EVENTS) == 1


async def test_a_network_without_a_profile_gets_the_strictest(world: World) -> None:
    known = await say(world, "", networkCode="63902")
    unknown = await say(world, "", networkCode="12345", sessionId=CALL[:-1] + "0")

    assert unknown == known


def test_an_installation_says_what_is_different() -> None:
    networks = networks_of('{"63903": {"budget": 170, "style": "latest"}, "77": {"call_seconds": 60}}')

    assert (networks["63903"].budget, networks["63903"].name) == (170, AIRTEL.name)
    assert networks["63903"].style is TextStyle.LATEST
    assert (networks["77"].code, networks["77"].name, networks["77"].budget) == ("77", "network 77", 160)
    assert networks["63902"] == SAFARICOM
    assert networks_of("") == NETWORKS


@pytest.mark.parametrize(
    "setting", ["[]", "{", '{"1": {"budget": 200}}', '{"1": {"style": "odd"}}', '{"1": {"colour": "red"}}']
)
def test_a_profile_that_can_not_be_is_refused(setting: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the library's
        networks_of(setting)
