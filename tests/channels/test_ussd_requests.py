"""What do we make of the requests that Africa's Talking sends, and of those it never would?"""

from pathlib import Path
from urllib.parse import parse_qs, urlencode

import httpx
import pytest

from channels.forms import BODY_BYTES_MAX, BadForm, Message, read_body
from imarisha.institution import AMINA, CHEBET, MWANGI
from tests.world import World

SAMPLES = Path(__file__).parent / "samples" / "africastalking-ussd"
USSD = "/channels/ussd/africastalking"
EVENTS = f"{USSD}/events"
CALL = "ATUid_0a1b2c3d4e5f60718293a4b5c6d7e8f9"
FORM = {"content-type": "application/x-www-form-urlencoded"}
DATA_OF_AMINA = ("Amina", "8,250", "42,500")


def sample(name: str) -> bytes:
    [found] = SAMPLES.glob(f"{name}*.form")
    return found.read_bytes()


def fields(**changed: str) -> dict[str, str]:
    """A dial of Amina's, with some fields changed."""
    usual = {
        "sessionId": CALL,
        "serviceCode": "*384*96#",
        "phoneNumber": AMINA.phone,
        "networkCode": "63902",
        "text": "",
    }
    return {**usual, **changed}


async def post(world: World, body: bytes | dict[str, str], path: str = USSD) -> httpx.Response:
    content = body if isinstance(body, bytes) else urlencode(body).encode()
    return await world.http.post(path, content=content, headers=FORM)


async def say(world: World, text: str, **changed: str) -> str:
    answer = await post(world, fields(text=text, **changed))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.text


def assert_refused(answer: httpx.Response, status: int, *words: str) -> None:
    """As a problem document that names what is wrong and tells nothing else."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    for word in words:
        assert word in answer.json()["detail"]
    assert not any(secret in answer.text for secret in DATA_OF_AMINA)


class TestSamples:
    """Every file of the folder, as the gateway would send it."""

    def test_each_one_is_used(self) -> None:
        text = Path(__file__).read_text(encoding="utf-8")

        assert [path.name[:2] for path in SAMPLES.glob("*.form") if f'"{path.name[:2]}' not in text] == []

    async def test_a_dial_asks_for_the_pin(self, world: World) -> None:
        answer = await post(world, sample("01_dial"))

        assert answer.status_code == 200
        assert answer.text == "CON Hello Amina. Enter your PIN:"
        assert answer.headers["at-ussd-hop-metadata"] == "sign_in.pin"

    async def test_a_choice_before_the_pin_is_no_pin(self, world: World) -> None:
        await post(world, sample("01_dial"))

        answer = await post(world, sample("02_choice"))

        assert answer.text.startswith("CON A PIN has 4 digits.")

    async def test_the_same_choice_again_is_a_second_input(self, world: World) -> None:
        for name in ("01_dial", "02_choice"):
            await post(world, sample(name))

        answer = await post(world, sample("03_repeat_choice"))

        assert answer.text.startswith("CON A PIN has 4 digits.")

    async def test_a_direct_dial_goes_on_behind_the_pin(self, world: World) -> None:
        opened = await post(world, sample("09_direct_dial"))

        confirmed = await post(world, sample("04_pin_and_amount"))

        assert opened.text == "CON Hello Amina. Enter your PIN:"
        assert confirmed.text.startswith("CON Pay KES 500.00 by M-Pesa from 0711***001?")
        assert await world.count("payment") == 0

    async def test_a_repeat_byte_for_byte_gets_the_same_bytes_and_does_nothing(self, world: World) -> None:
        await post(world, sample("09_direct_dial"))
        first = await post(world, sample("04_pin_and_amount"))
        events = await world.count("audit_event")

        again = await post(world, sample("08_exact_repeat"))

        assert again.content == first.content
        assert await world.count("audit_event") == events

    async def test_a_direct_dial_in_the_service_code_is_the_same(self, world: World) -> None:
        opened = await post(world, sample("10_direct_dial_swallowed"))

        confirmed = await post(world, fields(serviceCode="*384*96*3*500#", text="4271"))

        assert opened.text == "CON Hello Amina. Enter your PIN:"
        assert confirmed.text.startswith("CON Pay KES 500.00 by M-Pesa")

    async def test_a_second_start_with_what_was_dialled_goes_on_with_it(self, world: World) -> None:
        await post(world, sample("01_dial"))

        answer = await post(world, sample("11_safaricom_double_start"))

        assert answer.status_code == 200
        assert answer.text.startswith("CON")
        assert "PIN" in answer.text

    @pytest.mark.parametrize(
        "name", ["05_back_token", "06_more_and_home", "07_free_text", "12_star", "13_hash", "14_empty_reply"]
    )
    async def test_an_odd_history_of_an_unknown_call_asks_for_the_pin(self, world: World, name: str) -> None:
        answer = await post(world, sample(name))

        assert answer.text == "CON Hello Amina. Enter your PIN:"

    @pytest.mark.parametrize("name", ["05_back", "06_more", "07_free", "12_star", "13_hash", "14_empty"])
    async def test_an_odd_history_behind_the_pin_shows_a_screen_and_moves_nothing(
        self, world: World, name: str
    ) -> None:
        text = parse_qs(sample(name).decode(), keep_blank_values=True)["text"][0]
        await say(world, "")
        typed = "4271"
        await say(world, typed)

        for part in text.split("*"):
            typed = f"{typed}*{part}"
            answer = await say(world, typed)

        assert answer.startswith(("CON ", "END "))
        assert await world.count("payment") == 0

    async def test_a_lost_plus_is_refused(self, world: World) -> None:
        assert_refused(await post(world, sample("15_unescaped_plus")), 400, "phoneNumber")

    async def test_a_body_encoded_twice_is_refused(self, world: World) -> None:
        assert_refused(await post(world, sample("16_double_encoded")), 400, "phoneNumber")

    async def test_a_key_sent_twice_is_refused(self, world: World) -> None:
        assert_refused(await post(world, sample("17_duplicate_key")), 400, "text", "twice")

    async def test_a_number_of_another_network_that_is_nobody_s_is_told_how_to_join(
        self, world: World
    ) -> None:
        answer = await post(world, sample("18_airtel"))

        assert answer.status_code == 200
        assert answer.text.startswith("CON This number is not registered")

    async def test_the_provider_s_sandbox_has_a_code_that_is_not_ours(self, world: World) -> None:
        assert_refused(await post(world, sample("19_sandbox")), 403, "serviceCode")

    @pytest.mark.parametrize("name", ["20_event_success", "21_event_incomplete", "22_event_failed"])
    async def test_an_end_of_session_event_is_taken_and_stored_nowhere(self, world: World, name: str) -> None:
        events = await world.count("audit_event")

        answer = await post(world, sample(name), EVENTS)

        assert (answer.status_code, answer.content) == (200, b"")
        assert await world.count("audit_event") == events


@pytest.mark.parametrize("missing", ["sessionId", "phoneNumber", "serviceCode", "text"])
async def test_a_missing_field_is_named(world: World, missing: str) -> None:
    form = fields()
    del form[missing]

    assert_refused(await post(world, form), 400, missing, "missing")


async def test_a_missing_network_is_taken_for_the_strictest(world: World) -> None:
    form = fields()
    del form["networkCode"]

    assert (await post(world, form)).text.startswith("CON Hello Amina")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sessionId", ""),
        ("sessionId", "short"),
        ("sessionId", "x" * 200),
        ("sessionId", "ATUid_\u0661\u0662\u0663\u0664\u0665\u0666"),
        ("sessionId", "ATUid_0a1b2c3d\n4e5f"),
        ("phoneNumber", ""),
        ("phoneNumber", "0711000001"),
        ("phoneNumber", "254711000001"),
        ("phoneNumber", "+254 711 000 001"),
        ("phoneNumber", "+25471100000"),
        ("phoneNumber", "anonymous"),
    ],
)
async def test_a_value_nobody_sends_is_refused_and_not_repeated(world: World, field: str, value: str) -> None:
    answer = await post(world, fields(**{field: value}))

    assert_refused(answer, 400, field)
    if value:
        assert value not in answer.text


@pytest.mark.parametrize(
    "code", ["*384*97#", "", "384*96", "*384*96", "*384*961#", "*384*96*1", "*384*96*" + "1*" * 60 + "#"]
)
async def test_a_forged_service_code_is_forbidden(world: World, code: str) -> None:
    assert_refused(await post(world, fields(serviceCode=code)), 403, "serviceCode")


@pytest.mark.parametrize(
    "body",
    [
        b"sessionId=%FF%FE&text=",
        "text=Wanjir\u0169".encode(),
        b"text=" + b"%C5" * 3,
        b"",
        b"\x00\x01\x02",
        b'{"sessionId": "x"}',
        b"&".join(b"a%d=1" % n for n in range(200)),
    ],
    ids=["bytes", "raw", "cut", "nothing", "binary", "json", "many"],
)
async def test_a_body_that_is_no_form_of_theirs_is_refused(world: World, body: bytes) -> None:
    assert_refused(await post(world, body), 400)


async def test_an_oversized_body_is_refused(world: World) -> None:
    body = urlencode(fields(text="1" * (BODY_BYTES_MAX + 1))).encode()

    assert_refused(await post(world, body), 400, "body", "long")


@pytest.mark.parametrize("path", [USSD, EVENTS])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_a_post_is_taken(world: World, path: str, method: str) -> None:
    answer = await world.http.request(method, path)

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


async def test_unknown_fields_are_ignored(world: World) -> None:
    assert (await say(world, "", newField="1", cost="KES 0.10")).startswith("CON Hello Amina")


async def test_another_phone_on_the_same_call_hears_nothing_and_disturbs_nothing(world: World) -> None:
    await say(world, "")
    await say(world, "4271")

    stolen = await say(world, "4271*1", phoneNumber=MWANGI.phone)
    begun = await say(world, "", phoneNumber=MWANGI.phone)
    balance = await say(world, "4271*1")

    for answer in (stolen, begun):
        assert answer.startswith("END ")
        assert not any(secret in answer for secret in (*DATA_OF_AMINA, "Mwangi"))
    assert "42,500.00" in balance


async def test_ten_thousand_characters_end_politely(world: World) -> None:
    await say(world, "")

    answer = await say(world, "1" * 10_000)

    assert answer.startswith("END ")
    assert "too long" in answer
    assert (await say(world, "4271")).startswith("CON Imarisha Sacco")


async def test_a_thousand_inputs_end_politely(world: World) -> None:
    assert (await say(world, "*".join("1" * 1000))).startswith("END ")


@pytest.mark.parametrize(
    "typed", ["\N{WINKING FACE}", "*", "", "#", "\0", "\N{ARABIC-INDIC DIGIT ONE}", "' OR 1=1 --", "{code}"]
)
async def test_what_makes_no_sense_is_explained_and_asked_again(world: World, typed: str) -> None:
    await say(world, "")
    await say(world, "4271")

    answer = await say(world, f"4271*{typed}")

    assert answer.startswith("CON Invalid choice. Try again.\nImarisha Sacco")


async def test_after_three_inputs_without_sense_the_call_ends_politely(world: World) -> None:
    typed = "4271"
    await say(world, "")
    await say(world, typed)
    for nonsense in ("\N{WINKING FACE}", "?", "x"):
        typed = f"{typed}*{nonsense}"
        answer = await say(world, typed)

    assert answer.startswith("END Too many wrong entries")


async def test_a_swahili_speaker_is_answered_in_swahili(world: World) -> None:
    await say(world, "", phoneNumber=CHEBET.phone)

    assert "Weka" in await say(world, "x", phoneNumber=CHEBET.phone)


async def test_an_event_without_a_session_is_refused(world: World) -> None:
    assert_refused(await post(world, {"status": "Success"}, EVENTS), 400, "sessionId")


async def test_what_was_refused_is_counted_by_fields_we_know(world: World) -> None:
    await post(world, fields(serviceCode="*1#"))
    for n in range(5):
        await post(world, b"made%d=1&made%d=2" % (n, n))

    shown = (await world.http.get("/metrics")).text

    assert 'imarisha_refused_requests_total{reason="serviceCode"} 1.0' in shown
    assert "made" not in shown


async def test_a_body_that_broke_off_is_no_request() -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"sessionId=x&text=3*5", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    with pytest.raises(BadForm):
        await read_body(receive)
