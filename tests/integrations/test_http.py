"""Is every exchange told apart by whether it may have had an effect, and recorded without secrets?"""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog

from integrations.http import (
    Answer,
    Exchange,
    LogRecorder,
    NoAnswer,
    NotSent,
    ProviderClient,
    Result,
    http_client,
)
from integrations.redaction import redacted_text, redacted_value
from tests.integrations.outside import Notebook


def provider(transport: httpx.AsyncBaseTransport, notebook: Notebook) -> ProviderClient:
    ticks = iter([10.0, 10.25, 11.0, 12.0])
    return ProviderClient(
        provider="somebody",
        base_url="http://provider.test/",
        http=http_client(transport),
        recorder=notebook,
        error_in=lambda answer: f"E{answer.status} for 254711000001" if answer.status >= 400 else "",
        stopwatch=lambda: next(ticks),
    )


async def send(client: ProviderClient, seconds: float = 5) -> Result:
    request = client.build("POST", "/path?secret=1", headers={"Authorization": "Bearer x"}, json={"a": 1})
    return await client.send(request, seconds=seconds)


async def test_answer_of_any_status_is_an_answer() -> None:
    notebook = Notebook()
    client = provider(httpx.MockTransport(lambda _: httpx.Response(503, text="down")), notebook)

    assert await send(client) == Answer(503, b"down")
    assert notebook.exchanges == [
        Exchange("somebody", "POST", "/path", 503, 250, "E503 for 2547***001"),
    ]


async def test_request_that_could_not_leave_is_not_sent() -> None:
    notebook = Notebook()

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    assert await send(provider(httpx.MockTransport(refuse), notebook)) == NotSent("ConnectError")
    assert notebook.exchanges[0].status is None
    assert notebook.exchanges[0].error == "ConnectError"


async def test_request_without_time_left_is_not_sent() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    result = await send(provider(httpx.MockTransport(answer), Notebook()), seconds=0)

    assert (result, asked) == (NotSent("no time left"), [])


class DrippingStream(httpx.AsyncByteStream):
    """Never silent for long and never done."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.005)
            yield b"."


class DrippingTransport(httpx.AsyncBaseTransport):
    async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=DrippingStream())


async def test_answer_that_drips_for_ever_is_given_up() -> None:
    result = await send(provider(DrippingTransport(), Notebook()), seconds=0.05)

    assert result == NoAnswer("TimeoutError")


async def test_client_reads_no_environment_and_follows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with http_client() as client:
        assert client.trust_env is False
        assert client.follow_redirects is False
        assert client.timeout == httpx.Timeout(30, connect=5)


def test_log_line_has_the_facts_of_the_exchange() -> None:
    with structlog.testing.capture_logs() as lines:
        LogRecorder().record(Exchange("daraja", "POST", "/p", 200, 12, ""))

    assert lines == [
        {
            "event": "exchange",
            "log_level": "info",
            "provider": "daraja",
            "method": "POST",
            "path": "/p",
            "status": 200,
            "milliseconds": 12,
            "error": "",
        }
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("+254711000001", "+2547***001"),
        ("0711000001 and 0101000001", "07***001 and 01***001"),
        ("ws_CO_201120261015311700000101", "ws_CO_20112026101531***101"),
        ("token abcdefghijklmnopqrstuvwxyz12.", "token ***."),
        ("two\nlines\x00", "two?lines?"),
        ("receipt UKK4DEMO01 of 20261120101530", "receipt UKK4DEMO01 of 20261120101530"),
        ("pay_01hfzq8xk2vdn7m4s5t6w9y0ab", "pay_01hfzq8xk2vdn7m4s5t6w9y0ab"),
    ],
)
def test_text_is_masked_where_it_tells_who_somebody_is(text: str, kept: str) -> None:
    assert redacted_text(text) == kept


def test_value_is_masked_to_any_depth_and_of_any_size() -> None:
    deep: object = "secret"
    for _ in range(50):
        deep = [deep]

    assert "secret" not in repr(redacted_value(deep))
    assert redacted_value({"PhoneNumber": 254711000001, "Amount": 1500, "n": None, "big": 10**4000}) == {
        "PhoneNumber": "2547***001",
        "Amount": 1500,
        "n": None,
        "big": 10**4000,
    }
