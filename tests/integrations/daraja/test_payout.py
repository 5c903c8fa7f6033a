"""What do Daraja's words about payouts mean to us?"""

import json
from pathlib import Path

import pytest

from core.money import Money
from core.payments.ports import SendVerdict
from core.payouts.model import FactSource
from core.payouts.ports import Fault, Outcome
from integrations.daraja.acknowledgement import Acknowledgement
from integrations.daraja.b2c import read_payout_result
from integrations.daraja.codes import Reason
from integrations.daraja.payout import fault_of_refusal, heard_of_payout, heard_of_status, heard_timeout
from integrations.daraja.status import read_status_result

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
