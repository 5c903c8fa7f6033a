"""How does an operator's gateway call us for one handset? Africa's Talking's USSD wire form, from their side.

The terminal phone and the transcripts speak through this; the browser phone has the same in JavaScript.
Form, prefixes and limits: https://developers.africastalking.com/docs/ussd/overview
"""

import asyncio
import contextlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import httpx
from smsutil import GSM_EXT_CHARSET, is_valid_gsm

from channels.networks import SAFARICOM, Network
from core.clock import Clock, SystemClock
from dialogs.messages import TextStyle

SERVICE_CODE = "*384*96#"
USSD_PATH = "/channels/ussd/africastalking"
EVENTS_PATH = "/channels/ussd/africastalking/events"
STEP_HEADER = "at-ussd-hop-metadata"
ANSWER_SECONDS_MAX = 10
CONNECTION_PROBLEM = "Connection problem or invalid MMI code."


class CallState(StrEnum):
    """What an answer does to the call."""

    OPEN = "open"
    """`CON`: the handset waits for the next input."""

    ENDED = "ended"
    """`END`: the text is shown, the call is over."""

    FAILED = "failed"
    """The operator could not use the answer; the handset shows the operator's own words."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What the handset shows, and how it came about. `problem` is empty for a clean answer."""

    state: CallState
    text: str
    budget: int
    problem: str = ""
    status: int | None = None
    """The HTTP status; None where nothing answered."""
    body: str = ""
    label: str = ""
    """The name our side gave the step, from the metadata header."""
    milliseconds: int = 0

    @property
    def is_open(self) -> bool:
        return self.state is CallState.OPEN

    @property
    def septets(self) -> int:
        r"""Length on the air, where `^{}[]~|\€` count twice."""
        return len(self.text) + sum(letter in GSM_EXT_CHARSET for letter in self.text)

    @property
    def fits(self) -> bool:
        """True if the network passes the text whole: GSM letters only, and within the budget."""
        return self.septets <= self.budget and (not self.text or is_valid_gsm(self.text))


class NoCallOpenError(RuntimeError):
    """An answer or a repeat without a call to belong to."""


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request as it was sent. The form holds PINs: it lives as long as the call, in this phone only."""

    form: dict[str, str] = field(repr=False)
    headers: dict[str, str]


class GatewayCall:
    """One handset's line. Every dial is a new call; `text` grows by each input, joined with `*`.

    Misbehaviour on demand: `copies` sends the request that often at once, `again` repeats any hop,
    `drop` loses the call, `same_session` dials with the last call's id, `swallows_direct_dial` puts
    dialled inputs into the service code, as Safaricom's own gateway was seen to do.
    Raises httpx.ConnectError where nobody listens at all; a late or broken answer is a failed screen.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        number: str,
        *,
        network: Network = SAFARICOM,
        service_code: str = SERVICE_CODE,
        clock: Clock | None = None,
        sends_events: bool = True,
        swallows_direct_dial: bool = False,
        patience_seconds: float = ANSWER_SECONDS_MAX,
    ) -> None:
        self.network = network
        self.answers: tuple[Screen, ...] = ()
        """The answers to all copies of the latest request."""
        self._client = client
        self._number = number
        self._service_code = service_code
        self._clock = clock or SystemClock()
        self._sends_events = sends_events
        self._swallows_direct_dial = swallows_direct_dial
        self._patience_seconds = patience_seconds
        self._session_id = ""
        self._dialled_code = service_code
        self._inputs: list[str] = []
        self._hops: list[_Hop] = []
        self._labels: list[str] = []
        self._screen: Screen | None = None
        self._began_at = self._clock.now()

    @property
    def is_open(self) -> bool:
        return self._screen is not None and self._screen.is_open

    @property
    def session_id(self) -> str:
        """The id of the present or last call; empty before the first dial."""
        return self._session_id

    async def dial(self, code: str = SERVICE_CODE, *, copies: int = 1, same_session: bool = False) -> Screen:
        """Start a call. `*384*96*3*500#` dials inputs along. An open call is dropped first.

        A code of somebody else never reaches us: the operator answers it itself.
        """
        await self.drop()
        if self.network.start_repeats:
            copies = max(copies, 2)
        inputs = dialled_inputs(code, self._service_code)
        if inputs is None:
            return Screen(CallState.FAILED, CONNECTION_PROBLEM, self.network.budget, "not our service code")
        if not (same_session and self._session_id):
            self._session_id = f"ATUid_{secrets.token_hex(16)}"
        self._dialled_code = code if self._swallows_direct_dial else self._service_code
        self._inputs = [] if self._swallows_direct_dial else inputs
        self._hops, self._labels = [], []
        self._began_at = self._clock.now()
        return await self._hop(copies)

    async def answer(self, text: str, *, copies: int = 1) -> Screen:
        """Send one input, exactly as typed. Raises NoCallOpenError."""
        if not self.is_open:
            raise NoCallOpenError
        self._inputs.append(text)
        return await self._hop(copies)

    async def again(self, hop: int = -1, *, copies: int = 1) -> Screen:
        """Send a hop of this or the last call once more: the last one; `again(0)` is a late copy of the dial.

        The handset shows nothing of it: the call goes on as it was. Raises NoCallOpenError before a dial.
        """
        if not self._hops:
            raise NoCallOpenError
        self.answers = await self._send(self._hops[hop], copies)
        return self.answers[0]

    async def drop(self) -> None:
        """Lose the call, as by Cancel or bad coverage; the next dial has a new id. No call open: nothing."""
        if self.is_open:
            self._screen = None
            await self._report("Incomplete", "")

    async def _hop(self, copies: int) -> Screen:
        step = self._screen.label if self._hops and self._screen else ""
        hop = _Hop(
            form={
                "sessionId": self._session_id,
                "serviceCode": self._dialled_code,
                "phoneNumber": self._number,
                "networkCode": self.network.code,
                "text": self._text(),
            },
            headers={STEP_HEADER: step} if step else {},
        )
        self._hops.append(hop)
        self.answers = await self._send(hop, copies)
        self._screen = self.answers[0]
        self._labels.append(self._screen.label)
        if self._screen.state is CallState.ENDED:
            await self._report("Success", "")
        elif self._screen.state is CallState.FAILED:
            await self._report("Failed", self._screen.problem)
        return self._screen

    def _text(self) -> str:
        """The inputs as this network tells them."""
        if self.network.style is TextStyle.LATEST:
            return self._inputs[-1] if self._inputs else ""
        told = [self._service_code, *self._inputs] if self.network.code_first else self._inputs
        return "*".join(told)

    async def _send(self, hop: _Hop, copies: int) -> tuple[Screen, ...]:
        return tuple(await asyncio.gather(*(self._post(hop) for _ in range(copies))))

    async def _post(self, hop: _Hop) -> Screen:
        try:
            async with asyncio.timeout(self._patience_seconds):
                response = await self._client.post(
                    USSD_PATH, data=hop.form, headers=hop.headers, timeout=self._patience_seconds
                )
        except httpx.ConnectError:
            raise
        except (TimeoutError, httpx.TimeoutException):
            return self._failed(f"no answer within {self._patience_seconds:g} s")
        except httpx.TransportError:
            return self._failed("the connection broke before the answer was whole")
        return read_screen(response, self.network)

    def _failed(self, problem: str) -> Screen:
        return Screen(CallState.FAILED, CONNECTION_PROBLEM, self.network.budget, problem)

    async def _report(self, status: str, error: str) -> None:
        if not (self._sends_events and self.network.tells_end):
            return
        event = {
            "date": _utc(self._clock.now()),
            "sessionId": self._session_id,
            "serviceCode": self._dialled_code,
            "networkCode": self.network.code,
            "phoneNumber": self._number,
            "status": status,
            "cost": "KES 0.10",
            "durationInMillis": str(int((self._clock.now() - self._began_at).total_seconds() * 1000)),
            "hopsCount": str(len(self._hops)),
            "hopsMetadata": "|".join(label for label in self._labels if label),
            "input": "*".join(self._inputs),
            "lastAppResponse": self.answers[0].body if self.answers else "",
            "errorMessage": error,
        }
        # A gateway tells nobody whether its event arrived, and nothing of ours may depend on it.
        with contextlib.suppress(httpx.TransportError, TimeoutError):
            async with asyncio.timeout(self._patience_seconds):
                await self._client.post(EVENTS_PATH, data=event, timeout=self._patience_seconds)


def dialled_inputs(code: str, service_code: str = SERVICE_CODE) -> list[str] | None:
    """The inputs dialled behind the service code, or None for a code that is not ours.

    >>> dialled_inputs("*384*96#"), dialled_inputs("*384*96*3*500#"), dialled_inputs("*100#")
    ([], ['3', '500'], None)
    """
    if code == service_code:
        return []
    stem = service_code.removesuffix("#") + "*"
    if not (code.startswith(stem) and code.endswith("#")):
        return None
    return code.removeprefix(stem).removesuffix("#").split("*")


def read_screen(response: httpx.Response, network: Network) -> Screen:
    """Read an answer as strictly as the gateway does: status 200 and exactly `CON ` or `END ` in front."""
    state, problem = _verdict(response)
    return Screen(
        state=state,
        text=CONNECTION_PROBLEM if state is CallState.FAILED else response.text[4:],
        budget=network.budget,
        problem=problem,
        status=response.status_code,
        body=response.text,
        label=response.headers.get(STEP_HEADER, ""),
        milliseconds=round(response.elapsed.total_seconds() * 1000),
    )


def _verdict(response: httpx.Response) -> tuple[CallState, str]:
    if response.status_code != httpx.codes.OK:
        return CallState.FAILED, f"status {response.status_code}"
    if response.text.startswith("CON "):
        return CallState.OPEN, ""
    if response.text.startswith("END "):
        return CallState.ENDED, ""
    if not response.text.strip():
        return CallState.FAILED, "empty answer"
    return CallState.FAILED, "the answer starts with neither CON nor END"


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
