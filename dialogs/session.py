"""What is remembered of a conversation between two turns, and what does the engine ask of the store that keeps it?

One record per address, the provider's call id being only an attribute, so that a dropped call can go on.
It never holds anything that was typed, save what a state read out of it: PIN digits may be in there.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import msgspec

from core.errors import Trouble
from dialogs.history import Shape
from dialogs.messages import Reply, TextStyle
from dialogs.values import Stored

SHAPE = 1
"""Version of the record. One of another shape is dropped and the conversation starts again, politely."""


class Step(msgspec.Struct, array_like=True):
    """One screen of the way back: where, what was loaded or answered on the way in, which lines were shown."""

    flow: str
    state: str
    values: Stored = {}
    pages: list[int] = []
    """The lines at which the pages turned to so far begin; the first page is not noted."""
    following: int = 0
    """The line the next page begins with; 0 when all was shown."""

    @property
    def first_line(self) -> int:
        """The line the present page begins with."""
        return self.pages[-1] if self.pages else 0


class Session(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A conversation with one address, small enough to read and write at every turn (aim: under 1 KiB)."""

    shape: int
    flows: str
    """Version of the flows on the way here: after a deploy that changed others, the call goes on."""
    call: str
    """Fingerprint of the gateway's call id."""
    started_at: int
    """When this call began, in seconds since 1970."""
    heard_length: int = 0
    heard_mark: str = ""
    """Fingerprint of all that was heard in this call."""
    turn: int = 0
    """Turns taken in this call."""
    member_id: str = ""
    first_name: str = ""
    language: str = ""
    signed_in: bool = False
    """The PIN passed in this call."""
    trail: list[Step] = []
    wrong_inputs: int = 0
    """Inputs not understood in a row."""
    shortcut: int = 0
    """Inputs dialled behind the service code and not yet used: how many, never which."""
    shortcut_in_code: bool = False
    """Each request brings them in the dialled code; else they are the first inputs of its text."""
    parked: list[Step] = []
    """The way to a task that an earlier call left unfinished."""
    parked_at: int = 0
    parked_flows: str = ""
    """Version of the flows on that way."""
    sent: str = ""
    """Id of the payment this or the last call began, until the member has been told what became of it."""
    sent_at: int = 0
    closed: bool = False
    """We ended the call."""


@dataclass(eq=False)
class StoreUnavailable(Trouble):
    """The session store could not be asked, or gave no answer in time; whether it wrote is not known."""

    why: str
    code: ClassVar[str] = "trouble.sessions"


class Hop(msgspec.Struct, frozen=True):
    """One request, as far as the store needs to tell it from others."""

    address: str
    call: str
    """Fingerprint of the call id."""
    mark: str
    """Fingerprint of the call id and the whole text."""
    shape: Shape
    style: TextStyle


class Answered(msgspec.Struct, frozen=True):
    """This request, or one that came later in the same call, was answered before: say the same again."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Busy:
    """Another turn of this address did not end while we waited."""


class Claimed(msgspec.Struct, frozen=True):
    """The turn is ours until the lease ends."""

    token: str
    session: Session | None
    """None where nothing is remembered, or only what this version can't read."""
    redial: bool
    """An empty text came although the call was further on; this request decides what it meant."""


class Written(msgspec.Struct, frozen=True):
    """What a turn leaves behind."""

    session: Session
    reply: Reply
    keep_seconds: int
    marks: list[str] = []
    """Fingerprints of the text and its beginnings that may still arrive late."""
    opens_call: bool = False
    """The reply is the start screen of the call."""
    forgets_marks: bool = False
    """The history begins anew."""


class SessionStore(Protocol):
    """Keeps one conversation per address, one turn at a time. Any method may raise StoreUnavailable."""

    async def claim(self, hop: Hop) -> Claimed | Answered | Busy:
        """Take the turn; waits a bounded time for one that is being taken, so that a copy gets its answer."""
        ...

    async def save(self, hop: Hop, token: str, written: Written) -> bool:
        """Keep the turn and end the lease. False, and nothing written, when the lease was lost meanwhile."""
        ...

    async def release(self, hop: Hop, token: str) -> None:
        """End the lease and keep nothing of the turn."""
        ...

    async def bind_call(self, call: str, address: str) -> bool:
        """Note whose call this is, at its first request. False when it is somebody else's."""
        ...
