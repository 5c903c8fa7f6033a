"""Where does a conversation stand, what does it know there, and what outlives a dropped call? Pure."""

import re
from dataclasses import dataclass, fields

from dialogs.flow import End, act_of
from dialogs.flow_book import FlowBook
from dialogs.session import SHAPE, Session, Step
from dialogs.values import Value, Values

HELP_NAMES = ("back", "home", "more", "cancel")
"""The keys that the help explains, each in the slot `<name>_key`."""

_KEY = re.compile(r"[0-9]{1,3}")

PARKED_SECONDS = 24 * 60 * 60
"""How long an unfinished task is worth coming back to."""

TOLD_SECONDS = 15 * 60
"""How long after a payment was begun the next call tells what became of it; the SMS has told it later on."""

LAST_SECONDS = 20
"""With so little left of a call, an answer might come too late: the task is put aside."""

CALL_SECONDS = 6 * 60
"""A network ends a call after 180 s; the mark of an ended call must stay 5 minutes."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What is pressed to move about. A setting, as an operator may keep some for itself."""

    back: str = "0"
    home: str = "00"
    more: str = "98"
    cancel: str = "000"
    """Ends the call and gives up what it was about."""
    help: str = "09"

    @classmethod
    def read(cls, setting: str) -> "Keys":
        """Keys such as `back=0,home=00`; those not named stay. Raises ValueError where one can't be a key.

        >>> Keys.read("more=99").more, Keys.read("").back
        ('99', '0')
        """
        named = dict(pair.strip().split("=", 1) for pair in setting.split(",") if pair.strip())
        unknown = named.keys() - {key.name for key in fields(cls)}
        keys = cls(**{name: pressed for name, pressed in named.items() if name not in unknown})
        shaped = all(_KEY.fullmatch(key) for key in keys.all())
        if unknown or not shaped or len(keys.all()) < len(fields(cls)):
            raise ValueError("keys are one to three digits, each for one thing")
        return keys

    def all(self) -> frozenset[str]:
        """Every key that moves about; no option of a menu may be one of them."""
        return frozenset({self.back, self.home, self.more, self.cancel, self.help})


def has_way_back(session: Session, book: FlowBook) -> bool:
    """Whether Back is offered: behind the first screen, once signed in, and always from the help."""
    return len(session.trail) > 1 and (session.signed_in or session.trail[-1].flow == book.guide)


def navigate(session: Session, typed: str, keys: Keys, book: FlowBook) -> bool:
    """Turn a page or go back where the key is offered; False when it means something else here."""
    here = session.trail[-1]
    if typed == keys.more and here.following:
        here.pages.append(here.following)
    elif typed == keys.back and here.pages:
        here.pages.pop()
    elif typed == keys.back and has_way_back(session, book):
        session.trail.pop()
    elif typed == keys.home and has_way_back(session, book) and session.signed_in:
        session.trail[:] = [Step(book.home, book.flows[book.home].first)]
    elif typed == keys.help and book.guide and here.flow != book.guide:
        first = book.flows[book.guide].first
        session.trail.append(
            Step(book.guide, first, {f"{key}_key": getattr(keys, key) for key in HELP_NAMES})
        )
    else:
        return False
    session.wrong_inputs = 0
    return True


def visible_values(session: Session) -> Values:
    """What the present step knows: the values of the steps of its flow that led to it, the newest first."""
    here = session.trail[-1]
    values: dict[str, Value] = {}
    for step in reversed(session.trail):
        if step.flow != here.flow:
            break
        values = {**step.values, **values}
    values["first_name"] = session.first_name
    return values


def worth_resuming(trail: list[Step], book: FlowBook) -> list[Step]:
    """The way to the last step worth coming back to; empty when there is none."""
    for end in range(len(trail), 0, -1):
        if book.screen(trail[end - 1].flow, trail[end - 1].state).worth_resuming:
            return trail[:end]
    return []


def is_unfinished(session: Session, book: FlowBook) -> bool:
    """Whether a call that ends here and now leaves something to go on with."""
    if not worth_resuming(session.trail, book):
        return False
    here = session.trail[-1]
    return not isinstance(book.screen(here.flow, here.state), End)


def new_call(old: Session | None, *, call: str, now: int, book: FlowBook) -> Session:
    """The record of a call that begins, with the task that an earlier one left unfinished put aside."""
    fresh = Session(shape=SHAPE, flows="", call=call, started_at=now)
    if old is None:
        return fresh
    # Attempts are told apart by the turn, so a call id that comes again goes on counting.
    fresh.turn = old.turn if old.call == call else 0
    fresh.language = old.language
    fresh.member_id = old.member_id
    _put_aside(fresh, old, now, book)
    if now - old.sent_at < TOLD_SECONDS:
        fresh.sent, fresh.sent_at = old.sent, old.sent_at
    if fresh.parked:
        fresh.sent = tracked(fresh.parked[-1], book) or fresh.sent
    return fresh


def _put_aside(fresh: Session, old: Session, now: int, book: FlowBook) -> None:
    """Keep the way to what was left unfinished, where it still leads through the flows as they are now."""
    unfinished = worth_resuming(old.trail, book) if old.flows == version_of(old.trail, book) else []
    if unfinished:
        parked, at, version = unfinished, old.started_at, version_of(unfinished, book)
    else:
        parked, at, version = old.parked, old.parked_at, old.parked_flows
    if now - at < PARKED_SECONDS and version == version_of(parked, book):
        fresh.parked, fresh.parked_at, fresh.parked_flows = parked, at, version


def version_of(trail: list[Step], book: FlowBook) -> str:
    """The version of the flows that a way leads through."""
    return book.version_of(step.flow for step in trail)


def tracked(step: Step, book: FlowBook) -> str:
    """The id of the payment that a yes at this step begins; empty where it begins none."""
    act = act_of(book.state(step.flow, step.state))
    return str(step.values.get(act.tracks, "")) if act is not None and act.tracks else ""


def keep_seconds(session: Session, book: FlowBook) -> int:
    """How long the record is of use."""
    if session.parked or worth_resuming(session.trail, book):
        return PARKED_SECONDS
    return TOLD_SECONDS if session.sent else CALL_SECONDS
