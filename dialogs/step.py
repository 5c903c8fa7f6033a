"""What does one input do to a conversation? Pure: whatever must be asked of the desk is handed to the caller.

A turn is a generator. It yields each Request, is sent what came of it, and returns the Screen to show; the
session it was given is changed in place. Nothing here waits, reads a clock or knows a channel's wire.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

import msgspec

from core.errors import DatabaseUnavailable, Refusal, Trouble
from dialogs.flow import (
    IN_DOUBT_MATTERS,
    NO,
    STAY,
    Act,
    Ask,
    Choice,
    End,
    Go,
    Load,
    Outcome,
    Resume,
    Screened,
    Secret,
    Show,
    Visit,
    act_of,
)
from dialogs.flow_book import FlowBook
from dialogs.messages import Channel
from dialogs.reading import read
from dialogs.remark import Remark, Sentence
from dialogs.render import remark_on
from dialogs.session import Session, Step
from dialogs.trail import Keys, navigate, visible_values
from dialogs.values import NOTHING, Values, storable

MOST_WRONG_INPUTS = 3

# A load may lead on to a state with a load, a few times at most; more is a loop in the flows.
_MOST_ARRIVALS = 8


class TimeUp(Trouble):
    """The desk did not answer within the turn's time; what it was asked may still come to pass."""

    code: ClassVar[str] = "trouble.time_up"


class Line(msgspec.Struct, frozen=True):
    """Where the turn comes from, and when."""

    phone: str
    channel: Channel
    now: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """Something to be done or read at the desk before the turn can go on."""

    work: Act | Load
    visit: Visit


class Screen(msgspec.Struct, frozen=True):
    """What to show: the state the session stands in, with a remark above; or a farewell that ends the call."""

    remark: Remark | None = None
    farewell: Remark | None = None


Answer: TypeAlias = Outcome | Refusal | Trouble
Turn: TypeAlias = Generator[Request, Answer, Screen]

_BUSY = Screen(farewell=Remark(Sentence.END_BUSY))


def attempt(session: Session) -> str:
    """Names the turn. A record that was lost in mid-call begins its turns anew, but not at the same moment."""
    return f"{session.call}.{session.started_at}.{session.turn}"


class Conversation:
    """One session, for the length of one turn."""

    __slots__ = ("_book", "_keys", "_line", "_session")

    def __init__(self, book: FlowBook, keys: Keys, session: Session, line: Line) -> None:
        self._book = book
        self._keys = keys
        self._session = session
        self._line = line

    def begin(self, said: str | None = None) -> Turn:
        """Open the call at the first screen; `said` is an input that came right behind the dial."""
        first = self._book.flows[self._book.start]
        screen = yield from self._arrive(first.name, first.first, Outcome(STAY))
        if said is None or screen.farewell or not self._waits():
            return screen
        return (yield from self.hear(said))

    def hear(self, typed: str, shortcuts: Sequence[str] = ()) -> Turn:
        """Take one input at the present screen; once signed in, go on with the inputs dialled along."""
        # Some end an input with # as they end a dialled code.
        typed = typed.strip().removesuffix("#")
        if typed == self._keys.cancel:
            return self._cancel()
        if navigate(self._session, typed, self._keys, self._book):
            return Screen()
        state = self._state()
        reading = read(state, typed, visible_values(self._session))
        if isinstance(reading, Remark):
            return self._not_understood(reading)
        self._session.wrong_inputs = 0
        screen = yield from self._take(state, reading, typed)
        if shortcuts and self._session.signed_in and not screen.farewell:
            screen = yield from self._feed(shortcuts, screen)
        return screen

    def _state(self) -> Screened:
        here = self._session.trail[-1]
        return self._book.screen(here.flow, here.state)

    def _waits(self) -> bool:
        return bool(self._session.trail) and not isinstance(self._state(), End)

    def _cancel(self) -> Screen:
        """End the call; nothing of it is offered again."""
        self._session.trail, self._session.parked = [], []
        self._session.flows = self._session.parked_flows = ""
        return Screen(farewell=Remark(Sentence.END_CANCELLED))

    def _not_understood(self, remark: Remark) -> Screen:
        self._session.wrong_inputs += 1
        if self._session.wrong_inputs >= MOST_WRONG_INPUTS:
            return Screen(farewell=Remark(Sentence.END_WRONG_INPUTS))
        return Screen(remark)

    def _take(self, state: Screened, reading: Outcome, typed: str) -> Turn:
        """Do what the state does on this input, if anything, and follow what came of it."""
        flow = self._session.trail[-1].flow
        act = act_of(state)
        if act is None or reading.trigger == NO:
            return (yield from self._follow(flow, state.name, reading))
        secret = typed if isinstance(state, Secret) else ""
        visit = self._visit({**visible_values(self._session), **reading.values}, secret)
        answer = yield Request(act, visit)
        if act.tracks and not isinstance(answer, Refusal):
            self._session.sent = str(visit.values[act.tracks])
            self._session.sent_at = int(self._line.now.timestamp())
        if isinstance(answer, Outcome):
            if answer.trigger in act.signs_in:
                self._session.signed_in = True
                self._session.trail.clear()
            self._learn(answer)
            values = {**reading.values, **answer.values}
            followed = Outcome(answer.trigger, values)
            return (yield from self._follow(flow, state.name, followed, answer.remark))
        if isinstance(answer, Refusal):
            remark = remark_on(answer, self._line.now)
            if answer.code not in state.on:
                return Screen(remark)
            return (yield from self._follow(flow, state.name, Outcome(answer.code), remark))
        return self._trouble(answer, act)

    def _feed(self, shortcuts: Sequence[str], screen: Screen) -> Turn:
        """Go on with inputs dialled along, up to the first that fits nothing here or would do something."""
        self._session.shortcut = 0
        for typed in shortcuts:
            state = self._state()
            if screen.remark or screen.farewell or not isinstance(state, Choice | Ask) or act_of(state):
                break
            reading = read(state, typed, visible_values(self._session))
            if isinstance(reading, Remark):
                break
            screen = yield from self._follow(self._session.trail[-1].flow, state.name, reading)
        return screen

    def _trouble(self, trouble: Trouble, work: Act | Load) -> Screen:
        """Say what is known: nothing was done, or it is in doubt and an SMS will tell."""
        time_is_up = isinstance(trouble, TimeUp)
        in_doubt = time_is_up or (isinstance(trouble, DatabaseUnavailable) and trouble.in_doubt)
        if in_doubt and isinstance(work, Act) and work.effect in IN_DOUBT_MATTERS:
            return Screen(farewell=Remark(Sentence.END_IN_DOUBT))
        if time_is_up or not self._session.trail:
            return _BUSY
        return Screen(Remark(Sentence.BUSY))

    def _follow(self, flow: str, state: str, outcome: Outcome, remark: Remark | None = None) -> Turn:
        target = self._book.follow(flow, state, outcome.trigger)
        return (yield from self._arrive(flow, target, outcome, remark))

    def _arrive(self, flow: str, target: str, outcome: Outcome, remark: Remark | None = None) -> Turn:
        """Enter a state and load what it shows; where the load leads elsewhere, go there instead."""
        before = list(self._session.trail), self._session.parked
        for _ in range(_MOST_ARRIVALS):
            step = self._enter(flow, target, outcome.values)
            state = self._state()
            if remark is not None and isinstance(state, Show | End) and state.tells:
                step.values = {"told": remark.key, **storable(remark.facts)}
                remark = None
            load = state.load
            if load is None or (load.gives and all(name in step.values for name in load.gives)):
                return Screen(remark)
            answer = yield Request(load, self._visit(visible_values(self._session)))
            if isinstance(answer, Outcome):
                outcome = answer
                remark = outcome.remark or remark
                self._learn(outcome)
            elif isinstance(answer, Refusal) and answer.code in state.on:
                outcome = Outcome(answer.code)
                remark = remark_on(answer, self._line.now)
            else:
                self._session.trail[:], self._session.parked = before
                return self._not_loaded(answer, load)
            if outcome.trigger == STAY:
                step.values.update(storable(outcome.values))
                return Screen(remark)
            self._session.trail.pop()
            flow, target = step.flow, self._book.follow(step.flow, step.state, outcome.trigger)
        raise AssertionError(f"loads lead in a circle at {flow}.{target}")

    def _not_loaded(self, answer: Refusal | Trouble, load: Load) -> Screen:
        """The present screen stays, with the reason; at the start of a call there is none yet."""
        if isinstance(answer, Trouble):
            return self._trouble(answer, load)
        remark = remark_on(answer, self._line.now)
        return Screen(remark) if self._session.trail else Screen(farewell=remark)

    def _enter(self, flow: str, target: str, values: Values) -> Step:
        """Stand in a state: anew, or there again where the way here has already passed it."""
        session, state = self._session, self._book.state(flow, target)
        if isinstance(state, Resume):
            session.trail[:], session.parked = session.parked, []
            session.sent = ""
            return self._stand_again(session.trail[-1], NOTHING)
        if isinstance(state, Go):
            if state.forgets_parked:
                session.parked, session.sent = [], ""
            if state.afresh:
                session.trail.clear()
            return self._enter(state.flow, self._book.flows[state.flow].first, values)
        if self._book.flows[flow].needs_sign_in and not session.signed_in:
            raise AssertionError(f"{flow}.{target} was reached without a PIN")
        for index in range(len(session.trail) - 1, -1, -1):
            if session.trail[index].flow != flow:
                break
            if session.trail[index].state == target:
                del session.trail[index + 1 :]
                return self._stand_again(session.trail[index], values)
        session.trail.append(Step(flow, target, storable(values)))
        return session.trail[-1]

    def _stand_again(self, step: Step, values: Values) -> Step:
        """Forget what was loaded here, so that it is read anew; what was answered on the way stays."""
        load = self._book.screen(step.flow, step.state).load
        stale = load.gives if load is not None else ()
        kept = {name: value for name, value in step.values.items() if name not in stale}
        step.values = {**kept, **storable(values)}
        step.pages = []
        return step

    def _learn(self, outcome: Outcome) -> None:
        session, caller = self._session, outcome.caller
        if caller is not None:
            if session.member_id != caller.member_id:
                session.parked, session.sent = [], ""
            session.member_id = caller.member_id
            session.first_name = caller.first_name
            session.language = caller.language
        if outcome.language:
            session.language = outcome.language

    def _visit(self, values: Values, secret: str = "") -> Visit:
        session = self._session
        return Visit(
            phone=self._line.phone,
            channel=self._line.channel,
            attempt=attempt(session),
            member_id=session.member_id,
            values=values,
            parked_flow=session.parked[-1].flow if session.parked and not session.shortcut else "",
            sent="" if session.shortcut else session.sent,
            secret=secret,
        )
