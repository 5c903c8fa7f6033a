"""How is a request to Daraja made? Signed, with a token, and repeated once only if that token was invalid."""

import asyncio
import base64
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

import httpx

from core.clock import NAIROBI, Clock
from integrations.breaker import Breaker
from integrations.daraja.credential import CertificateError, security_credential
from integrations.daraja.request_errors import INVALID_TOKEN_CODES
from integrations.daraja.settings import DarajaSettings
from integrations.daraja.token import DarajaTokens, Token, TokenCache, TokenUnavailableError
from integrations.http import READ_SECONDS, Answer, ExchangeRecorder, NotSent, ProviderClient, Result
from integrations.pace import Pace
from integrations.reading import code, field, object_or_empty, words

BUDGET_SECONDS = 40.0
"""The longest a request may take with everything around it: shorter than a worker's lease on its job."""


class OperatorNotSetError(Exception):
    """No payout can be asked for: the API operator's name, password or certificate is missing or wrong."""


class Identification(NamedTuple):
    """The three fields that open every request about prompts."""

    business_short_code: str
    password: str
    timestamp: str


class DarajaClient:
    """Posts to one Daraja app. Make it with `daraja_client`."""

    def __init__(
        self, *, settings: DarajaSettings, client: ProviderClient, tokens: DarajaTokens, clock: Clock
    ) -> None:
        self.settings = settings
        self._client = client
        self._tokens = tokens
        self._clock = clock
        self._credential: str | None = None

    def identification(self) -> Identification:
        """What proves who we are; the password holds for this very timestamp (Nairobi time)."""
        timestamp = self._clock.now().astimezone(NAIROBI).strftime("%Y%m%d%H%M%S")
        secret = f"{self.settings.shortcode}{self.settings.passkey}{timestamp}"
        return Identification(self.settings.shortcode, base64.b64encode(secret.encode()).decode(), timestamp)

    def credential(self) -> str:
        """The API operator's SecurityCredential; the certificate is read once. Raises OperatorNotSetError."""
        if self._credential is None:
            settings = self.settings
            if not settings.operator or settings.certificate is None:
                raise OperatorNotSetError("not set up")
            try:
                pem = settings.certificate.read_bytes()
                self._credential = security_credential(pem, settings.operator_password)
            except CertificateError as error:
                raise OperatorNotSetError(f"certificate: {error}") from error
            except OSError as error:
                raise OperatorNotSetError(f"certificate: {type(error).__name__}") from error
            except ValueError as error:
                raise OperatorNotSetError("password") from error
        return self._credential

    async def post(self, path: str, body: Mapping[str, object], *, method: str = "POST") -> Result:
        """Send once, and once more after a definite complaint about the token: then nothing was done the first time.

        NotSent also where no token could be had in time. Raises TokenRefusedError when our key is refused.
        """
        deadline = asyncio.get_running_loop().time() + BUDGET_SECONDS
        try:
            async with asyncio.timeout_at(deadline):
                token = await self._tokens.current()
            result = await self._send(method, path, body, token, deadline)
            if not is_invalid_token(result):
                return result
            async with asyncio.timeout_at(deadline):
                token = await self._tokens.replacing(token)
        except (TokenUnavailableError, TimeoutError) as error:
            return NotSent(f"no token: {error}")
        return await self._send(method, path, body, token, deadline)

    async def _send(
        self, method: str, path: str, body: Mapping[str, object], token: Token, deadline: float
    ) -> Result:
        headers = {"Authorization": f"Bearer {token.value}", "Accept": "application/json"}
        request = self._client.build(method, path, headers=headers, json=body)
        left = deadline - asyncio.get_running_loop().time()
        return await self._client.send(request, seconds=min(READ_SECONDS, left))


def daraja_client(
    settings: DarajaSettings,
    *,
    http: httpx.AsyncClient,
    recorder: ExchangeRecorder,
    cache: TokenCache,
    clock: Clock,
    pace: Pace | None = None,
) -> DarajaClient:
    """Put together what all requests to one app share; `http` is closed by whoever made it."""
    client = ProviderClient(
        provider="daraja",
        base_url=settings.base_url,
        http=http,
        recorder=recorder,
        error_in=_error_in,
        breaker=Breaker(),
        pace=pace,
    )
    tokens = DarajaTokens(
        client=client,
        consumer_key=settings.consumer_key,
        consumer_secret=settings.consumer_secret,
        cache=cache,
        clock=clock,
    )
    return DarajaClient(settings=settings, client=client, tokens=tokens, clock=clock)


def error_code(answer: Answer) -> str:
    """Daraja's own code in a synchronous error, such as `400.002.02`; empty where there is none."""
    return code(field(object_or_empty(answer.body), "errorCode"))


def error_message(answer: Answer) -> str:
    """The sentence beside it."""
    return words(field(object_or_empty(answer.body), "errorMessage"))


def is_invalid_token(result: Result) -> bool:
    """Whether Daraja definitely refused the token, and so did nothing else."""
    if not isinstance(result, Answer):
        return False
    return result.status == HTTPStatus.UNAUTHORIZED or error_code(result) in INVALID_TOKEN_CODES


def _error_in(answer: Answer) -> str:
    return f"{error_code(answer)} {error_message(answer)}".strip()
