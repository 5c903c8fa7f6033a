"""How does Africa's Talking speak USSD? Its form becomes an Inbound, our Reply becomes CON or END.

Wire format: developers.africastalking.com/docs/ussd/overview and /handle_sessions. A plain ASGI callable, because
this is the hot route: a member waits on the line for every one of its milliseconds.
"""

import re
from collections.abc import Mapping
from typing import Protocol

import structlog

from channels.forms import BadForm, NotOurs, Receive, Scope, Send, read_body, read_form
from channels.networks import NETWORKS, UNKNOWN, Network
from channels.problems import only_post, problem
from core.clock import Clock
from core.errors import InvalidPhone
from core.phone import Msisdn
from dialogs.messages import Channel, Inbound, Reply

PROVIDER = "africastalking"

_FIELDS = frozenset({"body", "sessionId", "phoneNumber", "serviceCode", "text"})
_SESSION_ID = re.compile(r"[\w.-]{8,128}", re.ASCII)
_LABEL_MAX = 99
_MILLISECONDS = re.compile(r"\d{1,9}", re.ASCII)
_CLOSE_TO_THE_END = 5
"""Seconds by which the gateway's clock and the network's may differ."""

_log = structlog.get_logger(__name__)


class Conversation(Protocol):
    """What answers: the dialogs' engine."""

    async def handle(self, inbound: Inbound) -> Reply: ...


class Refusals(Protocol):
    """Who counts what was turned away."""

    def refused(self, reason: str) -> None: ...


class UssdEndpoint:
    """POST /channels/ussd/africastalking."""

    def __init__(
        self,
        *,
        conversation: Conversation,
        clock: Clock,
        service_code: str,
        apology: str,
        refusals: Refusals,
        networks: Mapping[str, Network] = NETWORKS,
    ) -> None:
        """`networks` are the profiles by the code a request names; another code gets the strictest."""
        self._conversation = conversation
        self._clock = clock
        self._service_code = service_code
        self._prefix = service_code.removesuffix("#")
        self._apology = Reply(apology, ends=True, label="fault")
        self._refusals = refusals
        self._networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await only_post()(scope, receive, send)
            return
        try:
            inbound = self.parse(await read_body(receive))
        except BadForm as error:
            self._refusals.refused(_counted(error.field))
            _log.warning("ussd request refused", field=error.field, why=error.why)
            status = 403 if isinstance(error, NotOurs) else 400
            refusal = problem(status, "Not a USSD request of ours", f"{error.field} {error.why}")
            await refusal(scope, receive, send)
            return
        try:
            reply = await self._conversation.handle(inbound)
        except Exception:  # noqa: BLE001 (a bug of ours must not leave a dead screen: it is logged whole)
            _log.exception("turn failed")
            reply = self._apology
        await _answer(send, reply)

    def parse(self, body: bytes) -> Inbound:
        """Raises BadForm naming the field."""
        form = read_form(body)
        _require(form, "sessionId", "phoneNumber", "serviceCode", "text")
        if _SESSION_ID.fullmatch(form["sessionId"]) is None:
            raise BadForm("sessionId", "is not a session id")
        number = form["phoneNumber"]
        try:
            address = Msisdn.parse(number).e164
        except InvalidPhone as error:
            raise BadForm("phoneNumber", "is not a mobile number") from error
        if address != number:
            # A lost plus or a second encoding: a sender we don't understand may mean somebody else.
            raise BadForm("phoneNumber", "is not in international form")
        network = self._networks.get(form.get("networkCode", ""), UNKNOWN)
        text, dialled = form["text"], self._dialled(form["serviceCode"])
        if network.code_first:
            text, dialled = self._without_code(text, dialled)
        return Inbound(
            channel=Channel.USSD,
            provider=PROVIDER,
            address=address,
            call=form["sessionId"],
            text=text,
            style=network.style,
            dialled=dialled,
            budget=network.budget,
            received_at=self._clock.now(),
            network=network.name,
            call_seconds=network.call_seconds,
        )

    def _without_code(self, text: str, dialled: str) -> tuple[str, str]:
        """What was typed, and what was dialled behind the code, where the code itself is the first input."""
        code, ends, typed = text.partition("#")
        if not ends or not f"{code}*".startswith(f"{self._prefix}*"):
            return text, dialled
        return typed.removeprefix("*"), code.removeprefix(self._prefix).removeprefix("*") or dialled

    def _dialled(self, code: str) -> str:
        """What was dialled behind our code: `3*500` of `*384*96*3*500#`."""
        if code == self._service_code:
            return ""
        behind = code.removeprefix(f"{self._prefix}*")
        if behind == code or not behind.endswith("#") or len(code) > _LABEL_MAX:
            raise NotOurs("serviceCode", "is not ours")
        return behind.removesuffix("#")


def _counted(field: str) -> str:
    """The field as a metric may name it: a caller can make up any number of others."""
    return field if field in _FIELDS else "other"


def _require(form: dict[str, str], *names: str) -> None:
    for name in names:
        if name not in form:
            raise BadForm(name, "is missing")


async def _answer(send: Send, reply: Reply) -> None:
    body = (f"END {reply.text}" if reply.ends else f"CON {reply.text}").encode()
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", b"%d" % len(body)),
                # Shows on the provider's dashboard and comes back in the end event: names of screens only.
                (b"at-ussd-hop-metadata", reply.label[:_LABEL_MAX].encode("ascii", "replace")),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


class Calls(Protocol):
    """Who wants to know that a network ended a call."""

    async def hung_up(self, *, provider: str, call: str, address: str) -> None: ...


class UssdEventsEndpoint:
    """POST /channels/ussd/africastalking/events: how a call ended. Logged and counted; no money depends on it."""

    def __init__(
        self, *, calls: Calls, refusals: Refusals, networks: Mapping[str, Network] = NETWORKS
    ) -> None:
        self._calls = calls
        self._refusals = refusals
        self._networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await only_post()(scope, receive, send)
            return
        try:
            form = read_form(await read_body(receive))
            _require(form, "sessionId")
        except BadForm as error:
            self._refusals.refused(_counted(error.field))
            await problem(400, "Not an end-of-session event", f"{error.field} {error.why}")(
                scope, receive, send
            )
            return
        # `input` repeats the PIN and `lastAppResponse` the balance: neither is read.
        _log.info(
            "ussd call ended",
            status=form.get("status", "")[:20],
            hops=form.get("hopsCount", "")[:6],
            milliseconds=form.get("durationInMillis", "")[:12],
            network=form.get("networkCode", "")[:8],
        )
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        await self._tell(form)

    async def _tell(self, form: dict[str, str]) -> None:
        """A call that lasted as long as the network lets one last was not given up by the member."""
        network = self._networks.get(form.get("networkCode", ""), UNKNOWN)
        lasted = form.get("durationInMillis", "")
        if form.get("status") == "Success" or not _MILLISECONDS.fullmatch(lasted):
            return
        if int(lasted) < (network.call_seconds - _CLOSE_TO_THE_END) * 1000:
            return
        try:
            address = Msisdn.parse(form.get("phoneNumber", "")).e164
        except InvalidPhone:
            return
        await self._calls.hung_up(provider=PROVIDER, call=form["sessionId"], address=address)
