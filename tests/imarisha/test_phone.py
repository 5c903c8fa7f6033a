"""Does the terminal phone do what its lines say? Played against a small web process."""

import io

import httpx
import pytest
from click.testing import CliRunner
from starlette.responses import PlainTextResponse

from imarisha.cli.phone import phone
from imarisha.gateway import CONNECTION_PROBLEM
from imarisha.phone import run
from tests.imarisha.society import AMINA, PROMPT, RECEIPT, Society


def _typed(society: Society, *lines: str, with_handset: bool = True) -> list[str]:
    display = io.StringIO()
    run(
        "http://society",
        AMINA,
        io.StringIO("".join(f"{line}\n" for line in lines)),
        display,
        transport=httpx.ASGITransport(society.app(with_handset=with_handset)),
        patience_seconds=0.05,
    )
    return display.getvalue().splitlines()


def test_phone_plays_a_piped_conversation() -> None:
    society = Society()

    shown = _typed(society, "*384*96#", "1", "9", "quit", "1")

    assert [hop["text"] for hop in society.hops] == ["", "1", "1*9"]
    assert "| 1. Check Balance" in shown
    assert shown[-2] == "| Goodbye."
    assert shown[-1].startswith("[ended, 8 of 160 septets, ")


def test_phone_shows_the_prompt_approves_it_and_shows_the_message() -> None:
    society = Society(prompts=[PROMPT])

    shown = _typed(society, "wait", "prompts", "approve", "wait", "sms")

    question = "pay KES 1,000 to 600996, account LN-00017?"
    assert f"[M-Pesa: {question} Type approve, decline or ignore]" in shown
    assert f"M-Pesa: {question}" in shown
    assert society.actions == ["ws_1 approve"]
    assert shown[-2:] == ["[1 new: type sms]", "2026-11-21 12:15 IMARISHA: Received 1,000.00."]


def test_phone_declines_and_ignores_and_refuses_without_a_prompt() -> None:
    declined, ignored = Society(prompts=[PROMPT]), Society(prompts=[PROMPT])

    shown = _typed(declined, "decline", "decline")
    _typed(ignored, "ignore")

    assert declined.actions == ["ws_1 decline"]
    assert ignored.actions == ["ws_1 ignore"]
    assert shown[-1] == "No prompt is open. It may still be on its way: type wait."


def test_a_prompt_that_expired_meanwhile_is_gone() -> None:
    shown = _typed(Society(prompts=[PROMPT], prompt_expires=True), "approve")

    assert shown[-1] == "M-Pesa: the prompt is gone"


def test_messages_from_before_are_no_news_and_waiting_gives_up() -> None:
    shown = _typed(Society(messages=[RECEIPT]), "wait")

    assert shown[1:] == ["[1 messages: type sms]", "Nothing arrived in 0.05 s."]


def test_phone_repeats_and_tells_whether_the_answer_was_the_same() -> None:
    count = iter(range(10))
    steady, fickle = Society(), Society(answer=lambda _form: PlainTextResponse(f"CON {next(count)}"))

    assert _typed(steady, "*384*96#", "again")[-1] == "[sent again: the same answer]"
    assert _typed(fickle, "*384*96#", "again")[-1] == "[sent again: ANOTHER ANSWER]"
    assert _typed(Society(), "again")[-1] == "Nothing was sent yet."


def test_a_word_of_the_phone_is_an_answer_after_say() -> None:
    society = Society()

    _typed(society, "*384*96#", "say sms", "say *384*96#", "")

    assert [hop["text"] for hop in society.hops] == ["", "sms", "sms**384*96#", "sms**384*96#*"]


def test_end_of_input_hangs_up() -> None:
    society = Society()

    _typed(society, "*384*96#")

    assert [event["status"] for event in society.events] == ["Incomplete"]


def test_phone_answers_politely_without_a_call_and_explains_itself() -> None:
    shown = _typed(Society(), "1", "drop", "help", "sms", "prompts")

    assert shown[1] == "No call is open. Dial *384*96#, or type help."
    assert "approve       enter the M-Pesa PIN at the oldest prompt; decline and ignore refuse it" in shown
    assert shown[-2:] == ["No messages.", "No prompts."]


def test_a_server_without_handsets_still_takes_calls() -> None:
    shown = _typed(Society(), "*384*96#", "sms", "9", with_handset=False)

    assert "This server offers no handset (status 404); only the demo does." in shown
    assert "| Goodbye." in shown


def test_a_failed_call_and_a_long_screen_are_flagged() -> None:
    broken = Society(answer=lambda _form: PlainTextResponse("oops"))
    long = Society(answer=lambda _form: PlainTextResponse("CON " + "a" * 161))

    assert _typed(broken, "*384*96#")[1:] == [
        f"| {CONNECTION_PROBLEM}",
        "[failed: the answer starts with neither CON nor END]",
    ]
    assert "[open, 161 of 160 septets, TOO LONG OR NOT GSM, " in _typed(long, "*384*96#")[-1]


def test_dead_server_is_one_line_on_stderr_and_exit_1(unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}"

    result = CliRunner().invoke(phone, ["--url", url], input="*384*96#\n")

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Error: no answer from {url}")


@pytest.mark.parametrize("wrong", [["--number", "12"], ["--url", "ftp://society"], ["--url", "society"]])
def test_wrong_options_are_wrong_usage(wrong: list[str]) -> None:
    assert CliRunner().invoke(phone, wrong).exit_code == 2


def test_help_shows_an_example() -> None:
    assert "| imarisha phone --number +254711000001" in CliRunner().invoke(phone, ["--help"]).output
