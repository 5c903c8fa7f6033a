"""What a signed-in member can do, screen by screen."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.errors import DatabaseUnavailable
from core.money import Money
from dialogs.messages import TextStyle
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, CHEBET, OTIENO, Payment, Teller, a_loan

PhoneOf = Callable[[str], Handset]


async def test_balance_shows_every_account_and_loan(amina: Handset) -> None:
    await amina.sign_in("4271")

    reply = await amina.type("1")

    assert reply.text == (
        "Savings 8,250.00\nDeposits 42,500.00\nShares 20,000.00\n"
        "Development loan: owed 8,000.00. Next 1,250.50 on 16 Mar 2026.\n0 Back 00 Home"
    )


async def test_late_loan_is_told_with_its_days_in_swahili(phone_of: PhoneOf) -> None:
    chebet = phone_of(CHEBET)
    await chebet.sign_in("7352")

    reply = await chebet.type("1")

    assert "Mkopo wa dharura: deni 5,120.40. Umechelewa siku 40, lipa 2,560.20 sasa." in reply.text


async def test_many_loans_are_turned_over_page_by_page(amina: Handset, teller: Teller) -> None:
    teller.owes(AMINA, *(a_loan(f"lon_{n}", to_clear=Money(n * 1_000_00)) for n in range(1, 6)))
    await amina.sign_in("4271")

    pages = [await amina.type("1")]
    while "98 More" in pages[-1].text:
        pages.append(await amina.type("98"))

    assert len(pages) > 2
    owed = [line for page in pages for line in page.text.split("\n") if "owed" in line]
    assert [line.split("owed ")[1].split(".00")[0] for line in owed] == [f"{n},000" for n in range(1, 6)]
    for page in reversed(pages[:-1]):
        assert (await amina.type("0")).text == page.text
    assert (await amina.type("0")).label == "home.menu"
    assert teller.calls.count("balances") == 1


async def test_wrong_key_on_a_page_loses_no_line(amina: Handset, teller: Teller) -> None:
    teller.owes(AMINA, *(a_loan(f"lon_{n}", to_clear=Money(n * 1_000_00)) for n in range(1, 6)))
    await amina.sign_in("4271")
    first = (await amina.type("1")).text

    shorter = await amina.type("7")
    following = await amina.type("98")

    assert shorter.text.startswith("Invalid choice. Try again.\nSavings")
    shown = [line for text in (shorter.text, following.text) for line in text.split("\n") if "owed" in line]
    assert [line.split("owed ")[1][0] for line in shown] == [str(n) for n in range(1, len(shown) + 1)]
    assert first != shorter.text


async def test_home_leads_back_from_any_depth(amina: Handset) -> None:
    await amina.sign_in("4271")

    await amina.play("3", "3")
    reply = await amina.type("00")

    assert reply.label == "home.menu"


async def test_statement_lists_the_last_movements(amina: Handset) -> None:
    await amina.sign_in("4271")

    reply = await amina.type("4")

    assert reply.text == (
        "Last transactions:\n9 Mar 2026 Loan repayment 3,000.00\n5 Mar 2026 Savings 1,200.00\n"
        "1 Mar 2026 Transaction -50.00\n0 Back 00 Home"
    )


async def test_statement_without_movements_says_so(phone_of: PhoneOf) -> None:
    otieno = phone_of(OTIENO)
    await otieno.sign_in("5938")

    assert (await otieno.type("4")).text == "Bado hakuna miamala.\n0 Rudi 00 Mwanzo"
    assert (await otieno.type("0")).label == "home.menu"


async def test_language_changes_at_once_and_for_the_next_call(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")

    reply = await amina.play("6", "6", "2")

    assert reply.text == "Lugha: Kiswahili.\n0 Rudi 00 Mwanzo"
    assert teller.members[AMINA].language == "sw"
    assert (await amina.type("00")).text.startswith("Imarisha Sacco\n1. Angalia Salio")
    assert (await amina.dial()).text == "Habari Amina. Weka PIN yako:"


async def test_loan_is_repaid_with_an_amount_of_ones_own(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")

    amounts = await amina.type("3")
    confirm = await amina.type("1,000")
    end = await amina.type("1")

    assert amounts.text == (
        "Development loan. Choose, or type an amount:\n2. Clear loan 8,000.00\n3. Other amount\n"
        "4. From my savings\n5. By Paybill\n0 Back 00 Home"
    )
    assert confirm.text == "Pay KES 1,000.00 by M-Pesa from 0711***001?\n1. Yes\n2. No\n0 Back 00 Home"
    assert end.text == (
        "Check your phone and enter your M-Pesa PIN to pay KES 1,000.00. We will SMS you when it is paid."
    )
    assert end.ends
    assert teller.payments == {"pay_1": Payment(f"mbr_{AMINA}", "lon_1", Money(1_000_00))}


async def test_loan_is_repaid_from_savings_to_the_cent(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")

    confirm = await amina.play("3", "4", "1000.50")
    end = await amina.type("1")

    assert confirm.text.startswith("Pay KES 1,000.50 of your Development loan from your savings?")
    assert end.text == "Paid KES 1,000.50. Left to clear your Development loan: KES 6,999.50."
    assert teller.payments == {"rpy_1": Payment(f"mbr_{AMINA}", "lon_1", Money(1_000_50))}


async def test_no_at_the_savings_goes_back_and_pays_nothing(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")

    reply = await amina.play("3", "4", "1000", "2")

    assert reply.label == "repay.amount"
    assert not teller.payments


async def test_amount_due_with_cents_is_rounded_up_and_the_excess_named(
    phone_of: PhoneOf, teller: Teller
) -> None:
    chebet = phone_of(CHEBET)
    await chebet.sign_in("7352")

    amounts = await chebet.type("3")
    confirm = await chebet.type("1")
    end = await chebet.type("1")

    assert "1. Kinachodaiwa sasa 2,560.20\n2. Maliza mkopo 5,120.40\n3. Kiasi kingine" in amounts.text
    assert confirm.text.startswith("Lipa KES 2,561.00 kwa M-Pesa ya 0711***005? 0.80 itawekwa akibani.")
    assert "KES 2,561.00" in end.text
    assert teller.payments["pay_1"].amount == Money(2_560_20)


async def test_key_of_an_option_left_out_is_never_read_as_an_amount(amina: Handset) -> None:
    await amina.sign_in("4271")

    reply = await amina.play("3", "1")

    assert reply.text.startswith("Invalid choice. Try again.\nDevelopment loan.")
    assert (await amina.play("3", "1")).text.startswith("Pay KES 1.00 by M-Pesa")


@pytest.mark.parametrize("typed", ["0.50", "9000", "1.000", "2,5", "abc", "*", "", "😀", "x" * 500])
async def test_amount_that_can_not_be_is_asked_again_with_the_range(
    amina: Handset, teller: Teller, typed: str
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "3")

    reply = await amina.type(typed)

    assert reply.text == (
        "Enter an amount from 1.00 to 8,000.00, for example 1000.\n"
        "Enter amount (KES 1.00 - 8,000.00):\n0 Back 00 Home"
    )
    assert not teller.payments
    assert (await amina.type("500")).label == "repay.confirm"


async def test_loan_of_a_few_cents_can_be_cleared(amina: Handset, teller: Teller) -> None:
    teller.owes(AMINA, a_loan(to_clear=Money(40), due_now=Money(40)))
    await amina.sign_in("4271")

    confirm = await amina.play("3", "2")
    await amina.type("1")

    assert confirm.text.startswith("Pay KES 1.00 by M-Pesa from 0711***001? 0.60 goes to your savings.")
    assert teller.payments["pay_1"].amount == Money(40)


async def test_due_cents_that_can_not_be_paid_alone_are_not_offered(amina: Handset, teller: Teller) -> None:
    teller.owes(AMINA, a_loan(due_now=Money(40)))
    await amina.sign_in("4271")

    assert "Due now" not in (await amina.type("3")).text


async def test_no_at_the_confirmation_goes_back_to_the_amounts_and_pays_nothing(
    amina: Handset, teller: Teller
) -> None:
    await amina.sign_in("4271")

    reply = await amina.play("3", "1000", "2")

    assert reply.label == "repay.amount"
    assert not teller.payments
    assert (await amina.type("0")).label == "home.menu"


async def test_another_amount_is_another_payment(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")

    await amina.play("3", "1000", "2", "2000", "1")

    assert teller.payments == {"pay_2": Payment(f"mbr_{AMINA}", "lon_1", Money(2_000_00))}


async def test_one_of_several_loans_is_chosen_first(amina: Handset, teller: Teller) -> None:
    teller.owes(AMINA, a_loan(), a_loan("lon_2", product="emergency", to_clear=Money(700_00)))
    await amina.sign_in("4271")

    loans = await amina.type("3")
    amounts = await amina.type("2")
    await amina.play("2", "1")

    assert loans.text == (
        "Which loan?\n1. Development loan 8,000.00\n2. Emergency loan 700.00\n0 Back 00 Home"
    )
    assert amounts.text.startswith("Emergency loan. Choose, or type an amount:\n2. Clear loan 700.00")
    assert teller.payments["pay_1"] == Payment(f"mbr_{AMINA}", "lon_2", Money(700_00))
    assert teller.calls.count("loans") == 2


async def test_number_of_no_loan_is_a_wrong_choice(amina: Handset, teller: Teller) -> None:
    teller.owes(AMINA, a_loan(), a_loan("lon_2"))
    await amina.sign_in("4271")

    reply = await amina.play("3", "3")

    assert reply.text.startswith("Invalid choice. Try again.\nWhich loan?")


async def test_member_without_a_loan_is_told_so(phone_of: PhoneOf) -> None:
    otieno = phone_of(OTIENO)
    await otieno.sign_in("5938")

    reply = await otieno.type("3")

    assert reply.text == "Huna mkopo wa kulipa.\n0 Rudi 00 Mwanzo"
    assert (await otieno.type("00")).label == "home.menu"


async def test_open_prompt_is_told_instead_of_a_second_one(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    teller.prompt_open = True

    reply = await amina.play("3", "1000", "1")

    assert reply.text.startswith("Answer the payment request on your phone")
    assert not reply.ends
    assert not teller.payments
    assert (await amina.type("0")).label == "repay.confirm"


async def test_loan_that_shrank_meanwhile_shows_the_new_range(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.type("3")
    teller.owes(AMINA, a_loan(to_clear=Money(900_00)))

    reply = await amina.type("1000")

    assert reply.text.startswith("The amount must be from 1.00 to 900.00.\nDevelopment loan.")
    assert "2. Clear loan 900.00" in reply.text
    assert not teller.payments


async def test_loan_cleared_between_the_figures_and_the_yes_is_told(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    teller.owes(AMINA)

    reply = await amina.type("1")

    assert reply.text == "You have no loan to repay.\n0 Back 00 Home"


async def test_three_wrong_inputs_in_a_row_end_the_call(amina: Handset) -> None:
    await amina.sign_in("4271")

    replies = [await amina.type(typed) for typed in ("9", "", "😀")]

    assert [reply.ends for reply in replies] == [False, False, True]
    assert replies[-1].text == "Too many wrong entries. Dial *384*96# to start again."


async def test_right_input_in_between_forgives_the_wrong_ones(amina: Handset) -> None:
    await amina.sign_in("4271")

    replies = [await amina.type(typed) for typed in ("9", "9", "6", "9", "9", "0", "9")]

    assert not any(reply.ends for reply in replies)


async def test_hash_behind_an_input_is_ignored(amina: Handset) -> None:
    await amina.sign_in("4271")

    assert (await amina.play("3#", "1000#")).label == "repay.confirm"


async def test_member_on_a_wider_network_gets_longer_pages(amina: Handset, teller: Teller) -> None:
    teller.owes(AMINA, a_loan(), a_loan("lon_2", to_clear=Money(123_456_00), next_due=Money(0)))
    amina.budget = 182
    await amina.sign_in("4271")

    reply = await amina.type("1")

    assert "98 More" not in reply.text
    amina.budget = 160
    assert "98 More" in (await amina.play("0", "1")).text


async def test_name_outside_the_alphabet_is_transliterated(amina: Handset, teller: Teller) -> None:
    teller.members[AMINA].first_name = "Mũthoni"

    assert (await amina.dial()).text == "Hello Muthoni. Enter your PIN:"


async def test_gateway_that_sends_only_the_newest_input_is_served(amina: Handset, teller: Teller) -> None:
    amina.style = TextStyle.LATEST
    await amina.sign_in("4271")

    reply = await amina.play("3", "1000", "1")

    assert reply.ends
    assert len(teller.payments) == 1


async def test_same_key_twice_on_such_a_gateway_is_two_inputs(amina: Handset) -> None:
    amina.style = TextStyle.LATEST
    await amina.sign_in("4271")

    assert (await amina.play("6", "6")).label == "language.choose"


async def test_copy_on_such_a_gateway_says_yes_to_no_question_that_nobody_has_seen(
    amina: Handset, teller: Teller
) -> None:
    teller.owes(AMINA, a_loan(due_now=Money(500_00)))
    amina.style = TextStyle.LATEST
    await amina.sign_in("4271")
    asked = await amina.play("3", "1")

    copy = await amina.send("1")

    assert asked.label == "repay.confirm"
    assert copy == asked
    assert teller.payments == {}
    assert (await amina.type("1")).label == "repay.prompted"


async def test_database_down_on_the_way_to_a_screen_keeps_the_present_one(
    amina: Handset, teller: Teller
) -> None:
    await amina.sign_in("4271")
    teller.failing["balances"] = DatabaseUnavailable(in_doubt=False)

    reply = await amina.type("1")
    teller.failing.clear()

    assert reply.text.startswith("The service is busy. Nothing was taken. Try again.\nImarisha Sacco\n1. ")
    assert (await amina.type("1")).label == "balance.accounts"


async def test_menu_hop_asks_the_desk_nothing(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    before = list(teller.calls)

    await amina.play("6", "0", "6", "00")

    assert teller.calls == before


async def test_balance_without_loans_has_no_loan_line(phone_of: PhoneOf, teller: Teller) -> None:
    otieno = phone_of(OTIENO)
    member = teller.members[OTIENO]
    member.balances = replace(member.balances, savings=Money(0))
    await otieno.sign_in("5938")

    assert (await otieno.type("1")).text == ("Akiba 0.00\nAmana 30,000.00\nHisa 0.00\n0 Rudi 00 Mwanzo")
