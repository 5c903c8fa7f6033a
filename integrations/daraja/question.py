"""How is something asked that Daraja answers at once? Repeated when no answer came, because asking moves nothing.

Only for calls that may be repeated: QR codes, pulled transactions, SIM checks. Nothing that moves money or
prompts a person goes through here.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import msgspec
import structlog

from integrations.daraja.client import DarajaClient, error_code, error_message
from integrations.daraja.codes import Api, Reason
from integrations.daraja.request_errors import request_error
from integrations.daraja.token import TokenRefusedError
from integrations.daraja.wire import Body
from integrations.http import Answer, NotSent
from integrations.reading import UnreadableBodyError, read_object

TRIES_MAX = 3
_FIRST_PAUSE_SECONDS = 0.5

Pause = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""

_log = structlog.get_logger(__name__)


class Unanswered(msgspec.Struct, frozen=True, kw_only=True):
    """No answer could be had now, or this question will never have one; the reason tells which."""

    reason: Reason
    code: str = ""
    text: str = ""
    """Daraja's own words, for staff."""

    @property
    def may_pass_later(self) -> bool:
        return self.reason in _PASSING


_PASSING = {Reason.PROVIDER_DOWN, Reason.NO_ANSWER, Reason.BUSY, Reason.ACCESS, Reason.UNKNOWN}


async def ask(
    client: DarajaClient,
    api: Api,
    path: str,
    body: Body,
    *,
    method: str = "POST",
    pause: Pause = asyncio.sleep,
) -> Mapping[str, object] | Unanswered:
    """The object in Daraja's answer; asked up to three times while a later try may pass."""
    for number in range(1, TRIES_MAX + 1):
        answer = await _asked(client, api, path, body, method)
        if not isinstance(answer, Unanswered) or not answer.may_pass_later or number == TRIES_MAX:
            return answer
        # Up to twice as long each time, so that processes that failed together don't come back together.
        await pause(_FIRST_PAUSE_SECONDS * 2**number * random.uniform(0.5, 1))  # noqa: S311 (not a secret)
    raise AssertionError("unreachable")


async def _asked(
    client: DarajaClient, api: Api, path: str, body: Body, method: str
) -> Mapping[str, object] | Unanswered:
    try:
        result = await client.post(path, body.fields(), method=method)
    except TokenRefusedError as error:
        _log.error("daraja refuses our key", error=str(error))
        return Unanswered(reason=Reason.CONFIGURATION)
    if not isinstance(result, Answer):
        is_unsent = isinstance(result, NotSent)
        return Unanswered(reason=Reason.PROVIDER_DOWN if is_unsent else Reason.NO_ANSWER, text=result.error)
    if result.status == HTTPStatus.OK:
        try:
            return read_object(result.body)
        except UnreadableBodyError:
            return Unanswered(reason=Reason.UNREADABLE)
    said, text = error_code(result), error_message(result)
    if result.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Unanswered(reason=Reason.BUSY, code=said, text=text)
    _, reason = request_error(said, text, api)
    return Unanswered(reason=reason, code=said, text=text)
