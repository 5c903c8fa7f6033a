"""Does a payout behave as Safaricom's do: taken once, told later, out of a float that can run dry?"""

import csv
import io

import pytest

from core.money import Money
from core.payments.ports import Outcome, SendVerdict
from core.phone import Msisdn
from integrations.daraja import b2c, balance, status
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.b2c import PayoutOrder, PayoutResult
from integrations.daraja.codes import Reason
from integrations.daraja.results import read_queue_timeout
from integrations.sandbox.daraja_desk import TRIES_MAX
from integrations.sandbox.post import FORGER
from tests.integrations.outside import AMINA, Outside

ID = "out_1"


def an_order(
    *,
    number: str = "b2c-1",
    phone: Msisdn = AMINA,
    shillings: int = 2_500,
) -> PayoutOrder:
    return PayoutOrder(
        payout_id=ID,
        originator_conversation_id=number,
        phone=phone,
        amount=Money(shillings * 100),
        remarks="Loan LN00045",
    )


async def pay(outside: Outside, order: PayoutOrder | None = None) -> Acknowledgement:
    return await b2c.pay_out(outside.daraja, order or an_order())


def results(outside: Outside) -> list[PayoutResult]:
    return [b2c.read_payout_result(body) for body in outside.callbacks.told_at(f"b2c/result/{ID}")]


async def status_of(outside: Outside, number: str = "b2c-1", receipt: str = "") -> status.StatusResult:
    question = status.StatusQuestion(payment_id=ID, originator_conversation_id=number, receipt=receipt)
    answer = await status.ask_status(outside.daraja, question)
    assert answer.verdict is SendVerdict.ACCEPTED, answer
    await outside.sandbox.advance()
    return status.read_status_result(outside.callbacks.told_at(f"status/result/{ID}")[-1])


async def utility_funds(outside: Outside) -> Money | None:
    await balance.ask_balance(outside.daraja, "bal_1")
    await outside.sandbox.advance()
    told = outside.callbacks.told_at("balance/result/bal_1")
    return balance.read_balance_result(told[-1]).available(balance.UTILITY)


async def statement(outside: Outside, account: str = "utility") -> list[list[str]]:
    path = f"http://outside.test/sandbox/daraja/statement.csv?account={account}"
    return list(csv.reader(io.StringIO((await outside.http.get(path)).text)))[4:]


async def test_payout_is_taken_and_told_later(outside: Outside) -> None:
    answer = await pay(outside)
    await outside.sandbox.advance()

    assert answer.verdict is SendVerdict.ACCEPTED
    assert answer.originator_conversation_id == "b2c-1"
    [result] = results(outside)
    assert (result.outcome, result.reason, result.amount) == (Outcome.PAID, Reason.PAID, Money(250_000))
    assert result.conversation_id == answer.conversation_id
    assert result.utility_funds == Money(9_750_000)
    assert result.payee == "254711000001 - SANDBOX CUSTOMER"
    assert result.is_registered


async def test_money_leaves_the_utility_account_and_stands_in_the_statement(outside: Outside) -> None:
    await pay(outside)
    await outside.sandbox.advance()

    [line] = await statement(outside)
    assert line[0] == results(outside)[0].receipt
    assert line[5:8] == ["", "-2500.00", "97500.00"]
    assert await utility_funds(outside) == Money(9_750_000)


async def test_second_request_of_the_same_number_is_a_duplicate_and_pays_nothing(outside: Outside) -> None:
    await pay(outside)

    again = await pay(outside, an_order(shillings=100))
    await outside.sandbox.advance()

    assert (again.verdict, again.reason) == (SendVerdict.ACCEPTED, Reason.DUPLICATE)
    assert again.code == "500.002.1001"
    assert len(results(outside)) == 1
    assert await utility_funds(outside) == Money(9_750_000)


async def test_float_that_runs_dry_pays_nothing(outside: Outside) -> None:
    await pay(outside, an_order(shillings=100_000))
    await pay(outside, an_order(number="b2c-2", shillings=10))
    await outside.sandbox.advance()

    assert [result.result_code for result in results(outside)] == ["0", "1"]
    assert results(outside)[1].reason is Reason.FLOAT_LOW
    assert await utility_funds(outside) == Money.zero()


async def test_charge_is_taken_beside_the_payout_under_its_receipt(outside: Outside) -> None:
    await outside.set_faults({"daraja.b2c.charge": 9})

    await pay(outside)

    charge, payout = await statement(outside)
    assert charge[0] == payout[0]
    assert charge[5:8] == ["", "-9.00", "97491.00"]
    assert charge[9] != payout[9]
    assert (await status_of(outside)).charge == Money(900)


async def test_charge_counts_when_the_float_is_checked(outside: Outside) -> None:
    await outside.set_faults({"daraja.b2c.charge": 9})

    await pay(outside, an_order(shillings=99_995))
    await outside.sandbox.advance()

    assert results(outside)[0].reason is Reason.FLOAT_LOW


@pytest.mark.parametrize(
    ("ending", "code", "reason"),
    [
        ("002", "1", Reason.FLOAT_LOW),
        ("013", "2040", Reason.UNREGISTERED),
        ("014", "8", Reason.PAYEE_FULL),
    ],
)
async def test_some_numbers_can_never_be_paid(
    outside: Outside, ending: str, code: str, reason: Reason
) -> None:
    await pay(outside, an_order(phone=Msisdn(f"+254711900{ending}")))
    await outside.sandbox.advance()

    [result] = results(outside)
    assert (result.result_code, result.reason, result.receipt) == (code, reason, None)
    assert (await status_of(outside)).outcome is Outcome.NOT_PAID
    assert await statement(outside) == []


async def test_payout_that_waits_is_told_to_the_timeout_url_and_paid_a_minute_later(
    outside: Outside,
) -> None:
    await pay(outside, an_order(phone=Msisdn("+254711900011")))
    await outside.sandbox.advance()

    [told] = outside.callbacks.told_at(f"b2c/timeout/{ID}")
    assert read_queue_timeout(told).originator_conversation_id == "b2c-1"
    assert results(outside) == []
    assert (await status_of(outside)).outcome is Outcome.PENDING

    await outside.pass_time(60)

    assert [result.outcome for result in results(outside)] == [Outcome.PAID]
    assert (await status_of(outside)).outcome is Outcome.PAID


async def test_any_payout_can_be_made_to_wait(outside: Outside) -> None:
    await outside.set_faults({"daraja.b2c.queue_late": 1})
    await pay(outside)

    await outside.pass_time(60)

    assert len(outside.callbacks.told_at(f"b2c/timeout/{ID}")) == 1
    assert results(outside)[0].outcome is Outcome.PAID


async def test_payout_that_expires_in_the_queue_is_never_paid(outside: Outside) -> None:
    await outside.set_faults({"daraja.b2c.queue_expired": 1})
    await pay(outside)

    await outside.pass_time(60)

    assert len(outside.callbacks.told_at(f"b2c/timeout/{ID}")) == 1
    assert results(outside) == []
    heard = await status_of(outside)
    assert (heard.status, heard.outcome, heard.reason) == ("Expired", Outcome.NOT_PAID, Reason.EXPIRED)
    assert await statement(outside) == []


async def test_internal_error_may_hide_a_payout_that_was_made(outside: Outside) -> None:
    answer = await pay(outside, an_order(phone=Msisdn("+254711900012")))

    assert (answer.verdict, answer.code) == (SendVerdict.UNKNOWN, "500.002.1001")
    assert (await status_of(outside)).outcome is Outcome.PAID


async def test_result_may_come_before_the_answer(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.early": 1})

    await pay(outside)

    assert [result.outcome for result in results(outside)] == [Outcome.PAID]


@pytest.mark.parametrize(
    ("ending", "times"), [("006", 0), ("007", 2), ("008", 1)], ids=["never", "twice", "early"]
)
async def test_numbers_choose_how_often_the_result_comes(outside: Outside, ending: str, times: int) -> None:
    await pay(outside, an_order(phone=Msisdn(f"+254711900{ending}")))
    await outside.sandbox.advance()

    assert len(results(outside)) == times


async def test_paid_payout_may_first_be_reported_as_failed(outside: Outside) -> None:
    await outside.set_faults({"daraja.b2c.contradict": 1})
    await pay(outside)

    await outside.pass_time(10)

    assert [result.outcome for result in results(outside)] == [Outcome.NOT_PAID, Outcome.PAID]


async def test_result_may_be_lost_and_the_status_still_asked(outside: Outside) -> None:
    await outside.set_faults({"daraja.result.lost": 1})
    await pay(outside)
    await outside.pass_time(600)
    assert results(outside) == []

    await outside.set_faults({})

    assert (await status_of(outside)).outcome is Outcome.PAID


async def test_forged_result_comes_from_elsewhere_and_says_otherwise(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.forged": 1})

    await pay(outside)
    await outside.sandbox.advance()

    came_from = {
        result.outcome: sender
        for (_, body, sender) in outside.callbacks.told
        for result in [b2c.read_payout_result(body)]
    }
    assert came_from == {Outcome.PENDING: FORGER, Outcome.PAID: ""}


async def test_status_finds_a_payout_by_its_receipt_too(outside: Outside) -> None:
    await pay(outside)
    await outside.sandbox.advance()
    receipt = results(outside)[0].receipt or ""

    heard = await status_of(outside, number="", receipt=receipt)

    assert (heard.receipt, heard.amount, heard.outcome) == (receipt, Money(250_000), Outcome.PAID)
    assert heard.originator_conversation_id == "b2c-1"
    assert heard.credit_party == "254711000001 - SANDBOX CUSTOMER"


async def test_status_finds_a_customer_s_payment_by_its_receipt(outside: Outside) -> None:
    checkout = await outside.push()
    await outside.press(checkout, "approve")
    receipt = outside.sandbox.memory.answers[checkout].receipt

    heard = await status_of(outside, number="", receipt=receipt)

    assert (heard.outcome, heard.amount) == (Outcome.PAID, Money(150_000))


async def test_status_of_what_nobody_knows_is_no_answer(outside: Outside) -> None:
    heard = await status_of(outside, number="b2c-never-sent")

    assert not heard.is_answered
    assert heard.outcome is Outcome.PENDING


async def test_wrong_password_fails_and_the_third_one_locks_the_operator(outside: Outside) -> None:
    outside.operator_password("wrong")
    for number in range(TRIES_MAX):
        await pay(outside, an_order(number=f"b2c-{number}"))
    outside.operator_password("Demo#pass%1")
    await pay(outside, an_order(number="b2c-right"))
    await outside.sandbox.advance()

    assert [result.reason for result in results(outside)] == [Reason.OPERATOR] * 3 + [Reason.OPERATOR_LOCKED]
    assert await statement(outside) == []


async def test_unlocked_operator_is_let_in_again(outside: Outside) -> None:
    outside.operator_password("wrong")
    for number in range(TRIES_MAX):
        await pay(outside, an_order(number=f"b2c-{number}"))
    outside.operator_password("Demo#pass%1")

    await outside.http.post("http://outside.test/sandbox/daraja/operator/unlock")
    await pay(outside, an_order(number="b2c-right"))
    await outside.sandbox.advance()

    assert results(outside)[-1].outcome is Outcome.PAID


async def test_everything_is_known_after_a_kill(outside: Outside) -> None:
    await pay(outside, an_order(phone=Msisdn("+254711900011")))

    outside.start_again()
    await outside.pass_time(60)
    again = await pay(outside)

    assert again.reason is Reason.DUPLICATE
    assert results(outside)[0].outcome is Outcome.PAID
