"""The core of a turn, played by hand: no desk, no store, no clock."""

from collections import deque
from datetime import UTC, datetime

import msgspec
import pytest

from core.errors import MemberNotActive
from core.money import Money
from dialogs.desk import Caller, PinState
from dialogs.flow import STAY, Flow, Go, Load, Outcome, Show, Visit
from dialogs.flow_book import FlowBook
from dialogs.flows import all_flows
from dialogs.flows.sign_in import SIGN_IN
from dialogs.messages import Channel
from dialogs.redis_connection import RedisConnection
from dialogs.remark import Remark
from dialogs.session import SHAPE, Session, Step
from dialogs.step import Conversation, Line, Request, Screen, Turn
from dialogs.trail import Keys, keep_seconds, new_call, worth_resuming
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, Teller, a_loan

BOOK = all_flows()
NOW = datetime(2026, 3, 11, 7, 0, tzinfo=UTC)
LINE = Line(AMINA, Channel.USSD, NOW)


def a_session(*trail: Step, signed_in: bool = True) -> Session:
    return Session(
        shape=SHAPE,
        flows=BOOK.version_of(step.flow for step in trail),
        call="call",
        started_at=0,
        member_id="mbr_1",
        language="en",
        signed_in=signed_in,
        trail=list(trail),
    )


def ended(turn: Turn, answer: Outcome | MemberNotActive | None = None) -> Screen:
    """The screen a turn returns when it is sent its last answer."""
    with pytest.raises(StopIteration) as stopped:
        turn.send(answer)  # type: ignore[arg-type]  # None starts a generator
    assert isinstance(stopped.value.value, Screen)
    return stopped.value.value


def asked(turn: Turn, answer: Outcome | None = None) -> Request:
    """What a turn wants to know next."""
    return turn.send(answer)  # type: ignore[arg-type]  # None starts a generator


def test_turn_hands_out_what_it_wants_to_know_and_goes_on_with_the_answer() -> None:
    session = a_session(signed_in=False)
    turn = Conversation(BOOK, Keys(), session, LINE).begin()

    request = asked(turn)
    screen = ended(turn, Outcome(STAY, caller=Caller("mbr_9", "Amina", "en", PinState.SET)))

    assert isinstance(request.work, Load)
    assert request.visit.phone == AMINA
    assert screen == Screen()
    assert (session.member_id, session.first_name) == ("mbr_9", "Amina")
    assert [(step.flow, step.state) for step in session.trail] == [("sign_in", "pin")]


def test_menu_choice_wants_to_know_nothing() -> None:
    session = a_session(Step("home", "menu"))

    screen = ended(Conversation(BOOK, Keys(), session, LINE).hear("6"))

    assert screen == Screen()
    assert session.trail[-1].flow == "more"


def test_refusal_on_the_way_in_leads_where_the_flow_says() -> None:
    session = a_session(signed_in=False)
    turn = Conversation(BOOK, Keys(), session, LINE).begin()
    asked(turn)

    ended(turn, MemberNotActive(status="blocked"))

    assert [step.state for step in session.trail] == ["refused"]
    assert session.trail[-1].values == {"told": "refusal.members.not_active"}


def test_secret_goes_to_its_act_alone() -> None:
    session = a_session(Step("sign_in", "pin"), signed_in=False)
    turn = Conversation(BOOK, Keys(), session, LINE).hear("4271")

    request = asked(turn)

    assert request.visit.secret == "4271"
    assert "4271" not in msgspec.json.encode(session).decode()


def test_keys_are_a_setting() -> None:
    session = a_session(Step("home", "menu"), Step("more", "menu"))
    keys = Keys(back="*0", home="*00", more="*98")

    wrong = ended(Conversation(BOOK, keys, session, LINE).hear("0"))
    ended(Conversation(BOOK, keys, session, LINE).hear("*0"))

    assert wrong.remark == Remark("wrong.choice")
    assert [step.state for step in session.trail] == ["menu"]


def test_screen_behind_the_pin_is_never_reached_without_it() -> None:
    session = a_session(Step("home", "menu"), signed_in=False)

    with pytest.raises(AssertionError, match="without a PIN"):
        next(Conversation(BOOK, Keys(), session, LINE).hear("1"))


def test_loads_that_lead_in_a_circle_are_stopped() -> None:
    async def onwards(_desk: object, _visit: Visit) -> Outcome:
        return Outcome("on")

    load = Load(onwards, outcomes=("on",))
    flow = Flow(
        "loop",
        states=(Show("a", load=load, on={"on": "b"}), Show("b", load=load, on={"on": "a"}), Go("x", "loop")),
    )
    book = FlowBook([SIGN_IN, flow], start="sign_in", home="loop")
    turn = Conversation(book, Keys(), a_session(Step("loop", "a")), LINE)._arrive("loop", "b", Outcome(STAY))
    asked(turn)

    with pytest.raises(AssertionError, match="circle"):
        deque((asked(turn, Outcome("on")) for _ in range(20)), maxlen=0)


def test_shared_machine_keeps_nothing_of_those_it_moved() -> None:
    wide = Flow("wide", states=tuple(Show(f"s{n}", on={"on": f"s{(n + 1) % 80}"}) for n in range(80)))
    book = FlowBook([wide], start="wide", home="wide")

    assert book.follow("wide", "s79", "on") == "s0"
    assert book.follow("wide", "s79", "on") == "s0"
    assert book._events["wide"]["on"].machine.models == []


# What outlives a call


def test_task_is_kept_up_to_the_last_step_worth_it() -> None:
    trail = [Step("home", "menu"), Step("repay", "amount"), Step("repay", "other")]

    assert worth_resuming(trail, BOOK) == trail[:2]
    assert worth_resuming(trail[:1], BOOK) == []


def test_record_is_kept_for_a_day_only_with_a_task() -> None:
    task = a_session(Step("home", "menu"), Step("repay", "amount"))

    assert keep_seconds(task, BOOK) == 24 * 3600
    assert keep_seconds(a_session(Step("home", "menu")), BOOK) == 360


def test_new_call_forgets_the_pin_and_keeps_the_task() -> None:
    old = a_session(Step("home", "menu"), Step("repay", "amount", {"loan_id": "lon_1"}))

    fresh = new_call(old, call="next", now=60, book=BOOK)

    assert (fresh.signed_in, fresh.trail, fresh.turn) == (False, [], 0)
    assert fresh.parked == old.trail


def test_task_of_other_flows_or_of_yesterday_is_dropped() -> None:
    old = a_session(Step("home", "menu"), Step("repay", "amount"))

    assert new_call(old, call="next", now=25 * 3600, book=BOOK).parked == []
    old.flows = "other"
    assert new_call(old, call="next", now=60, book=BOOK).parked == []


def test_same_call_id_goes_on_counting_its_turns() -> None:
    old = a_session(Step("home", "menu"))
    old.turn = 7

    assert new_call(old, call="call", now=60, book=BOOK).turn == 7
    assert new_call(old, call="next", now=60, book=BOOK).turn == 0


async def test_records_stay_under_a_kilobyte_on_the_longest_way(
    amina: Handset, teller: Teller, connection: RedisConnection
) -> None:
    teller.owes(
        AMINA, *(a_loan(f"lon_01kwhq6sq1p6d7qz7jq8cb6f{n:02d}", to_clear=Money(99_999_99)) for n in range(3))
    )
    sizes = []
    await amina.sign_in("4271")
    for typed in ("3", "2", "3", "999"):
        await amina.type(typed)
        record = await connection.execute("HGET", f"imarisha:talk:{{{AMINA}}}", "session")
        assert isinstance(record, bytes)
        sizes.append(len(record))

    assert max(sizes) < 1024
