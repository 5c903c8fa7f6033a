"""Can every answer be spoilt in every way, and do we then know what we can't know?"""

import pytest

from core.money import Money
from core.payments.ports import SendVerdict
from integrations.daraja import b2b, b2c, balance, qr, reversal, status
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.b2b import BusinessCommand, BusinessOrder
from integrations.daraja.b2c import PayoutOrder
from integrations.daraja.codes import Reason
from integrations.daraja.question import TRIES_MAX, Unanswered
from integrations.daraja.reversal import ReversalOrder
from integrations.daraja.status import StatusQuestion
from tests.integrations.outside import AMINA, Outside, a_request

ANSWERS = {
    "spike": (SendVerdict.BUSY, False),
    "lost": (SendVerdict.UNKNOWN, False),
    "error500": (SendVerdict.UNKNOWN, True),
    "timeout": (SendVerdict.ACCEPTED, True),
    "drip": (SendVerdict.ACCEPTED, True),
    "reset": (SendVerdict.UNKNOWN, True),
    "garbled": (SendVerdict.UNKNOWN, True),
}
"""Fault -> what we then know, and whether the request was taken. Here answers are held back for no time worth it."""

APIS = ("push", "b2c", "b2b", "reversal", "status", "balance")


async def send(outside: Outside, api: str) -> SendVerdict:
    answer: Acknowledgement
    match api:
        case "push":
            return (await outside.collector.collect(a_request())).verdict
        case "b2c":
            order = PayoutOrder(
                payout_id="out_1",
                originator_conversation_id="b2c-1",
                phone=AMINA,
                amount=Money(250_000),
                remarks="Loan LN00045",
            )
            answer = await b2c.pay_out(outside.daraja, order)
        case "status":
            question = StatusQuestion(payment_id="out_1", receipt="UKK4DEMO21")
            answer = await status.ask_status(outside.daraja, question)
        case "b2b":
            business = BusinessOrder(
                order_id="biz_1",
                command=BusinessCommand.PAY_BILL,
                payee="600000",
                amount=Money(100_000),
                reference="INV1",
                remarks="Supplier",
            )
            answer = await b2b.pay_business(outside.daraja, business)
        case "reversal":
            back = ReversalOrder(
                reversal_id="rev_1", receipt="UKK4DEMO11", amount=Money(100), remarks="Wrong"
            )
            answer = await reversal.reverse(outside.daraja, back)
        case _:
            answer = await balance.ask_balance(outside.daraja, "bal_1")
    return answer.verdict


@pytest.mark.parametrize("fault", ANSWERS)
@pytest.mark.parametrize("api", APIS)
async def test_fault_leaves_us_knowing_no_more_than_we_can(outside: Outside, api: str, fault: str) -> None:
    await outside.set_faults({f"daraja.{api}.{fault}": 1})

    verdict = await send(outside, api)

    expected, is_taken = ANSWERS[fault]
    memory = outside.sandbox.memory
    assert verdict is expected
    assert bool(memory.requests or memory.prompts) is is_taken


QUESTIONS = {
    "spike": Reason.BUSY,
    "lost": Reason.NO_ANSWER,
    "error500": Reason.UNKNOWN,
    "reset": Reason.NO_ANSWER,
}
"""Fault of a question that is answered at once -> why it went unanswered after the last try."""


@pytest.mark.parametrize("fault", QUESTIONS)
async def test_question_is_asked_again_a_few_times(outside: Outside, fault: str) -> None:
    await outside.set_faults({f"daraja.qr.{fault}": 1})
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    answer = await qr.qr_code(outside.daraja, merchant="X", reference="Y", amount=Money(100), pause=pause)

    assert isinstance(answer, Unanswered)
    assert answer.reason is QUESTIONS[fault]
    # The token comes by a path that ends alike.
    assert outside.notebook.count("/qrcode/v1/generate") == TRIES_MAX
    assert len(pauses) == TRIES_MAX - 1
    assert pauses[0] <= 1 <= pauses[1] <= 2


@pytest.mark.parametrize("fault", ["timeout", "drip"])
async def test_late_answer_to_a_question_is_an_answer_where_it_comes_in_time(
    outside: Outside, fault: str
) -> None:
    await outside.set_faults({f"daraja.qr.{fault}": 1})

    answer = await qr.qr_code(outside.daraja, merchant="X", reference="Y", amount=Money(100))

    assert isinstance(answer, bytes)


async def test_garbled_answer_to_a_question_is_not_asked_for_again(outside: Outside) -> None:
    await outside.set_faults({"daraja.qr.garbled": 1})

    answer = await qr.qr_code(outside.daraja, merchant="X", reference="Y", amount=Money(100))

    assert answer == Unanswered(reason=Reason.UNREADABLE)
