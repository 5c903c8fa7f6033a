"""What does a phone need on the other side? A tiny web process that keeps what it was sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.phone import Msisdn

AMINA = Msisdn("+254711000001")
MENU = "CON Imarisha Sacco\n1. Check Balance\n2. Apply for Loan\n3. Repay Loan"
RECEIPT = {"channel": "sms", "from": "IMARISHA", "text": "Received 1,000.00.", "at": "2026-11-21T09:15:42Z"}
PROMPT = {"id": "ws_1", "amount": "1000.00", "account": "LN-00017", "business": "600996"}


def home_menu(form: dict[str, str]) -> Response:
    if form["text"].endswith("9"):
        return PlainTextResponse("END Goodbye.", headers={"at-ussd-hop-metadata": "bye"})
    return PlainTextResponse(MENU, headers={"at-ussd-hop-metadata": "home"})


@dataclass
class Society:
    """A web process as a gateway sees it: answers hops, and remembers what it was sent."""

    answer: Callable[[dict[str, str]], Response] = home_menu
    hops: list[dict[str, str]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    messages: list[dict[str, str]] = field(default_factory=list)
    prompts: list[dict[str, str]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    prompt_expires: bool = False

    def app(self, *, with_handset: bool = True) -> Starlette:
        routes = [
            Route("/channels/ussd/africastalking", self._hop, methods=["POST"]),
            Route("/channels/ussd/africastalking/events", self._event, methods=["POST"]),
        ]
        if with_handset:
            routes += [
                Route("/sandbox/handset/{number}/messages", self._messages),
                Route("/sandbox/handset/{number}/prompts", self._prompts),
                Route("/sandbox/handset/{number}/prompts/{id}", self._decide, methods=["POST"]),
            ]
        return Starlette(routes=routes)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app()), base_url="http://society")

    async def _hop(self, request: Request) -> Response:
        body = (await request.body()).decode()
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        self.bodies.append(body)
        self.hops.append(form)
        self.steps.append(request.headers.get("at-ussd-hop-metadata", ""))
        return self.answer(form)

    async def _event(self, request: Request) -> Response:
        self.events.append(dict(parse_qsl((await request.body()).decode(), keep_blank_values=True)))
        return Response()

    async def _messages(self, request: Request) -> Response:
        assert request.path_params["number"] == AMINA.e164
        return JSONResponse(self.messages)

    async def _prompts(self, _request: Request) -> Response:
        return JSONResponse(self.prompts)

    async def _decide(self, request: Request) -> Response:
        if self.prompt_expires:
            return Response(status_code=404)
        action = (await request.json())["action"]
        self.actions.append(f"{request.path_params['id']} {action}")
        self.prompts.clear()
        self.messages.append(RECEIPT)
        return JSONResponse({})
