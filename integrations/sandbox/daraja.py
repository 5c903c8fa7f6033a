"""Daraja's side of the wire: the token, the statement, and one file for each of its APIs."""

from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.clock import Clock
from integrations.sandbox import numbers
from integrations.sandbox.courier import Courier
from integrations.sandbox.daraja_b2b import BusinessPayments
from integrations.sandbox.daraja_b2c import Payouts
from integrations.sandbox.daraja_balance import Balances
from integrations.sandbox.daraja_c2b import Paybill
from integrations.sandbox.daraja_desk import Desk
from integrations.sandbox.daraja_express import Express
from integrations.sandbox.daraja_gate import Gate, decoded
from integrations.sandbox.daraja_pull import Pulls
from integrations.sandbox.daraja_qr import Codes
from integrations.sandbox.daraja_ratiba import StandingOrders
from integrations.sandbox.daraja_reversal import Reversals
from integrations.sandbox.daraja_sim import Sims
from integrations.sandbox.daraja_status import Statuses
from integrations.sandbox.events import AccountName, OperatorUnlocked, TokenIssued
from integrations.sandbox.faults import Faults
from integrations.sandbox.memory import Memory
from integrations.sandbox.operator import OperatorKey
from integrations.sandbox.post import Post
from integrations.sandbox.prompts import Prompts
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
        operator_key: OperatorKey,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._faults = faults
        self._operator_key = operator_key
        self._clock = clock
        self._gate = Gate(settings=settings, memory=memory, faults=faults, clock=clock)
        post = Post(memory=memory, faults=faults, clock=clock)
        desk = Desk(
            settings=settings,
            memory=memory,
            faults=faults,
            courier=courier,
            gate=self._gate,
            operator_key=operator_key,
            clock=clock,
        )
        self.paybill = Paybill(
            settings=settings,
            memory=memory,
            faults=faults,
            courier=courier,
            gate=self._gate,
            clock=clock,
        )
        self._apis: list[Route] = [
            *self.paybill.routes(),
            *Express(
                settings=settings,
                memory=memory,
                faults=faults,
                prompts=prompts,
                courier=courier,
                gate=self._gate,
            ).routes(),
            *Payouts(settings=settings, memory=memory, faults=faults, desk=desk).routes(),
            *Statuses(settings=settings, memory=memory, desk=desk, clock=clock).routes(),
            *Balances(settings=settings, memory=memory, desk=desk).routes(),
            *Reversals(settings=settings, memory=memory, desk=desk).routes(),
            *BusinessPayments(
                settings=settings, memory=memory, desk=desk, gate=self._gate, post=post, clock=clock
            ).routes(),
            *Codes(gate=self._gate, clock=clock).routes(),
            *StandingOrders(memory=memory, gate=self._gate, post=post).routes(),
            *Pulls(settings=settings, memory=memory, gate=self._gate, clock=clock).routes(),
            *Sims(gate=self._gate, clock=clock).routes(),
        ]

    def application(self) -> Starlette:
        """Daraja's paths, with its own answers to wrong paths and verbs."""
        return Starlette(
            routes=[
                Route("/oauth/v1/generate", self._token),
                *self._apis,
                Route("/statement.csv", self._statement),
                Route("/operator/certificate.crt", self._certificate),
                Route("/operator/unlock", self._unlock, methods=["POST"]),
            ],
            exception_handlers={404: self._not_found, 405: self._not_allowed},
        )

    async def _not_found(self, _request: Request, _error: Exception) -> Response:
        return self._gate.error(404, "404.001.01", "Resource not found")

    async def _not_allowed(self, _request: Request, _error: Exception) -> Response:
        return self._gate.error(405, "405.001", "Method Not Allowed")

    async def _token(self, request: Request) -> Response:
        if self._faults.happens("daraja.token.unavailable"):
            return Response("Service Unavailable", 503, media_type="text/plain")
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return self._gate.error(400, "400.008.01", "Invalid Authentication passed")
        if request.query_params.get("grant_type") != "client_credentials":
            return self._gate.error(400, "400.008.02", "Invalid grant type passed")
        if decoded(given) != f"{self._settings.consumer_key}:{self._settings.consumer_secret}":
            return Response(status_code=400)
        now = self._clock.now()
        number = self._memory.tokens_issued + 1
        lifetime = timedelta(seconds=self._settings.token_seconds)
        issued = TokenIssued(numbers.token(number), now + lifetime)
        self._memory.record(issued)
        return JSONResponse({"access_token": issued.token, "expires_in": str(self._settings.token_seconds)})

    async def _statement(self, request: Request) -> Response:
        """Of the utility account, or with `?account=working` of the other."""
        is_working = request.query_params.get("account") == "working"
        account = AccountName.WORKING if is_working else AccountName.UTILITY
        return Response(statement_csv(self._settings, self._memory.book, account), media_type="text/csv")

    async def _certificate(self, _request: Request) -> Response:
        """As it is downloaded from the portal."""
        return PlainTextResponse(self._operator_key.certificate_path().read_bytes())

    async def _unlock(self, _request: Request) -> Response:
        """What an administrator of the organisation does in the portal."""
        self._memory.record(OperatorUnlocked())
        return JSONResponse({"wrong_passwords": self._memory.wrong_passwords})
