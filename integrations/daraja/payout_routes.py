"""Where does Safaricom tell about payouts and our float? Keep the word first, act on it, always answer that we have it.

A result is believed only under a reference of ours, which nobody can guess, and in agreement with the path. Needs
PostgreSQL alone; when the settling fails after the word was kept, the workers' sweep settles it.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core import payout_settlement
from core.clock import Clock
from core.db.engine import Database
from core.errors import DatabaseUnavailable, UnknownPayout
from core.ids import Ids
from core.money import Money
from core.payouts import float_watch
from core.payouts import service as payouts
from core.payouts.model import attempt_of
from core.payouts.ports import Heard
from integrations.daraja.b2c import read_payout_result
from integrations.daraja.balance import UTILITY, read_balance_result
from integrations.daraja.payout import heard_of_payout, heard_of_status, heard_timeout
from integrations.daraja.results import MalformedResultError, read_queue_timeout
from integrations.daraja.status import read_status_result
from integrations.reading import BODY_BYTES_MAX

_log = structlog.get_logger(__name__)

_REFERENCE: Final = re.compile(r"[0-9a-z_]{1,60}(-[1-9]\d{0,3})?", re.ASCII)

Work = Callable[[str, bytes], Awaitable[str]]


class PayoutCallbacks:
    """What stands under /payments/daraja/{b2c,status,balance}."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        count: Callable[[str], None],
        float_low_below: Money,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._count = count
        self._float_low_below = float_low_below

    def routes(self, prefix: str, *, middleware: Sequence[Middleware]) -> list[Route]:
        """Every path with and without our reference at its end."""
        works: dict[str, Work] = {
            "b2c/result": self._payout_result,
            "b2c/timeout": self._payout_timeout,
            "status/result": self._status_result,
            "status/timeout": self._nothing_lost,
            "balance/result": self._balance_result,
            "balance/timeout": self._nothing_lost,
        }
        return [
            Route(
                f"{prefix}/payments/daraja/{path}{tail}",
                self._taking(work),
                methods=["POST"],
                middleware=middleware,
            )
            for path, work in works.items()
            for tail in ("", "/{reference}")
        ]

    def _taking(self, work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def take(request: Request) -> Response:
            named = str(request.path_params.get("reference", ""))
            try:
                word = await work(named, await _body(request))
            except MalformedResultError as error:
                self._count("malformed")
                _log.warning("callback refused", field=error.field)
                return _problem(400, f"{error.field} is missing or wrong")
            except DatabaseUnavailable:
                self._count("database down")
                _log.exception("callback not kept: an enquiry will find the payout")
                return _problem(503, "try again")
            self._count(word)
            return JSONResponse({"ResultCode": 0, "ResultDesc": "Success"})

        return take

    async def _payout_result(self, named: str, body: bytes) -> str:
        result = read_payout_result(body)
        reference = _agreed(named, result.originator_conversation_id)
        return await self._heard(reference, heard_of_payout(reference, result))

    async def _payout_timeout(self, named: str, body: bytes) -> str:
        reference = _agreed(named, read_queue_timeout(body).originator_conversation_id)
        return await self._heard(reference, heard_timeout(reference))

    async def _status_result(self, named: str, body: bytes) -> str:
        """An answer without an answer in it leaves the payout as it is: it is asked about again."""
        result = read_status_result(body)
        if not result.is_answered:
            _log.warning("status not told", reference=named, code=result.result_code, text=result.text)
            return "unanswered"
        reference = _agreed(named, result.originator_conversation_id)
        return await self._heard(reference, heard_of_status(reference, result))

    async def _nothing_lost(self, named: str, body: bytes) -> str:
        """A question that waited too long is asked again in time."""
        read_queue_timeout(body)
        _log.warning("question timed out", reference=named)
        return "unanswered"

    async def _balance_result(self, named: str, body: bytes) -> str:
        result = read_balance_result(body)
        balance = result.available(UTILITY)
        if balance is None:
            _log.warning("float not told", code=result.result_code, text=result.text)
            return "unanswered"
        async with self._database.unit_of_work() as session:
            is_ours = await float_watch.hear_balance(
                session,
                ask_reference=named,
                balance=balance,
                low_below=self._float_low_below,
                now=self._clock.now(),
            )
        return "settled" if is_ours else "unknown"

    async def _heard(self, reference: str, heard: Heard) -> str:
        payout_id, _ = attempt_of(reference)
        is_new = await payouts.hear(self._database, self._clock, payout_id=payout_id, heard=heard)
        try:
            await payout_settlement.settle(self._database, self._clock, self._ids, payout_id=payout_id)
        except UnknownPayout:
            _log.warning("callback fits no payout", payout=payout_id)
            return "unknown"
        except Exception:  # noqa: BLE001 (the word is kept and must be acknowledged; the sweep settles it)
            _log.exception("callback kept but not settled", payout=payout_id)
            return "kept"
        return "settled" if is_new else "repeat"


def _agreed(named: str, told: str) -> str:
    """The reference that path and body agree on; each alone will do. Raises MalformedResultError."""
    given = {each for each in (named, told) if each}
    if len(given) != 1 or not _REFERENCE.fullmatch(reference := given.pop()):
        raise MalformedResultError("OriginatorConversationID")
    return reference


async def _body(request: Request) -> bytes:
    """The whole body. Raises MalformedResultError for one that breaks off, and past what Safaricom sends."""
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > BODY_BYTES_MAX:
                raise MalformedResultError("body")
    except ClientDisconnect as error:
        raise MalformedResultError("body") from error
    return body


def _problem(status: int, detail: str) -> Response:
    body = {"type": "about:blank", "title": "Callback not taken", "status": status, "detail": detail}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")
