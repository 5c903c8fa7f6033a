"""How does a load generator keep many connections busy at next to no cost? One protocol per keep-alive connection.

It reads only what uvicorn's answers need: the status, the length, and how the body begins.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from typing_extensions import override

HOST = "127.0.0.1"

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length: "
_OK = b"HTTP/1.1 200 "


class Line(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, when_answered: "Callable[[Line, bytes], None]") -> None:
        """`when_answered` gets what was wrong with the answer; nothing when it was right."""
        self._when_answered = when_answered
        self._transport: asyncio.WriteTransport | None = None
        self._answer = b""
        self._received = b""
        self.is_idle = True

    def ask(self, request: bytes, answer: bytes) -> None:
        """Send a request whose body has to begin with `answer`."""
        if self._transport is None:
            raise AssertionError("a line is connected before it is used")
        self.is_idle = False
        self._answer = answer
        self._transport.write(request)

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not asked for its type: uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.WriteTransport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        received = self._received + data if self._received else data
        head_end = received.find(_HEAD_END)
        length_at = received.find(_LENGTH, 0, head_end) + len(_LENGTH)
        if head_end < 0 or len(received) < head_end + len(_HEAD_END) + int(
            received[length_at : received.find(b"\r", length_at)]
        ):
            self._received = received
            return
        self._received = b""
        is_right = received.startswith(_OK) and received.startswith(self._answer, head_end + len(_HEAD_END))
        self.is_idle = True
        self._when_answered(self, b"" if is_right else received)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self.is_idle:
            self._when_answered(self, b"the connection was lost")

    def hang_up(self) -> None:
        """Close the connection."""
        self.is_idle = True
        if self._transport is not None:
            self._transport.close()


async def open_lines(port: int, count: int, when_answered: Callable[[Line, bytes], None]) -> list[Line]:
    """Connect so many lines to a server of this machine."""
    loop = asyncio.get_running_loop()
    lines = []
    for _ in range(count):
        _, line = await loop.create_connection(lambda: Line(when_answered), HOST, port)
        lines.append(line)
    return lines
