"""After a drop: what was not confirmed is offered again, what was begun is told of, and nothing is paid twice."""

import pytest

from core.errors import DatabaseUnavailable
from core.money import Money
from dialogs.desk import FateState
from tests.clock import StoppedClock
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, Teller

MENU = "\nImarisha Sacco\n1. Check Balance\n2. Apply for Loan\n3. Repay Loan"


async def test_a_payment_not_confirmed_is_offered_again(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")

    offered = await amina.sign_in("4271")

    assert offered.text == "You have an unfinished request: repay loan.\n1. Continue\n2. Start again"
    assert (await amina.type("1")).label == "repay.confirm"


@pytest.mark.parametrize(
    ("fate", "told"),
    [
        (FateState.PAID, "Your last payment of KES 1,000.00 was received. Receipt UCBM6BB1Z5."),
        (FateState.PENDING, "Your last payment of KES 1,000.00 is still pending. We will SMS you."),
        (FateState.FAILED, "Your last payment of KES 1,000.00 was not made."),
    ],
)
async def test_what_became_of_a_payment_is_told_by_the_next_call_and_only_once(
    amina: Handset, teller: Teller, fate: FateState, told: str
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000", "1")
    teller.fates["pay_1"] = fate

    next_call = await amina.sign_in("4271")
    later = await amina.sign_in("4271")

    assert next_call.text.startswith(told + MENU)
    assert later.text.startswith(MENU.strip())


async def test_a_payment_begun_by_a_turn_that_was_lost_is_told_of_and_not_offered(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    """The process died after the commit and before the save: the record still stands at the question."""
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    await teller.repay_by_mpesa(
        payment_id="pay_1",
        member_id="mbr_+254711000001",
        loan_id="lon_1",
        amount=Money(1_000_00),
        channel="ussd",
    )
    teller.fates["pay_1"] = FateState.PAID
    clock.move(hours=3)

    reply = await amina.sign_in("4271")

    assert reply.text.startswith("Your last payment of KES 1,000.00 was received. Receipt UCBM6BB1Z5." + MENU)
    assert len(teller.payments) == 1


async def test_a_payment_in_doubt_is_told_of(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    teller.failing["repay_by_mpesa"] = DatabaseUnavailable(in_doubt=True)
    ended = await amina.type("1")
    del teller.failing["repay_by_mpesa"]

    offered = await amina.sign_in("4271")

    assert ended.label == "end.in_doubt"
    assert offered.label == "sign_in.unfinished"
    assert (await amina.play("1", "1")).label == "repay.prompted"
    assert len(teller.payments) == 1


async def test_an_old_payment_is_told_by_its_message_alone(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000", "1")
    clock.move(minutes=16)

    assert (await amina.sign_in("4271")).text.startswith(MENU.strip())
    assert "fate" not in teller.calls


async def test_another_member_on_the_same_number_hears_nothing_of_a_payment(
    amina: Handset, teller: Teller
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000", "1")
    teller.ids[AMINA] = "mbr_new"

    reply = await amina.sign_in("4271")

    assert reply.text.startswith(MENU.strip())
    assert "fate" not in teller.calls


async def test_a_shortcut_goes_before_what_is_told(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000", "1")

    await amina.dial(in_code="1")

    assert (await amina.type("4271")).label == "balance.accounts"


# The network's end of a call


async def test_near_the_end_of_a_call_the_task_is_kept_and_a_message_says_how_to_go_on(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    clock.move(seconds=161)

    ended = await amina.play("3")

    assert ended.ends
    assert ended.text == "Time is nearly up. Your request is kept for 24 hours: dial *384*96# to go on."
    assert [*teller.kept_for_later.values()] == [("mbr_+254711000001", "repay")]
    assert (await amina.sign_in("4271")).label == "sign_in.unfinished"
    assert (await amina.type("1")).label == "repay.amount"


async def test_a_repeat_of_the_last_request_sends_no_second_message(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    clock.move(seconds=161)
    ended = await amina.play("3")

    assert await amina.send(amina.text) == ended
    assert teller.calls.count("keep_for_later") == 1


async def test_a_call_with_nothing_to_lose_goes_on_to_the_end(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    clock.move(seconds=175)

    assert (await amina.type("1")).label == "balance.accounts"
    assert teller.kept_for_later == {}


async def test_a_yes_near_the_end_is_done_all_the_same(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    clock.move(seconds=175)

    assert (await amina.type("1")).label == "repay.prompted"
    assert len(teller.payments) == 1


async def test_the_screen_tells_how_to_go_on_where_no_message_can_be_sent(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    teller.failing["keep_for_later"] = DatabaseUnavailable(in_doubt=False)
    clock.move(seconds=161)

    assert (await amina.play("3")).label == "end.time_up"


async def test_a_call_the_network_ended_leaves_a_message_once(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")

    for _ in range(2):
        await amina.engine.hung_up(provider="africastalking", call=amina.call, address=AMINA)

    assert [*teller.kept_for_later.values()] == [("mbr_+254711000001", "repay")]
    assert (await amina.sign_in("4271")).label == "sign_in.unfinished"


async def test_the_end_of_a_call_with_nothing_left_in_it_leaves_no_message(
    amina: Handset, teller: Teller
) -> None:
    await amina.sign_in("4271")
    await amina.engine.hung_up(provider="africastalking", call=amina.call, address=AMINA)
    await amina.engine.hung_up(provider="africastalking", call="another call", address=AMINA)
    await amina.engine.hung_up(provider="africastalking", call=amina.call, address="+254711000099")
    await amina.play("3", "1000", "1")
    await amina.engine.hung_up(provider="africastalking", call=amina.call, address=AMINA)

    assert teller.kept_for_later == {}


@pytest.mark.parametrize("failing", [DatabaseUnavailable(in_doubt=False), DatabaseUnavailable(in_doubt=True)])
async def test_a_message_that_can_not_be_sent_troubles_nobody(
    amina: Handset, teller: Teller, failing: DatabaseUnavailable
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    teller.failing["keep_for_later"] = failing

    await amina.engine.hung_up(provider="africastalking", call=amina.call, address=AMINA)

    assert (await amina.type("1")).label == "repay.prompted"


# Screens kept for disputes


async def test_the_screen_that_was_agreed_to_goes_with_the_change_it_led_to(
    amina: Handset, teller: Teller
) -> None:
    await amina.sign_in("4271")
    asked = await amina.play("3", "1000")
    assert teller.agreed == []

    await amina.type("1")

    (screen,) = teller.agreed
    assert (screen.text, screen.label, screen.bound) == (asked.text, "repay.confirm", True)
    assert screen.member_id == "mbr_+254711000001"
