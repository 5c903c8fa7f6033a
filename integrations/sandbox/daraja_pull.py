"""Pulled transactions on Daraja's side of the wire: what customers paid in, the last two days of it, page by page."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import NAIROBI, Clock
from core.money import Money
from integrations.sandbox import numbers
from integrations.sandbox.daraja_fields import wrong_field
from integrations.sandbox.daraja_gate import Gate, json_body
from integrations.sandbox.events import AccountName, MoneyKind, MoneyMoved, PullRegistered
from integrations.sandbox.memory import Memory
from integrations.sandbox.settings import SandboxSettings

WINDOW = timedelta(hours=48)
PAGE_ROWS = 100


class Pulls:
    """The feed of one paybill. It must be registered first."""

    def __init__(self, *, settings: SandboxSettings, memory: Memory, gate: Gate, clock: Clock) -> None:
        self._settings = settings
        self._memory = memory
        self._gate = gate
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/pulltransactions/v1/register", self._register, methods=["POST"]),
            Route("/pulltransactions/v1/query", self._query, methods=["GET", "POST"]),
        ]

    async def _register(self, request: Request) -> Response:
        if problem := self._gate.token_problem(request, "pull"):
            return problem
        body = await json_body(request)
        if wrong := wrong_field("pull_register", body):
            return self._gate.invalid(wrong)
        is_known = self._memory.is_pulled
        self._memory.record(PullRegistered(str(body["NominatedNumber"])))
        return JSONResponse(
            {
                "ResponseRefID": numbers.request_id("pull", 0),
                "ResponseStatus": "1001" if is_known else "1000",
                "ShortCode": self._settings.shortcode,
                "ResponseDescription": "Shortcode already Registered"
                if is_known
                else "Shortcode Registered Successfully",
            }
        )

    async def _query(self, request: Request) -> Response:
        if problem := self._gate.token_problem(request, "pull"):
            return problem
        body = await json_body(request)
        if wrong := wrong_field("pull", body):
            return self._gate.invalid(wrong)
        if not self._memory.is_pulled:
            return self._gate.invalid("ShortCode")
        since, until = (_moment(str(body[name])) for name in ("StartDate", "EndDate"))
        rows = [_row(self._settings, each) for each in self._paid_in(since, until)]
        page = rows[int(str(body["OffSetValue"])) :][:PAGE_ROWS]
        return JSONResponse(
            {
                "ResponseRefID": numbers.request_id("pull", len(rows)),
                "ResponseCode": "1000" if page else "1001",
                "ResponseMessage": "Success" if page else "Null",
                "Response": [page],
            }
        )

    def _paid_in(self, since: datetime, until: datetime) -> list[MoneyMoved]:
        earliest = max(since, self._clock.now() - WINDOW)
        lines = self._memory.book.lines(AccountName.UTILITY)
        return [
            line.movement
            for line in lines
            if line.movement.kind is MoneyKind.PAY_BILL and earliest <= line.movement.at <= until
        ]


def _row(settings: SandboxSettings, payment: MoneyMoved) -> dict[str, object]:
    return {
        "transactionId": payment.receipt,
        # Kenyan time with a Z behind it, as the feed has it.
        "trxDate": f"{payment.at.astimezone(NAIROBI):%Y-%m-%dT%H:%M:%SZ}",
        "msisdn": int(payment.counterparty[-9:]),
        "sender": "MPESA",
        "transactiontype": "c2b-pay-bill-debit",
        "billreference": payment.reference,
        "amount": Money(payment.cents).plain(),
        "organizationname": settings.organisation,
    }


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=NAIROBI)
