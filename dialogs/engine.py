"""One turn: claim it, find what is new in it, play it through the flows, write the screen, save.

A turn that shows a menu does two round trips to Redis and nothing else. Everything the desk is asked runs under
one time limit; whatever happens, the member gets a valid last screen and a sentence that tells what is known.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import structlog

from core.audit.shown import ShownScreen
from core.clock import Clock
from core.errors import Refusal, Trouble
from core.phone import Msisdn
from dialogs.catalogue import Catalogue
from dialogs.desk import Desk
from dialogs.fingerprint import Fingerprint
from dialogs.flow import IN_DOUBT_MATTERS, Act
from dialogs.flow_book import FlowBook
from dialogs.history import (
    LONGEST_TEXT,
    MOST_INPUTS,
    Diverged,
    Heard,
    Shape,
    Start,
    borders,
    newest_input,
    shape_of,
)
from dialogs.messages import Inbound, Reply, TextStyle
from dialogs.observers import Funnel, NoFunnel, NoWitness, Witness
from dialogs.remark import Remark, Sentence
from dialogs.screens import Screens
from dialogs.session import Answered, Busy, Claimed, Hop, Session, SessionStore, StoreUnavailable, Written
from dialogs.step import Answer, Conversation, Line, Request, Screen, TimeUp, Turn, attempt
from dialogs.trail import LAST_SECONDS, Keys, is_unfinished, keep_seconds, new_call, version_of

_log = structlog.get_logger(__name__)

# The second time, somebody else took the turn while ours was slow: after that we give up.
_MOST_CLAIMS = 2


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What an installation may set."""

    keys: Keys = field(default_factory=Keys)
    turn_seconds: float = 6.0
    """Time the desk has in one turn; gateways hang up after 10 s."""


class _Asked(msgspec.Struct, frozen=True):
    """One request, for the length of its turn."""

    inbound: Inbound
    hop: Hop
    now: datetime
    began: float
    """On the loop's clock, as is the deadline."""
    deadline: float
    """When the desk's time is up."""


class _Played(msgspec.Struct, frozen=True):
    """A turn's answer; `written` is None where nothing is to be remembered."""

    reply: Reply
    from_label: str = ""
    written: Written | None = None


class Engine:
    """Answers what members send. One per process, shared by all turns; holds no state of any of them."""

    def __init__(
        self,
        *,
        store: SessionStore,
        desk: Desk,
        clock: Clock,
        catalogue: Catalogue,
        flows: FlowBook,
        fingerprint: Fingerprint,
        funnel: Funnel | None = None,
        witness: Witness | None = None,
        settings: EngineSettings | None = None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._flows = flows
        self._fingerprint = fingerprint
        self._funnel = funnel or NoFunnel()
        self._witness = witness or NoWitness()
        self._settings = settings or EngineSettings()
        self._screens = Screens(flows, catalogue, self._settings.keys)

    async def handle(self, inbound: Inbound) -> Reply:
        """The answer to one message, the same again for a repeat of it. Raises nothing but bugs."""
        if len(inbound.text) > LONGEST_TEXT or inbound.text.count("*") >= MOST_INPUTS:
            return self._farewell(Sentence.END_TOO_LONG)
        began = asyncio.get_running_loop().time()
        deadline = began + self._settings.turn_seconds
        return await self._answer(_Asked(inbound, self._hop(inbound), self._clock.now(), began, deadline))

    async def hung_up(self, *, provider: str, call: str, address: str) -> None:
        """The network ended a call by its own clock: where a task is left in it, an SMS says how to go on.

        Nothing depends on being told; told twice, or after the screen has said it, it is one message.
        """
        fingerprint = self._fingerprint.of(provider, call)
        hop = Hop(address, fingerprint, f"{fingerprint}.hung_up", Shape.ONE, TextStyle.LATEST)
        try:
            claim = await self._store.claim(hop)
            if not isinstance(claim, Claimed):
                return
            await self._store.release(hop, claim.token)
        except StoreUnavailable as error:
            _log.warning("sessions unavailable", why=error.why)
            return
        session = claim.session
        if session is None or session.call != fingerprint or not is_unfinished(session, self._flows):
            return
        try:
            async with asyncio.timeout(self._settings.turn_seconds):
                await self._keep_for_later(session)
        except (Trouble, TimeoutError):
            _log.warning("no message about the unfinished task", flow=session.trail[-1].flow)

    async def _keep_for_later(self, session: Session) -> None:
        key = f"{session.call}.{session.started_at}"
        await self._desk.keep_for_later(session.member_id, session.trail[-1].flow, key)

    def apology(self) -> Reply:
        """What to say after a bug: a last screen in all languages, true whatever was done before it."""
        return self._farewell(Sentence.END_FAULT)

    async def _answer(self, asked: _Asked) -> Reply:
        played: _Played | None = None
        try:
            for _ in range(_MOST_CLAIMS):
                claim = await self._store.claim(asked.hop)
                if isinstance(claim, Answered):
                    return claim.reply
                if isinstance(claim, Busy):
                    break
                # Where the store was emptied under us, nobody else has an answer and ours still holds.
                if played is None or claim.session is not None:
                    played = await self._play_or_release(asked, claim)
                if played.written is None:
                    await self._release(asked, claim)
                    return played.reply
                if await self._store.save(asked.hop, claim.token, played.written):
                    self._count(asked, played, played.written.session)
                    return played.reply
                _log.warning("turn overtaken", screen=played.reply.label)
        except StoreUnavailable as error:
            _log.warning("sessions unavailable", why=error.why)
            if played is None:
                return self._farewell(Sentence.END_BUSY)
            return played.reply if played.reply.ends else self.apology()
        # A last screen needs no memory: what it says was done is done.
        if played is not None and played.reply.ends:
            return played.reply
        return self._farewell(Sentence.END_STILL_WORKING)

    def _count(self, asked: _Asked, played: _Played, session: Session) -> None:
        seconds = asyncio.get_running_loop().time() - asked.began
        reply, network = played.reply, asked.inbound.network
        self._funnel.moved(played.from_label, reply.label, session.language, network, seconds)
        if self._witness.has_room():
            self._witness.shown(self._shown(asked, session, reply, played.from_label))

    def _shown(
        self, asked: _Asked, session: Session, reply: Reply, came_from: str, *, bound: bool = False
    ) -> ShownScreen:
        inbound = asked.inbound
        return ShownScreen(
            at=asked.now,
            member_id=session.member_id if session.signed_in else "",
            phone=inbound.address,
            channel=inbound.channel,
            network=inbound.network,
            turn=attempt(session),
            came_from=came_from,
            label=reply.label,
            language=session.language,
            text=reply.text,
            bound=bound,
        )

    def _hop(self, inbound: Inbound) -> Hop:
        call = self._fingerprint.of(inbound.provider, inbound.call)
        return Hop(
            address=inbound.address,
            call=call,
            mark=self._fingerprint.of(call, inbound.text),
            shape=shape_of(inbound.text),
            style=inbound.style,
        )

    async def _play_or_release(self, asked: _Asked, claim: Claimed) -> _Played:
        """Play the turn; a bug or a cancelled request must not keep the member waiting for the lease's end."""
        try:
            return await self._play(asked, claim)
        except BaseException:
            await self._release(asked, claim)
            raise

    async def _release(self, asked: _Asked, claim: Claimed) -> None:
        # Where the store is what broke, the lease ends by itself.
        with suppress(StoreUnavailable):
            await self._store.release(asked.hop, claim.token)

    async def _play(self, asked: _Asked, claim: Claimed) -> _Played:
        """Find out what is new and take it; writes nothing yet."""
        inbound, call = asked.inbound, asked.hop.call
        known = claim.session if claim.session is not None and claim.session.call == call else None
        if known is None:
            if not await self._store.bind_call(call, inbound.address):
                return self._not_your_call(inbound)
        elif known.closed and inbound.text:
            return self._lost_thread(known)
        elif not known.closed and known.flows != version_of(known.trail, self._flows):
            return await self._begin(asked, claim.session, Start(), Remark(Sentence.UPDATED))
        new = newest_input(
            inbound.text,
            inbound.style,
            None if known is None or known.closed else Heard(known.heard_length, known.heard_mark),
            redial=claim.redial,
            mark_of=lambda text: self._fingerprint.of(call, text),
        )
        if isinstance(new, Start) or known is None:
            return await self._begin(asked, claim.session, new if isinstance(new, Start) else Start())
        if isinstance(new, Diverged):
            return self._lost_thread(known)
        return await self._go_on(asked, known, new.text)

    async def _begin(
        self, asked: _Asked, old: Session | None, start: Start, remark: Remark | None = None
    ) -> _Played:
        dialled = asked.inbound.dialled
        session = new_call(old, call=asked.hop.call, now=int(asked.now.timestamp()), book=self._flows)
        session.shortcut_in_code = bool(dialled)
        session.shortcut = dialled.count("*") + 1 if dialled else start.shortcut
        session.turn += 1
        screen = await self._drive(asked, session, self._conversation(asked, session).begin(start.said))
        if remark is not None and screen == Screen():
            screen = Screen(remark)
        return self._played(asked, session, screen, from_label="", start=start)

    async def _go_on(self, asked: _Asked, session: Session, typed: str) -> _Played:
        here = session.trail[-1]
        session.turn += 1
        if session.turn > MOST_INPUTS:
            screen = Screen(farewell=Remark(Sentence.END_TOO_LONG))
        else:
            shortcuts = _dialled_along(asked.inbound, session)
            turn = self._conversation(asked, session).hear(typed, shortcuts)
            screen = await self._in_time(asked, session, await self._drive(asked, session, turn))
        return self._played(asked, session, screen, from_label=f"{here.flow}.{here.state}", start=None)

    def _conversation(self, asked: _Asked, session: Session) -> Conversation:
        line = Line(phone=asked.inbound.address, channel=asked.inbound.channel, now=asked.now)
        return Conversation(self._flows, self._settings.keys, session, line)

    async def _in_time(self, asked: _Asked, session: Session, screen: Screen) -> Screen:
        """Where the network is about to end the call, put the task aside and say how to go on."""
        left = asked.inbound.call_seconds - (int(asked.now.timestamp()) - session.started_at)
        if left > LAST_SECONDS or screen.farewell is not None or not is_unfinished(session, self._flows):
            return screen
        try:
            async with asyncio.timeout_at(asked.deadline):
                await self._keep_for_later(session)
        except (Trouble, TimeoutError):
            # The screen says it, too.
            _log.warning("no message about the unfinished task", flow=session.trail[-1].flow)
        return Screen(farewell=Remark(Sentence.END_TIME_UP))

    async def _drive(self, asked: _Asked, session: Session, turn: Turn) -> Screen:
        """Play a turn to its end, asking the desk what it wants to know."""
        try:
            request = next(turn)
            while True:
                request = turn.send(await self._ask(request, asked, session))
        except StopIteration as ended:
            screen: Screen = ended.value
            return screen

    async def _ask(self, request: Request, asked: _Asked, session: Session) -> Answer:
        work, desk = request.work, self._desk
        do = work.do if isinstance(work, Act) else work.read
        if isinstance(work, Act) and work.effect in IN_DOUBT_MATTERS:
            # What the member says yes to is kept with what it leads to, or neither is.
            agreed = self._screens.reply(session, Screen(), asked.inbound.budget)
            desk = desk.witnessed(self._shown(asked, session, agreed, agreed.label, bound=True))
        try:
            async with asyncio.timeout_at(asked.deadline):
                return await do(desk, request.visit)
        except TimeoutError:
            _log.warning("the desk took too long")
            return TimeUp()
        except Trouble as trouble:
            _log.warning("the desk is in trouble", code=trouble.code)
            return trouble
        except Refusal as refusal:
            return refusal

    def _played(
        self, asked: _Asked, session: Session, screen: Screen, *, from_label: str, start: Start | None
    ) -> _Played:
        """Write the screen, and note what was heard and said."""
        text, heard_before = asked.inbound.text, 0 if start is not None else session.heard_length
        reply = self._screens.reply(session, screen, asked.inbound.budget)
        session.closed = reply.ends
        if reply.ends and screen.farewell is None:
            # The conversation came to its own end; after a farewell the task may be taken up again.
            session.trail = []
        session.flows = version_of(session.trail, self._flows)
        if session.signed_in:
            session.shortcut = 0
        marks = []
        if asked.inbound.style is TextStyle.CUMULATIVE:
            session.heard_length, session.heard_mark = len(text), asked.hop.mark
            late = borders(text, after=heard_before)
            marks = [*(self._fingerprint.of(asked.hop.call, each) for each in late), asked.hop.mark]
        written = Written(
            session,
            reply,
            keep_seconds=keep_seconds(session, self._flows),
            marks=marks,
            opens_call=start is not None and start.said is None,
            forgets_marks=start is not None,
        )
        return _Played(reply, from_label, written)

    def _lost_thread(self, session: Session) -> _Played:
        """The text does not go on from what was heard: say so and keep the conversation as it is."""
        _log.warning("text does not follow what was heard", call=session.call, turn=session.turn)
        return _Played(self._farewell(Sentence.END_LOST_THREAD, session.language))

    def _not_your_call(self, inbound: Inbound) -> _Played:
        """A call id that another number opened: an attack or a fault of the gateway. No data, nothing kept."""
        masked = Msisdn(inbound.address).masked
        _log.warning("call id of another number", security=True, phone=masked, provider=inbound.provider)
        return _Played(self._farewell(Sentence.END_NOT_YOUR_CALL))

    def _farewell(self, sentence: Sentence, language: str = "") -> Reply:
        return self._screens.farewell(Remark(sentence), language)


def _dialled_along(inbound: Inbound, session: Session) -> list[str]:
    """The inputs that came with the dial, if this request still brings all of them."""
    if not session.shortcut:
        return []
    inputs = (inbound.dialled if session.shortcut_in_code else inbound.text).split("*")
    return inputs[: session.shortcut] if len(inputs) >= session.shortcut else []
