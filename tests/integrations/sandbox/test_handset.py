"""Does a handset show what reached it and let its owner press each button once?"""

import httpx
import pytest

from tests.integrations.outside import AMINA, OTIENO, Outside, a_request

HANDSET = "http://outside.test/sandbox/handset"


async def test_each_button_does_what_it_says(outside: Outside) -> None:
    buttons = [("approve", None), ("approve", "4271"), ("approve", "0000"), ("decline", None)]
    results = []
    for number, (action, pin) in enumerate(buttons):
        checkout = await outside.push(a_request(payment_id=f"pay_{number}"))
        response = await outside.press(checkout, action, pin=pin)
        results.append(response.json()["result_code"])
    await outside.sandbox.advance()

    assert results == ["0", "0", "2001", "1032"]
    assert sorted(map(str, outside.callbacks.codes())) == ["0", "0", "1032", "2001"]


@pytest.mark.parametrize("pin", ["", "12345", "12a4", 4271, None, ["4271"]])
async def test_what_is_no_pin_is_a_wrong_pin(outside: Outside, pin: object) -> None:
    checkout = await outside.push()

    response = await outside.press(checkout, "approve", pin=pin)

    # Null is the same as no PIN at all: the script presses approve without typing one.
    assert response.json()["result_code"] == ("0" if pin is None else "2001")


async def test_ignored_prompt_stays_until_it_lapses(outside: Outside) -> None:
    checkout = await outside.push()

    response = await outside.press(checkout, "ignore")
    still = await outside.get(f"/handset/{AMINA.e164}/prompts")
    await outside.pass_time(60)

    assert response.status_code == 200
    assert isinstance(still, list)
    assert [prompt["id"] for prompt in still] == [checkout]
    assert outside.callbacks.codes() == [1037]


async def test_second_press_changes_nothing(outside: Outside) -> None:
    checkout = await outside.push()
    await outside.press(checkout, "approve")

    again = await outside.press(checkout, "approve")
    other = await outside.press(checkout, "decline")
    await outside.sandbox.advance()

    assert (again.status_code, other.status_code) == (409, 409)
    assert outside.callbacks.codes() == [0]


async def test_lapsed_prompt_can_no_longer_be_approved(outside: Outside) -> None:
    checkout = await outside.push()
    outside.clock.let_pass(60)

    late = await outside.press(checkout, "approve")

    assert late.status_code == 409


async def test_somebody_else_s_prompt_unknown_action_and_wrong_number_are_refused(outside: Outside) -> None:
    checkout = await outside.push()

    theirs = await outside.press(checkout, "approve", phone=OTIENO)
    unknown = await outside.press(checkout, "pay")
    no_json = await outside.http.post(f"{HANDSET}/{AMINA.e164}/prompts/{checkout}", content=b"x")
    wrong: list[httpx.Response] = [
        await outside.http.get(f"{HANDSET}/nobody/messages"),
        await outside.http.get(f"{HANDSET}/nobody/prompts"),
        await outside.http.post(f"{HANDSET}/nobody/prompts/{checkout}", json={"action": "approve"}),
    ]

    assert (theirs.status_code, theirs.json()) == (404, {"error": "prompt"})
    assert (unknown.status_code, unknown.json()) == (400, {"error": "action"})
    assert no_json.status_code == 400
    assert [response.status_code for response in wrong] == [400, 400, 400]
    assert len(outside.sandbox.memory.open_prompts) == 1


async def test_number_may_be_written_in_any_form(outside: Outside) -> None:
    checkout = await outside.push()

    lists = [
        await outside.get(f"/handset/{number}/prompts")
        for number in ("+254711000001", "%2B254711000001", "254711000001", "0711000001")
    ]

    assert all(isinstance(prompts, list) and prompts[0]["id"] == checkout for prompts in lists)


async def test_pin_is_kept_nowhere(outside: Outside) -> None:
    checkout = await outside.push()

    response = await outside.press(checkout, "approve", pin="9137")

    assert "9137" not in outside.journal_text()
    assert "9137" not in response.text
