"""What reached a demo member's phone, and what does the member do about it? The sandbox's handset API."""

from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec

_Shape = TypeVar("_Shape")


class PromptAction(StrEnum):
    """What a member does with an M-Pesa prompt."""

    APPROVE = "approve"
    """Types the M-Pesa PIN: the money moves."""

    DECLINE = "decline"
    """Presses cancel."""

    IGNORE = "ignore"
    """Lets it ring out."""


class TextMessage(msgspec.Struct, frozen=True):
    """One message on the phone; `at` is the moment as ISO 8601."""

    channel: str
    sender: str = msgspec.field(name="from")
    text: str
    at: str


class Prompt(msgspec.Struct, frozen=True):
    """One open request for an M-Pesa PIN; `amount` in shillings with two decimals."""

    id: str
    amount: str
    account: str
    business: str


class NoHandsetError(RuntimeError):
    """The server answers, but has no handset for us: only the demo offers one."""


class Handset:
    """The phone of one number in the demo. A method may raise NoHandsetError or httpx.TransportError."""

    def __init__(self, client: httpx.AsyncClient, number: str) -> None:
        self._client = client
        self._path = f"/sandbox/handset/{quote(number, safe='')}"

    async def messages(self) -> list[TextMessage]:
        """All messages that reached this number, the oldest first."""
        return _decoded(await self._client.get(f"{self._path}/messages"), list[TextMessage])

    async def prompts(self) -> list[Prompt]:
        """The prompts that wait for the member's M-Pesa PIN."""
        return _decoded(await self._client.get(f"{self._path}/prompts"), list[Prompt])

    async def decide(self, prompt_id: str, action: PromptAction) -> bool:
        """Approve, decline or ignore one prompt; false when it is no longer open."""
        path = f"{self._path}/prompts/{quote(prompt_id, safe='')}"
        response = await self._client.post(path, json={"action": action})
        if response.is_server_error:
            raise NoHandsetError(f"status {response.status_code}")
        return response.is_success


def _decoded(response: httpx.Response, shape: type[_Shape]) -> _Shape:
    if response.is_error:
        raise NoHandsetError(f"status {response.status_code}")
    try:
        return msgspec.json.decode(response.content, type=shape)
    except msgspec.DecodeError as error:
        raise NoHandsetError("the answer is not a handset's") from error
