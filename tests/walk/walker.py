"""Several members at random: what do they press, what goes wrong around them, and what must hold on every screen?

Everything comes from the seed, so a walk that finds a fault finds it again. Keys are mostly such as the screen
offers, so that a walk gets deep; the rest is what people and gateways do by mistake.
"""

import asyncio
import random
import re
from collections import Counter, deque
from dataclasses import dataclass, field

from channels.networks import PLAYED
from core.money import amount_text
from core.overview import overview
from imarisha.gateway import SERVICE_CODE, CallState, GatewayCall, Screen
from imarisha.institution import AMINA, CHEBET, HASSAN, MWANGI, NJERI, OTIENO, Person
from imarisha.invariants import broken
from tests.world import World

STRANGER = "+254711000009"
PEOPLE: tuple[Person, ...] = (AMINA, OTIENO, NJERI, HASSAN, CHEBET, MWANGI)
_NAMES = {person.phone: person.first_name for person in PEOPLE}
_PINS = {person.phone: person.pin or "7391" for person in PEOPLE} | {STRANGER: "7391"}

NAMES_OTHERS: frozenset[str] = frozenset()
"""Flows whose screens may name another member, such as a guarantor; on all others a foreign name is a leak."""

_OPTION = re.compile(r"^(\d{1,2})\. ", re.MULTILINE)
_AMOUNTS = ("1", "50", "1000", "1,500/=", "2k", "0", "999999999", "10.5")
_JUNK = ("", "99", "-1", "pesa", "*", "#", "1*1", "\N{GRINNING FACE}", "\x00\x1b", "x" * 200, "0" * 30)
_FAULTS = {
    "daraja__push__spike": 0.2,
    "daraja__push__error500": 0.2,
    "daraja__push__reset": 0.2,
    "daraja__push__garbled": 0.2,
    "daraja__callback__lost": 0.3,
    "daraja__callback__duplicate": 0.4,
    "daraja__callback__late": 45.0,
    "daraja__callback__early": 0.3,
    "daraja__callback__contradict": 0.3,
    "daraja__query__processing": 0.3,
    "africastalking__error500": 0.3,
    "africastalking__reject": 0.3,
}
_SETTLING_STEPS = 16
_FINAL = frozenset({"confirmed", "failed"})


@dataclass
class Walked:
    """What a walk saw."""

    seed: int
    hops: int = 0
    screens: Counter[str] = field(default_factory=Counter)
    steps: deque[str] = field(default_factory=lambda: deque(maxlen=25))
    """The last ones, for a person who looks for the fault."""


class Walk:
    """One walk in one world."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.seen = Walked(seed)
        self._random = random.Random(seed)
        self._phones = {number: self._a_phone(number) for number in [*_NAMES, STRANGER]}
        self._screens: dict[str, Screen] = {}

    async def go(self, hops: int) -> Walked:
        """Walk so many hops, then let everything settle. Raises AssertionError naming the seed and the last steps."""
        try:
            while self.seen.hops < hops:
                await self._step()
            await self._settle()
        except AssertionError as error:
            error.add_note(f"seed {self.seen.seed}, hop {self.seen.hops}\n" + "\n".join(self.seen.steps))
            raise
        return self.seen

    def _a_phone(self, number: str) -> GatewayCall:
        network = self._random.choice(list(PLAYED.values()))
        return self.world.phone(number, network=network)

    async def _step(self) -> None:
        # People need a moment to read; the call clock runs meanwhile.
        self.world.clock.move(seconds=self._random.choice([2, 3, 8]))
        number = self._random.choice(list(self._phones))
        happens = self._random.random()
        if happens < 0.03:
            await self._around()
        elif happens < 0.05:
            await self._two_at_once()
        else:
            await self._hop(number)

    async def _hop(self, number: str) -> None:
        phone = self._phones[number]
        what = self._random.random()
        if not phone.is_open:
            await self._dial(number)
        elif what < 0.05:
            self._note(number, "drops")
            await phone.drop()
        elif what < 0.08:
            await self._dial(number)
        elif what < 0.13:
            await self._again(number)
        else:
            await self._answer(number, copies=2 if what < 0.18 else 1)

    async def _dial(self, number: str) -> None:
        along = self._random.choice(["", "", "", "*1", "*3*1000", "*4", "*6*6", "*9*9*9"])
        code = f"{SERVICE_CODE.removesuffix('#')}{along}#"
        self._note(number, f"dials {code}")
        phone = self._phones[number]
        screen = await phone.dial(code, same_session=self._random.random() < 0.1)
        await self._look(number, screen)

    async def _again(self, number: str) -> None:
        """A hop that the gateway sends once more changes nothing of what stands on the phone."""
        hop = self._random.choice([-1, -1, 0])
        self._note(number, f"sends hop {hop} again")
        screen = await self._phones[number].again(hop)
        self._check(number, screen)

    async def _answer(self, number: str, *, copies: int) -> None:
        typed = self._typed(number)
        self._note(number, f"types {typed!r}" + (" twice at once" if copies > 1 else ""))
        screen = await self._phones[number].answer(typed, copies=copies)
        answers = {answer.text for answer in self._phones[number].answers}
        assert len(answers) == 1, f"two answers to one hop: {answers}"
        await self._look(number, screen)

    async def _two_at_once(self) -> None:
        """Two members press a key at the same moment."""
        callers = [number for number, phone in self._phones.items() if phone.is_open]
        if len(callers) >= 2:
            chosen = self._random.sample(callers, 2)
            typed = [self._typed(number) for number in chosen]
            self._note(" and ".join(chosen), f"type {typed}")
            hops = (self._phones[number].answer(text) for number, text in zip(chosen, typed, strict=True))
            for number, screen in zip(chosen, await asyncio.gather(*hops), strict=True):
                self._screens[number] = screen
                self._check(number, screen)

    def _typed(self, number: str) -> str:
        screen = self._screens.get(number)
        text = screen.text if screen else ""
        chance = self._random.random()
        if "PIN" in text and chance < 0.9:
            return _PINS[number] if chance < 0.87 else "1357"
        offered: list[str] = _OPTION.findall(text)
        if offered and chance < 0.65:
            return self._random.choice(offered)
        if chance < 0.8:
            return self._random.choice(["0", "00", "98", "09", "000"])
        return self._random.choice(_AMOUNTS if chance < 0.93 else _JUNK)

    # Around the phones

    async def _around(self) -> None:
        happening = self._random.choice([self._time, self._time, self._workers, self._prompts, self._faults])
        await happening()

    async def _time(self) -> None:
        seconds = self._random.choice([1, 20, 60, 170, 2_000])
        self._note("", f"{seconds} s pass")
        await self.world.pass_time(seconds=seconds)

    async def _workers(self) -> None:
        self._note("", "the workers work")
        await self.world.work()

    async def _prompts(self) -> None:
        """Somebody with a prompt on the phone decides."""
        await self.world.work()
        for number in self._phones:
            if await self.world.prompts(number):
                action = self._random.choice(["approve", "approve", "decline", "ignore"])
                self._note(number, f"{action}s the prompt")
                await self.world.answer_prompt(number, action)

    async def _faults(self) -> None:
        dials = dict.fromkeys(_FAULTS, 0.0)
        for name in self._random.sample(list(_FAULTS), 3):
            dials[name] = _FAULTS[name]
        self._note("", f"faults {[name for name, value in dials.items() if value]}")
        await self.world.faults(seed=self._random.randrange(1_000_000), **dials)

    # What must hold

    async def _look(self, number: str, screen: Screen) -> None:
        self._screens[number] = screen
        self._check(number, screen)
        if screen.label == "balance.accounts" and "Savings" in screen.text:
            await self._check_balance(number, screen)

    def _check(self, number: str, screen: Screen) -> None:
        self.seen.hops += 1
        self.seen.screens[screen.label] += 1
        assert screen.state is not CallState.FAILED, f"{number}: {screen.problem} {screen.body[:200]}"
        assert screen.fits, f"{screen.septets} of {screen.budget} septets: {screen.text}"
        assert screen.label != "fault", f"{number} met a bug"
        if screen.label.split(".")[0] not in NAMES_OTHERS:
            others = {name for phone, name in _NAMES.items() if phone != number and name in screen.text}
            assert not others, f"{number} saw {others}: {screen.text}"

    async def _check_balance(self, number: str, screen: Screen) -> None:
        async with self.world.system.database.reading() as session:
            row = await session.row("SELECT id FROM member WHERE phone = $1", number)
            assert row is not None
            held = await overview(session, member_id=row["id"], now=self.world.clock.now())
        assert f"Savings {amount_text(held.savings.minor)}\n" in screen.text, f"{number}: {screen.text}"

    async def _settle(self) -> None:
        """Providers behave again; every payment reaches its end and the books agree with the operator's statement."""
        await self.world.faults(seed=1, **dict.fromkeys(_FAULTS, 0.0))
        for _ in range(_SETTLING_STEPS):
            await self.world.pass_time(seconds=400)
        assert await broken(self.world.system.database) == []
        payments = await self.world.payments()
        assert {payment.state.value for payment in payments} <= _FINAL
        confirmed = [payment for payment in payments if payment.state.value == "confirmed"]
        assert len({payment.receipt for payment in confirmed}) == len(confirmed)

    def _note(self, number: str, what: str) -> None:
        self.seen.steps.append(f"{self.world.clock.now():%H:%M:%S} {number} {what}")
