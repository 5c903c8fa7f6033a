"""Daraja's side of the wire: token, push and query.

Errors are worded as the portal's pages and recorded live answers word them.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.clock import Clock
from integrations.sandbox import numbers
from integrations.sandbox.answers import TornResponse, hold_back
from integrations.sandbox.courier import Courier
from integrations.sandbox.daraja_fields import wrong_push_field, wrong_query_field
from integrations.sandbox.events import AccountName, PromptOpened, TokenDropped, TokenIssued
from integrations.sandbox.faults import Faults
from integrations.sandbox.magic import script_of
from integrations.sandbox.memory import Memory
from integrations.sandbox.prompts import Prompts, Push
from integrations.sandbox.requests import json_object
from integrations.sandbox.results import result_text
from integrations.sandbox.settings import SandboxSettings
from integrations.sandbox.statement import statement_csv


class Daraja:
    """One Daraja app and its paybill."""

    def __init__(
        self,
        *,
        settings: SandboxSettings,
        memory: Memory,
        faults: Faults,
        prompts: Prompts,
        courier: Courier,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._prompts = prompts
        self._courier = courier
        self._clock = clock
        self._requests = 0

    def application(self) -> Starlette:
        """Daraja's paths, with its own answers to wrong paths and verbs."""
        return Starlette(
            routes=[
                Route("/oauth/v1/generate", self._token),
                Route("/mpesa/stkpush/v1/processrequest", self._push, methods=["POST"]),
                Route("/mpesa/stkpushquery/v1/query", self._query, methods=["POST"]),
                Route("/statement.csv", self._statement),
            ],
            exception_handlers={404: self._not_found, 405: self._not_allowed},
        )

    async def _not_found(self, _request: Request, _error: Exception) -> Response:
        return self._error(404, "404.001.01", "Resource not found")

    async def _not_allowed(self, _request: Request, _error: Exception) -> Response:
        return self._error(405, "405.001", "Method Not Allowed")

    def _error(self, status: int, code: str, message: str) -> JSONResponse:
        self._requests += 1
        body = {
            "requestId": numbers.request_id("request", self._requests),
            "errorCode": code,
            "errorMessage": message,
        }
        return JSONResponse(body, status)

    async def _token(self, request: Request) -> Response:
        if self._faults.happens("daraja.token.unavailable"):
            return Response("Service Unavailable", 503, media_type="text/plain")
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return self._error(400, "400.008.01", "Invalid Authentication passed")
        if request.query_params.get("grant_type") != "client_credentials":
            return self._error(400, "400.008.02", "Invalid grant type passed")
        if _decoded(given) != f"{self._settings.consumer_key}:{self._settings.consumer_secret}":
            return Response(status_code=400)
        now = self._clock.now()
        number = self._memory.tokens_issued + 1
        lifetime = timedelta(seconds=self._settings.token_seconds)
        issued = TokenIssued(numbers.token(number), now + lifetime)
        self._memory.record(issued)
        return JSONResponse({"access_token": issued.token, "expires_in": str(self._settings.token_seconds)})

    def _token_problem(self, request: Request) -> Response | None:
        if self._faults.happens("daraja.token.invalid"):
            self._memory.record(TokenDropped())
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            return self._error(404, "404.001.04", "Invalid Authentication Header")
        good = self._memory.token
        if good is None or shown != good.token or self._clock.now() >= good.expires_at:
            return self._error(404, "404.001.03", "Invalid Access Token")
        return None

    async def _push(self, request: Request) -> Response:
        if problem := self._token_problem(request):
            return problem
        if self._faults.happens("daraja.push.spike"):
            return self._error(500, "500.003.02", "Error Occurred: Spike Arrest Violation")
        body = await _body(request)
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
        return await self._push_answer(request, prompt)

    def _push_problem(self, body: Mapping[str, object]) -> Response | None:
        if wrong := wrong_push_field(body):
            return self._error(400, "400.002.02", f"Bad Request - Invalid {wrong}")
        if problem := self._identity_problem(body):
            return problem
        if self._prompts.locked(str(body["PhoneNumber"])):
            message = (
                "Unable to lock subscriber, a transaction is already in process for the current subscriber"
            )
            return self._error(500, "500.001.1001", message)
        return None

    def _identity_problem(self, body: Mapping[str, object]) -> Response | None:
        shortcode, timestamp = str(body["BusinessShortCode"]), str(body["Timestamp"])
        if shortcode != self._settings.shortcode:
            return self._error(500, "500.001.1001", "Merchant does not exist")
        if _decoded(str(body["Password"])) != f"{shortcode}{self._settings.passkey}{timestamp}":
            return self._error(500, "500.001.1001", "[MerchantValidate] - Wrong credentials")
        return None

    async def _push_answer(self, request: Request, prompt: PromptOpened) -> Response:
        if self._faults.happens("daraja.push.error500"):
            return self._error(500, "500.003.1001", "Internal Server Error")
        if self._faults.happens("daraja.push.reset"):
            return TornResponse()
        if self._faults.happens("daraja.push.timeout"):
            await hold_back(request, self._settings.hang_seconds)
        response = JSONResponse(
            {
                "MerchantRequestID": prompt.merchant_id,
                "CheckoutRequestID": prompt.checkout_id,
                "ResponseCode": "0",
                "ResponseDescription": "Success. Request accepted for processing",
                "CustomerMessage": "Success. Request accepted for processing",
            }
        )
        if self._faults.happens("daraja.push.garbled"):
            half = bytes(response.body)[:40]
            return Response(half, media_type="application/json")
        return response

    async def _query(self, request: Request) -> Response:
        if problem := self._token_problem(request):
            return problem
        body = await _body(request)
        if self._faults.happens("daraja.query.timeout"):
            await hold_back(request, self._settings.hang_seconds)
        if wrong := wrong_query_field(body):
            return self._error(400, "400.002.02", f"Bad Request - Invalid {wrong}")
        if problem := self._identity_problem(body):
            return problem
        prompt = self._memory.prompts.get(str(body["CheckoutRequestID"]))
        if prompt is None:
            return self._error(400, "400.002.02", "Bad Request - Invalid CheckoutRequestID")
        return self._query_answer(prompt)

    def _query_answer(self, prompt: PromptOpened) -> Response:
        self._prompts.close_due()
        answer = self._memory.answers.get(prompt.checkout_id)
        script = script_of(prompt.phone)
        if answer is None and script is not None and script.query_says_4999:
            return _query_result(prompt, "4999", "The transaction is still under processing")
        if answer is None or self._faults.happens("daraja.query.processing"):
            return self._error(500, "500.001.1001", "The transaction is being processed")
        return _query_result(prompt, answer.result_code, result_text(answer.result_code))

    async def _statement(self, request: Request) -> Response:
        """Of the utility account, or with `?account=working` of the other."""
        is_working = request.query_params.get("account") == "working"
        account = AccountName.WORKING if is_working else AccountName.UTILITY
        return Response(statement_csv(self._settings, self._memory.book, account), media_type="text/csv")


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


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


async def _body(request: Request) -> Mapping[str, object]:
    """The body's object; an empty one for another content type, so that its first field is found wrong."""
    body = await json_object(request)
    return body if request.headers.get("Content-Type", "").startswith("application/json") else {}
