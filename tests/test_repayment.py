"""A member repays a loan by M-Pesa: posted once, told once, whatever the provider does."""

import asyncio
import json

import pytest

from core.clock import business_date
from core.ledger.chart import Gl
from core.money import Money
from core.payments.model import PaymentState
from imarisha.institution import AMINA, CHEBET
from tests.world import World

PAYS_1000 = ("4271", "3", "1000", "1")


async def start_payment(
    world: World, number: str = AMINA.phone, pin: str = "4271", amount: str = "1000"
) -> str:
    """The member asks to repay; the prompt is on the phone. The payment's id."""
    phone = world.phone(number)
    await phone.dial()
    for typed in (pin, "3", amount, "1"):
        screen = await phone.answer(typed)
    assert not screen.is_open, screen.text
    await world.work()
    return (await world.payments())[-1].payment_id


def success(checkout_id: str, *, amount: float = 1000.00, receipt: str = "UKK4DEMO01") -> dict[str, object]:
    items = [
        {"Name": "Amount", "Value": amount},
        {"Name": "MpesaReceiptNumber", "Value": receipt},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": 20260311101547},
        {"Name": "PhoneNumber", "Value": 254711000001},
    ]
    return {
        "Body": {
            "stkCallback": {
                "MerchantRequestID": "m-1",
                "CheckoutRequestID": checkout_id,
                "ResultCode": 0,
                "ResultDesc": "The service request is processed successfully.",
                "CallbackMetadata": {"Item": items},
            }
        }
    }


def failure(checkout_id: str, code: int = 1032) -> dict[str, object]:
    return {
        "Body": {
            "stkCallback": {
                "MerchantRequestID": "m-1",
                "CheckoutRequestID": checkout_id,
                "ResultCode": code,
                "ResultDesc": "no",
            }
        }
    }


async def call_back(world: World, payment_id: str, body: object) -> int:
    """The answer, and what workers do about it."""
    answer = await world.http.post(f"/payments/daraja/stk/{payment_id}", json=body)
    await world.work()
    return answer.status_code


async def test_an_approved_prompt_posts_one_journal_lowers_the_loan_and_sends_one_sms(world: World) -> None:
    journals, owed = await world.count("journal"), await world.to_clear(AMINA.phone)
    await start_payment(world)

    await world.approve(AMINA.phone)

    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED
    assert await world.count("journal") == journals + 1
    assert await world.to_clear(AMINA.phone) == owed - Money(100_000)
    assert await world.balance(Gl.MPESA_PAYBILL) == Money(100_000)
    [message] = await world.messages(AMINA.phone)
    assert "1,000.00" in message
    assert payment.receipt is not None
    assert payment.receipt in message
    await world.assert_books_agree()


async def test_a_swahili_speaker_is_told_in_swahili(world: World) -> None:
    await start_payment(world, CHEBET.phone, "7352", "500")

    await world.approve(CHEBET.phone)

    [message] = await world.messages(CHEBET.phone)
    assert "Tumepokea KES 500.00" in message


async def test_five_more_callbacks_two_of_them_at_once_change_nothing(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    body = success(payment.provider_request_id or "")
    await call_back(world, payment_id, body)
    journals, owed = await world.count("journal"), await world.to_clear(AMINA.phone)

    answers = [await call_back(world, payment_id, body) for _ in range(3)]
    answers += await asyncio.gather(*(call_back(world, payment_id, body) for _ in range(2)))
    await world.work()

    assert answers == [200] * 5
    assert await world.count("journal") == journals
    assert await world.to_clear(AMINA.phone) == owed
    assert len(await world.messages(AMINA.phone)) == 1


async def test_two_identical_callbacks_at_once_settle_once(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    journals = await world.count("journal")
    body = success(payment.provider_request_id or "")

    await asyncio.gather(*(call_back(world, payment_id, body) for _ in range(6)))

    assert await world.count("journal") == journals + 1
    await world.assert_books_agree()


async def test_a_declined_prompt_fails_with_a_message_and_no_money_moves(world: World) -> None:
    journals = await world.count("journal")
    await start_payment(world)

    await world.answer_prompt(AMINA.phone, "decline")
    await world.pass_time(seconds=5)

    [payment] = await world.payments()
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "cancelled")
    assert await world.count("journal") == journals
    assert len(await world.messages(AMINA.phone)) == 1


async def test_a_lost_callback_is_found_by_asking(world: World) -> None:
    await world.faults(daraja__callback__lost=1.0)
    await start_payment(world)
    await world.answer_prompt(AMINA.phone, "approve")

    await world.pass_time(seconds=30)

    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED
    assert payment.receipt is None
    assert len(await world.messages(AMINA.phone)) == 1


async def test_a_callback_after_the_enquiry_only_brings_the_receipt(world: World) -> None:
    await world.faults(daraja__callback__lost=1.0)
    payment_id = await start_payment(world)
    await world.answer_prompt(AMINA.phone, "approve")
    await world.pass_time(seconds=30)
    journals = await world.count("journal")
    [payment] = await world.payments()

    await call_back(world, payment_id, success(payment.provider_request_id or ""))

    [payment] = await world.payments()
    assert payment.receipt == "UKK4DEMO01"
    assert await world.count("journal") == journals


async def test_an_unanswered_prompt_lapses_and_fails(world: World) -> None:
    await start_payment(world)

    for _ in range(8):
        await world.pass_time(seconds=20)

    [payment] = await world.payments()
    assert payment.state is PaymentState.FAILED


async def test_a_callback_that_comes_before_the_reply_to_our_request_settles(world: World) -> None:
    await world.faults(daraja__callback__early=1.0)

    await start_payment(world)
    await world.pass_time(seconds=5)

    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED
    assert payment.provider_request_id is not None


async def test_success_after_failure_is_accepted_posted_and_raised(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    checkout = payment.provider_request_id or ""
    await call_back(world, payment_id, failure(checkout, 1037))

    await call_back(world, payment_id, success(checkout))

    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED
    async with world.system.database.reading() as session:
        row = await session.row("SELECT incident FROM payment")
    assert row is not None
    assert "after it had failed" in row["incident"]
    await world.assert_books_agree()


async def test_failure_after_success_changes_nothing_and_is_raised(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    checkout = payment.provider_request_id or ""
    await call_back(world, payment_id, success(checkout))
    owed = await world.to_clear(AMINA.phone)

    await call_back(world, payment_id, failure(checkout))

    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED
    assert await world.to_clear(AMINA.phone) == owed


async def test_a_callback_with_another_amount_is_held_for_a_person(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    journals = await world.count("journal")

    await call_back(world, payment_id, success(payment.provider_request_id or "", amount=9000.0))

    [payment] = await world.payments()
    assert (payment.state, payment.reason) == (PaymentState.UNKNOWN, "held")
    assert await world.count("journal") == journals


async def test_a_forged_callback_with_another_handle_settles_nothing(world: World) -> None:
    payment_id = await start_payment(world)

    await call_back(world, payment_id, success("ws_CO_forged"))

    [payment] = await world.payments()
    assert payment.state is PaymentState.SUBMITTED


async def test_a_callback_for_nobody_is_kept_and_acknowledged(world: World) -> None:
    status = await call_back(world, "pay_nobody", success("ws_CO_1"))

    assert status == 200
    assert await world.count("provider_callback") == 1
    assert await world.count("payment_fact") == 0


async def test_a_callback_without_payment_id_is_matched_by_its_handle(world: World) -> None:
    await start_payment(world)
    [payment] = await world.payments()

    answer = await world.http.post("/payments/daraja/stk", json=success(payment.provider_request_id or ""))
    await world.work()

    assert answer.status_code == 200
    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"not json", "body"),
        (b"{}", "Body.stkCallback"),
        (json.dumps({"Body": {"stkCallback": {"CheckoutRequestID": "x"}}}).encode(), "ResultCode"),
        (json.dumps({"Body": {"stkCallback": {"ResultCode": 0}}}).encode(), "MpesaReceiptNumber"),
    ],
)
async def test_a_malformed_callback_is_refused_naming_the_field(
    world: World, body: bytes, field: str
) -> None:
    payment_id = await start_payment(world)

    answer = await world.http.post(f"/payments/daraja/stk/{payment_id}", content=body)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.json()["detail"]
    assert await world.count("payment_fact") == 0


async def test_a_worker_that_died_while_sending_never_sends_again(world: World) -> None:
    phone = world.phone(AMINA.phone)
    await phone.dial()
    for typed in PAYS_1000:
        await phone.answer(typed)
    async with world.system.database.unit_of_work() as session:
        # As a worker leaves it that saved its intention and was killed before it could save the reply.
        await session.execute("UPDATE payment SET state = 'submitting', sent_at = $1", world.clock.now())

    await world.work()

    [payment] = await world.payments()
    assert payment.state is PaymentState.UNKNOWN
    assert await world.prompts(AMINA.phone) == []


async def test_a_request_that_left_no_trace_ends_as_failed(world: World) -> None:
    await world.faults(daraja__push__error500=1.0, daraja__callback__lost=1.0)
    await start_payment(world)
    [payment] = await world.payments()
    assert payment.state is PaymentState.UNKNOWN

    await world.pass_time(minutes=6)

    [payment] = await world.payments()
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "no_answer")
    [message] = await world.messages(AMINA.phone)
    assert "If you paid, we will SMS you" in message
    async with world.system.database.reading() as session:
        row = await session.row("SELECT incident FROM payment")
    assert row is not None
    assert "hold it against the statement" in row["incident"]


async def test_money_that_turns_up_after_all_is_posted_and_told(world: World) -> None:
    await world.faults(daraja__push__error500=1.0, daraja__callback__lost=1.0)
    payment_id = await start_payment(world)
    await world.pass_time(minutes=6)

    await call_back(world, payment_id, success("ws_CO_late"))
    await world.work()

    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED
    assert "Received KES 1,000.00" in (await world.messages(AMINA.phone))[-1]
    await world.assert_books_agree()


async def test_a_second_request_while_the_phone_rings_is_refused(world: World) -> None:
    await start_payment(world)
    phone = world.phone(AMINA.phone)
    await phone.dial()

    for typed in ("4271", "3", "500", "1"):
        screen = await phone.answer(typed)

    assert "payment request on your phone" in screen.text
    assert len(await world.payments()) == 1


async def test_a_request_that_waited_long_for_a_worker_is_not_sent(world: World) -> None:
    phone = world.phone(AMINA.phone)
    await phone.dial()
    for typed in PAYS_1000:
        await phone.answer(typed)
    world.clock.move(minutes=4)

    await world.work()

    [payment] = await world.payments()
    assert (payment.state, payment.reason) == (PaymentState.FAILED, "expired")
    assert await world.prompts(AMINA.phone) == []
    assert len(await world.messages(AMINA.phone)) == 1


async def test_a_request_that_may_still_be_sent_blocks_a_second_one(world: World) -> None:
    phone = world.phone(AMINA.phone)
    await phone.dial()
    for typed in PAYS_1000:
        await phone.answer(typed)
    world.clock.move(minutes=2)

    await phone.dial()
    for typed in PAYS_1000:
        screen = await phone.answer(typed)

    assert "payment request on your phone" in screen.text
    assert len(await world.payments()) == 1


async def test_cents_are_rounded_up_and_the_excess_goes_to_savings(world: World) -> None:
    async with world.system.database.reading() as session:
        row = await session.row(
            "SELECT ledger_code FROM savings_account s JOIN member m ON m.id = s.member_id "
            "WHERE m.phone = $1 AND s.product = 'savings'",
            AMINA.phone,
        )
    assert row is not None
    owed = await world.to_clear(AMINA.phone)
    await start_payment(world, amount="1000.40")

    await world.approve(AMINA.phone)

    assert await world.to_clear(AMINA.phone) == owed - Money(100_040)
    assert await world.balance(row["ledger_code"]) == Money(825_060)
    await world.assert_books_agree()


async def test_clearing_the_loan_closes_it_and_says_so(world: World) -> None:
    owed = await world.to_clear(AMINA.phone)
    await start_payment(world, amount="2")

    await world.approve(AMINA.phone)

    async with world.system.database.reading() as session:
        row = await session.row(
            "SELECT l.status, l.principal_code FROM loan l JOIN member m ON m.id = l.member_id WHERE m.phone = $1",
            AMINA.phone,
        )
    assert row is not None
    assert row["status"] == "closed"
    assert await world.balance(row["principal_code"]) == Money(0)
    [message] = await world.messages(AMINA.phone)
    assert str(owed.rounded_up_to_major()) in message
    await world.assert_books_agree()


async def test_the_payment_is_booked_on_nairobi_s_day(world: World) -> None:
    world.clock.move(hours=13, minutes=30)
    await start_payment(world)

    await world.approve(AMINA.phone)

    async with world.system.database.reading() as session:
        row = await session.row("SELECT business_date FROM journal ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert row["business_date"] == business_date(world.clock.now())
