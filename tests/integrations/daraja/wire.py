"""A Daraja that answers with prepared words: for what the sandbox does not say."""

import httpx
import pytest

from core.payments.ports import CollectionReply, Enquiry
from integrations.daraja.client import DarajaClient, daraja_client
from integrations.daraja.collect import DarajaCollector
from integrations.daraja.enquiry import DarajaEnquiry
from integrations.daraja.token_redis import RedisTokenCache
from integrations.http import http_client
from tests.integrations.outside import DARAJA, Notebook, Outside, a_request, sample


class Wire:
    """Hands out good tokens and answers everything else as prepared. Raises what it is given to raise."""

    def __init__(self, outside: Outside, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []
        """What was sent, token requests left out."""
        self.tokens_given = 0
        self._token_answer: httpx.Response | Exception | None = None
        self.notebook = Notebook()
        self._http = http_client(httpx.MockTransport(self._handle))
        cache = RedisTokenCache(outside.redis, consumer_key="wire", clock=outside.clock)
        self.client: DarajaClient = daraja_client(
            DARAJA, http=self._http, recorder=self.notebook, cache=cache, clock=outside.clock
        )

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth/v1/generate"):
            if self._token_answer is not None:
                return _said(self._token_answer)
            self.tokens_given += 1
            return httpx.Response(200, json={"access_token": f"token{self.tokens_given}", "expires_in": 3599})
        self.requests.append(request)
        return _said(self.answer)

    def refuse_tokens(self, answer: httpx.Response | Exception) -> None:
        """From here on token requests are answered so."""
        self._token_answer = answer

    async def collect(self) -> CollectionReply:
        return await DarajaCollector(self.client).collect(a_request())

    async def enquire(self, handle: str = "ws_CO_201120261015311700000101") -> Enquiry:
        return await DarajaEnquiry(self.client).enquire(handle)


def _said(answer: httpx.Response | Exception) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    return answer


def error(status: int, code: str, message: str) -> httpx.Response:
    """A synchronous error as Daraja words it."""
    body = {"requestId": "7b0c-4f2a-a1d9", "errorCode": code, "errorMessage": message}
    return httpx.Response(status, json=body)


def sampled(status: int, path: str) -> httpx.Response:
    """A sample file as the answer."""
    return httpx.Response(status, content=sample(path), headers={"Content-Type": "application/json"})


NETWORK_FAULTS = pytest.mark.parametrize(
    "fault",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("server hung up"),
        httpx.DecodingError("broken gzip"),
    ],
    ids=lambda fault: type(fault).__name__,
)
