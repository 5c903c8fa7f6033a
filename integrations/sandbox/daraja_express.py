"""M-Pesa Express on Daraja's side of the wire: the push, and the query about it.

Errors are worded as the portal's pages and recorded live answers word them.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.sandbox.answers import hold_back
from integrations.sandbox.courier import Courier
from integrations.sandbox.daraja_fields import wrong_push_field, wrong_query_field
from integrations.sandbox.daraja_gate import Gate, decoded, json_body
from integrations.sandbox.events import PromptOpened
from integrations.sandbox.faults import Faults
from integrations.sandbox.magic import script_of
from integrations.sandbox.memory import Memory
from integrations.sandbox.prompts import Prompts, Push
from integrations.sandbox.results import result_text
from integrations.sandbox.settings import SandboxSettings


class Express:
    """Prompts of one paybill."""

    def __init__(
        self,
        *,
        settings: SandboxSettings,
        memory: Memory,
        faults: Faults,
        prompts: Prompts,
        courier: Courier,
        gate: Gate,
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._prompts = prompts
        self._courier = courier
        self._gate = gate

    def routes(self) -> list[Route]:
        return [
            Route("/mpesa/stkpush/v1/processrequest", self._push, methods=["POST"]),
            Route("/mpesa/stkpushquery/v1/query", self._query, methods=["POST"]),
        ]

    async def _push(self, request: Request) -> Response:
        problem = self._gate.token_problem(request, "push") or self._gate.not_taken("push")
        if problem:
            return problem
        body = await json_body(request)
        if problem := self._push_problem(body):
            return problem
        prompt = self._prompts.open(
            Push(
                phone=str(body["PhoneNumber"]),
                shillings=int(str(body["Amount"])),
                account=str(body["AccountReference"]),
                callback_url=str(body["CallBackURL"]),
            )
        )
        if early_result := self._prompts.early_result(prompt):
            self._prompts.answer(prompt.checkout_id, early_result)
            await self._courier.send_about(prompt.checkout_id)
        return await self._gate.answered(request, "push", _pushed(prompt))

    def _push_problem(self, body: Mapping[str, object]) -> Response | None:
        if wrong := wrong_push_field(body):
            return self._gate.invalid(wrong)
        if problem := self._identity_problem(body):
            return problem
        if self._prompts.locked(str(body["PhoneNumber"])):
            message = (
                "Unable to lock subscriber, a transaction is already in process for the current subscriber"
            )
            return self._gate.error(500, "500.001.1001", message)
        return None

    def _identity_problem(self, body: Mapping[str, object]) -> Response | None:
        shortcode, timestamp = str(body["BusinessShortCode"]), str(body["Timestamp"])
        if shortcode != self._settings.shortcode:
            return self._gate.error(500, "500.001.1001", "Merchant does not exist")
        if decoded(str(body["Password"])) != f"{shortcode}{self._settings.passkey}{timestamp}":
            return self._gate.error(500, "500.001.1001", "[MerchantValidate] - Wrong credentials")
        return None

    async def _query(self, request: Request) -> Response:
        if problem := self._gate.token_problem(request, "query"):
            return problem
        body = await json_body(request)
        if self._faults.happens("daraja.query.timeout"):
            await hold_back(request, self._settings.hang_seconds)
        if wrong := wrong_query_field(body):
            return self._gate.invalid(wrong)
        if problem := self._identity_problem(body):
            return problem
        prompt = self._memory.prompts.get(str(body["CheckoutRequestID"]))
        if prompt is None:
            return self._gate.invalid("CheckoutRequestID")
        return self._query_answer(prompt)

    def _query_answer(self, prompt: PromptOpened) -> Response:
        self._prompts.close_due()
        answer = self._memory.answers.get(prompt.checkout_id)
        script = script_of(prompt.phone)
        if answer is None and script is not None and script.query_says_4999:
            return _query_result(prompt, "4999", "The transaction is still under processing")
        if answer is None or self._faults.happens("daraja.query.processing"):
            return self._gate.error(500, "500.001.1001", "The transaction is being processed")
        return _query_result(prompt, answer.result_code, result_text(answer.result_code))


def _pushed(prompt: PromptOpened) -> Response:
    return JSONResponse(
        {
            "MerchantRequestID": prompt.merchant_id,
            "CheckoutRequestID": prompt.checkout_id,
            "ResponseCode": "0",
            "ResponseDescription": "Success. Request accepted for processing",
            "CustomerMessage": "Success. Request accepted for processing",
        }
    )


def _query_result(prompt: PromptOpened, result_code: str, text: str) -> Response:
    return JSONResponse(
        {
            "ResponseCode": "0",
            "ResponseDescription": "The service request has been accepted successsfully",
            "MerchantRequestID": prompt.merchant_id,
            "CheckoutRequestID": prompt.checkout_id,
            "ResultCode": result_code,
            "ResultDesc": text,
        }
    )
