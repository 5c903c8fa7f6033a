"""Do we call ourselves as an operator's gateway would? Checked against a small web process that listens."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from channels.networks import AIRTEL
from imarisha.gateway import CONNECTION_PROBLEM, CallState, GatewayCall, NoCallOpenError
from tests.imarisha.society import AMINA, Society


async def test_dial_sends_exactly_the_five_fields_of_the_gateway() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        screen = await call.dial()

    [form] = society.hops
    assert list(form) == ["sessionId", "serviceCode", "phoneNumber", "networkCode", "text"]
    assert len(form["sessionId"]) == len("ATUid_") + 32
    assert society.bodies[0].endswith(
        "&serviceCode=%2A384%2A96%23&phoneNumber=%2B254711000001&networkCode=63902&text="
    )
    assert screen.text == "Imarisha Sacco\n1. Check Balance\n3. Repay Loan"
    assert screen.is_open
    assert call.is_open


async def test_text_is_cumulative_and_keeps_stars_blanks_and_the_empty_answer() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        await call.dial()
        for typed in ("1", "", "50*2", "José & co"):
            await call.answer(typed)

    assert [hop["text"] for hop in society.hops] == ["", "1", "1*", "1**50*2", "1**50*2*José & co"]
    assert len({hop["sessionId"] for hop in society.hops}) == 1


async def test_direct_dial_sends_its_inputs_with_the_first_request() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        await call.dial("*384*96*3*500#")
        await call.answer("1")

    assert [hop["text"] for hop in society.hops] == ["3*500", "3*500*1"]
    assert {hop["serviceCode"] for hop in society.hops} == {"*384*96#"}


async def test_a_gateway_that_swallows_the_direct_dial_keeps_it_in_the_service_code() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164, swallows_direct_dial=True)
        await call.dial("*384*96*3*500#")
        await call.answer("1")

    assert [hop["text"] for hop in society.hops] == ["", "1"]
    assert {hop["serviceCode"] for hop in society.hops} == {"*384*96*3*500#"}


async def test_code_of_somebody_else_never_reaches_the_society() -> None:
    society = Society()

    async with society.client() as client:
        screen = await GatewayCall(client, AMINA.e164).dial("*100#")

    assert (screen.state, screen.text) == (CallState.FAILED, CONNECTION_PROBLEM)
    assert society.hops == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (PlainTextResponse("Karibu"), "the answer starts with neither CON nor END"),
        (PlainTextResponse(" CON Karibu"), "the answer starts with neither CON nor END"),
        (PlainTextResponse('"CON Karibu"'), "the answer starts with neither CON nor END"),
        (PlainTextResponse("CONKaribu"), "the answer starts with neither CON nor END"),
        (PlainTextResponse(""), "empty answer"),
        (PlainTextResponse("CON Karibu", status_code=403), "status 403"),
        (PlainTextResponse("CON Karibu", status_code=201), "status 201"),
    ],
)
async def test_answers_that_kill_a_real_session_show_the_operators_words(
    answer: Response, problem: str
) -> None:
    society = Society(answer=lambda _form: answer)

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        screen = await call.dial()

    assert (screen.state, screen.text) == (CallState.FAILED, CONNECTION_PROBLEM)
    assert screen.problem == problem
    assert not call.is_open
    assert society.events[0]["status"] == "Failed"


async def test_an_answer_later_than_the_gateway_waits_is_a_failed_call() -> None:
    async def never(_request: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    app = Starlette(
        routes=[Route("/channels/ussd/africastalking{rest:path}", never, methods=["POST"])],
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://society") as client:
        screen = await GatewayCall(client, AMINA.e164, patience_seconds=0.01).dial()

    assert (screen.state, screen.problem) == (CallState.FAILED, "no answer within 0.01 s")


async def test_end_closes_the_call_and_reports_success_with_the_steps() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        await call.dial()
        screen = await call.answer("9")
        with pytest.raises(NoCallOpenError):
            await call.answer("1")

    assert (screen.state, screen.text, screen.label) == (CallState.ENDED, "Goodbye.", "bye")
    [event] = society.events
    assert (event["status"], event["hopsCount"], event["input"]) == ("Success", "2", "9")
    assert (event["hopsMetadata"], event["lastAppResponse"]) == ("home|bye", "END Goodbye.")


async def test_the_step_label_comes_back_with_the_next_request() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        await call.dial()
        await call.answer("1")
        await call.dial()

    assert society.steps == ["", "home", ""]


async def test_dropped_call_is_reported_once_and_the_next_dial_has_a_new_id() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        await call.dial()
        await call.drop()
        await call.drop()
        await call.dial()

    assert [event["status"] for event in society.events] == ["Incomplete"]
    assert society.hops[0]["sessionId"] != society.hops[1]["sessionId"]


async def test_a_gateway_may_use_an_id_twice_and_stay_silent_about_ends() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164, sends_events=False)
        await call.dial()
        await call.answer("9")
        await call.dial(same_session=True)

    assert len({hop["sessionId"] for hop in society.hops}) == 1
    assert society.events == []


async def test_repeats_send_the_same_bytes_and_leave_the_call_as_it_was() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        await call.dial()
        await call.answer("1")
        await call.again()
        await call.again(0)
        await call.answer("3")

    assert society.bodies[1] == society.bodies[2]
    assert society.bodies[0] == society.bodies[3]
    assert society.steps == ["", "home", "home", "", "home"]
    assert society.hops[4]["text"] == "1*3"


async def test_copies_go_out_at_once_and_each_answer_is_kept() -> None:
    society = Society()

    async with society.client() as client:
        call = GatewayCall(client, AMINA.e164)
        await call.dial(copies=2)
        await call.answer("1", copies=3)

    assert [hop["text"] for hop in society.hops] == ["", "", "1", "1", "1"]
    assert len(call.answers) == 3


async def test_repeat_before_any_dial_is_refused() -> None:
    async with Society().client() as client:
        with pytest.raises(NoCallOpenError):
            await GatewayCall(client, AMINA.e164).again()


@pytest.mark.parametrize(
    ("text", "septets", "fits_safaricom", "fits_airtel"),
    [
        ("a" * 160, 160, True, True),
        ("a" * 161, 161, False, True),
        ("a" * 182, 182, False, True),
        ("a" * 183, 183, False, False),
        ("[" * 80, 160, True, True),
        ("[" * 81, 162, False, True),
        ("ng\u2019ombe", 7, False, False),
    ],
)
async def test_screens_are_measured_in_septets_against_their_network(
    text: str, septets: int, *, fits_safaricom: bool, fits_airtel: bool
) -> None:
    society = Society(answer=lambda _form: PlainTextResponse(f"CON {text}"))

    async with society.client() as client:
        safaricom = await GatewayCall(client, AMINA.e164).dial()
        airtel = await GatewayCall(client, AMINA.e164, network=AIRTEL).dial()

    assert safaricom.septets == septets
    assert (safaricom.fits, airtel.fits) == (fits_safaricom, fits_airtel)


async def test_a_printed_call_shows_no_input() -> None:
    async with Society().client() as client:
        call = GatewayCall(client, AMINA.e164)
        await call.dial()
        await call.answer("4271")

    assert "4271" not in repr(call)
    assert "4271" not in repr(vars(call)["_hops"])
