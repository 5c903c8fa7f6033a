"""Does the sandbox's Africa's Talking answer as the real one was recorded to?"""

import httpx
import pytest

from tests.integrations.outside import AFRICASTALKING, AMINA, Outside, sample, sample_object

URL = f"{AFRICASTALKING.base_url}/version1/messaging"


async def send(outside: Outside, key: str = "demo-api-key", **form: str) -> httpx.Response:
    fields = {"username": "imarisha", "to": AMINA.e164, "message": "x", "from": "IMARISHA"} | form
    return await outside.http.post(URL, data=fields, headers={"apiKey": key})


async def test_partial_answer_reads_as_the_sample(outside: Outside) -> None:
    response = await send(outside, to="+254711000001,+254711900406,+25471100", enqueue="0")

    expected = sample_object("africastalking/send_response_partial.json")["SMSMessageData"]
    answered = response.json()["SMSMessageData"]
    assert isinstance(expected, dict)
    assert response.status_code == 201
    assert answered["Message"] == expected["Message"]
    for line, wanted in zip(answered["Recipients"], expected["Recipients"], strict=True):
        assert {**line, "messageId": "", "number": ""} == {**wanted, "messageId": "", "number": ""}
    assert [line["messageId"][:6] for line in answered["Recipients"]] == ["ATXid_", "None", "None"]


async def test_body_of_the_provider_s_own_sdk_is_taken(outside: Outside) -> None:
    headers = {"apiKey": "demo-api-key", "Content-Type": "application/x-www-form-urlencoded"}

    response = await outside.http.post(
        URL, content=sample("africastalking/send_request.form"), headers=headers
    )

    assert [line["statusCode"] for line in response.json()["SMSMessageData"]["Recipients"]] == [102, 102]


@pytest.mark.parametrize(("key", "username"), [("other", "imarisha"), ("demo-api-key", "sandbox"), ("", "")])
async def test_wrong_key_or_name_is_refused_in_plain_text(outside: Outside, key: str, username: str) -> None:
    response = await send(outside, key, username=username)

    recorded = sample_object("africastalking/send_response_unauthorised.json")
    assert response.status_code == recorded["status"]
    assert response.text == recorded["body"]
    assert response.headers["WWW-Authenticate"].startswith("Basic")
    assert outside.sandbox.memory.messages == []


async def test_unregistered_sender_is_answered_with_an_empty_list(outside: Outside) -> None:
    response = await send(outside, **{"from": "NOTOURS"})

    assert response.status_code == 201
    assert response.json() == sample_object("africastalking/send_response_invalid_sender.json")
    assert outside.sandbox.memory.messages == []


async def test_message_without_a_sender_comes_from_the_shared_one(outside: Outside) -> None:
    await send(outside, **{"from": ""})

    assert outside.sandbox.memory.messages[0].sender == "AFRICASTKNG"


@pytest.mark.parametrize("field", ["to", "message"])
async def test_missing_field_is_named(outside: Outside, field: str) -> None:
    response = await send(outside, **{field: ""})

    assert (response.status_code, f"'{field}'" in response.text) == (400, True)


async def test_number_whose_plus_was_lost_is_invalid(outside: Outside) -> None:
    body = b"username=imarisha&to=+254711000001&message=x"
    headers = {"apiKey": "demo-api-key", "Content-Type": "application/x-www-form-urlencoded"}

    response = await outside.http.post(URL, content=body, headers=headers)

    assert response.json()["SMSMessageData"]["Recipients"][0]["statusCode"] == 403


async def test_long_message_costs_by_its_parts(outside: Outside) -> None:
    response = await send(outside, message="x" * 200)

    answered = response.json()["SMSMessageData"]
    assert answered["Message"] == "Sent to 1/1 Total Cost: KES 1.6000 Message parts: 2"
    assert answered["Recipients"][0]["cost"] == "KES 1.6000"
