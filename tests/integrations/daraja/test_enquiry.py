"""Is only a definite answer of the STK query taken for one?"""

import json

import httpx
import pytest

from core.payments.ports import Enquiry, Outcome
from integrations.daraja.codes import Reason
from tests.integrations.daraja.wire import NETWORK_FAULTS, Wire, error, sampled
from tests.integrations.outside import Outside, sample_object

HANDLE = "ws_CO_201120261015311700000101"


async def test_request_has_the_documented_fields(outside: Outside) -> None:
    wire = Wire(outside, sampled(200, "daraja/stk_query_response_success.json"))

    await wire.enquire(HANDLE)

    body = json.loads(wire.requests[0].content)
    assert set(body) == set(sample_object("daraja/stk_query_request.json"))
    assert body["CheckoutRequestID"] == HANDLE


@pytest.mark.parametrize(
    ("answer", "outcome", "result_code", "reason"),
    [
        (sampled(200, "daraja/stk_query_response_success.json"), Outcome.PAID, "0", Reason.PAID),
        (
            sampled(200, "daraja/stk_query_response_cancelled.json"),
            Outcome.NOT_PAID,
            "1032",
            Reason.CANCELLED,
        ),
        (
            sampled(200, "daraja/stk_query_response_processing_4999.json"),
            Outcome.PENDING,
            "4999",
            Reason.PROCESSING,
        ),
        (
            sampled(500, "daraja/stk_query_error_processing_500.json"),
            Outcome.PENDING,
            "500.001.1001",
            Reason.PROCESSING,
        ),
        (
            error(500, "500.003.02", "System is busy"),
            Outcome.PENDING,
            "500.003.02",
            Reason.UNKNOWN,
        ),
        (
            error(400, "400.002.02", "Bad Request - Invalid CheckoutRequestID"),
            Outcome.PENDING,
            "400.002.02",
            Reason.UNKNOWN,
        ),
        (httpx.Response(503, text="down"), Outcome.PENDING, "", Reason.UNKNOWN),
        (httpx.Response(200, text='{"Resul'), Outcome.PENDING, "", Reason.UNREADABLE),
        (httpx.Response(200, json={"ResponseCode": "0"}), Outcome.PENDING, "", Reason.UNREADABLE),
        (httpx.Response(200, json={"ResultCode": 1037}), Outcome.NOT_PAID, "1037", Reason.UNREACHABLE),
        (httpx.Response(200, json={"ResultCode": "77"}), Outcome.PENDING, "77", Reason.UNKNOWN),
    ],
)
async def test_answer_is_read_by_the_table(
    outside: Outside, answer: httpx.Response, outcome: Outcome, result_code: str, reason: Reason
) -> None:
    wire = Wire(outside, answer)

    heard = await wire.enquire(HANDLE)

    assert (heard.outcome, heard.result_code, heard.reason) == (outcome, result_code, reason)
    assert heard.provider_request_id == HANDLE
    assert (heard.receipt, heard.amount) == (None, None)


async def test_answer_about_another_request_says_nothing(outside: Outside) -> None:
    wire = Wire(outside, sampled(200, "daraja/stk_query_response_success.json"))

    heard = await wire.enquire("ws_CO_20112026101531999711000001")

    assert (heard.outcome, heard.reason) == (Outcome.PENDING, Reason.UNREADABLE)


@NETWORK_FAULTS
async def test_no_answer_leaves_it_pending(outside: Outside, fault: Exception) -> None:
    wire = Wire(outside, fault)

    heard = await wire.enquire(HANDLE)

    assert heard == Enquiry(Outcome.PENDING, "", "", reason=Reason.NO_ANSWER, provider_request_id=HANDLE)


async def test_unreachable_provider_or_refused_keys_leave_it_pending(outside: Outside) -> None:
    wire = Wire(outside, httpx.ConnectError("refused"))
    unreachable = await wire.enquire(HANDLE)
    wire = Wire(outside, httpx.Response(200))
    await outside.redis.flushdb()
    wire.refuse_tokens(sampled(400, "daraja/oauth_error_400.json"))
    refused = await wire.enquire(HANDLE)

    assert (unreachable.outcome, unreachable.reason) == (Outcome.PENDING, Reason.PROVIDER_DOWN)
    assert (refused.outcome, refused.reason) == (Outcome.PENDING, Reason.CONFIGURATION)


async def test_open_then_approved_prompt_is_pending_then_paid(outside: Outside) -> None:
    checkout = await outside.push()

    while_open = await outside.enquiry.enquire(checkout)
    await outside.press(checkout, "approve")
    after = await outside.enquiry.enquire(checkout)

    assert (while_open.outcome, while_open.reason) == (Outcome.PENDING, Reason.PROCESSING)
    assert (after.outcome, after.result_code) == (Outcome.PAID, "0")
