"""Do B2B, reversals, QR codes, standing orders, pulled transactions and SIM checks do what Safaricom's do?"""

from datetime import date, timedelta

import pytest

from core.money import Money
from core.payments.ports import Outcome, SendVerdict
from core.phone import Msisdn
from integrations.daraja import b2b, pull, qr, reversal, sim, standing_order, till_prompt
from integrations.daraja.b2b import BusinessCommand, BusinessOrder
from integrations.daraja.codes import Reason
from integrations.daraja.pull import PulledPage
from integrations.daraja.question import Unanswered
from integrations.daraja.reversal import ReversalOrder
from integrations.daraja.standing_order import Frequency, StandingOrder
from integrations.sandbox.daraja_b2b import REFUSING_TILL
from integrations.sandbox.daraja_pull import PAGE_ROWS
from integrations.sandbox.events import AccountName
from tests.integrations.outside import AMINA, Outside

PNG = b"\x89PNG"


def funds(outside: Outside, account: AccountName = AccountName.UTILITY) -> int:
    return outside.sandbox.memory.book.balance(account).minor


def a_business_order(
    command: BusinessCommand = BusinessCommand.PAY_BILL, *, payee: str = "600000", shillings: int = 12_000
) -> BusinessOrder:
    return BusinessOrder(
        order_id="biz_1",
        command=command,
        payee=payee,
        amount=Money(shillings * 100),
        reference="INV2026114",
        remarks="Supplier",
    )


async def pay_business(outside: Outside, order: BusinessOrder) -> b2b.BusinessResult:
    answer = await b2b.pay_business(outside.daraja, order)
    assert answer.verdict is SendVerdict.ACCEPTED, answer
    await outside.sandbox.advance()
    return b2b.read_business_result(outside.callbacks.told_at("b2b/result/biz_1")[-1])


@pytest.mark.parametrize(
    ("command", "payee"),
    [
        (BusinessCommand.PAY_BILL, "600000"),
        (BusinessCommand.BUY_GOODS, "600001"),
        (BusinessCommand.TAX, b2b.TAX_OFFICE),
    ],
)
async def test_business_is_paid_out_of_the_working_account(
    outside: Outside, command: BusinessCommand, payee: str
) -> None:
    result = await pay_business(outside, a_business_order(command, payee=payee))

    assert (result.outcome, result.amount) == (Outcome.PAID, Money(1_200_000))
    assert result.payee == f"{payee} - SANDBOX BUSINESS"
    assert funds(outside, AccountName.WORKING) == 3_800_000
    assert funds(outside) == 10_000_000


@pytest.mark.parametrize("command", [BusinessCommand.TOP_UP, BusinessCommand.TRANSFER])
async def test_our_own_float_goes_from_one_account_to_the_other(
    outside: Outside, command: BusinessCommand
) -> None:
    await pay_business(outside, a_business_order(command, payee="600996"))

    assert funds(outside, AccountName.WORKING) == 3_800_000
    assert funds(outside) == 11_200_000


async def test_empty_working_account_pays_nothing(outside: Outside) -> None:
    result = await pay_business(outside, a_business_order(shillings=50_001))

    assert (result.outcome, result.reason) == (Outcome.NOT_PAID, Reason.FLOAT_LOW)
    assert funds(outside, AccountName.WORKING) == 5_000_000


async def test_same_payment_to_a_business_twice_is_done_twice(outside: Outside) -> None:
    await pay_business(outside, a_business_order())
    await pay_business(outside, a_business_order())

    assert funds(outside, AccountName.WORKING) == 2_600_000


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        (a_business_order(shillings=0), "amount"),
        (a_business_order(payee="12"), "payee"),
        (a_business_order(BusinessCommand.TAX, payee="600000"), "payee"),
    ],
)
async def test_wrong_order_to_a_business_is_not_sent(
    outside: Outside, order: BusinessOrder, wrong: str
) -> None:
    answer = await b2b.pay_business(outside.daraja, order)

    assert (answer.verdict, answer.reason, answer.text) == (
        SendVerdict.REFUSED,
        Reason.INVALID_REQUEST,
        wrong,
    )
    assert outside.notebook.count("paymentrequest") == 0


@pytest.mark.parametrize(
    ("till", "outcome", "cents"),
    [("600001", Outcome.PAID, 10_500_000), (REFUSING_TILL, Outcome.NOT_PAID, 10_000_000)],
)
async def test_till_owner_pays_or_not(outside: Outside, till: str, outcome: Outcome, cents: int) -> None:
    answer = await till_prompt.prompt_till(
        outside.daraja,
        request_id="req_1",
        till=till,
        amount=Money(500_000),
        reference="FLOAT0042",
        partner="Imarisha Demo",
    )
    await outside.sandbox.advance()

    [told] = outside.callbacks.told_at("till/result/req_1")
    assert answer.verdict is SendVerdict.ACCEPTED
    assert till_prompt.read_till_payment(told).outcome is outcome
    assert funds(outside) == cents


async def a_payment(outside: Outside) -> str:
    checkout = await outside.push()
    await outside.press(checkout, "approve")
    return outside.sandbox.memory.answers[checkout].receipt


async def reverse(outside: Outside, receipt: str, cents: int = 150_000) -> reversal.ReversalResult:
    order = ReversalOrder(reversal_id="rev_1", receipt=receipt, amount=Money(cents), remarks="Wrong account")
    answer = await reversal.reverse(outside.daraja, order)
    assert answer.verdict is SendVerdict.ACCEPTED, answer
    await outside.sandbox.advance()
    return reversal.read_reversal_result(outside.callbacks.told_at("reversal/result/rev_1")[-1])


async def test_payment_is_given_back_once(outside: Outside) -> None:
    receipt = await a_payment(outside)

    first = await reverse(outside, receipt)
    again = await reverse(outside, receipt)

    assert (first.outcome, first.original_receipt, first.amount) == (
        Outcome.PAID,
        receipt,
        Money(150_000),
    )
    assert first.receipt not in {None, receipt}
    assert again.reason is Reason.ALREADY_REVERSED
    assert funds(outside) == 10_000_000


async def test_reversal_stands_in_the_statement_beside_what_it_reverses(outside: Outside) -> None:
    receipt = await a_payment(outside)

    await reverse(outside, receipt)

    path = "http://outside.test/sandbox/daraja/statement.csv"
    line = (await outside.http.get(path)).text.splitlines()[4]
    assert ",-1500.00,100000.00," in line
    assert f",{receipt}," in line


@pytest.mark.parametrize(
    ("receipt", "cents", "reason"),
    [("UNKNOWN001", 150_000, Reason.UNKNOWN_TRANSACTION), (None, 140_000, Reason.LIMIT)],
)
async def test_what_can_not_be_given_back_is_not(
    outside: Outside, receipt: str | None, cents: int, reason: Reason
) -> None:
    paid = await a_payment(outside)

    result = await reverse(outside, receipt or paid, cents)

    assert (result.outcome, result.reason) == (Outcome.NOT_PAID, reason)
    assert funds(outside) == 10_150_000


@pytest.mark.parametrize(
    ("receipt", "cents", "remarks"), [("", 100, "ok"), ("R1", 150, "ok"), ("R1", 100, "x")]
)
async def test_wrong_reversal_is_not_sent(outside: Outside, receipt: str, cents: int, remarks: str) -> None:
    order = ReversalOrder(reversal_id="rev_1", receipt=receipt, amount=Money(cents), remarks=remarks)

    answer = await reversal.reverse(outside.daraja, order)

    assert (answer.verdict, answer.reason) == (SendVerdict.REFUSED, Reason.INVALID_REQUEST)


async def test_qr_code_is_a_picture(outside: Outside) -> None:
    picture = await qr.qr_code(
        outside.daraja, merchant="IMARISHA DEMO SACCO", reference="SAV000123", amount=Money(150_000)
    )

    assert isinstance(picture, bytes)
    assert picture.startswith(PNG)


async def test_qr_code_of_cents_is_not_asked_for(outside: Outside) -> None:
    answer = await qr.qr_code(outside.daraja, merchant="X", reference="Y", amount=Money(150))

    assert answer == Unanswered(reason=Reason.INVALID_REQUEST, text="amount")


@pytest.mark.parametrize(
    ("phone", "outcome", "reason"),
    [
        (AMINA, Outcome.PAID, Reason.PAID),
        (Msisdn("+254711900003"), Outcome.NOT_PAID, Reason.CANCELLED),
    ],
)
async def test_customer_approves_a_standing_order_or_not(
    outside: Outside, phone: Msisdn, outcome: Outcome, reason: Reason
) -> None:
    order = StandingOrder(
        order_id="ord_1",
        name="Savings SAV000123",
        payer=phone,
        amount=Money(100_000),
        first=date(2026, 12, 1),
        last=date(2027, 11, 30),
        frequency=Frequency.MONTHLY,
        reference="SAV000123",
        description="Savings",
    )

    answer = await standing_order.ask_for_standing_order(outside.daraja, order)
    await outside.sandbox.advance()

    [told] = outside.callbacks.told_at("standing-order/result/ord_1")
    word = standing_order.read_standing_order_word(told)
    assert answer.verdict is SendVerdict.ACCEPTED
    assert answer.originator_conversation_id == word.request_id
    assert (word.outcome, word.reason) == (outcome, reason)


async def pulled(outside: Outside, offset: int = 0, *, days: int = 2) -> PulledPage:
    now = outside.clock.now()
    page = await pull.pull_payments(
        outside.daraja, since=now - timedelta(days=days), until=now, offset=offset
    )
    assert isinstance(page, PulledPage), page
    return page


async def test_payments_can_be_pulled_once_that_is_registered(outside: Outside) -> None:
    now = outside.clock.now()
    before = await pull.pull_payments(outside.daraja, since=now, until=now)
    assert await pull.register_pull(outside.daraja, nominated=AMINA) is None
    receipt = await a_payment(outside)

    page = await pulled(outside)

    assert isinstance(before, Unanswered)
    assert before.reason is Reason.INVALID_REQUEST
    [payment] = page.payments
    assert (payment.receipt, payment.amount, payment.payer) == (receipt, Money(150_000), "711000001")
    assert payment.at == now
    assert await pull.register_pull(outside.daraja, nominated=AMINA) is None


async def test_payments_come_page_by_page_and_two_days_back_only(outside: Outside) -> None:
    await pull.register_pull(outside.daraja, nominated=AMINA)
    for _ in range(PAGE_ROWS + 1):
        path = f"http://outside.test/sandbox/handset/{AMINA.e164}/pay"
        await outside.http.post(path, json={"paybill": "600996", "account": "A", "amount": "10"})

    pages = [(await pulled(outside, offset)).rows for offset in (0, PAGE_ROWS, PAGE_ROWS + 1)]
    outside.clock.let_pass(timedelta(days=3).total_seconds())

    assert pages == [PAGE_ROWS, 1, 0]
    assert (await pulled(outside, days=10)).rows == 0


@pytest.mark.parametrize(("phone", "swapped"), [(AMINA, None), (Msisdn("+254711900015"), date(2026, 11, 19))])
async def test_swapped_sim_is_known(outside: Outside, phone: Msisdn, swapped: date | None) -> None:
    assert await sim.check_sim(outside.daraja, phone) == sim.Sim(swapped_on=swapped)
