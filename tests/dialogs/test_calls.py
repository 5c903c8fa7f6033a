"""Calls that drop, repeat, come late or begin with a shortcut."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from core.errors import DatabaseUnavailable
from core.money import Money
from dialogs.messages import TextStyle
from dialogs.redis_connection import RedisConnection
from tests.clock import StoppedClock
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, CHEBET, Payment, Teller, a_loan

PhoneOf = Callable[[str], Handset]

UNFINISHED = "You have an unfinished request: repay loan.\n1. Continue\n2. Start again"


# Repeats and late copies


async def test_repeated_request_gets_the_same_bytes_and_does_nothing(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    first = await amina.play("3", "1000")
    calls = list(teller.calls)

    again = await amina.send(amina.text)

    assert again == first
    assert teller.calls == calls


async def test_repeated_confirmation_is_one_payment(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    first = await amina.play("3", "1000", "1")

    again = await amina.send(amina.text)

    assert again == first
    assert teller.calls.count("repay_by_mpesa") == 1


async def test_dial_that_comes_twice_is_answered_twice_alike(amina: Handset, teller: Teller) -> None:
    first = await amina.dial()

    assert await amina.send("") == first
    assert teller.calls == ["caller"]


async def test_late_copy_of_an_earlier_request_gets_the_last_answer(amina: Handset) -> None:
    await amina.sign_in("4271")
    last = await amina.play("6", "6")

    assert await amina.send("4271*6") == last
    assert await amina.send("4271") == last
    assert (await amina.type("1")).label == "language.done"


async def test_second_start_with_the_dialled_digits_takes_no_wrong_action(
    amina: Handset, teller: Teller
) -> None:
    await amina.dial()

    reply = await amina.type("3")

    assert reply.text == "A PIN has 4 digits. Try again.\nHello Amina. Enter your PIN:"
    assert (await amina.type("4271")).label == "home.menu"
    assert teller.calls == ["caller", "sign_in"]


async def test_star_inside_an_input_is_one_wrong_input(amina: Handset) -> None:
    await amina.sign_in("4271")

    reply = await amina.type("6*6")

    assert reply.text.startswith("Invalid choice.")
    assert (await amina.type("6")).label == "more.menu"
    assert await amina.send("4271*6") == await amina.send(amina.text)


async def test_text_that_diverges_ends_with_an_apology_and_keeps_the_conversation(amina: Handset) -> None:
    await amina.sign_in("4271")
    text = amina.text

    with capture_logs() as logs:
        reply = await amina.send("9999*1")

    assert reply.ends
    assert reply.text == "Sorry, we lost the thread. Dial *384*96# to start again."
    assert logs[0]["event"] == "text does not follow what was heard"
    amina.text = text
    assert (await amina.type("6")).label == "more.menu"


async def test_empty_text_in_mid_call_shows_the_start_and_changes_nothing(amina: Handset) -> None:
    await amina.sign_in("4271")

    shown = await amina.send("")

    assert shown.text == "Hello Amina. Enter your PIN:"
    assert (await amina.type("6")).label == "more.menu"


async def test_single_input_behind_an_empty_text_is_a_new_conversation(
    amina: Handset, teller: Teller
) -> None:
    await amina.sign_in("4271")
    await amina.play("6", "6")
    await amina.send("")

    wrong = await amina.send("1111")
    right = await amina.send("1111*4271")

    assert wrong.text.startswith("Wrong PIN. Tries left: 2.")
    assert right.label == "home.menu"
    assert teller.members[AMINA].tries == 0


async def test_same_pin_behind_an_empty_text_is_checked_anew(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.type("6")
    await amina.send("")

    reply = await amina.send("4271")

    assert reply.label == "home.menu"
    assert teller.calls.count("sign_in") == 2


async def test_wrong_pins_behind_redials_of_one_call_id_are_all_counted(
    amina: Handset, teller: Teller
) -> None:
    await amina.dial()
    for pin in ("1111", "2222", "3333"):
        reply = await amina.send(pin)
        if not reply.ends:
            await amina.type("")
            await amina.send("")

    assert teller.members[AMINA].is_locked


async def test_ended_call_repeats_its_last_screen(amina: Handset) -> None:
    await amina.sign_in("4271")
    end = await amina.play("3", "1000", "1")

    assert await amina.send(amina.text) == end
    assert await amina.send("4271*3") == end


async def test_input_behind_the_end_is_no_new_call(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000", "1")

    reply = await amina.type("1")

    assert reply.label == "end.lost_thread"
    assert len(teller.payments) == 1


async def test_empty_text_behind_the_end_dials_anew(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000", "1")

    assert (await amina.send("")).text == "Hello Amina. Enter your PIN:"
    assert (await amina.send("4271")).label == "home.menu"


async def test_end_is_remembered_for_more_than_five_minutes(
    amina: Handset, connection: RedisConnection
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000", "1")

    remaining = await _milliseconds_left(connection, AMINA)

    assert 5 * 60_000 < remaining < 24 * 3_600_000


async def test_ended_call_of_newest_inputs_stays_ended(amina: Handset, teller: Teller) -> None:
    amina.style = TextStyle.LATEST
    await amina.sign_in("4271")
    end = await amina.play("3", "1000", "1")

    assert await amina.send("1") == end
    assert len(teller.payments) == 1


# Somebody else's call


async def test_call_id_of_another_number_shows_no_data(amina: Handset) -> None:
    await amina.sign_in("4271")
    before = amina.text

    with capture_logs() as logs:
        reply = await amina.send("4271*1", number=CHEBET)

    assert reply.ends
    assert reply.label == "end.not_your_call"
    assert "7" not in reply.text.replace("*384*96#", "")
    assert (logs[0]["security"], logs[0]["phone"]) == (True, "0711***005")
    amina.text = before
    assert (await amina.type("1")).label == "balance.accounts"


# Dropped calls


async def test_dropped_payment_goes_on_with_the_same_payment(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    confirm = await amina.play("3", "1000")

    offer = await amina.sign_in("4271")
    again = await amina.type("1")
    end = await amina.type("1")

    assert offer.text == UNFINISHED
    assert again.text == confirm.text
    assert end.ends
    assert teller.payments == {"pay_1": Payment(f"mbr_{AMINA}", "lon_1", Money(1_000_00))}


async def test_dropped_payment_goes_on_with_figures_of_today(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "3")
    teller.owes(AMINA, a_loan(to_clear=Money(7_500_00), due_now=Money(250_00)))

    await amina.sign_in("4271")
    reply = await amina.type("1")

    assert reply.label == "repay.amount"
    assert "1. Due now 250.00\n2. Clear loan 7,500.00" in reply.text


async def test_resumed_payment_above_what_is_owed_now_is_asked_again(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    teller.owes(AMINA, a_loan(to_clear=Money(900_00)))

    await amina.sign_in("4271")
    reply = await amina.type("1")

    assert reply.text.startswith("The amount must be from 1.00 to 900.00.\nDevelopment loan.")


async def test_unfinished_task_may_be_given_up(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")

    await amina.sign_in("4271")
    reply = await amina.type("2")

    assert reply.label == "home.menu"
    assert (await amina.sign_in("4271")).label == "home.menu"


async def test_resumed_task_leads_back_to_the_menu(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    await amina.sign_in("4271")

    labels = [(await amina.type(key)).label for key in ("1", "0", "0")]

    assert labels == ["repay.confirm", "repay.amount", "home.menu"]


async def test_call_that_dropped_at_the_menu_offers_nothing(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("1", "0", "6")

    assert (await amina.sign_in("4271")).label == "home.menu"


async def test_finished_payment_offers_nothing(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000", "1")

    assert (await amina.sign_in("4271")).label == "home.menu"


async def test_task_survives_a_call_that_does_not_get_past_the_pin(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    await amina.dial()
    await amina.type("1111")

    assert (await amina.sign_in("4271")).text == UNFINISHED


async def test_task_is_kept_for_a_day(
    amina: Handset, clock: StoppedClock, connection: RedisConnection
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")

    assert await _milliseconds_left(connection, AMINA) > 23 * 3_600_000
    clock.move(hours=23)
    await amina.dial()
    clock.move(hours=2)
    assert (await amina.sign_in("4271")).label == "home.menu"


async def test_failing_figures_leave_the_offer_as_it_was(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    await amina.sign_in("4271")
    teller.failing["loans"] = DatabaseUnavailable(in_doubt=False)

    reply = await amina.type("1")
    teller.failing.clear()

    assert reply.text == f"The service is busy. Nothing was taken. Try again.\n{UNFINISHED}"
    assert (await amina.type("1")).label == "repay.confirm"


async def test_task_of_the_numbers_former_owner_is_not_offered(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    teller.ids[AMINA] = "mbr_somebody_else"

    assert (await amina.sign_in("4271")).label == "home.menu"


# Shortcuts


@pytest.mark.parametrize("in_code", [False, True])
async def test_shortcut_goes_on_behind_the_pin(amina: Handset, teller: Teller, *, in_code: bool) -> None:
    greeting = await amina.dial(**({"in_code": "3*500"} if in_code else {"typed_along": "3*500"}))
    reply = await amina.type("4271")

    assert greeting.text == "Hello Amina. Enter your PIN:"
    assert reply.text.startswith("Pay KES 500.00 by M-Pesa from 0711***001?")
    assert not teller.payments
    assert (await amina.type("1")).ends


async def test_shortcut_never_answers_the_pin_or_a_confirmation(amina: Handset, teller: Teller) -> None:
    await amina.dial(typed_along="3*500*1")

    reply = await amina.type("4271")

    assert reply.label == "repay.confirm"
    assert teller.pins_seen == ["4271"]
    assert not teller.payments


async def test_pin_in_a_shortcut_is_not_taken(amina: Handset, teller: Teller) -> None:
    await amina.dial(typed_along="4271*1")

    assert teller.calls == ["caller"]
    assert (await amina.type("4271")).text.startswith("Imarisha Sacco\n1. Check Balance")


async def test_shortcut_changes_no_setting(amina: Handset, teller: Teller) -> None:
    await amina.dial(typed_along="6*6*2")

    reply = await amina.type("4271")

    assert reply.label == "language.choose"
    assert teller.members[AMINA].language == "en"


async def test_shortcut_stops_at_the_first_input_that_fits_nothing(amina: Handset) -> None:
    await amina.dial(typed_along="3*abc*3")

    reply = await amina.type("4271")

    assert reply.label == "repay.amount"
    assert reply.text.startswith("Development loan.")


async def test_shortcut_survives_a_wrong_pin(amina: Handset) -> None:
    await amina.dial(typed_along="1")

    assert (await amina.type("1111")).text.startswith("Wrong PIN.")
    assert (await amina.type("4271")).label == "balance.accounts"


async def test_shortcut_goes_before_an_unfinished_task_that_stays_for_later(amina: Handset) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    await amina.dial(typed_along="1")

    assert (await amina.type("4271")).label == "balance.accounts"
    assert (await amina.sign_in("4271")).text == UNFINISHED


async def test_shortcut_of_a_gateway_that_tells_it_once_is_dropped(amina: Handset) -> None:
    amina.style = TextStyle.LATEST
    await amina.dial(in_code="3*500")
    amina.dialled = ""

    assert (await amina.type("4271")).label == "home.menu"


async def test_shortcut_to_figures_that_can_not_be_read_stays_at_the_menu(
    amina: Handset, teller: Teller
) -> None:
    teller.failing["loans"] = DatabaseUnavailable(in_doubt=False)
    await amina.dial(typed_along="3*500")

    reply = await amina.type("4271")

    assert reply.text.startswith("The service is busy. Nothing was taken. Try again.\nImarisha Sacco")


# Bounds


@pytest.mark.parametrize("text", ["1" * 10_000, "*" * 10_000, "4271*" + "1*" * 60])
async def test_endless_text_ends_politely(amina: Handset, teller: Teller, text: str) -> None:
    await amina.dial()

    reply = await amina.send(text)

    assert reply.ends
    assert reply.text.startswith("This call has become too long. Dial *384*96# to start again.")
    assert teller.calls == ["caller"]


async def test_endless_call_of_newest_inputs_ends_politely(amina: Handset) -> None:
    amina.style = TextStyle.LATEST
    await amina.sign_in("4271")

    replies = [await amina.type("6" if turn % 2 else "0") for turn in range(1, 60)]

    assert [reply.ends for reply in replies] == [False] * 58 + [True]


async def _milliseconds_left(connection: RedisConnection, number: str) -> int:
    remaining = await connection.execute("PTTL", f"imarisha:talk:{{{number}}}")
    assert isinstance(remaining, int)
    return remaining
