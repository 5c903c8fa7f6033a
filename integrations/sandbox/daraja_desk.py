"""How does Daraja take a request whose outcome it tells later? Token, fields, operator, then decided and written down.

Everything that follows from one request is written in one piece, so that a kill leaves all of it or nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.clock import Clock
from integrations.sandbox import numbers
from integrations.sandbox.courier import Courier
from integrations.sandbox.daraja_fields import wrong_field
from integrations.sandbox.daraja_gate import Gate, json_body
from integrations.sandbox.events import MoneyMoved, OperatorTried, RequestTaken
from integrations.sandbox.faults import Faults
from integrations.sandbox.magic import Script
from integrations.sandbox.memory import Memory
from integrations.sandbox.operator import OperatorKey
from integrations.sandbox.post import Letter, Post
from integrations.sandbox.prompts import HUMAN
from integrations.sandbox.settings import SandboxSettings

WRONG_OPERATOR = "2001"
LOCKED_OPERATOR = "8006"
TRIES_MAX = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is in order, and what is known when it is decided."""

    body: Mapping[str, object]
    originator_id: str
    conversation_id: str
    at: datetime
    operator_code: str | None
    """The result code where the operator is not let in; it decides the outcome."""

    def text(self, name: str) -> str:
        return str(self.body.get(name, ""))


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes of a request."""

    taken: RequestTaken
    letters: Sequence[Letter]
    moved: Sequence[MoneyMoved] = ()
    script: Script = HUMAN
    has_error: bool = False
    """Answered with an internal error although it was done."""
    is_kept_quiet: bool = field(default=False)
    """Nothing is told about it."""


class Desk:
    """Takes requests for every API of this kind."""

    def __init__(
        self,
        *,
        settings: SandboxSettings,
        memory: Memory,
        faults: Faults,
        courier: Courier,
        gate: Gate,
        operator_key: OperatorKey,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._courier = courier
        self._gate = gate
        self._operator_key = operator_key
        self._clock = clock
        self._post = Post(memory=memory, faults=faults, clock=clock)

    async def take(self, request: Request, api: str, decide: Callable[[Asked], Decision]) -> Response:
        """The synchronous answer; whatever it is, `decide` was asked at most once and what it said is written."""
        problem = self._gate.token_problem(request, api) or self._gate.not_taken(api)
        if problem:
            return problem
        body = await json_body(request)
        if wrong := wrong_field(api, body):
            return self._gate.invalid(wrong)
        originator = str(body.get("OriginatorConversationID", ""))
        if originator in self._memory.requests:
            return self._gate.error(500, "500.002.1001", "Duplicate OriginatorConversationID.")
        decision = decide(self._asked(api, body, originator))
        await self._write_down(decision)
        if decision.has_error:
            return self._gate.internal_error(api)
        return await self._gate.answered(request, api, _acknowledged(decision.taken))

    def _asked(self, api: str, body: Mapping[str, object], originator: str) -> Asked:
        number, now = len(self._memory.requests) + 1, self._clock.now()
        return Asked(
            body,
            originator or numbers.request_id(api, number),
            numbers.conversation_id(number, now),
            now,
            self._operator_code(body),
        )

    def _operator_code(self, body: Mapping[str, object]) -> str | None:
        if self._memory.wrong_passwords >= TRIES_MAX:
            return LOCKED_OPERATOR
        name = body.get("InitiatorName", body.get("Initiator"))
        password = self._operator_key.password_in(body["SecurityCredential"])
        right = self._settings.operator_password
        is_right = bool(right) and password == right and name == self._settings.operator
        self._memory.record(OperatorTried(is_right))
        return None if is_right else WRONG_OPERATOR

    async def _write_down(self, decision: Decision) -> None:
        about = decision.taken.originator_id
        is_quiet = decision.is_kept_quiet or self._faults.happens("daraja.result.lost")
        callbacks = [] if is_quiet else self._post.planned(about, decision.letters, decision.script)
        self._memory.record(decision.taken, *decision.moved, *callbacks)
        if decision.script.callback_before_answer or self._faults.happens("daraja.callback.early"):
            await self._courier.send_about(about)


def finished_at(asked: Asked, seconds: float) -> datetime:
    """The moment at which M-Pesa is done with it."""
    return asked.at + timedelta(seconds=seconds)


def _acknowledged(taken: RequestTaken) -> Response:
    return JSONResponse(
        {
            "ConversationID": taken.conversation_id,
            "OriginatorConversationID": taken.originator_id,
            "ResponseCode": "0",
            "ResponseDescription": "Accept the service request successfully.",
        }
    )
