"""A member pays the paybill from their own menu: credited once where it belongs, else kept for a person."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from core.clock import NAIROBI
from core.ledger.chart import Gl
from core.money import Money
from core.payments import receipt_store
from core.payments.model import PaymentState, Purpose
from core.payments.receipt import ReceiptState, phone_hash
from core.phone import Msisdn
from core.savings.model import SavingsProduct
from imarisha.institution import AMINA, CHEBET, OTIENO
from tests.test_money_in import account, ask, member, share_account
from tests.test_repayment import call_back, start_payment, success
from tests.world import World

CONFIRMATION = "/payments/daraja/c2b/confirmation"
VALIDATION = "/payments/daraja/c2b/validation"


def paid(world: World, reference: str, amount: object = "1000.00", **said: object) -> dict[str, object]:
    """A call of version 2, whose payer nobody knows."""
    return {
        "TransactionType": "Pay Bill",
        "TransID": "UKK4DEMO11",
        "TransTime": world.clock.now().astimezone(NAIROBI).strftime("%Y%m%d%H%M%S"),
        "TransAmount": amount,
        "BusinessShortCode": "600996",
        "BillRefNumber": reference,
        "InvoiceNumber": "",
        "OrgAccountBalance": "98250.00",
        "ThirdPartyTransID": "",
        "MSISDN": "2547 ***** 999",
        "FirstName": "JANE",
        "MiddleName": "",
        "LastName": "DEMO",
        **said,
    }


async def confirm(world: World, call: object) -> httpx.Response:
    answer = await world.http.post(CONFIRMATION, json=call)
    await world.work()
    return answer


async def state_of(world: World, receipt: str = "UKK4DEMO11") -> ReceiptState:
    async with world.system.database.reading() as session:
        return (await receipt_store.find(session, receipt)).state


async def number_of(world: World, phone: str) -> str:
    return (await member(world, phone)).number


async def test_a_member_number_without_loans_due_goes_to_the_savings(world: World) -> None:
    before = await account(world, OTIENO.phone, SavingsProduct.SAVINGS)

    answer = await confirm(world, paid(world, f" {(await number_of(world, OTIENO.phone)).lower()} "))

    assert (answer.status_code, answer.json()) == (200, {"ResultCode": 0, "ResultDesc": "Success"})
    after = await account(world, OTIENO.phone, SavingsProduct.SAVINGS)
    assert after.balance == before.balance + Money(100_000)
    assert await state_of(world) is ReceiptState.CREDITED
    [message] = await world.messages(OTIENO.phone)
    assert "UKK4DEMO11" in message
    await world.assert_books_agree()


async def test_what_is_due_on_a_loan_comes_first_and_the_rest_is_saved(world: World) -> None:
    before = await account(world, CHEBET.phone, SavingsProduct.SAVINGS)

    await confirm(world, paid(world, CHEBET.phone.replace("+254", "0"), "20000.00"))

    payments = sorted(await world.payments(), key=lambda each: each.purpose)
    assert [each.purpose for each in payments] == [Purpose.LOAN_REPAYMENT, Purpose.SAVINGS]
    assert sum(each.amount.minor for each in payments) == 2_000_000
    assert [each.receipt for each in payments] == ["UKK4DEMO11"] * 2
    after = await account(world, CHEBET.phone, SavingsProduct.SAVINGS)
    assert after.balance == before.balance + payments[1].amount
    assert len(await world.messages(CHEBET.phone)) == 2
    await world.assert_books_agree()


@pytest.mark.parametrize(("suffix", "purpose"), [("D", Purpose.SAVINGS), ("S", Purpose.SHARES)])
async def test_a_suffix_says_what_for(world: World, suffix: str, purpose: Purpose) -> None:
    deposits = await account(world, CHEBET.phone, SavingsProduct.DEPOSITS)
    subject = deposits.account_id if suffix == "D" else await share_account(world, CHEBET.phone)

    await confirm(world, paid(world, f"{await number_of(world, CHEBET.phone)} {suffix}"))

    [payment] = await world.payments()
    assert (payment.purpose, payment.subject) == (purpose, subject)
    await world.assert_books_agree()


async def test_a_loan_number_pays_that_loan_ahead_of_its_time(world: World) -> None:
    owed = await world.to_clear(AMINA.phone)
    async with world.system.database.reading() as session:
        row = await session.row(
            "SELECT l.number FROM loan l JOIN member m ON m.id = l.member_id WHERE m.phone = $1", AMINA.phone
        )
    assert row is not None

    await confirm(world, paid(world, row["number"].replace("-", "").lower()))

    assert await world.to_clear(AMINA.phone) == owed - Money(100_000)
    await world.assert_books_agree()


async def test_an_unknown_reference_waits_in_suspense_and_nobody_is_told(world: World) -> None:
    answer = await confirm(world, paid(world, "SCHOOL FEES"))

    assert answer.status_code == 200
    assert await state_of(world) is ReceiptState.SUSPENSE
    assert await world.balance(Gl.SUSPENSE) == Money(100_000)
    assert await world.count("notice") == 0
    await world.assert_books_agree()


async def test_a_known_payer_hears_at_once_that_the_money_waits(world: World) -> None:
    hashed = phone_hash(Msisdn(AMINA.phone))

    await confirm(world, paid(world, "M99999999", MSISDN=hashed, FirstName="AMINA"))

    assert await state_of(world) is ReceiptState.SUSPENSE
    [message] = await world.messages(AMINA.phone)
    assert "UKK4DEMO11 Received KES 1,000.00" in message


async def test_a_slip_of_the_finger_is_forgiven_to_the_payer_themselves(world: World) -> None:
    number = await number_of(world, AMINA.phone)
    before = await account(world, AMINA.phone, SavingsProduct.SAVINGS)

    await confirm(
        world, paid(world, f"{number}0", MSISDN=phone_hash(Msisdn(AMINA.phone)), LastName="WANJIRU")
    )

    assert await state_of(world) is ReceiptState.CREDITED
    after = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    assert after.balance == before.balance + Money(100_000)


async def test_the_same_slip_of_a_stranger_is_a_question_with_suggestions(world: World) -> None:
    number = await number_of(world, AMINA.phone)

    await confirm(world, paid(world, f"{number}0"))

    async with world.system.database.reading() as session:
        kept = await receipt_store.find(session, "UKK4DEMO11")
    assert kept.state is ReceiptState.SUSPENSE
    assert (await member(world, AMINA.phone)).member_id in {each.member_id for each in kept.suggestions}


async def test_a_payer_who_only_says_what_for_means_themselves(world: World) -> None:
    own = await account(world, OTIENO.phone, SavingsProduct.DEPOSITS)

    await confirm(world, paid(world, "deposit", MSISDN=phone_hash(Msisdn(OTIENO.phone))))

    after = await account(world, OTIENO.phone, SavingsProduct.DEPOSITS)
    assert after.balance == own.balance + Money(100_000)


async def test_the_same_confirmation_a_hundred_times_from_twenty_callers_posts_once(world: World) -> None:
    journals = await world.count("journal")
    call = paid(world, await number_of(world, OTIENO.phone))

    async def caller() -> list[int]:
        return [(await world.http.post(CONFIRMATION, json=call)).status_code for _ in range(5)]

    answers = await asyncio.gather(*(caller() for _ in range(20)))
    await world.work()

    assert [code for codes in answers for code in codes] == [200] * 100
    assert await world.count("journal") == journals + 1
    assert await world.count("provider_callback") == 1
    assert len(await world.messages(OTIENO.phone)) == 1


async def test_the_same_receipt_in_other_words_posts_once(world: World) -> None:
    journals = await world.count("journal")
    number = await number_of(world, OTIENO.phone)
    await confirm(world, paid(world, number))

    await asyncio.gather(*(confirm(world, paid(world, number, InvoiceNumber=str(n))) for n in range(6)))

    assert await world.count("journal") == journals + 1
    assert await world.count("security_event") == 0


async def test_the_same_receipt_with_other_money_changes_nothing_and_is_noted(world: World) -> None:
    number = await number_of(world, OTIENO.phone)
    await confirm(world, paid(world, number))
    before = await world.count("journal")

    await confirm(world, paid(world, number, "999999.00"))

    assert await world.count("journal") == before
    assert await world.count("security_event") == 1


async def test_a_prompt_and_its_confirmation_by_the_paybill_are_one_money(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    journals = await world.count("journal")

    await confirm(world, paid(world, payment.account_reference.lower(), MSISDN=phone_hash(payment.phone)))
    await call_back(world, payment_id, success(payment.provider_request_id or "", receipt="UKK4DEMO11"))

    [payment] = await world.payments()
    assert (payment.state, payment.receipt) == (PaymentState.CONFIRMED, "UKK4DEMO11")
    assert await world.count("journal") == journals + 1
    assert await state_of(world) is ReceiptState.PROMPTED
    assert len(await world.messages(AMINA.phone)) == 1


async def test_the_other_way_round_they_are_one_money_too(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    await call_back(world, payment_id, success(payment.provider_request_id or "", receipt="UKK4DEMO11"))
    journals = await world.count("journal")

    await confirm(world, paid(world, payment.account_reference))

    assert await world.count("journal") == journals
    assert await state_of(world) is ReceiptState.PROMPTED


async def test_paying_again_with_the_reference_of_an_old_prompt_is_more_money(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    await call_back(world, payment_id, success(payment.provider_request_id or "", receipt="UKK4DEMO01"))
    owed = await world.to_clear(AMINA.phone)

    await confirm(world, paid(world, payment.account_reference, "500"))

    assert await world.to_clear(AMINA.phone) == owed - Money(50_000)
    assert await state_of(world) is ReceiptState.CREDITED


async def test_other_money_than_a_ringing_prompt_asked_for_waits_for_a_person(world: World) -> None:
    await start_payment(world)
    [payment] = await world.payments()

    await confirm(world, paid(world, payment.account_reference, "1.00"))

    assert await state_of(world) is ReceiptState.SUSPENSE
    assert (await world.payments())[0].state is PaymentState.SUBMITTED


async def test_a_callback_with_the_receipt_of_other_money_is_held(world: World) -> None:
    await confirm(world, paid(world, await number_of(world, OTIENO.phone)))
    await start_payment(world)
    payment = next(each for each in await world.payments() if each.state is PaymentState.SUBMITTED)
    journals = await world.count("journal")

    await call_back(
        world, payment.payment_id, success(payment.provider_request_id or "", receipt="UKK4DEMO11")
    )

    held = next(each for each in await world.payments() if each.payment_id == payment.payment_id)
    assert held.state is PaymentState.UNKNOWN
    assert await world.count("journal") == journals
    assert await world.count("security_event") == 1


async def test_money_that_was_paid_yesterday_counts_for_yesterday(world: World) -> None:
    yesterday = (world.clock.now() - timedelta(days=1)).astimezone(NAIROBI)
    number = await number_of(world, CHEBET.phone)

    await confirm(world, paid(world, f"{number}L", TransTime=yesterday.strftime("%Y%m%d%H%M%S")))

    async with world.system.database.reading() as session:
        row = await session.row("SELECT body FROM loan_event ORDER BY event_at DESC, number DESC LIMIT 1")
    assert row is not None
    assert yesterday.date().isoformat() in row["body"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("TransAmount", "-5.00"),
        ("TransAmount", "0"),
        ("TransAmount", "10.005"),
        ("TransAmount", ["1000"]),
        ("TransAmount", None),
        ("TransAmount", True),
        ("TransAmount", "1e9"),
        ("TransID", 17),
        ("TransID", ""),
        ("TransID", "'; drop table payment; --"),
        ("BusinessShortCode", "600000"),
        ("BusinessShortCode", None),
    ],
)
async def test_what_is_no_confirmation_is_refused_parked_and_noted(
    world: World, field: str, value: object
) -> None:
    journals = await world.count("journal")

    answer = await confirm(world, paid(world, await number_of(world, AMINA.phone), **{field: value}))

    assert answer.status_code == 400
    assert field in answer.json()["detail"]
    assert await world.count("journal") == journals
    assert await world.count("paybill_receipt") == 0
    assert await world.count("provider_callback") == 1
    assert await world.count("security_event") == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"TransID":', b"{" + b" " * 5_000_000 + b"}"])
async def test_what_can_t_be_read_at_all_is_refused_and_not_kept(world: World, body: bytes) -> None:
    answer = await world.http.post(CONFIRMATION, content=body)

    assert answer.status_code == 400
    assert await world.count("provider_callback") == 0
    assert await world.count("security_event") == 1


async def test_extra_items_odd_types_and_no_reference_at_all_are_taken(world: World) -> None:
    call = paid(world, "x", 1000, Surprise={"a": [1]}, BillRefNumber=None, FirstName=7, TransTime="soon")

    answer = await confirm(world, call)

    assert answer.status_code == 200
    assert await state_of(world) is ReceiptState.SUSPENSE


async def test_validation_takes_any_account_unless_told_otherwise(world: World) -> None:
    answer = await world.http.post(VALIDATION, json=paid(world, "whatever"))

    assert answer.json() == {"ResultCode": "0", "ResultDesc": "Accepted"}
    assert await world.count("paybill_receipt") == 0


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("TransAmount", "-1", "C2B00013"),
        ("BusinessShortCode", "1", "C2B00015"),
        ("TransID", None, "C2B00016"),
    ],
)
async def test_validation_refuses_what_can_t_be_a_payment(
    world: World, field: str, value: object, code: str
) -> None:
    answer = await world.http.post(VALIDATION, json=paid(world, "x", **{field: value}))

    assert answer.json() == {"ResultCode": code, "ResultDesc": "Rejected"}


async def test_shares_keep_what_is_no_whole_share_in_the_savings(world: World) -> None:
    before = await account(world, AMINA.phone, SavingsProduct.SAVINGS)

    await confirm(world, paid(world, f"{await number_of(world, AMINA.phone)}S", "250.00"))

    after = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    assert after.balance == before.balance + Money(5_000)
    assert "50.00 went to your savings" in (await world.messages(AMINA.phone))[-1]
    await world.assert_books_agree()


async def test_shares_for_less_than_one_are_saved(world: World) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)

    await confirm(world, paid(world, f"{await number_of(world, AMINA.phone)}S", "99.00"))

    assert (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).balance == own.balance + Money(9_900)


async def test_a_prompt_that_nobody_answered_is_confirmed_by_the_paybill(world: World) -> None:
    own = await account(world, AMINA.phone, SavingsProduct.SAVINGS)
    payment = await ask(world, AMINA.phone, Purpose.SAVINGS, own.account_id, Money(100_000))

    await confirm(world, paid(world, payment.account_reference))

    assert (await account(world, AMINA.phone, SavingsProduct.SAVINGS)).balance == own.balance + Money(100_000)


async def test_a_member_pays_from_their_own_menu_and_reads_the_receipt(world: World) -> None:
    """The whole way: Safaricom is the sandbox, which knows our addresses."""
    before = await account(world, OTIENO.phone, SavingsProduct.DEPOSITS)

    for _ in range(2):
        said = {"paybill": "600996", "account": f"{OTIENO.phone[1:]} d", "amount": "250"}
        answer = await world.http.post(f"/sandbox/handset/{OTIENO.phone}/pay", json=said)
        assert answer.status_code == 200, answer.text
        await world.pass_time(seconds=10)

    after = await account(world, OTIENO.phone, SavingsProduct.DEPOSITS)
    assert after.balance == before.balance + Money(50_000)
    assert len(await world.messages(OTIENO.phone)) == 2
    await world.assert_books_agree()
