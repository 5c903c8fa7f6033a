"""Help and cancel: keys that work on every screen, before sign-in too."""

from dialogs.check_rules import graph_faults
from dialogs.flows import all_flows
from dialogs.trail import Keys
from tests.dialogs.handset import Handset
from tests.dialogs.teller import Teller

HELP = "0 Back\n00 Home\n98 More of a long screen\n000 End the call\nHelp: 0800 720 096\n0 Back 00 Home"


async def test_help_lies_over_any_screen_and_back_leads_to_it_with_its_values(amina: Handset) -> None:
    await amina.sign_in("4271")
    asked = await amina.play("3", "1000")

    helped = await amina.type("09")
    again = await amina.type("0")

    assert helped.text == HELP
    assert again == asked
    assert (await amina.type("1")).label == "repay.prompted"


async def test_help_before_sign_in_offers_no_way_home(amina: Handset, teller: Teller) -> None:
    asked = await amina.dial()

    helped = await amina.type("09")
    home = await amina.type("00")

    assert helped.text.endswith("\n0 Back")
    assert home.text.startswith("Invalid choice.")
    assert await amina.type("0") == asked
    assert teller.calls == ["caller"]


async def test_help_asked_for_in_the_help_is_no_second_one(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.type("09")

    assert (await amina.type("09")).text.startswith("Invalid choice.")
    assert (await amina.type("0")).label == "home.menu"


async def test_home_leads_out_of_the_help(amina: Handset) -> None:
    await amina.sign_in("4271")

    assert (await amina.play("3", "09", "00")).label == "home.menu"


async def test_cancel_ends_the_call_and_gives_the_task_up(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    reply = await amina.play("3", "1000", "000")
    repeated = await amina.send(amina.text)

    later = await amina.sign_in("4271")

    assert reply.ends
    assert reply.text == "You ended the call. What you had not confirmed was not done."
    assert repeated == reply
    assert later.label == "home.menu"
    assert teller.payments == {}


async def test_cancel_works_before_sign_in(amina: Handset, teller: Teller) -> None:
    await amina.dial()

    assert (await amina.type("000")).label == "end.cancelled"
    assert teller.calls == ["caller"]


async def test_the_way_to_the_help_is_shown_to_who_is_lost(amina: Handset) -> None:
    await amina.sign_in("4271")

    once, twice = await amina.type("77"), await amina.type("77")

    assert "Help" not in once.text
    assert twice.text.endswith("\n09 Help")


def test_no_option_may_have_a_key_that_moves_about() -> None:
    found = graph_faults(all_flows(), frozenset({"members.unknown"}), Keys(help="3"))

    assert "home.menu: the key 3 moves about and can be no option" in found
