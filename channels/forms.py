"""What did the provider post? Form bodies read strictly: bounded, valid UTF-8, each field once."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BODY_BYTES_MAX = 64 * 1024


@dataclass(eq=False)
class BadForm(Exception):
    """The body is not what the provider's documents promise; `field` names what is wrong with it."""

    field: str
    why: str


async def read_body(receive: Receive) -> bytes:
    """The whole body. Raises BadForm past the size that any provider sends."""
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            raise BadForm("body", "is too long")
        if not message.get("more_body", False):
            return body


def read_form(body: bytes) -> dict[str, str]:
    """Fields by name, blank ones included. Raises BadForm for bad UTF-8 and for a field given twice."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=100,
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise BadForm("body", "is not a form in UTF-8") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        names = [name for name, _ in pairs]
        raise BadForm(next(name for name in names if names.count(name) > 1)[:40], "is given twice")
    return form
