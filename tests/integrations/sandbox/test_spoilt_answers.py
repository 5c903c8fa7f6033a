"""Can every answer be spoilt in every way, and do we then know what we can't know?"""

import pytest

from core.money import Money
from core.payments.ports import SendVerdict
from integrations.daraja import b2c, balance, status
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.b2c import PayoutOrder
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

APIS = ("push", "b2c", "status", "balance")


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
