"""A member's phone in front of the engine: it dials and types as Africa's Talking would pass it on."""

import itertools

from core.clock import Clock
from dialogs.engine import Engine
from dialogs.gsm import foreign_letters, septets
from dialogs.messages import Channel, Inbound, Reply, TextStyle
from tests.clock import StoppedClock

_numbers = itertools.count(1)


class Handset:
    """One phone. Every screen it shows is measured; after an END nothing can be typed."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        number: str,
        *,
        style: TextStyle = TextStyle.CUMULATIVE,
        budget: int = 160,
    ) -> None:
        self.engine = engine
        self._clock = clock
        self.number = number
        self.call = ""
        self.text = ""
        self.dialled = ""
        self.style = style
        self.budget = budget

    async def dial(self, *, typed_along: str = "", in_code: str = "") -> Reply:
        """Dial anew; digits behind the service code reach us as first text, or inside the code."""
        self.call = f"ATUid_{next(_numbers):032x}"
        self.text = typed_along
        self.dialled = in_code
        return await self.send(self.text)

    async def type(self, typed: str) -> Reply:
        """One more input in this call."""
        cumulative = self.style is TextStyle.CUMULATIVE
        # A person reads first: on such a gateway the same input at once is a copy.
        if not cumulative and isinstance(self._clock, StoppedClock):
            self._clock.move(seconds=2)
        self.text = f"{self.text}*{typed}" if self.text and cumulative else typed
        return await self.send(self.text)

    async def play(self, *inputs: str) -> Reply:
        """Several inputs; the last screen."""
        reply = None
        for typed in inputs:
            reply = await self.type(typed)
        assert reply is not None
        return reply

    async def sign_in(self, pin: str) -> Reply:
        """Dial and enter the PIN."""
        await self.dial()
        return await self.type(pin)

    async def send(self, text: str, *, call: str = "", number: str = "") -> Reply:
        """One request exactly as given."""
        reply = await self.engine.handle(
            Inbound(
                channel=Channel.USSD,
                provider="africastalking",
                address=number or self.number,
                call=call or self.call,
                text=text,
                style=self.style,
                dialled=self.dialled,
                budget=self.budget,
                received_at=self._clock.now(),
                network="Safaricom",
            )
        )
        assert septets(reply.text) <= self.budget, reply.text
        assert not foreign_letters(reply.text), reply.text
        assert reply.text.strip()
        return reply
