"""When does what M-Pesa tells leave, and how often? Late, twice, never, or after a forged one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.clock import Clock
from integrations.sandbox.events import CallbackPlanned
from integrations.sandbox.faults import Faults
from integrations.sandbox.magic import Script
from integrations.sandbox.memory import Memory

# For documentation only (RFC 5737): certainly not Safaricom's.
FORGER = "203.0.113.7"
FORGED_RECEIPT = "FORGED0001"


@dataclass(frozen=True, slots=True)
class Letter:
    """A body for a URL, so many seconds from now. `forgery` is what somebody else would write in its place."""

    url: str
    body: str
    after_seconds: float = 0
    forgery: str = ""


class Post:
    """Plans callbacks; the courier carries them out."""

    def __init__(self, *, memory: Memory, faults: Faults, clock: Clock) -> None:
        self._memory = memory
        self._faults = faults
        self._clock = clock

    def planned(self, about: str, letters: Sequence[Letter], script: Script) -> list[CallbackPlanned]:
        """What becomes of the letters about one thing, in their order. Recorded by the caller, and at once."""
        if not letters or not script.callbacks or self._faults.happens("daraja.callback.lost"):
            return []
        late = max(self._faults.seconds("daraja.callback.late"), script.callback_delay_seconds)
        copies = 2 if self._faults.happens("daraja.callback.duplicate") else script.callbacks
        sent: list[tuple[str, str, float, dict[str, str]]] = [
            (letter.url, letter.body, letter.after_seconds, {}) for letter in letters[:-1]
        ]
        last = letters[-1]
        if last.forgery and self._faults.happens("daraja.callback.forged"):
            sent.append((last.url, last.forgery, 0, {"X-Forwarded-For": FORGER}))
        sent += [(last.url, last.body, last.after_seconds, {})] * copies
        first, now = self._memory.callbacks_planned + 1, self._clock.now()
        return [
            CallbackPlanned(first + i, about, url, body, now + timedelta(seconds=late + after), headers)
            for i, (url, body, after, headers) in enumerate(sent)
        ]
