"""Does a push ask for exactly what was ordered, and is every answer to it read for what it proves?"""

import base64
import json

import httpx
import pytest

from core.money import Currency, Money
from core.payments.ports import CollectionReply, CollectionRequest, SendVerdict
from core.phone import Msisdn
from integrations.daraja.codes import Reason
from tests.integrations.daraja.wire import NETWORK_FAULTS, Wire, error, sampled
from tests.integrations.outside import AMINA, Outside, a_request, sample_object

ACCEPTED, REFUSED, BUSY, UNKNOWN = (
    SendVerdict.ACCEPTED,
    SendVerdict.REFUSED,
    SendVerdict.BUSY,
    SendVerdict.UNKNOWN,
)


async def test_push_is_accepted_and_shows_a_prompt(outside: Outside) -> None:
    reply = await outside.collector.collect(a_request())

    prompts = await outside.get(f"/handset/{AMINA.e164}/prompts")
    assert reply.verdict is ACCEPTED
    assert prompts == [
        {
            "id": reply.provider_request_id,
            "amount": "1500.00",
            "account": "LN00001A1B2C",
            "business": "600996",
        }
    ]


async def test_request_has_the_documented_fields_and_a_password_of_its_own_timestamp(
    outside: Outside,
) -> None:
    wire = Wire(outside, sampled(200, "daraja/stk_push_response.json"))

    await wire.collect()

    body = json.loads(wire.requests[0].content)
    assert set(body) == set(sample_object("daraja/stk_push_request.json"))
    assert base64.b64decode(body["Password"]) == b"600996demo-passkey20261120101530"
    assert body["Timestamp"] == "20261120101530"
    assert body["Amount"] == 1500
    assert body["PartyA"] == body["PhoneNumber"] == "254711000001"
    assert body["CallBackURL"] == "http://outside.test/payments/daraja/stk/pay_1"


@pytest.mark.parametrize("payment_id", ["pay_01exe", "pay_CMDx", "pay_0sqlexecmd", "pay_query"])
async def test_payment_id_with_a_forbidden_word_still_gets_its_callback(
    outside: Outside, payment_id: str
) -> None:
    checkout = await outside.push(a_request(payment_id=payment_id))

    await outside.press(checkout, "approve")
    await outside.sandbox.advance()

    assert [name for name, _ in outside.callbacks.received] == [payment_id]


@pytest.mark.parametrize(
    "wrong",
    [
        a_request(amount=Money(150050)),
        a_request(amount=Money(0)),
        a_request(amount=Money(-10000)),
        a_request(amount=Money(150000, Currency.USD)),
        a_request(account_reference=""),
        a_request(account_reference="13 characters"),
        a_request(account_reference="naïve"),
        a_request(description=""),
        a_request(description="fourteen chars"),
        a_request(phone=Msisdn("+256772123456")),
    ],
)
async def test_what_daraja_would_refuse_is_never_sent(outside: Outside, wrong: CollectionRequest) -> None:
    reply = await outside.collector.collect(wrong)

    assert reply == CollectionReply(REFUSED, reason=Reason.INVALID_REQUEST)
    assert outside.notebook.exchanges == []


@pytest.mark.parametrize(
    ("answer", "verdict", "reason"),
    [
        (sampled(400, "daraja/stk_push_error_invalid_field.json"), REFUSED, Reason.INVALID_REQUEST),
        (sampled(500, "daraja/stk_push_error_wrong_credentials.json"), REFUSED, Reason.CONFIGURATION),
        (
            error(500, "500.001.1001", "[MerchantValidate] - Wrong credentials"),
            REFUSED,
            Reason.CONFIGURATION,
        ),
        (error(500, "500.001.1001", "Merchant does not exist"), REFUSED, Reason.CONFIGURATION),
        (error(404, "404.001.01", "Resource not found"), REFUSED, Reason.CONFIGURATION),
        (error(404, "404.001.04", "Invalid Authentication Header"), REFUSED, Reason.CONFIGURATION),
        (error(405, "405.001", "Method Not Allowed"), REFUSED, Reason.CONFIGURATION),
        (sampled(500, "daraja/stk_push_error_subscriber_locked.json"), BUSY, Reason.BUSY),
        (sampled(500, "daraja/stk_push_error_spike_arrest.json"), BUSY, Reason.BUSY),
        (
            error(500, "500.003.02", "System is busy. Please try again in few minutes."),
            BUSY,
            Reason.BUSY,
        ),
        (error(500, "500.003.03", "Quota Violation"), BUSY, Reason.BUSY),
        (httpx.Response(429, text="slow down"), BUSY, Reason.BUSY),
        (error(500, "500.003.1001", "Internal Server Error"), UNKNOWN, Reason.UNKNOWN),
        (error(500, "500.001.1001", "The transaction is being processed"), UNKNOWN, Reason.UNKNOWN),
        (error(503, "", ""), UNKNOWN, Reason.UNKNOWN),
        (httpx.Response(502, text="<html>bad gateway</html>"), UNKNOWN, Reason.UNKNOWN),
        (httpx.Response(400, content=b""), UNKNOWN, Reason.UNKNOWN),
        (httpx.Response(302, headers={"Location": "http://elsewhere.test"}), UNKNOWN, Reason.UNKNOWN),
        (httpx.Response(200, text='{"MerchantRequ'), UNKNOWN, Reason.UNREADABLE),
        (httpx.Response(200, text="[]"), UNKNOWN, Reason.UNREADABLE),
        (httpx.Response(200, json={"ResponseCode": "0"}), UNKNOWN, Reason.UNREADABLE),
    ],
)
async def test_an_error_is_read_by_code_and_message(
    outside: Outside, answer: httpx.Response, verdict: SendVerdict, reason: Reason
) -> None:
    wire = Wire(outside, answer)

    reply = await wire.collect()

    assert reply == CollectionReply(verdict, reason=reason)
    assert len(wire.requests) == 1, "a push is never repeated"


async def test_a_200_with_another_response_code_keeps_the_handle_for_enquiries(outside: Outside) -> None:
    body = sample_object("daraja/stk_push_response.json") | {"ResponseCode": "1"}
    wire = Wire(outside, httpx.Response(200, json=body))

    reply = await wire.collect()

    assert reply.verdict is UNKNOWN
    assert reply.provider_request_id == body["CheckoutRequestID"]


async def test_sample_of_an_accepted_push_is_read(outside: Outside) -> None:
    wire = Wire(outside, sampled(200, "daraja/stk_push_response.json"))

    reply = await wire.collect()

    assert reply == CollectionReply(ACCEPTED, provider_request_id="ws_CO_201120261015311700000101")


@NETWORK_FAULTS
async def test_a_push_that_may_have_arrived_is_unknown_and_not_repeated(
    outside: Outside, fault: Exception
) -> None:
    wire = Wire(outside, fault)

    reply = await wire.collect()

    assert reply == CollectionReply(UNKNOWN, reason=Reason.NO_ANSWER)
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")],
    ids=lambda fault: type(fault).__name__,
)
async def test_a_push_that_surely_did_not_leave_is_busy(outside: Outside, fault: Exception) -> None:
    wire = Wire(outside, fault)

    reply = await wire.collect()

    assert reply == CollectionReply(BUSY, reason=Reason.PROVIDER_DOWN)


@pytest.mark.parametrize(
    "refusal",
    [
        sampled(404, "daraja/stk_push_error_invalid_token.json"),
        error(401, "401.002.01", "Error Occurred - Invalid Access Token - abcdefghijklmnopqrstuvwxyz12"),
        error(400, "400.003.01", "Invalid Access Token"),
        error(401, "401.003.01", "Invalid token"),
        httpx.Response(401, text="Unauthorized"),
    ],
)
async def test_a_token_that_stays_invalid_is_replaced_once_and_then_busy(
    outside: Outside, refusal: httpx.Response
) -> None:
    wire = Wire(outside, refusal)

    reply = await wire.collect()

    assert reply == CollectionReply(BUSY, reason=Reason.ACCESS)
    assert [request.headers["Authorization"] for request in wire.requests] == [
        "Bearer token1",
        "Bearer token2",
    ]


async def test_wrong_app_keys_are_a_matter_of_set_up(outside: Outside) -> None:
    wire = Wire(outside, httpx.Response(200))
    wire.refuse_tokens(httpx.Response(400, content=b""))

    reply = await wire.collect()

    assert reply == CollectionReply(REFUSED, reason=Reason.CONFIGURATION)
    assert wire.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(503, text="Service Unavailable"),
        httpx.Response(200, text="not JSON"),
        httpx.ReadTimeout("slow"),
    ],
)
async def test_no_token_for_now_means_that_nothing_was_sent(
    outside: Outside, answer: httpx.Response | Exception
) -> None:
    wire = Wire(outside, httpx.Response(200))
    wire.refuse_tokens(answer)

    reply = await wire.collect()

    assert reply == CollectionReply(BUSY, reason=Reason.PROVIDER_DOWN)
    assert wire.requests == []


async def test_records_hold_no_token_password_or_whole_number(outside: Outside) -> None:
    wire = Wire(
        outside,
        error(401, "401.002.01", "Invalid Access Token abcdefghijklmnopqrstuvwxyz12 for 254711000001"),
    )

    await wire.collect()

    kept = repr(wire.notebook.exchanges)
    assert "401.002.01" in kept
    assert "abcdefghijklmnopqrstuvwxyz12" not in kept
    assert "254711000001" not in kept
    assert "token1" not in kept
