"""What does the member's handset show, and what does its owner press? JSON, for the simulator and for scripts."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import InvalidAmount, InvalidPhone
from core.money import Currency, Money
from core.phone import Msisdn
from integrations.sandbox.daraja_c2b import Paybill
from integrations.sandbox.events import PromptOpened
from integrations.sandbox.memory import Memory
from integrations.sandbox.prompts import Prompts
from integrations.sandbox.requests import json_object, refusal
from integrations.sandbox.results import CANCELLED, PAID, WRONG_PIN

_PIN_LENGTH = 4
_LONGEST_ACCOUNT = 20
_SHILLINGS_MAX = 250_000
WRONG_DEMO_PIN = "0000"
"""The M-Pesa PIN that is wrong on every handset; any other four digits are right."""


class Handset:
    """Every handset there is."""

    def __init__(self, *, memory: Memory, prompts: Prompts, paybill: Paybill, shortcode: str) -> None:
        self._memory = memory
        self._prompts = prompts
        self._paybill = paybill
        self._shortcode = shortcode

    def routes(self) -> list[Route]:
        """Messages, prompts, and pressing a button on a prompt."""
        return [
            Route("/handset/{number}/messages", self._messages),
            Route("/handset/{number}/prompts", self._open_prompts),
            Route("/handset/{number}/prompts/{prompt_id}", self._press, methods=["POST"]),
            Route("/handset/{number}/pay", self._pay, methods=["POST"]),
        ]

    async def _messages(self, request: Request) -> Response:
        phone = _phone(request)
        if phone is None:
            return refusal(400, "number")
        found = [
            {"channel": "sms", "from": each.sender, "text": each.text, "at": each.at.isoformat()}
            for each in self._memory.messages
            if each.phone == phone.digits
        ]
        return JSONResponse(found)

    async def _open_prompts(self, request: Request) -> Response:
        phone = _phone(request)
        if phone is None:
            return refusal(400, "number")
        self._prompts.close_due()
        return JSONResponse([_shown(prompt) for prompt in self._prompts.open_on(phone.digits)])

    async def _press(self, request: Request) -> Response:
        """`approve` (with the M-Pesa PIN or without), `decline`, or `ignore`: then it lapses by itself."""
        phone = _phone(request)
        if phone is None:
            return refusal(400, "number")
        self._prompts.close_due()
        prompt_id = request.path_params["prompt_id"]
        prompt = self._memory.prompts.get(prompt_id)
        if prompt is None or prompt.phone != phone.digits:
            return refusal(404, "prompt")
        if prompt_id not in self._memory.open_prompts:
            return refusal(409, "prompt")
        body = await json_object(request)
        match body.get("action"):
            case "approve":
                return self._answered(prompt, _result_of(body.get("pin")))
            case "decline":
                return self._answered(prompt, CANCELLED)
            case "ignore":
                return JSONResponse({"id": prompt_id, "open_until": prompt.closes_at.isoformat()})
        return refusal(400, "action")

    async def _pay(self, request: Request) -> Response:
        """The member pays the paybill from their own menu; `result_code` is 0 where the money has moved."""
        phone = _phone(request)
        if phone is None:
            return refusal(400, "number")
        body = await json_object(request)
        if str(body.get("paybill")) != self._shortcode:
            return refusal(404, "paybill")
        account, shillings = body.get("account"), _shillings(body.get("amount"))
        if not isinstance(account, str) or not 0 < len(account) <= _LONGEST_ACCOUNT:
            return refusal(400, "account")
        if shillings is None:
            return refusal(400, "amount")
        paid = await self._paybill.pay(phone=phone.digits, shillings=shillings, account=account)
        return JSONResponse({"result_code": paid.result_code, "receipt": paid.receipt or None})

    def _answered(self, prompt: PromptOpened, result_code: str) -> Response:
        answer = self._prompts.answer(prompt.checkout_id, result_code)
        return JSONResponse(
            {"id": prompt.checkout_id, "result_code": result_code, "receipt": answer.receipt or None}
        )


def _result_of(pin: object) -> str:
    """A PIN is looked at and forgotten: it goes into no event, log or answer."""
    if pin is None:
        return PAID
    is_pin = isinstance(pin, str) and len(pin) == _PIN_LENGTH and pin.isdecimal() and pin.isascii()
    return PAID if is_pin and pin != WRONG_DEMO_PIN else WRONG_PIN


def _shillings(value: object) -> int | None:
    """Whole shillings within what M-Pesa sends at once, from `1000`, `"1000"` or `"1000.00"`."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        shillings, cents = divmod(Money.parse(str(value)).minor, Currency.KES.minor_per_major)
    except InvalidAmount:
        return None
    return shillings if not cents and 0 < shillings <= _SHILLINGS_MAX else None


def _phone(request: Request) -> Msisdn | None:
    try:
        return Msisdn.parse(request.path_params["number"])
    except InvalidPhone:
        return None


def _shown(prompt: PromptOpened) -> dict[str, str]:
    return {
        "id": prompt.checkout_id,
        "amount": f"{prompt.shillings}.00",
        "account": prompt.account,
        "business": prompt.business,
    }
