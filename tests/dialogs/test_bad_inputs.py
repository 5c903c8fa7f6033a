"""What nobody should type, typed at every state: drawn from the flows, so a new state is tried by itself."""

import re

import pytest

from dialogs.catalogue import Catalogue, load_catalogue
from dialogs.engine import Engine
from dialogs.fingerprint import Fingerprint
from dialogs.flow import End, Outcome, Screened
from dialogs.flows import all_flows
from dialogs.history import Shape
from dialogs.institution import Institution
from dialogs.messages import Channel, Reply, TextStyle
from dialogs.reading import read
from dialogs.remark import Remark, Sentence
from dialogs.render import REMARK_SLOTS
from dialogs.session import SHAPE, Claimed, Hop, Session, Step, Written
from dialogs.session_redis import RedisSessionStore
from dialogs.slots import NAME
from dialogs.step import MOST_WRONG_INPUTS, Conversation, Line, Screen
from dialogs.trail import Keys
from dialogs.values import Value, Values, storable
from tests.clock import StoppedClock
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, Teller

BOOK = all_flows()
BAD = {
    "empty": "",
    "99": "99",
    "negative": "-1",
    "text": "pesa yangu",
    "star": "*",
    "hash": "#",
    "10,000 characters": "x" * 10_000,
    "emoji": "\N{GRINNING FACE}\N{FAMILY}",
    "control characters": "\x00\x07\x1b[2J\r\n",
}
PLACES = [
    (flow.name, state.name)
    for flow in BOOK.flows.values()
    for state in flow.states
    if isinstance(state, Screened) and not isinstance(state, End)
]
LANGUAGES = ("en", "sw")


def longest_values(flow: str, state: Screened, catalogue: Catalogue) -> dict[str, Value]:
    """Values with which the state may be stood in: those its screen is proven with."""
    texts = catalogue["en"]
    slots = {**BOOK.flows[flow].slots, "first_name": NAME}
    values: dict[str, Value] = {name: slot.longest(texts) for name, slot in slots.items()}
    if state.rows is not None:
        row = {name: value for name, value in values.items() if isinstance(value, str | int)}
        values[state.rows.of] = [row] * state.rows.most
    if getattr(state, "tells", False):
        values["told"] = Sentence.REFUSED
    return {**values, **missing_limits(state, values)}


def missing_limits(state: Screened, values: Values) -> dict[str, Value]:
    """What the state's reader looks up besides: it comes from states before, and none of its screens shows it."""
    found: dict[str, Value] = {}
    while True:
        try:
            for typed in BAD.values():
                read(state, typed, {**values, **found})
        except KeyError as missing:
            found[missing.args[0]] = 1
        else:
            return found


def standing_in(flow: str, state: Screened, catalogue: Catalogue, language: str) -> Session:
    """A session whose way has led there."""
    step = Step(flow, state.name, storable(longest_values(flow, state, catalogue)))
    way = [step] if flow == BOOK.start else [Step(BOOK.home, BOOK.flows[BOOK.home].first), step]
    return Session(
        shape=SHAPE,
        flows=BOOK.version_of(each.flow for each in way),
        call="call",
        started_at=0,
        member_id=f"mbr_{AMINA}",
        first_name="Amina",
        language=language,
        signed_in=flow != BOOK.start,
        trail=way,
    )


def means_nothing(state: Screened, typed: str, values: Values) -> bool:
    """Whether the input is bad on this screen: some take free words."""
    if typed in Keys().all():
        return False
    return not isinstance(read(state, typed.strip().removesuffix("#"), values), Outcome)


def cases() -> list[tuple[tuple[str, str], str]]:
    """Every screen with every input that means nothing there."""
    catalogue = load_catalogue(Institution.longest())
    return [
        (place, what)
        for place in PLACES
        for what, typed in BAD.items()
        if means_nothing(BOOK.screen(*place), typed, longest_values(place[0], BOOK.screen(*place), catalogue))
    ]


@pytest.mark.parametrize(("place", "what"), cases(), ids=str)
def test_bad_input_is_explained_in_one_line_where_one_stands(
    place: tuple[str, str], what: str, catalogue: Catalogue, clock: StoppedClock
) -> None:
    state, typed = BOOK.screen(*place), BAD[what]
    session = standing_in(place[0], state, catalogue, "en")
    before = [(step.flow, step.state, dict(step.values)) for step in session.trail]
    line = Line(AMINA, Channel.USSD, clock.now())

    screens = [heard_once(Conversation(BOOK, Keys(), session, line), typed) for _ in range(MOST_WRONG_INPUTS)]

    *explained, ended = screens
    assert [(step.flow, step.state, dict(step.values)) for step in session.trail] == before
    for screen in explained:
        assert isinstance(screen.remark, Remark)
        for language in LANGUAGES:
            assert "\n" not in catalogue.sentence(screen.remark, language, REMARK_SLOTS)
    assert ended.farewell == Remark(Sentence.END_WRONG_INPUTS)


def heard_once(conversation: Conversation, typed: str) -> Screen:
    """The screen of a turn that must ask nobody anything."""
    turn = conversation.hear(typed)
    with pytest.raises(StopIteration) as ended:
        next(turn)
    screen: Screen = ended.value.value
    return screen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", sorted(BOOK.flows))
async def test_every_screen_answers_bad_input_whole_and_in_the_right_language(
    engine: Engine,
    store: RedisSessionStore,
    teller: Teller,
    clock: StoppedClock,
    catalogue: Catalogue,
    fingerprint: Fingerprint,
    flow: str,
    language: str,
) -> None:
    for place in (place for place in PLACES if place[0] == flow):
        state = BOOK.screen(*place)
        for typed in BAD.values():
            if not means_nothing(state, typed, longest_values(flow, state, catalogue)):
                continue
            phone = Handset(engine, clock, AMINA, style=TextStyle.LATEST)
            phone.call = f"ATUid_{flow}_{state.name}"
            session = standing_in(flow, state, catalogue, language)
            await keep(store, session, fingerprint.of("africastalking", phone.call), clock)

            reply = await phone.send(typed)

            if len(typed) > 2_048:
                assert reply.label == Sentence.END_TOO_LONG
            else:
                assert reply.label == f"{flow}.{state.name}", (place, typed)
                assert explains(reply.text.split("\n")[0], language, catalogue), (place, typed, reply.text)
    assert teller.calls == []


async def keep(store: RedisSessionStore, session: Session, call: str, clock: StoppedClock) -> None:
    """As if the turns before had led there, some time ago."""
    clock.move(seconds=2)
    session.call, session.started_at = call, int(clock.now().timestamp())
    hop = Hop(address=AMINA, call=call, mark="before", shape=Shape.ONE, style=TextStyle.LATEST)
    claim = await store.claim(hop)
    assert isinstance(claim, Claimed)
    written = Written(session, Reply(text="the screen before", ends=False, label="before"), keep_seconds=60)
    assert await store.save(hop, claim.token, written)


def explains(first_line: str, language: str, catalogue: Catalogue) -> bool:
    """Whether the line is one of the sentences for a wrong input in this language, whatever figures it holds."""
    sentences = (
        catalogue[language][key] for key in catalogue.known_keys() if key.startswith(("wrong.", "refusal."))
    )
    shapes = (re.sub(r"\\\{\w+\\\}", ".+", re.escape(sentence)) for sentence in sentences)
    return any(re.fullmatch(shape, first_line) for shape in shapes)
