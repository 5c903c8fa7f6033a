"""Is a payout sent once, in the right form, and is nothing believed that Daraja did not say?"""

import json
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

from core.money import Currency, Money
from core.payments.ports import SendVerdict
from core.phone import Msisdn
from integrations.daraja import b2b, b2c, balance, reversal, status
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.b2b import BusinessCommand, BusinessOrder
from integrations.daraja.b2c import PayoutOrder
from integrations.daraja.client import DarajaClient
from integrations.daraja.codes import Reason
from integrations.daraja.reversal import ReversalOrder
from integrations.daraja.status import StatusQuestion
from tests.integrations.daraja.wire import NETWORK_FAULTS, Wire, error, sampled
from tests.integrations.outside import AMINA, Outside
from tests.operator_key import operator_certificate

ORDER = PayoutOrder(
    payout_id="out_1",
    originator_conversation_id="b2c-5f0d2a1e-7c41-5b0e-9a55-0d2f6b1c9e77",
    phone=AMINA,
    amount=Money(250_000),
    remarks="Loan LN00045",
    occasion="Disbursement",
)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return operator_certificate(tmp_path / "operator.pem")


def wired(outside: Outside, certificate: Path | None, answer: httpx.Response | Exception) -> Wire:
    wire = Wire(outside, answer)
    wire.client.settings = replace(wire.client.settings, certificate=certificate, payout_shortcode="600997")
    return wire


async def test_request_says_what_the_portal_s_page_asks_for(outside: Outside, certificate: Path) -> None:
    wire = wired(outside, certificate, sampled(200, "daraja/b2c_response_accepted.json"))

    answer = await b2c.pay_out(wire.client, ORDER)

    [request] = wire.requests
    sent = json.loads(request.content)
    credential = sent.pop("SecurityCredential")
    assert answer.verdict is SendVerdict.ACCEPTED
    assert request.url.path.endswith("/mpesa/b2c/v3/paymentrequest")
    assert len(credential) > 100
    assert sent == {
        "OriginatorConversationID": ORDER.originator_conversation_id,
        "InitiatorName": "imarishaapi",
        "CommandID": "BusinessPayment",
        "Amount": 2500,
        "PartyA": "600997",
        "PartyB": "254711000001",
        "Remarks": "Loan LN00045",
        "QueueTimeOutURL": "http://outside.test/payments/daraja/b2c/timeout/out_1",
        "ResultURL": "http://outside.test/payments/daraja/b2c/result/out_1",
        "Occassion": "Disbursement",
    }


@NETWORK_FAULTS
async def test_no_answer_leaves_the_payout_unknown_and_nothing_is_sent_again(
    outside: Outside, certificate: Path, fault: Exception
) -> None:
    wire = wired(outside, certificate, fault)

    answer = await b2c.pay_out(wire.client, ORDER)

    assert (answer.verdict, answer.reason) == (SendVerdict.UNKNOWN, Reason.NO_ANSWER)
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("said", "verdict", "reason"),
    [
        (httpx.ConnectError("refused"), SendVerdict.BUSY, Reason.PROVIDER_DOWN),
        (error(400, "400.002.02", "Bad Request - Invalid Remarks"), SendVerdict.REFUSED, "invalid_request"),
        (error(500, "500.003.02", "Spike Arrest Violation"), SendVerdict.BUSY, Reason.BUSY),
        (error(500, "500.003.1001", "Internal Server Error"), SendVerdict.UNKNOWN, Reason.UNKNOWN),
        (error(500, "500.003.1001", "Urls are already registered."), SendVerdict.UNKNOWN, Reason.UNKNOWN),
        (error(404, "404.001.01", "Resource not found"), SendVerdict.REFUSED, Reason.CONFIGURATION),
        (httpx.Response(429), SendVerdict.BUSY, Reason.BUSY),
        (httpx.Response(502, text="<html>"), SendVerdict.UNKNOWN, Reason.UNKNOWN),
        (httpx.Response(200, text="<html>"), SendVerdict.UNKNOWN, Reason.UNREADABLE),
        (httpx.Response(200, json={"ResponseCode": "0"}), SendVerdict.UNKNOWN, Reason.UNKNOWN),
        (
            httpx.Response(200, json={"ResponseCode": "1", "ConversationID": "AG_1"}),
            SendVerdict.UNKNOWN,
            Reason.UNKNOWN,
        ),
        (
            httpx.Response(
                200,
                json={
                    "ResponseCode": "0",
                    "ConversationID": "AG_1",
                    "OriginatorConversationID": "another",
                },
            ),
            SendVerdict.UNKNOWN,
            Reason.UNREADABLE,
        ),
    ],
)
async def test_answer_proves_no_more_than_it_says(
    outside: Outside,
    certificate: Path,
    said: httpx.Response | Exception,
    verdict: SendVerdict,
    reason: Reason,
) -> None:
    wire = wired(outside, certificate, said)

    answer = await b2c.pay_out(wire.client, ORDER)

    assert (answer.verdict, answer.reason) == (verdict, reason)
    assert len(wire.requests) == 1


async def test_invalid_token_is_renewed_once(outside: Outside, certificate: Path) -> None:
    wire = wired(outside, certificate, sampled(401, "daraja/b2c_error_invalid_token.json"))

    answer = await b2c.pay_out(wire.client, ORDER)

    assert (answer.verdict, answer.reason) == (SendVerdict.BUSY, Reason.ACCESS)
    assert len(wire.requests) == 2
    assert all("dEm0" not in exchange.error for exchange in wire.notebook.exchanges)


async def test_refused_key_is_a_matter_of_set_up(outside: Outside, certificate: Path) -> None:
    wire = wired(outside, certificate, httpx.Response(200))
    wire.refuse_tokens(httpx.Response(400))

    answer = await b2c.pay_out(wire.client, ORDER)

    assert (answer.verdict, answer.reason) == (SendVerdict.REFUSED, Reason.CONFIGURATION)
    assert wire.requests == []


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"amount": Money(900)}, "amount"),
        ({"amount": Money(25_000_100)}, "amount"),
        ({"amount": Money(250_050)}, "amount"),
        ({"amount": Money(-250_000)}, "amount"),
        ({"amount": Money(250_000, Currency.USD)}, "amount"),
        ({"originator_conversation_id": ""}, "originator_conversation_id"),
        ({"originator_conversation_id": "b2c 1"}, "originator_conversation_id"),
        ({"originator_conversation_id": "x" * 129}, "originator_conversation_id"),
        ({"phone": Msisdn("+256772123456")}, "phone"),
        ({"remarks": "x"}, "remarks"),
        ({"remarks": "line\nbreak"}, "remarks"),
        ({"occasion": "é"}, "occasion"),
    ],
)
async def test_order_that_daraja_would_refuse_or_misread_is_not_sent(
    outside: Outside, certificate: Path, changed: dict[str, object], wrong: str
) -> None:
    wire = wired(outside, certificate, httpx.Response(200))

    answer = await b2c.pay_out(wire.client, msgspec.structs.replace(ORDER, **changed))

    assert (answer.verdict, answer.reason, answer.text) == (
        SendVerdict.REFUSED,
        Reason.INVALID_REQUEST,
        wrong,
    )
    assert wire.requests == []


async def ask(client: DarajaClient, what: str) -> Acknowledgement:
    match what:
        case "b2c":
            return await b2c.pay_out(client, ORDER)
        case "b2b":
            order = BusinessOrder(
                order_id="biz_1",
                command=BusinessCommand.PAY_BILL,
                payee="600000",
                amount=Money(100_000),
                reference="INV1",
                remarks="Supplier",
            )
            return await b2b.pay_business(client, order)
        case "status":
            return await status.ask_status(client, StatusQuestion(payment_id="out_1", receipt="R1"))
        case "reversal":
            back = ReversalOrder(reversal_id="rev_1", receipt="R1", amount=Money(100), remarks="Wrong")
            return await reversal.reverse(client, back)
        case _:
            return await balance.ask_balance(client, "bal_1")


@pytest.mark.parametrize("what", ["b2c", "b2b", "status", "reversal", "balance"])
@pytest.mark.parametrize("missing", ["operator", "password", "file", "certificate"])
async def test_without_an_operator_nothing_is_sent(
    outside: Outside, certificate: Path, what: str, missing: str
) -> None:
    wire = wired(outside, certificate, httpx.Response(200))
    wrong = {
        "operator": {"operator": ""},
        "password": {"operator_password": ""},
        "file": {"certificate": certificate.with_name("nowhere.crt")},
        "certificate": {"certificate": Path(__file__)},
    }[missing]
    wire.client.settings = replace(wire.client.settings, **wrong)  # type: ignore[arg-type]  # one of four fields

    answer = await ask(wire.client, what)

    assert (answer.verdict, answer.reason) == (SendVerdict.REFUSED, Reason.OPERATOR)
    assert wire.requests == []


@pytest.mark.parametrize(
    "question",
    [StatusQuestion(payment_id="out_1"), StatusQuestion(payment_id="out_1", receipt="R 1")],
)
async def test_question_about_nothing_is_not_sent(outside: Outside, question: StatusQuestion) -> None:
    answer = await status.ask_status(outside.daraja, question)

    assert (answer.verdict, answer.reason) == (SendVerdict.REFUSED, Reason.INVALID_REQUEST)
