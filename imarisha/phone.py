"""How does one try the system from a terminal? A phone that dials, reads its SMS and answers M-Pesa prompts.

It knows only the endpoints that the operators' gateways call, and the handset of the demo's sandbox.
Commands come one per line, so a conversation can be typed, or piped in as a script.
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import TextIO

import httpx

from channels.networks import SAFARICOM, Network
from core.clock import NAIROBI
from core.phone import Msisdn
from imarisha.gateway import SERVICE_CODE, CallState, GatewayCall, Screen
from imarisha.handset import Handset, NoHandsetError, Prompt, PromptAction, TextMessage

HELP = f"""\
{SERVICE_CODE}      dial; {SERVICE_CODE[:-1]}*1# dials the first choice along
anything      is the answer while a call is open; `say sms` answers with a word listed here
sms           show the messages
prompts       show the M-Pesa prompts that wait for a PIN
approve       enter the M-Pesa PIN at the oldest prompt; decline and ignore refuse it
wait          wait until a message is unread or a prompt is open
again         the gateway sends the last request once more
drop          lose the call; the next dial is a new one
quit          hang up and leave"""

_CODE = re.compile(r"\*[\d*]+#")
_POLL_SECONDS = 0.2


def run(
    base_url: str,
    number: Msisdn,
    source: TextIO,
    display: TextIO,
    *,
    network: Network = SAFARICOM,
    transport: httpx.AsyncBaseTransport | None = None,
    patience_seconds: float = 20,
) -> None:
    """Obey the lines of `source` until `quit`, their end or Ctrl-C; `wait` gives up after the patience.

    Raises httpx.TransportError where the server does not answer.
    """
    client = httpx.AsyncClient(base_url=base_url, transport=transport)
    phone = TerminalPhone(
        call=GatewayCall(client, number.e164, network=network),
        handset=Handset(client, number.e164),
        display=display,
        patience_seconds=patience_seconds,
    )
    # Lines are read between the turns, outside the loop, so that Ctrl-C works as in any program.
    with asyncio.Runner() as runner:
        try:
            phone.say(f"{number.e164} on {network.name}, {base_url}. Dial {SERVICE_CODE}, or type help.")
            runner.run(phone.switch_on())
            for line in _lines(source, display):
                runner.run(phone.obey(line))
        except KeyboardInterrupt:
            phone.say("")
        finally:
            runner.run(phone.hang_up())
            runner.run(client.aclose())


def _lines(source: TextIO, display: TextIO) -> Iterator[str]:
    while True:
        if source.isatty():
            display.write("> ")
            display.flush()
        line = source.readline()
        if not line or line.strip() == "quit":
            return
        yield line.rstrip("\r\n")


class TerminalPhone:
    """One phone and the person holding it; every line in, some lines out."""

    def __init__(
        self, *, call: GatewayCall, handset: Handset, display: TextIO, patience_seconds: float
    ) -> None:
        self._call = call
        self._handset = handset
        self._display = display
        self._patience_seconds = patience_seconds
        self._messages_told = 0
        self._messages_read = 0
        self._prompts_told: set[str] = set()
        self._commands: dict[str, Callable[[], Awaitable[None]]] = {
            "help": self._show_help,
            "sms": self._show_messages,
            "prompts": self._show_prompts,
            "approve": lambda: self._decide(PromptAction.APPROVE),
            "decline": lambda: self._decide(PromptAction.DECLINE),
            "ignore": lambda: self._decide(PromptAction.IGNORE),
            "wait": self._wait,
            "again": self._repeat,
            "drop": self._drop,
        }

    async def switch_on(self) -> None:
        """Count what is on the phone already; only what comes later is news."""
        with contextlib.suppress(NoHandsetError):
            self._messages_read = self._messages_told = len(await self._handset.messages())
            if self._messages_read:
                self.say(f"[{self._messages_read} messages: type sms]")
        await self._tell_arrivals()

    async def obey(self, line: str) -> None:
        """Do what one line says, and tell what arrived meanwhile."""
        word = line.strip()
        if word in self._commands:
            try:
                await self._commands[word]()
            except NoHandsetError as error:
                self.say(f"This server offers no handset ({error}); only the demo does.")
        elif _CODE.fullmatch(word):
            self._show(await self._call.dial(word))
        elif self._call.is_open:
            self._show(await self._call.answer(line.removeprefix("say ")))
        else:
            self.say(f"No call is open. Dial {SERVICE_CODE}, or type help.")
        await self._tell_arrivals()

    async def hang_up(self) -> None:
        """End the call that may still be open."""
        await self._call.drop()

    def say(self, text: str) -> None:
        """Write one line for the person."""
        self._display.write(text + "\n")

    async def _tell_arrivals(self) -> None:
        # Without a handset nothing can arrive, and a call needs none.
        with contextlib.suppress(NoHandsetError):
            await self._something_waits()

    async def _something_waits(self) -> bool:
        """Tell of what is new, and whether a prompt is open or a message unread."""
        messages, prompts = await self._handset.messages(), await self._handset.prompts()
        if len(messages) > self._messages_told:
            self.say(f"[{len(messages) - self._messages_read} new: type sms]")
        for prompt in prompts:
            if prompt.id not in self._prompts_told:
                self.say(f"[M-Pesa: {question(prompt)} Type approve, decline or ignore]")
        self._messages_told = len(messages)
        self._prompts_told.update(prompt.id for prompt in prompts)
        return bool(prompts) or len(messages) > self._messages_read

    def _show(self, screen: Screen) -> None:
        for line in screen.text.split("\n"):
            self.say(f"| {line}")
        self.say(f"[{summary(screen)}]")

    async def _show_help(self) -> None:
        self.say(HELP)

    async def _show_messages(self) -> None:
        messages = await self._handset.messages()
        self._messages_read = self._messages_told = len(messages)
        for message in messages:
            self.say(line_of(message))
        if not messages:
            self.say("No messages.")

    async def _show_prompts(self) -> None:
        prompts = await self._handset.prompts()
        self._prompts_told.update(prompt.id for prompt in prompts)
        for prompt in prompts:
            self.say(f"M-Pesa: {question(prompt)}")
        if not prompts:
            self.say("No prompts.")

    async def _decide(self, action: PromptAction) -> None:
        prompts = await self._handset.prompts()
        if not prompts:
            self.say("No prompt is open. It may still be on its way: type wait.")
            return
        done = await self._handset.decide(prompts[0].id, action)
        self.say(f"M-Pesa: {action if done else 'the prompt is gone'}")

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience_seconds):
                while not await self._something_waits():  # noqa: ASYNC110 - the other side is another program
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            self.say(f"Nothing arrived in {self._patience_seconds:g} s.")

    async def _repeat(self) -> None:
        if not self._call.answers:
            self.say("Nothing was sent yet.")
            return
        before = self._call.answers[0]
        after = await self._call.again()
        same = (before.status, before.body) == (after.status, after.body)
        self.say(f"[sent again: {'the same answer' if same else 'ANOTHER ANSWER'}]")

    async def _drop(self) -> None:
        await self._call.drop()
        self.say("[call dropped]")


def summary(screen: Screen) -> str:
    """One line on a screen: what became of the call, its length against the network's, the time it took."""
    if screen.state is CallState.FAILED:
        return f"failed: {screen.problem}"
    fit = "" if screen.fits else ", TOO LONG OR NOT GSM"
    return f"{screen.state}, {screen.septets} of {screen.budget} septets{fit}, {screen.milliseconds} ms"


def question(prompt: Prompt) -> str:
    """The question as the SIM card puts it.

    >>> question(Prompt(id="1", amount="1000.00", account="LN-00017", business="600996"))
    'pay KES 1,000 to 600996, account LN-00017?'
    """
    shillings = f"{int(prompt.amount.partition('.')[0]):,}"
    return f"pay KES {shillings} to {prompt.business}, account {prompt.account}?"


def line_of(message: TextMessage) -> str:
    """A message on one line, with its sender and the minute it came."""
    at = datetime.fromisoformat(message.at).astimezone(NAIROBI)
    return f"{at:%Y-%m-%d %H:%M} {message.sender}: {message.text}"
