"""How is a conversation written down? As states, small frozen declarations that read from top to bottom.

A state's texts stand in the catalogue under `<flow>.<state>.text`, its options under `<flow>.<state>.<option>`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum

from dialogs.desk import Caller, Desk
from dialogs.inputs import Reader
from dialogs.messages import Channel
from dialogs.remark import Remark
from dialogs.slots import Slot
from dialogs.values import NOTHING, Scalar, Values

GIVEN = "given"
"""The trigger of a reader that understood what was typed."""

STAY = ""
"""The trigger of a load that leads nowhere else."""

NO = "no"
"""The trigger of a Confirm that was declined."""


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """Who is asking and what they have told us: all that an act or a load may see.

    It has no repr, as it may carry a PIN.
    """

    phone: str
    channel: Channel
    attempt: str
    """Names this turn; the same again when the turn is repeated."""
    member_id: str
    values: Values
    parked_flow: str
    """The flow of a task left unfinished, unless an input dialled along goes first; else empty."""
    sent: str = ""
    """The payment an earlier call began, or may have begun, unless an input dialled along goes first."""
    secret: str = ""
    """What was typed on a Secret screen; nothing else ever stands here."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an input: the trigger to follow, and the values the next step begins with."""

    trigger: str
    values: Values = field(default_factory=lambda: NOTHING)
    caller: Caller | None = None
    """Who is on the line, where that has just been found out."""
    language: str = ""
    """The language to go on in, where it changes."""
    remark: Remark | None = None
    """A sentence to stand above the next screen."""


class Effect(StrEnum):
    """What an act does to the world; the proofs in `dialogs.check` go by it."""

    SIGN_IN = "sign_in"
    """Checks or sets the PIN; the only kind allowed before sign-in."""

    SETTING = "setting"
    """Changes how we talk, not what anybody owns."""

    COLLECT = "collect"
    """Asks the member for money: needs a Confirm that names the figures."""

    PAY_OUT = "pay_out"
    """Moves money away from the member: needs a Confirm that names the figures."""

    LOAN = "loan"
    """Makes a debt, or a promise to stand in for one: needs a Confirm that names the figures."""

    IDENTITY = "identity"
    """Changes who somebody is or how they are reached: needs a Confirm that names the figures."""

    REGISTER = "register"
    """Hands in the particulars of somebody unknown, for staff to decide on: needs a Confirm that names them.

    The only kind besides SIGN_IN that is allowed before sign-in.
    """


IN_DOUBT_MATTERS = frozenset({Effect.COLLECT, Effect.PAY_OUT, Effect.LOAN, Effect.IDENTITY, Effect.REGISTER})
"""What needs a Confirm, and what a member must be told of where it may have been done."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on an input; at most one in a turn.

    `do` returns one of `outcomes`; it may raise a Refusal (the same screen again with its sentence, or the
    way the state gives for its code) or a Trouble.
    """

    do: Callable[[Desk, Visit], Awaitable[Outcome]]
    outcomes: tuple[str, ...]
    effect: Effect
    signs_in: tuple[str, ...] = ()
    """Outcomes after which the member counts as signed in for this call."""
    tracks: str = ""
    """The value that holds the id of the payment this makes; after a drop the next call tells what became of it."""


@dataclass(frozen=True, slots=True)
class Load:
    """Something read on the way into a state: values for its screen, with STAY or a trigger that leads elsewhere.

    It is left out where the values in `gives` have come along already.
    """

    read: Callable[[Desk, Visit], Awaitable[Outcome]]
    gives: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    tells_nothing: bool = False
    """Shows no member's data, so it may run before sign-in."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another text for a screen or row, shown where a value is there and not zero."""

    text: str
    needs: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines from a list among the values, each with the text `<flow>.<state>.row`."""

    of: str
    most: int
    """As many as the screens are proven for."""
    variants: tuple[Variant, ...] = ()
    chosen: str = ""
    """If set, the rows are numbered and choosing one pulls this trigger with the row's values."""


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu. Its key is kept for ever: people dial it from memory."""

    key: str
    name: str
    to: str = ""
    """The next state; empty where the state's act decides."""
    needs: str = ""
    """Shown only where this value is there and not zero."""
    gives: Mapping[str, str] = field(default_factory=dict)
    """New value <- the value it is taken from."""
    sets: Mapping[str, Scalar] = field(default_factory=dict)
    """New value <- a constant."""


@dataclass(frozen=True, slots=True)
class State:
    """What all screens have."""

    name: str
    _: KW_ONLY
    on: Mapping[str, str] = field(default_factory=dict)
    """Trigger -> next state. A trigger is an outcome, a word of the state's kind, or a refusal's code."""
    load: Load | None = None
    variants: tuple[Variant, ...] = ()
    rows: Rows | None = None
    worth_resuming: bool = False
    """When the call drops here, or behind here, the next one offers to go on here."""


@dataclass(frozen=True, slots=True)
class Choice(State):
    """A menu. `otherwise` may read an input that is no option, such as an amount."""

    options: tuple[Option, ...] = ()
    otherwise: Reader | None = None
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Ask(State):
    """A question whose answer is read from what was typed."""

    reader: Reader


@dataclass(frozen=True, slots=True)
class Secret(State):
    """A question for a PIN: the answer lives for this turn only, and never comes from a shortcut.

    With `figures` the PIN is the yes to something that names them, as a Confirm would be.
    """

    act: Act
    figures: tuple[str, ...] = ()
    """Slots that must stand in the text in every language."""


@dataclass(frozen=True, slots=True)
class Confirm(State):
    """Yes or no to something that names its figures; never answered by a shortcut. `on` must hold `no`."""

    act: Act
    figures: tuple[str, ...]
    """Slots that must stand in the text in every language."""


@dataclass(frozen=True, slots=True)
class Show(State):
    """Something to read, with the way back. `tells` shows the sentence of the refusal that led here."""

    tells: bool = False


@dataclass(frozen=True, slots=True)
class End(State):
    """The last screen of a call. `tells` shows the sentence of the refusal that led here."""

    tells: bool = False


@dataclass(frozen=True, slots=True)
class Go:
    """No screen: on to another flow's first state, by `afresh` with no way back from there."""

    name: str
    flow: str
    afresh: bool = False
    forgets_parked: bool = False
    """The task an earlier call left unfinished is given up."""


@dataclass(frozen=True, slots=True)
class Resume:
    """No screen: back to where the earlier call stopped, with figures loaded anew."""

    name: str


AnyState = Choice | Ask | Secret | Confirm | Show | End | Go | Resume
Screened = Choice | Ask | Secret | Confirm | Show | End


@dataclass(frozen=True, slots=True)
class Flow:
    """One conversation. The first state is where it begins; `slots` says what its texts may hold."""

    name: str
    states: tuple[AnyState, ...]
    slots: Mapping[str, Slot] = field(default_factory=dict)
    needs_sign_in: bool = True

    @property
    def first(self) -> str:
        return self.states[0].name


def moves(state: AnyState) -> list[tuple[str, str]]:
    """All (trigger, next state) of a state, in the order they are written."""
    if isinstance(state, Go | Resume):
        return []
    options = state.options if isinstance(state, Choice) else ()
    return [*((option.name, option.to) for option in options if option.to), *state.on.items()]


def act_of(state: AnyState) -> Act | None:
    """What the state does on an input, if anything."""
    return state.act if isinstance(state, Choice | Secret | Confirm) else None
