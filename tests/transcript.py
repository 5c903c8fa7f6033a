"""How is a conversation written down? Plain text that a person can read and approve.

The first line says who calls: `Amina, English: ...` (a first name of the demo institution, or `Stranger`). Then
  > INPUT      what the member dials or types; `(pin)` is their own PIN, `(code +2547...)` the code sent to a number
  < SCREEN     what we answer; further lines of the screen are indented; `END` before the text of a last screen
  # EVENT      what happens outside, one of `EVENTS`
  sms TEXT     the one SMS that arrived since the last `sms`
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.staff import checking
from core.staff import store as staff_store
from core.staff.model import SignedIn
from imarisha.gateway import CallState, GatewayCall, Screen
from imarisha.institution import PEOPLE
from tests import loan_events, payout_events
from tests.world import World

FOLDER = Path(__file__).parent / "transcripts"
_CODE = re.compile(r"\(code (\+\d+)\)")
_STRANGER = "+254711000009"
_PEOPLE = {person.first_name: person for person in PEOPLE}


@dataclass
class Line:
    """One thing that happens; `expected` is what is written down behind it."""

    kind: str
    text: str
    expected: str = ""


@dataclass
class Transcript:
    """A conversation as it is in a file."""

    path: Path
    title: str
    lines: list[Line] = field(default_factory=list)

    @property
    def number(self) -> str:
        who = self.title.split(",")[0]
        return _STRANGER if who == "Stranger" else _PEOPLE[who].phone

    @property
    def pin(self) -> str:
        who = self.title.split(",")[0]
        person = _PEOPLE.get(who)
        return person.pin or "" if person else ""

    def written(self) -> str:
        """The text of the file."""
        parts = [self.title]
        for line in self.lines:
            if line.kind == "sms":
                parts.append(f"sms {line.expected}")
            else:
                parts.append(f"{line.kind} {line.text}")
            if line.kind == ">":
                parts.append("< " + line.expected.replace("\n", "\n  "))
        return "\n".join(parts) + "\n"

    def save(self) -> None:
        """Write the file; a person looks at what changed."""
        self.path.write_text(self.written(), encoding="utf-8")


def read(path: Path) -> Transcript:
    """Raises AssertionError naming the line that can't be read."""
    title, *rest = path.read_text(encoding="utf-8").splitlines()
    transcript = Transcript(path, title)
    for row in rest:
        mark, _, text = row.partition(" ")
        if mark in {">", "#"}:
            transcript.lines.append(Line(mark, text))
        elif mark == "sms":
            transcript.lines.append(Line("sms", "", text))
        elif mark == "<":
            transcript.lines[-1].expected = text
        elif row.startswith("  "):
            transcript.lines[-1].expected += "\n" + row.removeprefix("  ")
        else:
            raise AssertionError(f"{path.name}: {row!r}")
    return transcript


class Player:
    """Plays one transcript in one world. `hop` decides how an input is delivered."""

    def __init__(self, world: World, transcript: Transcript) -> None:
        self.world = world
        self.transcript = transcript
        self.phone: GatewayCall = world.phone(transcript.number)
        self._messages_seen = 0

    async def play(self, lines: list[Line], *, copies: int = 1) -> list[Line]:
        """What really happened, line by line."""
        return [await self._one(line, copies) for line in lines]

    async def _one(self, line: Line, copies: int) -> Line:
        match line.kind:
            case ">":
                screen = await self.type(line.text, copies=copies)
                return Line(line.kind, line.text, shown(screen))
            case "#":
                await EVENTS[line.text](self.world, self.transcript.number)
                return line
            case _:
                await self.world.work()
                messages = await self.world.messages(self.transcript.number)
                new, self._messages_seen = messages[self._messages_seen :], len(messages)
                return Line("sms", "", " | ".join(new))

    async def type(self, text: str, *, copies: int = 1) -> Screen:
        """Dial or answer. Copies are delivered at once and must all get the same answer."""
        if text.startswith("*") and text.endswith("#"):
            screen = await self.phone.dial(text, copies=copies)
        else:
            typed = text.replace("(pin)", self.transcript.pin)
            if code := _CODE.fullmatch(typed):
                typed = await self._code_on(code[1])
            screen = await self.phone.answer(typed, copies=copies)
        assert {shown(answer) for answer in self.phone.answers} <= {shown(screen)}
        assert screen.fits, f"{screen.septets} septets: {screen.text}"
        return screen

    async def _code_on(self, number: str) -> str:
        """The one-time code in the newest message on another handset."""
        await self.world.work()
        messages = await self.world.messages(number)
        found = re.search(r"\d{6}", messages[-1])
        assert found is not None, messages
        return found[0]


def shown(screen: Screen) -> str:
    """A screen as it is written down."""
    assert screen.state is not CallState.FAILED, screen.problem
    return screen.text if screen.is_open else f"END {screen.text}"


async def _approves(world: World, number: str) -> None:
    await world.work()
    await world.approve(number)


async def _declines(world: World, number: str) -> None:
    await world.work()
    await world.answer_prompt(number, "decline")
    await world.pass_time(seconds=5)


async def _lapses(world: World, _number: str) -> None:
    await world.work()
    for _ in range(8):
        await world.pass_time(seconds=20)


async def _approves_twice_called_back(world: World, number: str) -> None:
    await world.faults(daraja__callback__duplicate=1.0)
    await _approves(world, number)


async def _half_an_hour(world: World, _number: str) -> None:
    await world.pass_time(minutes=31)


async def _staff_decide(world: World, *, agree: bool) -> None:
    async with world.system.database.unit_of_work() as session:
        row = await session.row(
            "SELECT id FROM staff_request WHERE state = 'pending' AND action LIKE 'members.%'"
        )
        assert row is not None
        credentials = await staff_store.by_email(session, "admin@demo.imarisha")
        assert credentials is not None
        who = SignedIn(credentials.staff, "ses_in_a_test")
        now, ids, actions = world.clock.now(), world.system.ids, world.system.admin.actions
        if agree:
            await checking.approve(session, now, ids, actions, who, request_id=row["id"])
        else:
            await checking.reject(session, now, ids, actions, who, request_id=row["id"], reason="no")


async def _staff_agree(world: World, _number: str) -> None:
    await _staff_decide(world, agree=True)


async def _staff_refuse(world: World, _number: str) -> None:
    await _staff_decide(world, agree=False)


EVENTS: dict[str, Callable[[World, str], Awaitable[None]]] = {
    "approves the M-Pesa prompt": _approves,
    "approves the M-Pesa prompt, and the callback comes twice": _approves_twice_called_back,
    "declines the M-Pesa prompt": _declines,
    "leaves the M-Pesa prompt alone": _lapses,
    "31 minutes pass": _half_an_hour,
    "staff agree": _staff_agree,
    "staff refuse": _staff_refuse,
    **loan_events.EVENTS,
    **payout_events.EVENTS,
}
