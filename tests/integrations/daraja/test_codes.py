"""Does every documented code mean what Safaricom says, and an undocumented one nothing final?"""

import pytest

from core.payments.ports import Outcome, SendVerdict
from integrations.daraja.codes import RESULTS, UNKNOWN_RESULT, Api, Reason, meaning_of
from integrations.daraja.request_errors import request_error

DOCUMENTED = [
    ("0", Outcome.PAID, Reason.PAID),
    ("1", Outcome.NOT_PAID, Reason.INSUFFICIENT),
    ("2", Outcome.NOT_PAID, Reason.LIMIT),
    ("3", Outcome.NOT_PAID, Reason.LIMIT),
    ("4", Outcome.NOT_PAID, Reason.LIMIT),
    ("8", Outcome.NOT_PAID, Reason.ACCOUNT_FULL),
    ("17", Outcome.NOT_PAID, Reason.BUSY),
    ("26", Outcome.NOT_PAID, Reason.BUSY),
    ("1001", Outcome.NOT_PAID, Reason.BUSY),
    ("1019", Outcome.NOT_PAID, Reason.EXPIRED),
    ("1025", Outcome.NOT_PAID, Reason.UNREACHABLE),
    ("1032", Outcome.NOT_PAID, Reason.CANCELLED),
    ("1037", Outcome.NOT_PAID, Reason.UNREACHABLE),
    ("2001", Outcome.NOT_PAID, Reason.WRONG_PIN),
    ("2028", Outcome.NOT_PAID, Reason.CONFIGURATION),
    ("4999", Outcome.PENDING, Reason.PROCESSING),
    ("8006", Outcome.NOT_PAID, Reason.PIN_LOCKED),
    ("9999", Outcome.NOT_PAID, Reason.UNREACHABLE),
    ("E3008", Outcome.NOT_PAID, Reason.CONFIGURATION),
    ("SFC_IC0003", Outcome.NOT_PAID, Reason.CONFIGURATION),
]


@pytest.mark.parametrize(("code", "outcome", "reason"), DOCUMENTED)
def test_result_code_means_what_is_documented(code: str, outcome: Outcome, reason: Reason) -> None:
    meaning = meaning_of(code)

    assert (meaning.outcome, meaning.reason) == (outcome, reason)


def test_every_row_of_the_table_is_tested() -> None:
    assert {code for code, _, _ in DOCUMENTED} == set(RESULTS[Api.EXPRESS])


@pytest.mark.parametrize("code", ["", "00", "0.0", "5", "1033", "sfc_ic0003"])
def test_unknown_result_is_neither_paid_nor_failed(code: str) -> None:
    assert meaning_of(code) == UNKNOWN_RESULT
    assert UNKNOWN_RESULT.outcome is Outcome.PENDING


@pytest.mark.parametrize("api", set(RESULTS) - {Api.PULL})
def test_only_zero_means_paid(api: Api) -> None:
    assert [code for code, meaning in RESULTS[api].items() if meaning.outcome is Outcome.PAID] == ["0"]


def test_same_code_with_another_message_is_another_error() -> None:
    locked = request_error("500.001.1001", "UNABLE TO LOCK SUBSCRIBER, a session is open", Api.EXPRESS)
    other = request_error("500.001.1001", "The transaction is being processed", Api.EXPRESS)

    assert locked == (SendVerdict.BUSY, Reason.BUSY)
    assert other == (SendVerdict.UNKNOWN, Reason.UNKNOWN)
