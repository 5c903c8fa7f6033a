"""What does the callback route do with what no honest Safaricom would send?"""

import json
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from core.payments.model import PaymentState
from tests.test_repayment import start_payment, success
from tests.world import World

PATH = "/payments/daraja/stk"


@pytest.mark.parametrize("named", ["%00", "pay_%00x", "%FF", "pay%20x", "%2e%2e", "x" * 500])
async def test_an_id_that_is_none_of_ours_is_nobody_s(world: World, named: str) -> None:
    answer = await world.http.post(f"{PATH}/{named}", json=success("ws_CO_1"))

    assert answer.status_code == 200
    assert await world.count("provider_callback") == 1
    assert await world.count("payment_fact") == 0


async def test_behind_an_id_that_can_t_be_read_the_handle_still_tells_whose_it_is(world: World) -> None:
    await start_payment(world)
    [payment] = await world.payments()

    await world.http.post(f"{PATH}/%00", json=success(payment.provider_request_id or ""))
    await world.work()

    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED


async def test_words_that_a_database_can_t_hold_are_no_reason_to_lose_a_payment(world: World) -> None:
    payment_id = await start_payment(world)
    [payment] = await world.payments()
    words = "The service request is processed successfully."
    body = json.dumps(success(payment.provider_request_id or "")).replace(words, r"\u0000 \ud800 processed")

    answer = await world.http.post(f"{PATH}/{payment_id}", content=body)
    await world.work()

    assert answer.status_code == 200
    [payment] = await world.payments()
    assert payment.state is PaymentState.CONFIRMED


async def test_a_long_body_is_refused(world: World) -> None:
    answer = await world.http.post(PATH, content=b"{" + b" " * 70_000 + b"}")

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("body")


async def call(world: World, messages: list[MutableMapping[str, Any]]) -> tuple[int, int]:
    """The status, and how many parts of the body were asked for; the last one comes again and again."""
    inner = getattr(world.http._transport, "inner", None)
    assert isinstance(inner, httpx.ASGITransport)
    asked, status = 0, 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal asked
        asked += 1
        assert asked < 1000
        return messages.pop(0) if len(messages) > 1 else messages[0]

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [],
        "client": ("127.0.0.1", 1),
        "server": ("imarisha.test", 80),
    }
    await inner.app(scope, receive, send)
    return status, asked


async def test_a_body_without_end_is_not_read_to_its_end(world: World) -> None:
    status, asked = await call(world, [{"type": "http.request", "body": b" " * 16_384, "more_body": True}])

    assert status == 400
    assert asked <= 6


async def test_a_caller_who_hangs_up_is_no_error_of_ours(world: World) -> None:
    status, _ = await call(
        world,
        [{"type": "http.request", "body": b'{"Body"', "more_body": True}, {"type": "http.disconnect"}],
    )

    assert status == 400
    assert await world.count("provider_callback") == 0
