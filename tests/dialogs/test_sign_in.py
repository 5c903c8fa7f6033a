"""From the dial to the home menu, or to a polite end."""

from collections.abc import Callable
from datetime import timedelta

from core.errors import DatabaseUnavailable, ServiceBusy
from tests.clock import StoppedClock
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, CHEBET, HASSAN, NJERI, STRANGER, WAFULA, Teller

PhoneOf = Callable[[str], Handset]

HOME = "Imarisha Sacco\n1. Check Balance\n2. Apply for Loan\n3. Repay Loan\n4. Account Statement\n6. More"


async def test_member_dials_enters_the_pin_and_sees_the_menu(amina: Handset) -> None:
    greeting = await amina.dial()
    menu = await amina.type("4271")

    assert (greeting.text, greeting.ends, greeting.label) == (
        "Hello Amina. Enter your PIN:",
        False,
        "sign_in.pin",
    )
    assert (menu.text, menu.ends, menu.label) == (HOME, False, "home.menu")


async def test_member_is_greeted_in_their_language(phone_of: PhoneOf) -> None:
    chebet = phone_of(CHEBET)

    assert (await chebet.dial()).text == "Habari Chebet. Weka PIN yako:"
    assert (await chebet.type("7352")).text.startswith(
        "Imarisha Sacco\n1. Angalia Salio\n2. Omba Mkopo\n3. Lipa Mkopo"
    )


async def test_wrong_pin_tells_how_many_tries_are_left(amina: Handset) -> None:
    await amina.dial()

    reply = await amina.type("1111")

    assert reply.text == "Wrong PIN. Tries left: 2.\nHello Amina. Enter your PIN:"
    assert not reply.ends
    assert (await amina.type("4271")).label == "home.menu"


async def test_third_wrong_pin_ends_the_call_with_the_time_of_the_lock(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    teller.members[AMINA].locked_until = clock.now() + timedelta(minutes=30, milliseconds=40)
    await amina.dial()
    await amina.play("1111", "2222")

    reply = await amina.type("3333")

    assert reply.text == "Your PIN is locked for 30 minutes. Forgot it? Call 0800 720 096."
    assert reply.ends


async def test_lock_that_only_staff_can_lift_says_so(phone_of: PhoneOf) -> None:
    hassan = phone_of(HASSAN)

    reply = await hassan.sign_in("6104")

    assert reply.text == "PIN yako imefungwa. Ili ifunguliwe, fika tawini au piga 0800 720 096."
    assert reply.ends


async def test_unknown_number_is_told_how_to_join_in_both_languages(
    phone_of: PhoneOf, teller: Teller
) -> None:
    reply = await phone_of(STRANGER).dial()

    assert reply.ends
    assert reply.text == (
        "This number is not registered. To join Imarisha Sacco call 0800 720 096.\n"
        "Nambari haijasajiliwa. Kujiunga na Imarisha Sacco piga 0800 720 096."
    )
    assert teller.calls == ["caller"]


async def test_member_who_may_not_transact_is_sent_to_the_help_desk(phone_of: PhoneOf) -> None:
    reply = await phone_of(WAFULA).dial()

    assert reply.ends
    assert reply.text.startswith("Your account is not active. Call 0800 720 096.")


async def test_first_pin_is_entered_twice_and_signs_in(phone_of: PhoneOf, teller: Teller) -> None:
    njeri = phone_of(NJERI)

    ask = await njeri.dial()
    again = await njeri.type("8642")
    menu = await njeri.type("8642")

    assert ask.text.startswith("Welcome Njeri. Choose a 4 digit PIN.")
    assert again.text == "Enter the new PIN again:"
    assert menu.text == HOME
    assert teller.pins[NJERI] == "8642"


async def test_weak_first_pin_is_refused_and_asked_again(phone_of: PhoneOf, teller: Teller) -> None:
    njeri = phone_of(NJERI)
    await njeri.dial()

    reply = await njeri.type("1234")

    assert reply.text.startswith("That PIN is easy to guess. Choose another.\nWelcome Njeri.")
    assert NJERI not in teller.pins


async def test_different_second_entry_begins_the_choice_again(phone_of: PhoneOf, teller: Teller) -> None:
    njeri = phone_of(NJERI)
    await njeri.dial()

    reply = await njeri.play("8642", "8643")

    assert reply.text.startswith("The two PINs are different. Choose again.\nWelcome Njeri.")
    assert (await njeri.play("8642", "8642")).label == "home.menu"
    assert teller.pins[NJERI] == "8642"


async def test_pin_chosen_elsewhere_meanwhile_is_asked_for(phone_of: PhoneOf, teller: Teller) -> None:
    njeri = phone_of(NJERI)
    await njeri.dial()
    teller.pins[NJERI] = "9753"

    reply = await njeri.type("8642")

    assert reply.text == "You have a PIN already. Enter it.\nHello Njeri. Enter your PIN:"


async def test_anything_but_four_digits_never_reaches_the_desk(amina: Handset, teller: Teller) -> None:
    await amina.dial()

    replies = [await amina.type(typed) for typed in ("42711", "pin")]

    said = "A PIN has 4 digits. Try again.\nHello Amina. Enter your PIN:"
    assert [reply.text for reply in replies] == [said, f"{said}\n09 Help"]
    assert teller.calls == ["caller"]


async def test_no_way_back_is_offered_before_or_behind_the_pin(amina: Handset) -> None:
    await amina.dial()

    assert (await amina.type("0")).text.startswith("A PIN has 4 digits.")
    assert (await amina.type("4271")).text == HOME
    assert (await amina.type("0")).text == f"Invalid choice. Try again.\n{HOME}"


async def test_pin_passed_holds_for_one_call_only(amina: Handset) -> None:
    await amina.sign_in("4271")

    reply = await amina.dial()

    assert reply.text == "Hello Amina. Enter your PIN:"


async def test_busy_pin_check_counts_nothing_and_asks_again(amina: Handset, teller: Teller) -> None:
    await amina.dial()
    teller.failing["sign_in"] = ServiceBusy(what="pin checks")

    reply = await amina.type("4271")
    teller.failing.clear()

    assert reply.text == ("The service is busy. Nothing was taken. Try again.\nHello Amina. Enter your PIN:")
    assert teller.members[AMINA].tries == 0
    assert (await amina.type("4271")).label == "home.menu"


async def test_database_down_at_the_dial_ends_in_both_languages(amina: Handset, teller: Teller) -> None:
    teller.failing["caller"] = DatabaseUnavailable(in_doubt=False)

    reply = await amina.dial()

    assert reply.ends
    assert reply.text == (
        "The service is busy. Nothing was taken. Please try again in a few minutes.\n"
        "Huduma ina shughuli nyingi. Hakuna pesa iliyokatwa. Jaribu tena baadaye."
    )


async def test_pin_of_one_attempt_is_counted_once_and_of_two_attempts_twice(
    amina: Handset, teller: Teller
) -> None:
    await amina.dial()
    await amina.type("1111")
    await amina.send(amina.text)
    await amina.type("1111")

    assert len(teller.members[AMINA].counted) == 2
    assert teller.members[AMINA].tries == 2
