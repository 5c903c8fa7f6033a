"""Are callbacks sent once, whatever the receiver says, and none while it is starting?"""

import asyncio
import dataclasses
from pathlib import Path

import httpx
import structlog

from integrations.sandbox.application import create_sandbox
from integrations.sandbox.prompts import Push
from tests.integrations.outside import AMINA, SANDBOX, Outside, StoppedClock

A_PUSH = Push(
    phone=AMINA.digits,
    shillings=100,
    account="A",
    callback_url="http://outside.test/payments/daraja/stk/pay_1",
)


async def test_callback_answered_with_an_error_is_not_sent_again(outside: Outside) -> None:
    outside.callbacks.status = 500
    checkout = await outside.push()

    await outside.press(checkout, "approve")
    await outside.sandbox.advance()
    await outside.pass_time(3600)

    assert outside.callbacks.codes() == [0]
    assert outside.sandbox.memory.callbacks == {}


async def test_callback_nobody_took_is_not_sent_again(clock: StoppedClock, tmp_path: Path) -> None:
    tries = []

    def refuse(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        raise httpx.ConnectError("refused")

    sandbox = create_sandbox(SANDBOX, clock, tmp_path / "j", transport=httpx.MockTransport(refuse))
    sandbox.prompts.answer(sandbox.prompts.open(A_PUSH).checkout_id, "0")

    await sandbox.advance()
    await sandbox.advance()
    await sandbox.stop()

    assert len(tries) == 1
    assert sandbox.memory.callbacks == {}


async def test_callback_on_its_way_at_a_stop_is_sent_after_the_next_start(
    clock: StoppedClock, tmp_path: Path
) -> None:
    left = asyncio.Event()

    async def never_answer(_: httpx.Request) -> httpx.Response:
        left.set()
        await asyncio.Event().wait()
        return httpx.Response(200)

    settings = dataclasses.replace(SANDBOX, settling_seconds=0)
    sandbox = create_sandbox(settings, clock, tmp_path / "j", transport=httpx.MockTransport(never_answer))
    sandbox.prompts.answer(sandbox.prompts.open(A_PUSH).checkout_id, "0")
    async with sandbox.lifespan_context(), asyncio.timeout(5):
        await left.wait()

    again = create_sandbox(SANDBOX, clock, tmp_path / "j")

    assert len(again.memory.callbacks) == 1


async def test_callbacks_left_over_wait_until_the_receiver_had_time_to_start(outside: Outside) -> None:
    checkout = await outside.push()
    await outside.press(checkout, "approve")
    outside.start_again()

    async with outside.sandbox.lifespan_context():
        await outside.sandbox.advance()
        at_once = len(outside.callbacks.received)
        outside.clock.let_pass(SANDBOX.settling_seconds)
        await outside.callbacks.until(1)

    assert at_once == 0
    assert outside.callbacks.codes() == [0]


async def test_time_that_stops_by_a_fault_of_ours_is_reported(clock: StoppedClock, tmp_path: Path) -> None:
    journal = tmp_path / "j"
    sandbox = create_sandbox(SANDBOX, clock, journal)
    sandbox.prompts.open(A_PUSH)
    journal.unlink()
    journal.mkdir()
    clock.let_pass(60)

    with structlog.testing.capture_logs() as lines:
        async with sandbox.lifespan_context():
            assert sandbox._running is not None
            await asyncio.wait({sandbox._running}, timeout=5)

    assert [line["event"] for line in lines] == ["time stands still in the sandbox"]
