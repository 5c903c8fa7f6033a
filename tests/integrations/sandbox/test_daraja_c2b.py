"""Does a customer's own payment to the paybill behave as live ones do: asked first if wanted, told once, or not?"""

import hashlib
import json

import httpx
import pytest

from core.payments.ports import SendVerdict
from integrations.daraja.c2b_urls import Unanswered, Version, register_urls
from integrations.daraja.codes import Reason
from integrations.sandbox.events import AccountName
from integrations.sandbox.post import FORGED_RECEIPT, FORGER
from tests.integrations.outside import AMINA, Outside, sample_object

PAY = f"http://outside.test/sandbox/handset/{AMINA.e164}/pay"
AN_ORDER: dict[str, object] = {"paybill": "600996", "account": "M00001", "amount": "1000.00"}


async def pay(outside: Outside, **changed: object) -> httpx.Response:
    return await outside.http.post(PAY, json={**AN_ORDER, **changed})


async def register(outside: Outside, version: Version = Version.HASHED) -> None:
    answer = await register_urls(outside.daraja, version=version)
    assert answer.verdict is SendVerdict.ACCEPTED, answer


def confirmations(outside: Outside) -> list[dict[str, object]]:
    return [json.loads(body) for body in outside.callbacks.told_at("c2b/confirmation")]


def utility_cents(outside: Outside) -> int:
    return outside.sandbox.memory.book.balance(AccountName.UTILITY).minor


async def test_payment_is_told_with_the_new_balance(outside: Outside) -> None:
    await register(outside)

    paid = (await pay(outside)).json()
    await outside.sandbox.advance()

    [told] = confirmations(outside)
    assert paid == {"result_code": "0", "receipt": told["TransID"]}
    assert told["TransAmount"] == "1000.00"
    assert told["BillRefNumber"] == "M00001"
    assert told["OrgAccountBalance"] == "101000.00"
    assert told["TransTime"] == "20261120101530"
    assert utility_cents(outside) == 10_100_000


@pytest.mark.parametrize(
    ("version", "number"),
    [
        (Version.HASHED, hashlib.sha256(b"254711000001").hexdigest()),
        (Version.MASKED, "2547 ***** 001"),
    ],
)
async def test_number_comes_as_the_registered_version_has_it(
    outside: Outside, version: Version, number: str
) -> None:
    await register(outside, version)

    await pay(outside)
    await outside.sandbox.advance()

    assert confirmations(outside)[0]["MSISDN"] == number


async def test_without_registered_urls_the_money_comes_and_nobody_is_told(outside: Outside) -> None:
    paid = (await pay(outside)).json()
    await outside.sandbox.advance()

    assert paid["result_code"] == "0"
    assert confirmations(outside) == []
    assert utility_cents(outside) == 10_100_000


@pytest.mark.parametrize(
    ("changed", "status", "wrong"),
    [
        ({"paybill": "600000"}, 404, "paybill"),
        ({"account": ""}, 400, "account"),
        ({"account": "x" * 21}, 400, "account"),
        ({"account": 7}, 400, "account"),
        ({"amount": "0"}, 400, "amount"),
        ({"amount": "-5"}, 400, "amount"),
        ({"amount": "10.50"}, 400, "amount"),
        ({"amount": "250001"}, 400, "amount"),
        ({"amount": True}, 400, "amount"),
        ({"amount": None}, 400, "amount"),
    ],
)
async def test_what_no_handset_could_send_is_refused_by_name(
    outside: Outside, changed: dict[str, object], status: int, wrong: str
) -> None:
    answer = await pay(outside, **changed)

    assert (answer.status_code, answer.json()) == (status, {"error": wrong})
    assert utility_cents(outside) == 10_000_000


async def test_number_that_is_none_can_not_pay(outside: Outside) -> None:
    answer = await outside.http.post("http://outside.test/sandbox/handset/12/pay", json=AN_ORDER)

    assert (answer.status_code, answer.json()) == (400, {"error": "number"})


async def test_organisation_is_asked_first_where_validation_is_on(outside: Outside) -> None:
    await register(outside)
    await outside.set_faults({"daraja.c2b.validation": 1})

    paid = (await pay(outside)).json()

    [asked] = outside.callbacks.told_at("c2b/validation")
    assert json.loads(asked)["OrgAccountBalance"] == ""
    assert paid["receipt"] == json.loads(asked)["TransID"]


@pytest.mark.parametrize(
    ("answer", "code"), [("c2b_validation_accept.json", "0"), ("c2b_validation_reject.json", "C2B00012")]
)
async def test_documented_answer_to_a_validation_decides(outside: Outside, answer: str, code: str) -> None:
    await register(outside)
    await outside.set_faults({"daraja.c2b.validation": 1})
    outside.callbacks.validation = sample_object(f"daraja/{answer}")

    assert (await pay(outside)).json()["result_code"] == code


async def test_payment_that_the_organisation_rejects_does_not_come(outside: Outside) -> None:
    await register(outside)
    await outside.set_faults({"daraja.c2b.validation": 1})
    outside.callbacks.validation = {"ResultCode": "C2B00012", "ResultDesc": "Rejected"}

    paid = (await pay(outside)).json()
    await outside.sandbox.advance()

    assert paid == {"result_code": "C2B00012", "receipt": None}
    assert confirmations(outside) == []
    assert utility_cents(outside) == 10_000_000


@pytest.mark.parametrize(
    ("unanswered", "code"), [(Unanswered.COMPLETED, "0"), (Unanswered.CANCELLED, "C2B00016")]
)
async def test_registered_default_decides_where_nobody_answers(
    outside: Outside, unanswered: Unanswered, code: str
) -> None:
    await register_urls(outside.daraja, version=Version.MASKED, unanswered=unanswered)
    await outside.set_faults({"daraja.c2b.validation": 1})
    outside.callbacks.validation = ["no", "object"]

    assert (await pay(outside)).json()["result_code"] == code


async def test_urls_may_be_registered_once_only_as_live(outside: Outside) -> None:
    await outside.set_faults({"daraja.c2b.registered_once": 1})
    await register(outside)

    again = await register_urls(outside.daraja, version=Version.MASKED)

    assert (again.verdict, again.reason) == (SendVerdict.ACCEPTED, Reason.DUPLICATE)
    assert outside.sandbox.memory.urls is not None
    assert outside.sandbox.memory.urls.version == "v1"


async def test_registered_urls_are_known_after_a_kill(outside: Outside) -> None:
    await register(outside)

    outside.start_again()
    await pay(outside)
    await outside.sandbox.advance()

    assert len(confirmations(outside)) == 1


async def test_paid_prompt_may_be_told_to_the_confirmation_url_as_well(outside: Outside) -> None:
    await register(outside)
    await outside.set_faults({"daraja.c2b.after_push": 1})

    checkout = await outside.push()
    await outside.press(checkout, "approve")
    await outside.sandbox.advance()

    [told] = confirmations(outside)
    assert outside.callbacks.codes() == [0]
    assert told["TransID"] == outside.sandbox.memory.answers[checkout].receipt
    assert told["OrgAccountBalance"] == "101500.00"
    assert utility_cents(outside) == 10_150_000


async def test_forged_confirmation_comes_from_elsewhere(outside: Outside) -> None:
    await register(outside)
    await outside.set_faults({"daraja.callback.forged": 1})

    await pay(outside)
    await outside.sandbox.advance()

    came_from = {json.loads(body)["TransID"]: sender for _, body, sender in outside.callbacks.told}
    assert came_from.pop(FORGED_RECEIPT) == FORGER
    assert list(came_from.values()) == [""]


async def test_simulated_payment_is_told_too(outside: Outside) -> None:
    await register(outside)
    body = {**sample_object("daraja/c2b_simulate_request.json"), "ShortCode": 600996}

    answer = await outside.daraja.post("/mpesa/c2b/v2/simulate", body)
    await outside.sandbox.advance()

    assert getattr(answer, "status", None) == 200
    assert confirmations(outside)[0]["TransAmount"] == "1500.00"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/mpesa/c2b/v3/registerurl", {}, "404.001.01"),
        ("/mpesa/c2b/v1/registerurl", {"ShortCode": "600996", "ResponseType": "completed"}, "400.002.02"),
        ("/mpesa/c2b/v1/simulate", {"ShortCode": "600996"}, "400.002.02"),
    ],
)
async def test_wrong_request_is_refused_in_daraja_s_form(
    outside: Outside, path: str, body: dict[str, object], code: str
) -> None:
    answer = await outside.daraja.post(path, body)

    assert code.encode() in getattr(answer, "body", b"")
