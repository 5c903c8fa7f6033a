"""Is nothing that was answered lost when the sandbox is killed?"""

from pathlib import Path

from core.payments.ports import Outcome
from integrations.sandbox.events import TokenDropped
from integrations.sandbox.journal import Journal
from integrations.sandbox.memory import Memory
from tests.integrations.outside import AMINA, OTIENO, Outside, a_request


async def test_open_prompt_survives_and_can_be_approved(outside: Outside) -> None:
    checkout = await outside.push()

    outside.start_again()
    prompts = await outside.get(f"/handset/{AMINA.e164}/prompts")
    pressed = await outside.press(checkout, "approve")
    await outside.sandbox.advance()

    assert isinstance(prompts, list)
    assert [prompt["id"] for prompt in prompts] == [checkout]
    assert pressed.status_code == 200
    assert outside.callbacks.codes() == [0]


async def test_callback_that_was_planned_is_sent_after_the_kill_and_only_once(outside: Outside) -> None:
    checkout = await outside.push()
    await outside.press(checkout, "approve")

    outside.start_again()
    await outside.sandbox.advance()
    outside.start_again()
    await outside.sandbox.advance()

    assert outside.callbacks.codes() == [0]


async def test_prompt_that_lapsed_while_dead_is_reported_at_the_next_start(outside: Outside) -> None:
    await outside.push()

    outside.start_again()
    await outside.pass_time(3600)

    assert outside.callbacks.codes() == [1037]


async def test_late_callback_keeps_its_time_over_a_kill(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.late": 60})
    checkout = await outside.push()
    await outside.press(checkout, "approve")

    outside.start_again()
    await outside.pass_time(59)
    before = len(outside.callbacks.received)
    await outside.pass_time(1)

    assert (before, len(outside.callbacks.received)) == (0, 1)


async def test_everything_known_is_known_after_a_kill(outside: Outside) -> None:
    paid = await outside.push()
    await outside.press(paid, "approve")
    await outside.push(a_request(payment_id="pay_2", phone=OTIENO))
    await outside.messenger.send(AMINA, "x")
    await outside.set_faults({"daraja.query.processing": 0.5})
    await outside.sandbox.advance()
    before = outside.sandbox.memory

    after = outside.start_again().memory

    for name in ("token", "tokens_issued", "prompts", "open_prompts", "answers", "book"):
        assert getattr(after, name) == getattr(before, name), name
    for name in ("callbacks", "callbacks_planned", "messages", "dials", "events_since_dials"):
        assert getattr(after, name) == getattr(before, name), name


async def test_token_and_numbers_go_on_after_a_kill(outside: Outside) -> None:
    first = await outside.push(a_request(phone=OTIENO))

    outside.start_again()
    second = await outside.push(a_request(payment_id="pay_2"))
    heard = await outside.enquiry.enquire(first)

    assert outside.sandbox.memory.tokens_issued == 1
    assert first[:-12] == second[:-12]
    assert first[-12:-9] != second[-12:-9]
    assert heard.outcome is Outcome.PENDING


async def test_restarted_dials_do_not_repeat_their_draws(outside: Outside) -> None:
    await outside.set_faults({"daraja.push.spike": 0.5})
    memory, faults = outside.sandbox.memory, outside.sandbox.faults
    drawn = [faults.happens("daraja.push.spike") for _ in range(40)]
    for _ in range(40):
        memory.record(TokenDropped())

    outside.start_again()

    assert [outside.sandbox.faults.happens("daraja.push.spike") for _ in range(40)] != drawn


def test_last_line_cut_short_is_dropped_and_the_journal_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal.jsonl"
    memory = Memory(Journal(path))
    memory.record(TokenDropped(), TokenDropped())
    with path.open("ab") as file:
        file.write(b'{"type":"TokenDro')

    again = Memory(Journal(path))
    again.record(TokenDropped())

    assert Memory(Journal(path)).events_since_dials == 3


def test_missing_journal_is_an_empty_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"

    memory = Memory(Journal(path))

    assert memory.prompts == {}
    assert not path.exists()
