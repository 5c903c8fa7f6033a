"""Does every dial do what its line in the table says, and the same again with the same seed?"""

import re
from pathlib import Path

import pytest

from core.notices.ports import Delivery, SendReply
from core.payments.ports import Outcome, SendVerdict
from integrations.daraja.codes import Reason
from integrations.sandbox.faults import DIALS
from tests.integrations.outside import AMINA, Outside, a_request
from tests.integrations.sandbox.test_spoilt_answers import ANSWERS, APIS

FAULTS = "http://outside.test/sandbox/faults"


async def approved_push(outside: Outside) -> str:
    checkout = await outside.push()
    await outside.press(checkout, "approve")
    await outside.sandbox.advance()
    return checkout


async def test_list_names_every_dial_with_meaning_and_position(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.lost": 0.25, "daraja.callback.late": 90})

    listed = await outside.get("/faults")

    assert isinstance(listed, dict)
    assert listed["seed"] == 1
    assert set(listed["dials"]) == {dial.name for dial in DIALS}
    assert listed["dials"]["daraja.callback.lost"] == {
        "value": 0.25,
        "unit": "chance",
        "meaning": "no callback is ever sent",
    }
    assert listed["dials"]["daraja.callback.late"]["value"] == 90
    assert listed["dials"]["africastalking.reject"]["value"] == 0


async def test_dials_that_are_not_named_go_back_to_nothing(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.lost": 1})

    await outside.set_faults({"daraja.callback.duplicate": 1})
    await approved_push(outside)

    assert outside.callbacks.codes() == [0, 0]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"daraja.callback.lots": 1}, "daraja.callback.lots"),
        ({"daraja.callback.lost": 1.5}, "daraja.callback.lost"),
        ({"daraja.callback.lost": -1}, "daraja.callback.lost"),
        ({"daraja.callback.lost": True}, "daraja.callback.lost"),
        ({"daraja.callback.lost": "1"}, "daraja.callback.lost"),
        ({"daraja.callback.late": 90_000}, "daraja.callback.late"),
        ({"seed": "x"}, "seed"),
        ({"seed": True}, "seed"),
    ],
)
async def test_wrong_dial_is_named_and_changes_nothing(
    outside: Outside, body: dict[str, object], named: str
) -> None:
    await outside.set_faults({"daraja.callback.lost": 0.5})

    response = await outside.http.put(FAULTS, json=body)

    assert (response.status_code, response.json()) == (400, {"error": named})
    assert outside.sandbox.memory.dials.values == {"daraja.callback.lost": 0.5}


async def test_same_seed_fails_the_same_way_and_another_one_otherwise(outside: Outside) -> None:
    async def run(seed: int) -> list[bool]:
        await outside.http.put(FAULTS, json={"seed": seed, "daraja.push.spike": 0.5})
        return [outside.sandbox.faults.happens("daraja.push.spike") for _ in range(64)]

    first, again, other = await run(1), await run(1), await run(2)

    assert first == again
    assert first != other
    assert 16 < sum(first) < 48


async def test_one_dial_does_not_shift_another(outside: Outside) -> None:
    faults = outside.sandbox.faults
    await outside.set_faults({"daraja.push.spike": 0.5, "daraja.callback.lost": 0.5})
    alone = [faults.happens("daraja.push.spike") for _ in range(32)]

    await outside.set_faults({"daraja.push.spike": 0.5, "daraja.callback.lost": 0.5})
    mixed = []
    for _ in range(32):
        faults.happens("daraja.callback.lost")
        mixed.append(faults.happens("daraja.push.spike"))

    assert mixed == alone


async def test_callback_is_lost_and_only_the_query_tells(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.lost": 1})

    checkout = await approved_push(outside)

    assert outside.callbacks.codes() == []
    assert (await outside.enquiry.enquire(checkout)).outcome is Outcome.PAID


async def test_callback_comes_twice_with_the_same_body(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.duplicate": 1})

    await approved_push(outside)

    first, second = outside.callbacks.received
    assert first == second


async def test_callback_comes_late(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.late": 300})
    await approved_push(outside)

    await outside.pass_time(299)
    before = len(outside.callbacks.received)
    await outside.pass_time(1)

    assert (before, len(outside.callbacks.received)) == (0, 1)


async def test_callback_comes_before_the_answer_to_the_push(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.early": 1})

    reply = await outside.collector.collect(a_request())

    assert outside.callbacks.codes() == [0]
    assert outside.callbacks.bodies()[0]["CheckoutRequestID"] == reply.provider_request_id


async def test_callback_contradicts_itself_and_the_query_tells_the_truth(outside: Outside) -> None:
    await outside.set_faults({"daraja.callback.contradict": 1})
    checkout = await approved_push(outside)

    false = list(outside.callbacks.codes())
    await outside.pass_time(5)

    assert (false, outside.callbacks.codes()) == ([1037], [1037, 0])
    assert (await outside.enquiry.enquire(checkout)).outcome is Outcome.PAID


async def test_push_is_taken_although_the_answer_is_500(outside: Outside) -> None:
    await outside.set_faults({"daraja.push.error500": 1})

    reply = await outside.collector.collect(a_request())

    assert (reply.verdict, reply.provider_request_id) == (SendVerdict.UNKNOWN, None)
    assert len(outside.sandbox.memory.open_prompts) == 1


async def test_push_is_taken_although_the_answer_is_garbled(outside: Outside) -> None:
    await outside.set_faults({"daraja.push.garbled": 1})

    reply = await outside.collector.collect(a_request())

    assert (reply.verdict, reply.reason) == (SendVerdict.UNKNOWN, Reason.UNREADABLE)
    assert len(outside.sandbox.memory.open_prompts) == 1


async def test_spike_arrest_takes_nothing(outside: Outside) -> None:
    await outside.set_faults({"daraja.push.spike": 1})

    reply = await outside.collector.collect(a_request())

    assert (reply.verdict, reply.reason) == (SendVerdict.BUSY, Reason.BUSY)
    assert outside.sandbox.memory.prompts == {}


async def test_token_that_is_always_invalid_keeps_pushes_away(outside: Outside) -> None:
    await outside.set_faults({"daraja.token.invalid": 1})

    reply = await outside.collector.collect(a_request())

    assert (reply.verdict, reply.reason) == (SendVerdict.BUSY, Reason.ACCESS)
    assert outside.sandbox.memory.prompts == {}
    assert outside.sandbox.memory.tokens_issued == 2


async def test_no_token_keeps_pushes_away(outside: Outside) -> None:
    await outside.set_faults({"daraja.token.unavailable": 1})

    reply = await outside.collector.collect(a_request())

    assert (reply.verdict, reply.reason) == (SendVerdict.BUSY, Reason.PROVIDER_DOWN)


async def test_query_says_processing_whatever_is_true(outside: Outside) -> None:
    checkout = await approved_push(outside)
    await outside.set_faults({"daraja.query.processing": 1})

    heard = await outside.enquiry.enquire(checkout)

    assert (heard.outcome, heard.reason) == (Outcome.PENDING, Reason.PROCESSING)


async def test_phone_is_locked_for_a_minute_after_a_prompt(outside: Outside) -> None:
    await outside.set_faults({"daraja.rule.cooldown": 1})
    await approved_push(outside)

    at_once = await outside.collector.collect(a_request(payment_id="pay_2"))
    outside.clock.let_pass(60)
    later = await outside.collector.collect(a_request(payment_id="pay_2"))

    assert (at_once.verdict, later.verdict) == (SendVerdict.BUSY, SendVerdict.ACCEPTED)


async def test_same_amount_within_two_minutes_is_rule_limited(outside: Outside) -> None:
    await outside.set_faults({"daraja.rule.same_amount": 1})
    await approved_push(outside)

    await outside.push(a_request(payment_id="pay_2"))
    await outside.sandbox.advance()
    outside.clock.let_pass(120)
    await outside.push(a_request(payment_id="pay_3"))
    await outside.sandbox.advance()

    assert outside.callbacks.codes() == [0, 17]
    assert len(outside.sandbox.memory.open_prompts) == 1


async def test_both_time_rules_are_off_until_set(outside: Outside) -> None:
    await approved_push(outside)

    reply = await outside.collector.collect(a_request(payment_id="pay_2"))
    await outside.sandbox.advance()

    assert reply.verdict is SendVerdict.ACCEPTED
    assert outside.callbacks.codes() == [0]


@pytest.mark.parametrize(
    ("dial", "reply", "arrives"),
    [
        ("africastalking.reject", SendReply(Delivery.BUSY, None, "provider_error", "0"), False),
        ("africastalking.error500", SendReply(Delivery.UNKNOWN, None, "provider_error"), True),
    ],
)
async def test_message_is_refused_or_taken_with_an_error(
    outside: Outside, dial: str, reply: SendReply, *, arrives: bool
) -> None:
    await outside.set_faults({dial: 1})

    assert await outside.messenger.send(AMINA, "x") == reply
    assert bool(await outside.get(f"/handset/{AMINA.e164}/messages")) is arrives


async def test_held_back_answers_come_in_the_end(outside: Outside) -> None:
    dials = ("daraja.push.timeout", "daraja.query.timeout", "africastalking.timeout")
    await outside.set_faults(dict.fromkeys(dials, 1))

    checkout = await outside.push()
    heard = await outside.enquiry.enquire(checkout)
    message = await outside.messenger.send(AMINA, "x")

    assert (heard.outcome, message.delivery) == (Outcome.PENDING, Delivery.ACCEPTED)


def test_every_dial_is_named_in_a_test_of_this_folder() -> None:
    """What nobody turns, nobody knows to work."""
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    turned = set(re.findall(r'"((?:daraja|africastalking)\.[a-z0-9_.]+)"', tests))

    turned |= {f"daraja.{api}.{fault}" for api in (*APIS, "qr") for fault in ANSWERS}
    assert {dial.name for dial in DIALS} <= turned
