"""Does the sandbox's Daraja check, answer and call back as the real one is documented to?"""

import base64
import json
from collections.abc import Mapping

import httpx
import pytest

from core.money import Money
from core.payments.ports import Outcome, SendVerdict
from core.phone import Msisdn
from integrations.daraja.callbacks import read_stk_callback
from integrations.daraja.codes import Reason
from tests.integrations.outside import AMINA, DARAJA, OTIENO, Outside, a_request, sample_object

PUSH = f"{DARAJA.base_url}/mpesa/stkpush/v1/processrequest"
QUERY = f"{DARAJA.base_url}/mpesa/stkpushquery/v1/query"
TOKEN = f"{DARAJA.base_url}/oauth/v1/generate?grant_type=client_credentials"


def a_push(**changes: object) -> dict[str, object]:
    """A push that passes every check, with some fields said otherwise; None leaves one out."""
    timestamp = "20261120101530"
    password = base64.b64encode(f"600996demo-passkey{timestamp}".encode()).decode()
    body: dict[str, object] = {
        "BusinessShortCode": "600996",
        "Password": password,
        "Timestamp": timestamp,
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 1500,
        "PartyA": AMINA.digits,
        "PartyB": "600996",
        "PhoneNumber": AMINA.digits,
        "CallBackURL": "http://outside.test/payments/daraja/stk/pay_1",
        "AccountReference": "LN00001A1B2C",
        "TransactionDesc": "Loan payment",
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


async def fetch_token(outside: Outside) -> str:
    response = await outside.http.get(TOKEN, auth=(DARAJA.consumer_key, DARAJA.consumer_secret))
    token: str = response.json()["access_token"]
    return token


async def post(outside: Outside, url: str, body: object, token: str | None = None) -> httpx.Response:
    token = token or await fetch_token(outside)
    return await outside.http.post(url, json=body, headers={"Authorization": f"Bearer {token}"})


def shape(value: object) -> object:
    """The keys and kinds of a JSON value, without what is in it."""
    if isinstance(value, Mapping):
        return {name: shape(held) for name, held in value.items()}
    if isinstance(value, list):
        return [shape(held) for held in value]
    return type(value).__name__


async def test_answers_have_the_shapes_of_the_samples(outside: Outside) -> None:
    token = await outside.http.get(TOKEN, auth=(DARAJA.consumer_key, DARAJA.consumer_secret))
    push = await post(outside, PUSH, a_push())
    body = a_push() | {"CheckoutRequestID": push.json()["CheckoutRequestID"]}
    processing = await post(outside, QUERY, body)
    await outside.press(push.json()["CheckoutRequestID"], "approve")
    query = await post(outside, QUERY, body)
    await outside.sandbox.advance()
    ((_, callback),) = outside.callbacks.received

    assert shape(token.json()) == shape(sample_object("daraja/oauth_token_response.json"))
    assert shape(push.json()) == shape(sample_object("daraja/stk_push_response.json"))
    assert processing.status_code == 500
    assert shape(processing.json()) == shape(sample_object("daraja/stk_query_error_processing_500.json"))
    assert shape(query.json()) == shape(sample_object("daraja/stk_query_response_success.json"))
    assert shape(json.loads(callback)) == shape(sample_object("daraja/stk_callback_success.json"))


async def test_failed_callback_has_the_shape_of_the_sample(outside: Outside) -> None:
    checkout = await outside.push()

    await outside.press(checkout, "decline")
    await outside.sandbox.advance()

    ((_, callback),) = outside.callbacks.received
    assert shape(json.loads(callback)) == shape(sample_object("daraja/stk_callback_cancelled_1032.json"))


async def test_approved_prompt_is_reported_with_receipt_and_amount(outside: Outside) -> None:
    checkout = await outside.push()

    pressed = await outside.press(checkout, "approve", pin="4271")
    await outside.sandbox.advance()

    ((payment_id, body),) = outside.callbacks.received
    heard = read_stk_callback(body)
    assert payment_id == "pay_1"
    assert (heard.outcome, heard.amount) == (Outcome.PAID, Money(150000))
    assert heard.provider_request_id == checkout
    assert heard.receipt == pressed.json()["receipt"]
    assert heard.receipt is not None
    assert heard.receipt.startswith("UKK")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"BusinessShortCode": "x"}, "BusinessShortCode"),
        ({"Password": None}, "Password"),
        ({"Timestamp": "2026-11-20"}, "Timestamp"),
        ({"Timestamp": "20261320101530"}, "Timestamp"),
        ({"TransactionType": "PayBill"}, "TransactionType"),
        ({"Amount": 0}, "Amount"),
        ({"Amount": 10.5}, "Amount"),
        ({"Amount": "1500.00"}, "Amount"),
        ({"PartyA": "0711000001"}, "PartyA"),
        ({"PartyB": None}, "PartyB"),
        ({"PhoneNumber": "+254711000001"}, "PhoneNumber"),
        ({"CallBackURL": "ftp://x.test"}, "CallBackURL"),
        ({"CallBackURL": "not a url"}, "CallBackURL"),
        ({"CallBackURL": "http://[::1"}, "CallBackURL"),
        ({"CallBackURL": "https://x.test/M-Pesa/1"}, "CallBackURL"),
        ({"CallBackURL": "https://x.test/a?sqlite=1"}, "CallBackURL"),
        ({"CallBackURL": "https://abc.ngrok.app/1"}, "CallBackURL"),
        ({"AccountReference": "13 characters"}, "AccountReference"),
        ({"TransactionDesc": "fourteen chars"}, "Remarks"),
        ({"TransactionDesc": None}, "Remarks"),
    ],
)
async def test_wrong_field_is_named_and_shows_no_prompt(
    outside: Outside, changes: dict[str, object], named: str
) -> None:
    response = await post(outside, PUSH, a_push(**changes))

    assert response.status_code == 400
    assert response.json()["errorCode"] == "400.002.02"
    assert response.json()["errorMessage"] == f"Bad Request - Invalid {named}"
    assert await outside.get(f"/handset/{AMINA.e164}/prompts") == []


async def test_amount_and_numbers_may_be_numbers_or_strings(outside: Outside) -> None:
    as_strings = await post(outside, PUSH, a_push(Amount="1500"))
    as_numbers = await post(
        outside, PUSH, a_push(PhoneNumber=int(OTIENO.digits), PartyA=int(OTIENO.digits), PartyB=600996)
    )

    assert (as_strings.status_code, as_numbers.status_code) == (200, 200)


async def test_other_content_type_finds_the_first_field_invalid(outside: Outside) -> None:
    token = await fetch_token(outside)

    response = await outside.http.post(
        PUSH,
        content=json.dumps(a_push()),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "text/plain"},
    )

    assert response.json()["errorMessage"] == "Bad Request - Invalid BusinessShortCode"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"BusinessShortCode": "600000"}, "Merchant does not exist"),
        ({"Timestamp": "20261120101531"}, "[MerchantValidate] - Wrong credentials"),
        ({"Password": "AAAAAAAAAAAA"}, "[MerchantValidate] - Wrong credentials"),
        ({"Password": "AAAAAAAAA"}, "[MerchantValidate] - Wrong credentials"),
    ],
)
async def test_wrong_merchant_or_password_is_refused(
    outside: Outside, changes: dict[str, object], message: str
) -> None:
    response = await post(outside, PUSH, a_push(**changes))

    assert (response.status_code, response.json()["errorCode"]) == (500, "500.001.1001")
    assert response.json()["errorMessage"] == message


@pytest.mark.parametrize(
    ("headers", "query", "status", "code"),
    [
        ({}, "grant_type=client_credentials", 400, "400.008.01"),
        ({"Authorization": "Bearer x"}, "grant_type=client_credentials", 400, "400.008.01"),
        ({"Authorization": "Basic ZGVtby1rZXk6ZGVtby1zZWNyZXQ="}, "grant_type=password", 400, "400.008.02"),
    ],
)
async def test_token_request_that_is_wrong_is_told_why(
    outside: Outside, headers: dict[str, str], query: str, status: int, code: str
) -> None:
    response = await outside.http.get(f"{DARAJA.base_url}/oauth/v1/generate?{query}", headers=headers)

    assert (response.status_code, response.json()["errorCode"]) == (status, code)


async def test_wrong_keys_are_answered_with_an_empty_body(outside: Outside) -> None:
    response = await outside.http.get(TOKEN, auth=("demo-key", "other"))

    assert (response.status_code, response.content) == (400, b"")


async def test_new_token_ends_the_one_before_it(outside: Outside) -> None:
    first = await fetch_token(outside)
    second = await fetch_token(outside)

    refused = await post(outside, PUSH, a_push(), first)
    taken = await post(outside, PUSH, a_push(), second)

    assert (refused.status_code, refused.json()["errorCode"]) == (404, "404.001.03")
    assert taken.status_code == 200


async def test_token_ends_after_an_hour(outside: Outside) -> None:
    token = await fetch_token(outside)

    outside.clock.let_pass(3599)
    response = await post(outside, PUSH, a_push(), token)

    assert response.json()["errorCode"] == "404.001.03"


async def test_wrong_path_verb_and_missing_header_are_answered_in_daraja_s_words(outside: Outside) -> None:
    path = await outside.http.post(f"{DARAJA.base_url}/mpesa/nothing")
    verb = await outside.http.get(PUSH)
    header = await outside.http.post(PUSH, json=a_push())

    assert (path.status_code, path.json()["errorCode"]) == (404, "404.001.01")
    assert (verb.status_code, verb.json()["errorCode"]) == (405, "405.001")
    assert (header.status_code, header.json()["errorCode"]) == (404, "404.001.04")


async def test_phone_with_an_open_prompt_is_locked_and_others_are_not(outside: Outside) -> None:
    checkout = await outside.push()

    locked = await outside.collector.collect(a_request(payment_id="pay_2"))
    other = await outside.collector.collect(a_request(payment_id="pay_3", phone=OTIENO))
    await outside.press(checkout, "decline")
    after = await outside.collector.collect(a_request(payment_id="pay_4"))

    assert (locked.verdict, locked.reason) == (SendVerdict.BUSY, Reason.BUSY)
    assert (other.verdict, after.verdict) == (SendVerdict.ACCEPTED, SendVerdict.ACCEPTED)


async def test_prompt_nobody_answers_lapses_after_a_minute(outside: Outside) -> None:
    await outside.push()

    await outside.pass_time(59)
    before = list(outside.callbacks.codes())
    await outside.pass_time(1)

    assert (before, outside.callbacks.codes()) == ([], [1037])
    assert await outside.get(f"/handset/{AMINA.e164}/prompts") == []


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"CheckoutRequestID": ""}, 400, "Bad Request - Invalid CheckoutRequestID"),
        ({"Timestamp": 1}, 400, "Bad Request - Invalid Timestamp"),
        ({"Password": "AAAAAAAAAAAA"}, 500, "[MerchantValidate] - Wrong credentials"),
    ],
)
async def test_wrong_query_is_told_why(
    outside: Outside, changes: dict[str, object], status: int, message: str
) -> None:
    checkout = await outside.push()

    response = await post(outside, QUERY, a_push() | {"CheckoutRequestID": checkout} | changes)

    assert (response.status_code, response.json()["errorMessage"]) == (status, message)


async def test_phone_is_free_as_soon_as_its_prompt_has_lapsed(outside: Outside) -> None:
    await outside.push()

    outside.clock.let_pass(60)
    reply = await outside.collector.collect(a_request(payment_id="pay_2"))

    assert reply.verdict is SendVerdict.ACCEPTED


async def test_query_about_an_unknown_request_is_refused(outside: Outside) -> None:
    heard = await outside.enquiry.enquire("ws_CO_0")

    assert (heard.outcome, heard.result_code) == (Outcome.PENDING, "400.002.02")


@pytest.mark.parametrize(
    ("ending", "codes"),
    [
        ("001", [0]),
        ("002", [1]),
        ("003", [1032]),
        ("004", [1037]),
        ("005", [2001]),
        ("006", []),
        ("007", [0, 0]),
        ("014", [8]),
    ],
)
async def test_magic_handset_answers_by_itself(outside: Outside, ending: str, codes: list[int]) -> None:
    checkout = await outside.push(a_request(phone=Msisdn(f"+254711900{ending}")))

    await outside.pass_time(2)

    heard = await outside.enquiry.enquire(checkout)
    assert outside.callbacks.codes() == codes
    assert heard.outcome is (Outcome.PAID if codes in ([0], [0, 0], []) else Outcome.NOT_PAID)


async def test_magic_handset_is_called_back_before_the_push_is_answered(outside: Outside) -> None:
    reply = await outside.collector.collect(a_request(phone=Msisdn("+254711900008")))

    assert outside.callbacks.codes() == [0]
    assert outside.callbacks.bodies()[0]["CheckoutRequestID"] == reply.provider_request_id


async def test_magic_handset_is_called_back_two_minutes_late(outside: Outside) -> None:
    checkout = await outside.push(a_request(phone=Msisdn("+254711900009")))

    await outside.pass_time(2)
    early = list(outside.callbacks.codes())
    heard = await outside.enquiry.enquire(checkout)
    await outside.pass_time(120)

    assert (early, heard.outcome, outside.callbacks.codes()) == ([], Outcome.PAID, [0])


async def test_magic_handset_is_processing_for_a_minute_and_then_paid(outside: Outside) -> None:
    checkout = await outside.push(a_request(phone=Msisdn("+254711900010")))

    await outside.pass_time(59)
    processing = await outside.enquiry.enquire(checkout)
    await outside.pass_time(1)
    paid = await outside.enquiry.enquire(checkout)

    assert (processing.outcome, processing.result_code) == (Outcome.PENDING, "4999")
    assert (paid.outcome, outside.callbacks.codes()) == (Outcome.PAID, [0])


async def test_receipts_and_request_ids_never_come_twice(outside: Outside) -> None:
    for number in range(40):
        await outside.push(a_request(payment_id=f"pay_{number}", phone=Msisdn(f"+2547119{number:02}001")))
    await outside.pass_time(2)

    heard = [read_stk_callback(body) for _, body in outside.callbacks.received]
    assert len({enquiry.receipt for enquiry in heard}) == 40
    assert len({enquiry.provider_request_id for enquiry in heard}) == 40
