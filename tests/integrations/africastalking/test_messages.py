"""Is an SMS handed over once, and every answer of Africa's Talking read for what it proves?"""

from urllib.parse import parse_qs

import httpx
import pytest

from core.notices.ports import Delivery, SendReply
from core.phone import Msisdn
from integrations.africastalking.messages import STATUS_CODES, AfricasTalkingMessenger
from integrations.africastalking.settings import AfricasTalkingSettings
from integrations.http import http_client
from tests.integrations.outside import (
    AFRICASTALKING,
    AMINA,
    OTIENO,
    Notebook,
    Outside,
    sample,
    sample_object,
)


class Wire:
    """An Africa's Talking that answers as prepared."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []
        self.notebook = Notebook()

    def messenger(self, settings: AfricasTalkingSettings = AFRICASTALKING) -> AfricasTalkingMessenger:
        http = http_client(httpx.MockTransport(self._handle))
        return AfricasTalkingMessenger(settings, http=http, recorder=self.notebook)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def recipient(status: object, *, number: str = AMINA.e164, message_id: str = "None") -> httpx.Response:
    """A 201 with one line."""
    line = {
        "statusCode": status,
        "number": number,
        "status": "?",
        "cost": "0",
        "messageId": message_id,
    }
    return httpx.Response(201, json={"SMSMessageData": {"Message": "", "Recipients": [line]}})


def sampled(path: str) -> httpx.Response:
    return httpx.Response(201, content=sample(path), headers={"Content-Type": "application/json"})


async def test_message_reaches_the_handset_word_for_word(outside: Outside) -> None:
    text = "Umepokea KES 500.00 & salio + 8,750.00 ng'ombe\n100%"

    reply = await outside.messenger.send(AMINA, text)

    assert reply.delivery is Delivery.ACCEPTED
    assert reply.provider_message_id is not None
    assert reply.cost == "KES 0.8000"
    assert await outside.get(f"/handset/{AMINA.e164}/messages") == [
        {"channel": "sms", "from": "IMARISHA", "text": text, "at": "2026-11-20T07:15:30+00:00"}
    ]
    assert await outside.get(f"/handset/{OTIENO.e164}/messages") == []


async def test_request_has_the_fields_and_headers_of_the_provider_s_sdk() -> None:
    wire = Wire(sampled("africastalking/send_response.json"))

    await wire.messenger().send(AMINA, "Salio lako")

    (request,) = wire.requests
    form = parse_qs(request.content.decode(), strict_parsing=True)
    assert set(form) == set(parse_qs(sample("africastalking/send_request.form").decode()))
    assert form["to"] == ["+254711000001"]
    assert form["from"] == ["IMARISHA"]
    assert request.headers["apiKey"] == "demo-api-key"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"


async def test_without_a_sender_the_field_is_left_out() -> None:
    wire = Wire(sampled("africastalking/send_response.json"))

    await wire.messenger(AfricasTalkingSettings("http://x.test", "u", "k")).send(AMINA, "x")

    assert "from" not in parse_qs(wire.requests[0].content.decode())


@pytest.mark.parametrize(("status", "expected"), STATUS_CODES.items())
async def test_every_status_code_is_read_by_the_table(status: str, expected: tuple[Delivery, str]) -> None:
    as_number = await Wire(recipient(int(status))).messenger().send(AMINA, "x")
    as_text = await Wire(recipient(status)).messenger().send(AMINA, "x")

    assert (as_number.delivery, as_number.reason) == expected
    assert as_text == as_number


def test_table_holds_every_documented_code_and_accepts_only_three() -> None:
    documented = {"100", "101", "102", "401", "402", "403", "404", "405", "406", "407", "409"}
    assert set(STATUS_CODES) == documented | {"500", "501", "502"}
    accepted = [code for code, (delivery, _) in STATUS_CODES.items() if delivery is Delivery.ACCEPTED]
    assert accepted == ["100", "101", "102"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            sampled("africastalking/send_response.json"),
            SendReply(Delivery.ACCEPTED, "ATXid_33333333333333333333333333333333", "", "KES 0.8000"),
        ),
        (
            sampled("africastalking/send_response_partial.json"),
            SendReply(Delivery.ACCEPTED, "ATXid_55555555555555555555555555555555", "", "KES 0.8000"),
        ),
        (
            sampled("africastalking/send_response_invalid_sender.json"),
            SendReply(Delivery.REFUSED, reason="configuration"),
        ),
        (
            httpx.Response(401, text="The supplied authentication is invalid"),
            SendReply(Delivery.REFUSED, reason="configuration"),
        ),
        (httpx.Response(403, text="no"), SendReply(Delivery.REFUSED, reason="configuration")),
        (httpx.Response(404, text="no"), SendReply(Delivery.REFUSED, reason="configuration")),
        (httpx.Response(400, text="missing 'to'"), SendReply(Delivery.REFUSED, reason="invalid_request")),
        (httpx.Response(429, text="slow"), SendReply(Delivery.BUSY, reason="throttled")),
        (httpx.Response(500, text="oops"), SendReply(Delivery.UNKNOWN, reason="provider_error")),
        (httpx.Response(502, text="oops"), SendReply(Delivery.UNKNOWN, reason="provider_error")),
        (httpx.Response(201, text="<html>"), SendReply(Delivery.UNKNOWN, reason="unreadable")),
        (httpx.Response(201, json={}), SendReply(Delivery.UNKNOWN, reason="unreadable")),
        (recipient(101, number="+254711000009"), SendReply(Delivery.UNKNOWN, reason="unreadable")),
        (recipient(777), SendReply(Delivery.UNKNOWN, reason="unreadable", cost="0")),
        (httpx.ReadTimeout("slow"), SendReply(Delivery.UNKNOWN, reason="no_answer")),
        (httpx.RemoteProtocolError("cut"), SendReply(Delivery.UNKNOWN, reason="no_answer")),
        (httpx.ConnectError("refused"), SendReply(Delivery.BUSY, reason="provider_down")),
        (httpx.ConnectTimeout("slow"), SendReply(Delivery.BUSY, reason="provider_down")),
    ],
)
async def test_answer_is_read_for_what_it_proves(
    answer: httpx.Response | Exception, expected: SendReply
) -> None:
    wire = Wire(answer)

    reply = await wire.messenger().send(AMINA, "x")

    assert reply == expected
    assert len(wire.requests) == 1, "a message is never repeated"


async def test_second_recipient_of_a_partial_answer_is_read_by_its_own_line() -> None:
    wire = Wire(sampled("africastalking/send_response_partial.json"))

    reply = await wire.messenger().send(OTIENO, "x")

    assert reply == SendReply(Delivery.REFUSED, reason="opted_out", cost="0")


def test_unauthorised_sample_is_the_answer_tested_above() -> None:
    recorded = sample_object("africastalking/send_response_unauthorised.json")

    assert (recorded["status"], recorded["body"]) == (401, "The supplied authentication is invalid")


async def test_wrong_key_and_unregistered_sender_are_matters_of_set_up(outside: Outside) -> None:
    base_url = AFRICASTALKING.base_url
    wrong_key = AfricasTalkingSettings(base_url, "imarisha", "other", "IMARISHA")
    wrong_sender = AfricasTalkingSettings(base_url, "imarisha", "demo-api-key", "NOTOURS")

    for settings in (wrong_key, wrong_sender):
        messenger = AfricasTalkingMessenger(settings, http=outside.http, recorder=outside.notebook)
        assert await messenger.send(AMINA, "x") == SendReply(Delivery.REFUSED, reason="configuration")
    assert [exchange.error for exchange in outside.notebook.exchanges] == [
        "The supplied authentication is invalid",
        "InvalidSenderId",
    ]


async def test_number_that_opted_out_is_refused(outside: Outside) -> None:
    reply = await outside.messenger.send(Msisdn("+254711900406"), "x")

    assert reply == SendReply(Delivery.REFUSED, reason="opted_out", cost="0")


async def test_records_hold_neither_key_nor_text_nor_number(outside: Outside) -> None:
    await outside.messenger.send(AMINA, "salio lako ni 8,250.00")

    kept = repr(outside.notebook.exchanges)
    assert "/version1/messaging" in kept
    for secret in ("demo-api-key", "8,250.00", "711000001"):
        assert secret not in kept
