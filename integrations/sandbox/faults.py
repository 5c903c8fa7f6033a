"""What may go wrong on demand? One table of dials, all at nothing until set.

Chance is drawn from the seed, the dial's name and how often it was asked, so that the same run fails the same way
and one dial never shifts another.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from integrations.sandbox.events import DialsSet
from integrations.sandbox.memory import Memory


class Unit(StrEnum):
    """What a dial's figure counts."""

    CHANCE = "chance"
    """From 0 (never) to 1 (always)."""

    SECONDS = "seconds"
    """Not negative."""

    SHILLINGS = "shillings"
    """Whole ones, not negative."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One fault that can be turned on. The name is part of the contract and never changes."""

    name: str
    unit: Unit
    meaning: str


def _of_answers(api: str, what: str) -> tuple[Dial, ...]:
    """What can go wrong between a request and our hearing of it, the same for every API."""
    return (
        Dial(f"daraja.{api}.spike", Unit.CHANCE, f"spike arrest: {what} is not taken"),
        Dial(f"daraja.{api}.lost", Unit.CHANCE, f"the connection breaks before {what} is taken"),
        Dial(f"daraja.{api}.error500", Unit.CHANCE, f"an internal server error although {what} was taken"),
        Dial(f"daraja.{api}.timeout", Unit.CHANCE, f"{what} is taken, the answer comes too late"),
        Dial(f"daraja.{api}.drip", Unit.CHANCE, f"{what} is taken, the answer drips in too slowly"),
        Dial(f"daraja.{api}.reset", Unit.CHANCE, f"{what} is taken, the connection breaks in the answer"),
        Dial(f"daraja.{api}.garbled", Unit.CHANCE, f"{what} is taken, the answer is half a JSON object"),
    )


DIALS: tuple[Dial, ...] = (
    Dial("daraja.token.invalid", Unit.CHANCE, "the token stops being good just before it is shown"),
    Dial("daraja.token.unavailable", Unit.CHANCE, "no token is given: 503"),
    *_of_answers("push", "the push"),
    *_of_answers("b2c", "the payout"),
    *_of_answers("b2b", "the payment to a business"),
    *_of_answers("reversal", "the reversal"),
    *_of_answers("qr", "the request for a QR code"),
    *_of_answers("status", "the question for a status"),
    *_of_answers("balance", "the question for the balance"),
    Dial("daraja.c2b.validation", Unit.CHANCE, "the organisation is asked before a payment to its paybill"),
    Dial("daraja.c2b.registered_once", Unit.CHANCE, "URLs can't be registered a second time, as live"),
    Dial("daraja.c2b.after_push", Unit.CHANCE, "a paid prompt is told to the confirmation URL as well"),
    Dial("daraja.b2c.charge", Unit.SHILLINGS, "what M-Pesa takes for each payout"),
    Dial(
        "daraja.b2c.queue_late",
        Unit.CHANCE,
        "the payout waits in the queue: the timeout URL is told so, a minute later it is paid",
    ),
    Dial(
        "daraja.b2c.queue_expired",
        Unit.CHANCE,
        "the payout waits in the queue: the timeout URL is told so, and it is never paid",
    ),
    Dial("daraja.b2c.contradict", Unit.CHANCE, "a paid payout is first reported as failed, then as paid"),
    Dial("daraja.result.lost", Unit.CHANCE, "no result of a payout, question or reversal is ever sent"),
    Dial("daraja.callback.lost", Unit.CHANCE, "no callback is ever sent"),
    Dial("daraja.callback.duplicate", Unit.CHANCE, "the callback is sent twice, both at once"),
    Dial("daraja.callback.late", Unit.SECONDS, "callbacks are held back so long"),
    Dial(
        "daraja.callback.early",
        Unit.CHANCE,
        "the payer approves at once and the callback comes before the push is answered",
    ),
    Dial(
        "daraja.callback.forged",
        Unit.CHANCE,
        "before the true callback comes one that says otherwise, from an address that is not Safaricom's",
    ),
    Dial("daraja.callback.contradict", Unit.CHANCE, "a paid prompt is first reported as 1037, then as paid"),
    Dial("daraja.query.processing", Unit.CHANCE, "the query says 'being processed', whatever is true"),
    Dial("daraja.query.timeout", Unit.CHANCE, "the query's answer comes too late"),
    Dial(
        "daraja.rule.cooldown", Unit.CHANCE, "a push within a minute of another to the phone finds it locked"
    ),
    Dial(
        "daraja.rule.same_amount",
        Unit.CHANCE,
        "the same amount to the same phone within two minutes ends in result 17",
    ),
    Dial("africastalking.timeout", Unit.CHANCE, "the message is delivered, the answer comes too late"),
    Dial("africastalking.error500", Unit.CHANCE, "the message is delivered, the answer is 500"),
    Dial("africastalking.reject", Unit.CHANCE, "the message is refused with 502 RejectedByGateway"),
)
_HIGHEST = {Unit.CHANCE: 1, Unit.SECONDS: 86_400, Unit.SHILLINGS: 1_000}
_BY_NAME = {dial.name: dial for dial in DIALS}


class InvalidDialError(ValueError):
    """No such dial, or no such position of it; the message names the dial."""


class Faults:
    """The dials as they stand."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        # A restarted sandbox goes on drawing instead of repeating its first draws.
        self._offset = memory.events_since_dials
        self._asked: Counter[str] = Counter()

    def happens(self, name: str) -> bool:
        """Whether this fault strikes now; every call is a new draw."""
        chance = self._value(_BY_NAME[name])
        if not chance:
            return False
        self._asked[name] += 1
        draw = f"{self._memory.dials.seed}:{name}:{self._offset + self._asked[name]}"
        number = int.from_bytes(hashlib.blake2b(draw.encode(), digest_size=8).digest())
        return number < chance * 2**64

    def seconds(self, name: str) -> float:
        """How long this fault lasts; 0 when off."""
        return self._value(_BY_NAME[name])

    def shillings(self, name: str) -> int:
        """The whole shillings this dial stands at; 0 when off."""
        return int(self._value(_BY_NAME[name]))

    def listed(self) -> dict[str, object]:
        """Every dial with its meaning and present position, as `GET /faults` answers."""
        dials = {
            dial.name: {"value": self._value(dial), "unit": dial.unit, "meaning": dial.meaning}
            for dial in DIALS
        }
        return {"seed": self._memory.dials.seed, "dials": dials}

    def set(self, wanted: Mapping[str, object]) -> None:
        """Put the dials named to their positions and all others to nothing. Raises InvalidDialError."""
        seed = wanted.get("seed", 0)
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise InvalidDialError("seed")
        values = {name: _position(name, value) for name, value in wanted.items() if name != "seed"}
        self._memory.record(DialsSet(seed=seed, values=values))
        self._offset = 0
        self._asked.clear()

    def _value(self, dial: Dial) -> float:
        return self._memory.dials.values.get(dial.name, 0)


def _position(name: str, value: object) -> float:
    dial = _BY_NAME.get(name)
    if dial is None or isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidDialError(name)
    if not 0 <= value <= _HIGHEST[dial.unit] or (dial.unit is Unit.SHILLINGS and value != int(value)):
        raise InvalidDialError(name)
    return value
