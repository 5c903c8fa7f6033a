"""Is a log line readable by a program, and does it hide numbers and secrets, whoever wrote it and however?"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import structlog

from core.errors import InvalidPhone
from core.phone import Msisdn
from imarisha.logs import masked
from tests.imarisha.written_logs import WrittenLogs, written_logs

FULL_NUMBERS = ("254711000001", "0711000001", "711000001")


@pytest.fixture
def logs() -> Iterator[WrittenLogs]:
    with written_logs() as running:
        yield running


@dataclass(frozen=True)
class Envelope:
    """Something of ours that a caller may hand to a logger as it is."""

    to: Msisdn


@pytest.mark.parametrize(
    "text",
    [
        "+254711000001",
        "prompt to 254711000001 failed",
        "0711000001",
        "sent to +254711000001.",
        "sent to 0711000001, then +254711000001: twice",
        "/sandbox/handset/%2B254711000001/messages",
        "(phone)=(+254711000001)",
        "tel:+254711000001",
        "handset_254711000001",
        '{"PhoneNumber":254711000001}',
        "0711 000 001 and +254 711 000 001 and 0711-000-001",
        "+255711000001 calls from abroad",
        "+15551234567890",
    ],
)
def test_a_full_phone_number_is_never_written(text: str) -> None:
    digits = "".join(character for character in masked(text) if character.isdigit())

    assert "***" in masked(text)
    assert not any(number in digits for number in (*FULL_NUMBERS, "255711000001", "15551234567890"))


def test_a_masked_number_can_still_be_told_from_others() -> None:
    assert masked("+254711000001") == "+254711***001"
    assert masked("0733000010") == "0733***010"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-11T10:15:47.123456Z",
        "payment pay_01kabcdefgh254711000001z",
        "KES 1,000.00 of 3",
        "took 1700000000.254 seconds",
        "ATUid_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "journal 1234567",
    ],
)
def test_other_figures_stay_readable(text: str) -> None:
    assert masked(text) == text


def test_a_checkout_id_which_ends_in_the_payer_s_number_is_shortened() -> None:
    assert masked("asked about ws_CO_110320261015470711000001 now") == "asked about ws_CO_***001 now"


def test_a_line_is_json_with_time_level_and_event(logs: WrittenLogs) -> None:
    structlog.get_logger("core").info("prompt sent", payment="pay_1", verdict="accepted")

    line = logs.last
    assert (line["event"], line["level"], line["payment"]) == ("prompt sent", "info", "pay_1")
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize(
    "value",
    [
        "+254711000001",
        254711000001,
        ["+254711000001"],
        ("+254711000001", 1),
        {"phone": "+254711000001"},
        {"+254711000001": [{"deep": 254711000001}]},
        {"+254711000001"},
        b"+254711000001",
        Msisdn("+254711000001"),
        Envelope(Msisdn("+254711000001")),
        InvalidPhone(text="+254711000001"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_number_is_masked_in_whatever_it_is_wrapped(logs: WrittenLogs, value: object) -> None:
    structlog.get_logger("core").warning("odd", what=value)

    assert "***001" in logs.text
    assert not any(number in logs.text for number in FULL_NUMBERS)


def test_what_is_no_text_stays_what_it_is(logs: WrittenLogs) -> None:
    structlog.get_logger("core").info("done", count=3, share=0.5, is_new=True, nothing=None, steps=["a", 2])

    line = logs.last
    assert [line[name] for name in ("count", "share", "is_new", "nothing", "steps")] == [
        3,
        0.5,
        True,
        None,
        ["a", 2],
    ]


SECRETS = (
    "pin new_pin token access_token password consumer_secret passkey Authorization api_key apikey text body"
    " session_key pin_pepper"
)


@pytest.mark.parametrize("name", SECRETS.split())
def test_a_secret_s_value_is_hidden_by_its_name_at_any_depth(logs: WrittenLogs, name: str) -> None:
    structlog.get_logger("core").info("odd", **{name: "hush"}, headers=[{name: "hush"}])

    assert "hush" not in logs.text


def test_a_library_s_line_is_masked_too(logs: WrittenLogs) -> None:
    logging.getLogger("some.library").warning("handset %s called by %s", "+254711000001", "0711000001")

    assert logs.last["event"] == "handset +254711***001 called by 0711***001"


def test_a_traceback_is_masked(logs: WrittenLogs) -> None:
    try:
        Msisdn.parse("+254711000001x")
    except InvalidPhone:
        structlog.get_logger("core").exception("turn failed")

    assert "Traceback" in str(logs.last["exception"])
    assert not any(number in logs.text for number in FULL_NUMBERS)


def test_the_level_is_kept(logs: WrittenLogs) -> None:
    with written_logs("WARNING") as quiet:
        structlog.get_logger("core").info("not worth it")
        logging.getLogger("arq").info("not worth it")
        structlog.get_logger("core").warning("worth it")

    assert [line["event"] for line in quiet.lines] == ["worth it"]
    assert logs.text == ""
