"""C2B on Daraja's side of the wire: customers pay the paybill, and the URLs registered are told.

With validation on, the organisation is asked first and has eight seconds; then its registered default counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import Clock
from core.money import Currency
from integrations.sandbox import numbers
from integrations.sandbox.courier import Courier
from integrations.sandbox.daraja_fields import wrong_field
from integrations.sandbox.daraja_gate import Gate, json_body
from integrations.sandbox.events import AccountName, MoneyKind, MoneyMoved, UrlsRegistered
from integrations.sandbox.faults import Faults
from integrations.sandbox.magic import script_of
from integrations.sandbox.memory import Memory
from integrations.sandbox.paybill_calls import PaybillCalls
from integrations.sandbox.post import Post
from integrations.sandbox.prompts import HUMAN
from integrations.sandbox.settings import SandboxSettings

VALIDATION_SECONDS = 8.0
REJECTED = "C2B00016"
"""What a payment ends with that nobody validated and that is cancelled then."""

_SHILLING = Currency.KES.minor_per_major


@dataclass(frozen=True, slots=True)
class Paid:
    """How a payment ended: with a receipt, or with the code for which it was rejected."""

    result_code: str
    receipt: str = ""


class Paybill:
    """Payments from customers' own menus."""

    def __init__(
        self,
        *,
        settings: SandboxSettings,
        memory: Memory,
        faults: Faults,
        courier: Courier,
        gate: Gate,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._courier = courier
        self._gate = gate
        self._clock = clock
        self._calls = PaybillCalls(settings=settings, memory=memory)
        self._post = Post(memory=memory, faults=faults, clock=clock)

    def routes(self) -> list[Route]:
        return [
            Route("/mpesa/c2b/{version:str}/registerurl", self._register, methods=["POST"]),
            Route("/mpesa/c2b/{version:str}/simulate", self._simulate, methods=["POST"]),
        ]

    async def _register(self, request: Request) -> Response:
        body = await self._body(request, "c2b_urls")
        if isinstance(body, Response):
            return body
        is_once = self._faults.happens("daraja.c2b.registered_once")
        if is_once and self._memory.urls is not None:
            return self._gate.error(500, "500.003.1001", "Urls are already registered.")
        self._memory.record(
            UrlsRegistered(
                version=request.path_params["version"],
                response_type=str(body["ResponseType"]),
                confirmation_url=str(body["ConfirmationURL"]),
                validation_url=str(body["ValidationURL"]),
            )
        )
        return self._accepted("Success")

    async def _simulate(self, request: Request) -> Response:
        body = await self._body(request, "c2b_simulate")
        if isinstance(body, Response):
            return body
        await self.pay(
            phone=str(body["Msisdn"]), shillings=int(str(body["Amount"])), account=str(body["BillRefNumber"])
        )
        return self._accepted("Accept the service request successfully.")

    async def _body(self, request: Request, what: str) -> Mapping[str, object] | Response:
        if request.path_params["version"] not in {"v1", "v2"}:
            return self._gate.error(404, "404.001.01", "Resource not found")
        if problem := self._gate.token_problem(request, "c2b"):
            return problem
        body = await json_body(request)
        if wrong := wrong_field(what, body):
            return self._gate.invalid(wrong)
        if str(body["ShortCode"]) != self._settings.shortcode:
            return self._gate.invalid("ShortCode")
        return body

    def _accepted(self, description: str) -> Response:
        number = self._memory.callbacks_planned
        return JSONResponse(
            {
                # So spelt.
                "OriginatorCoversationID": numbers.request_id("c2b", number),
                "ResponseCode": "0",
                "ResponseDescription": description,
            }
        )

    async def pay(self, *, phone: str, shillings: int, account: str) -> Paid:
        """A customer pays. Without registered URLs nobody is told, and the money is there all the same."""
        urls = self._calls.urls()
        payment = self._payment(phone, shillings, account)
        if urls is not None and self._faults.happens("daraja.c2b.validation"):
            code = await self._validated(urls, payment)
            if code != "0":
                return Paid(code)
            # Others may have paid while the organisation thought about it.
            payment = self._payment(phone, shillings, account)
        letters, script = self._calls.confirmations(payment), script_of(phone) or HUMAN
        planned = self._post.planned(payment.receipt, letters, script)
        self._memory.record(payment, *planned)
        return Paid("0", payment.receipt)

    def _payment(self, phone: str, shillings: int, account: str) -> MoneyMoved:
        now = self._clock.now()
        return MoneyMoved(
            receipt=numbers.receipt(self._memory.book.receipts + 1, now),
            at=now,
            started_at=now,
            kind=MoneyKind.PAY_BILL,
            account=AccountName.UTILITY,
            cents=shillings * _SHILLING,
            counterparty=phone,
            reference=account,
        )

    async def _validated(self, urls: UrlsRegistered, payment: MoneyMoved) -> str:
        answer = await self._courier.ask(
            urls.validation_url, self._calls.question(urls, payment), seconds=VALIDATION_SECONDS
        )
        code = answer.get("ResultCode") if answer is not None else None
        if isinstance(code, str | int):
            return str(code)
        return "0" if urls.response_type == "Completed" else REJECTED
