"""What do Daraja's words about payouts mean to us, and do our questions reach it?"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.money import Money
from core.payments.ports import SendVerdict
from core.payouts.model import FactSource, PayoutPurpose
from core.payouts.ports import Fault, Outcome, PayoutRequest
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.b2c import read_payout_result
from integrations.daraja.codes import Reason
from integrations.daraja.payout import (
    DarajaFloatEnquiry,
    DarajaPayoutEnquiry,
    DarajaPayoutSender,
    fault_of_refusal,
    heard_of_payout,
    heard_of_status,
    heard_timeout,
)
from integrations.daraja.status import read_status_result
from integrations.sandbox.events import AccountName
from tests.integrations.outside import AMINA, Outside

SAMPLES = Path(__file__).parents[1] / "samples" / "daraja"


def sample(name: str) -> bytes:
    """The body of a sample; some stand in an envelope that says where it was seen."""
    read = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return json.dumps(read.get("body", read)).encode()


@pytest.mark.parametrize(
    ("name", "outcome", "fault"),
    [
        ("b2c_result_success", Outcome.PAID, Fault.MEMBER),
        ("b2c_result_failed_insufficient_balance_1", Outcome.NOT_PAID, Fault.FLOAT),
        ("b2c_result_failed_bad_credentials_2001", Outcome.NOT_PAID, Fault.SETUP),
        ("b2c_result_failed_credential_locked_8006", Outcome.NOT_PAID, Fault.SETUP),
        ("b2c_result_failed_max_balance_8", Outcome.NOT_PAID, Fault.MEMBER),
        ("b2c_result_failed_unregistered_2040", Outcome.NOT_PAID, Fault.MEMBER),
        ("b2c_result_failed_no_such_party_SFC_IC0003", Outcome.NOT_PAID, Fault.MEMBER),
    ],
)
def test_a_result_says_what_became_of_it_and_whose_affair_that_is(
    name: str, outcome: Outcome, fault: Fault
) -> None:
    heard = heard_of_payout("wdl_1-2", read_payout_result(sample(name)))

    assert (heard.outcome, heard.fault, heard.attempt, heard.source) == (outcome, fault, 2, FactSource.RESULT)
    assert (heard.receipt is not None) == (outcome is Outcome.PAID)


def test_an_answer_to_our_question_is_about_the_attempt_we_asked_for() -> None:
    heard = heard_of_status("wdl_1", read_status_result(sample("transaction_status_result_completed")))

    assert (heard.source, heard.outcome, heard.attempt) == (FactSource.STATUS, Outcome.PAID, 1)
    assert heard.amount is not None
    assert heard.amount > Money(0)


def test_a_time_out_says_nothing() -> None:
    heard = heard_timeout("wdl_1-3")

    assert (heard.source, heard.outcome, heard.attempt) == (FactSource.TIMEOUT, Outcome.PENDING, 3)


@pytest.mark.parametrize(
    ("reason", "code", "text", "fault"),
    [
        (None, "", "", Fault.MEMBER),
        (Reason.INVALID_REQUEST, "", "phone", Fault.MEMBER),
        (Reason.INVALID_REQUEST, "400.002.02", "Bad Request - Invalid PartyB", Fault.MEMBER),
        (Reason.INVALID_REQUEST, "400.002.02", "Bad Request - Invalid ResultURL", Fault.SETUP),
        (Reason.OPERATOR, "", "", Fault.SETUP),
        (Reason.CONFIGURATION, "404.001.01", "", Fault.SETUP),
        (Reason.BUSY, "500.003.02", "", Fault.BUSY),
    ],
)
def test_only_what_names_the_payee_is_the_member_s(
    reason: Reason | None, code: str, text: str, fault: Fault
) -> None:
    said = Acknowledgement(verdict=SendVerdict.REFUSED, reason=reason, code=code, text=text)

    assert fault_of_refusal(said) is fault


REQUEST = PayoutRequest("wdl_1", PayoutPurpose.WITHDRAWAL, AMINA, Money.parse("1000"))


async def test_a_reference_that_daraja_has_had_is_taken_and_paid_once(outside: Outside) -> None:
    sender, book = DarajaPayoutSender(outside.daraja), outside.sandbox.memory.book
    before = book.balance(AccountName.UTILITY)

    first, second = await sender.send(REQUEST), await sender.send(REQUEST)
    await outside.pass_time(30)

    assert (first.verdict, second.verdict) == (SendVerdict.ACCEPTED, SendVerdict.ACCEPTED)
    assert first.provider_request_id is not None
    assert (second.provider_request_id, second.reason) == (None, "duplicate")
    assert before - book.balance(AccountName.UTILITY) == Money.parse("1000")
    [told] = outside.callbacks.told_at("b2c/result/wdl_1")
    assert heard_of_payout("wdl_1", read_payout_result(told)).provider_request_id == first.provider_request_id


async def test_what_daraja_would_refuse_is_not_sent(outside: Outside) -> None:
    reply = await DarajaPayoutSender(outside.daraja).send(replace(REQUEST, amount=Money.parse("5")))

    assert (reply.verdict, reply.fault) == (SendVerdict.REFUSED, Fault.MEMBER)


async def test_without_an_operator_payouts_wait_for_staff(outside: Outside) -> None:
    client = outside.another_daraja_client(settings=replace(outside.daraja.settings, operator=""))

    reply = await DarajaPayoutSender(client).send(REQUEST)

    assert (reply.verdict, reply.fault, reply.reason) == (SendVerdict.REFUSED, Fault.SETUP, "operator")
    assert await DarajaFloatEnquiry(client).ask("flt_1") is False


async def test_questions_are_answered_under_their_own_reference(outside: Outside) -> None:
    await DarajaPayoutSender(outside.daraja).send(REQUEST)
    await outside.pass_time(30)

    assert await DarajaPayoutEnquiry(outside.daraja).ask("wdl_1")
    assert await DarajaFloatEnquiry(outside.daraja).ask("flt_1")
    await outside.pass_time(30)

    [answer] = outside.callbacks.told_at("status/result/wdl_1")
    heard = heard_of_status("wdl_1", read_status_result(answer))
    assert (heard.outcome, heard.amount) == (Outcome.PAID, Money.parse("1000"))
    assert len(outside.callbacks.told_at("balance/result/flt_1")) == 1
