"""Turns that meet: at once, slow, overtaken, cancelled, without a store or a desk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from core.errors import DatabaseUnavailable
from core.money import Money
from dialogs.catalogue import Catalogue
from dialogs.engine import Engine, EngineSettings
from dialogs.fingerprint import Fingerprint
from dialogs.flow import Flow, Go
from dialogs.flow_book import FlowBook
from dialogs.flows import all_flows
from dialogs.redis_connection import RedisConnection
from dialogs.session_redis import RedisSessionStore
from imarisha.embedded import EmbeddedServers
from tests.clock import StoppedClock
from tests.dialogs.handset import Handset
from tests.dialogs.teller import AMINA, CHEBET, Member, Payment, Teller, people

PhoneOf = Callable[[str], Handset]
Build = Callable[..., Engine]

BUSY = (
    "The service is busy. Nothing was taken. Please try again in a few minutes.\n"
    "Huduma ina shughuli nyingi. Hakuna pesa iliyokatwa. Jaribu tena baadaye."
)


class Gate:
    """Holds the desk's calls of one name until it is opened; tells when the first has come."""

    def __init__(self, teller: Teller, name: str) -> None:
        self._name = name
        self._opened = asyncio.Event()
        self.reached = asyncio.Event()
        teller.before = self._wait

    def open(self) -> None:
        self._opened.set()

    def _wait(self, name: str) -> asyncio.Future[None] | None:
        if name != self._name:
            return None
        self.reached.set()
        return asyncio.ensure_future(self._until_open())

    async def _until_open(self) -> None:
        await self._opened.wait()


@pytest.fixture
def build(
    connection: RedisConnection,
    teller: Teller,
    clock: StoppedClock,
    catalogue: Catalogue,
    fingerprint: Fingerprint,
) -> Build:
    """An engine with other bounds, or other flows."""

    def engine(
        *, turn_seconds: float = 6, wait_seconds: float = 2.5, flows: FlowBook | None = None
    ) -> Engine:
        return Engine(
            store=RedisSessionStore(connection, clock, wait_seconds=wait_seconds),
            desk=teller,
            clock=clock,
            catalogue=catalogue,
            flows=flows or all_flows(),
            fingerprint=fingerprint,
            settings=EngineSettings(turn_seconds=turn_seconds),
        )

    return engine


@pytest.fixture
async def second_engine(
    clean_redis_url: str,
    teller: Teller,
    clock: StoppedClock,
    catalogue: Catalogue,
    fingerprint: Fingerprint,
) -> AsyncIterator[Engine]:
    """Another web process on the same Redis."""
    connection = RedisConnection(clean_redis_url)
    yield Engine(
        store=RedisSessionStore(connection, clock),
        desk=teller,
        clock=clock,
        catalogue=catalogue,
        flows=all_flows(),
        fingerprint=fingerprint,
    )
    await connection.close()


# Copies and rivals


async def test_two_copies_at_once_are_one_turn_with_one_answer(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    gate = Gate(teller, "repay_by_mpesa")
    first = asyncio.create_task(amina.type("1"))
    await gate.reached.wait()
    second = asyncio.create_task(amina.send(amina.text))
    await asyncio.sleep(0.03)

    gate.open()

    assert await first == await second
    assert teller.calls.count("repay_by_mpesa") == 1


async def test_copies_that_reach_two_processes_are_one_turn(
    amina: Handset, second_engine: Engine, clock: StoppedClock, teller: Teller
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    twin = Handset(second_engine, clock, AMINA)
    twin.call = amina.call

    replies = await asyncio.gather(amina.send(f"{amina.text}*1"), twin.send(f"{amina.text}*1"))

    assert replies[0] == replies[1]
    assert replies[0].ends
    assert teller.payments == {"pay_1": Payment(f"mbr_{AMINA}", "lon_1", Money(1_000_00))}


async def test_two_different_inputs_at_once_are_taken_one_after_the_other(
    amina: Handset, teller: Teller
) -> None:
    await amina.dial()
    gate = Gate(teller, "sign_in")
    pin = asyncio.create_task(amina.type("4271"))
    await gate.reached.wait()
    choice = asyncio.create_task(amina.type("6"))
    await asyncio.sleep(0.03)

    gate.open()

    assert (await pin).label == "home.menu"
    assert (await choice).label == "more.menu"


async def test_thirty_two_callers_on_a_slow_desk_see_nobody_elses_money(
    engine: Engine, clock: StoppedClock, teller: Teller
) -> None:
    phones = []
    for n in range(32):
        number = f"+2547220000{n:02d}"
        balances = replace(people()[AMINA].balances, savings=Money((n + 1) * 1_111_11), loans=())
        teller.members[number] = Member(f"Caller{n}", "en", balances)
        teller.ids[number] = f"mbr_{number}"
        teller.pins[number] = f"{5000 + n * 7}"
        phones.append(Handset(engine, clock, number))
    teller.before = lambda name: asyncio.ensure_future(asyncio.sleep(len(name) % 3 * 0.002))

    async def call(n: int, phone: Handset) -> None:
        for _ in range(3):
            greeting = await phone.dial()
            await phone.type(teller.pins[phone.number])
            text = f"{phone.text}*1"
            balance, copy = await asyncio.gather(phone.send(text), phone.send(text))
            assert greeting.text == f"Hello Caller{n}. Enter your PIN:"
            assert f"Savings {Money((n + 1) * 1_111_11)}\n" in balance.text
            assert copy == balance

    await asyncio.gather(*(call(n, phone) for n, phone in enumerate(phones)))


async def test_copy_that_waits_too_long_is_told_that_we_are_still_at_it(
    build: Build, clock: StoppedClock, teller: Teller
) -> None:
    phone = Handset(build(wait_seconds=0.05), clock, AMINA)
    await phone.dial()
    gate = Gate(teller, "sign_in")
    first = asyncio.create_task(phone.type("4271"))
    await gate.reached.wait()

    second = await phone.send(phone.text)
    gate.open()

    assert second.ends
    assert second.text.startswith("We are still working on your last entry. Dial *384*96# again")
    assert (await first).label == "home.menu"


# A turn overtaken


async def test_turn_that_lost_its_lease_says_what_the_other_said(
    amina: Handset, teller: Teller, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    gate = Gate(teller, "repay_by_mpesa")
    slow = asyncio.create_task(amina.type("1"))
    await gate.reached.wait()
    teller.before = lambda _name: None
    clock.move(seconds=10)

    quick = await amina.send(amina.text)
    gate.open()

    assert await slow == quick
    assert list(teller.payments) == ["pay_1"]


async def test_store_emptied_during_a_turn_keeps_the_turns_answer(
    amina: Handset, teller: Teller, connection: RedisConnection
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    gate = Gate(teller, "repay_by_mpesa")
    turn = asyncio.create_task(amina.type("1"))
    await gate.reached.wait()
    await connection.execute("FLUSHALL")

    gate.open()

    assert (await turn).label == "repay.prompted"
    assert (await amina.send(amina.text)).label == "repay.prompted"
    assert len(teller.payments) == 1


# Cancelled and broken turns


async def test_cancelled_request_frees_the_member_at_once(amina: Handset, teller: Teller) -> None:
    await amina.dial()
    gate = Gate(teller, "sign_in")
    turn = asyncio.create_task(amina.type("4271"))
    await gate.reached.wait()

    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    teller.before = lambda _name: None

    assert (await amina.send(amina.text)).label == "home.menu"


async def test_bug_at_the_desk_is_not_hidden_and_frees_the_member(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")

    def broken(_name: str) -> None:
        raise ZeroDivisionError

    teller.before = broken
    with pytest.raises(ZeroDivisionError):
        await amina.type("1")
    teller.before = lambda _name: None

    assert (await amina.send(amina.text)).label == "balance.accounts"


async def test_apology_after_a_bug_promises_nothing_false(engine: Engine) -> None:
    apology = engine.apology()

    assert apology.ends
    assert apology.text == (
        "Sorry, a system error. If you were paying, wait for our SMS.\n"
        "Samahani, hitilafu ya mfumo. Kama ulikuwa ukilipa, subiri SMS yetu."
    )


# Slow and failing desks


async def test_desk_that_takes_too_long_for_figures_ends_with_nothing_taken(
    build: Build, clock: StoppedClock, teller: Teller
) -> None:
    phone = Handset(build(turn_seconds=0.05), clock, AMINA)
    await phone.sign_in("4271")
    Gate(teller, "balances")

    reply = await phone.type("1")

    assert reply.ends
    assert reply.text == BUSY.split("\n", maxsplit=1)[0]


async def test_desk_that_takes_too_long_for_a_payment_promises_an_sms(
    build: Build, clock: StoppedClock, teller: Teller
) -> None:
    phone = Handset(build(turn_seconds=0.05), clock, AMINA)
    await phone.sign_in("4271")
    await phone.play("3", "1000")
    Gate(teller, "repay_by_mpesa")

    reply = await phone.type("1")

    assert reply.ends
    assert reply.text == (
        "We are still working on your request and confirm it by SMS. "
        "No SMS in 5 minutes? Dial *384*96#: you will not pay twice."
    )
    assert await phone.send(phone.text) == reply


async def test_payment_in_doubt_goes_on_in_the_next_call_as_the_same_payment(
    amina: Handset, teller: Teller
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    teller.failing["repay_by_mpesa"] = DatabaseUnavailable(in_doubt=True)
    doubt = await amina.type("1")
    teller.failing.clear()

    offer = await amina.sign_in("4271")
    await amina.play("1", "1")

    assert doubt.label == "end.in_doubt"
    assert offer.label == "sign_in.unfinished"
    assert list(teller.payments) == ["pay_1"]


async def test_payment_that_surely_failed_is_asked_again_as_the_same_payment(
    amina: Handset, teller: Teller
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    teller.failing["repay_by_mpesa"] = DatabaseUnavailable(in_doubt=False)

    reply = await amina.type("1")
    teller.failing.clear()
    end = await amina.type("1")

    assert reply.text.startswith("The service is busy. Nothing was taken. Try again.\nPay KES 1,000.00")
    assert end.label == "repay.prompted"
    assert list(teller.payments) == ["pay_1"]


async def test_doubt_about_a_setting_is_only_busy(amina: Handset, teller: Teller) -> None:
    await amina.sign_in("4271")
    await amina.play("6", "6")
    teller.failing["set_language"] = DatabaseUnavailable(in_doubt=True)

    reply = await amina.type("2")

    assert reply.text.startswith("The service is busy.")
    assert not reply.ends


# Redis away


async def test_redis_killed_in_mid_call_is_told_bilingually_and_the_next_dial_starts_at_the_pin(
    amina: Handset, servers: EmbeddedServers
) -> None:
    await amina.sign_in("4271")
    servers.redis.kill()
    try:
        down = await amina.type("1")
    finally:
        servers.redis.start()

    for _ in range(200):
        back = await amina.dial()
        if not back.ends:
            break
        await asyncio.sleep(0.02)
    assert (down.text, down.ends) == (BUSY, True)
    assert back.text == "Hello Amina. Enter your PIN:"


async def test_redis_emptied_in_mid_call_starts_at_the_pin_and_takes_nothing(
    amina: Handset, connection: RedisConnection, teller: Teller
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    await connection.execute("FLUSHALL")

    reply = await amina.type("1")

    assert reply.text == "Hello Amina. Enter your PIN:"
    assert not teller.payments
    assert (await amina.type("4271")).label == "home.menu"


async def test_redis_lost_behind_a_payment_still_tells_what_was_done(
    amina: Handset, teller: Teller, servers: EmbeddedServers
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    gate = Gate(teller, "repay_by_mpesa")
    turn = asyncio.create_task(amina.type("1"))
    await gate.reached.wait()
    servers.redis.kill()
    try:
        gate.open()
        reply = await turn
    finally:
        servers.redis.start()

    assert reply.label == "repay.prompted"


async def test_redis_lost_behind_a_menu_promises_nothing_false(
    amina: Handset, teller: Teller, servers: EmbeddedServers
) -> None:
    await amina.dial()
    gate = Gate(teller, "sign_in")
    turn = asyncio.create_task(amina.type("4271"))
    await gate.reached.wait()
    servers.redis.kill()
    try:
        gate.open()
        reply = await turn
    finally:
        servers.redis.start()

    assert reply.label == "end.fault"


# New flows under a call


async def test_call_held_in_other_flows_starts_again_politely(
    amina: Handset, build: Build, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    flows = all_flows().flows
    flows["repay"] = replace(flows["repay"], states=flows["repay"].states[1:])
    updated = Handset(build(flows=book_of(flows)), clock, AMINA)
    updated.call, updated.text = amina.call, amina.text

    reply = await updated.type("1")

    assert reply.text == "The service was updated. Please sign in again.\nHello Amina. Enter your PIN:"
    assert (await updated.type("4271")).label == "home.menu"


async def test_call_goes_on_where_only_other_flows_have_changed(
    amina: Handset, build: Build, clock: StoppedClock, teller: Teller
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    flows = all_flows().flows
    flows["statement"] = replace(flows["statement"], states=flows["statement"].states[1:])
    flows["news"] = Flow("news", states=(Go("home", flow="home"),))
    updated = Handset(build(flows=book_of(flows)), clock, AMINA)
    updated.call, updated.text = amina.call, amina.text

    reply = await updated.type("1")

    assert reply.label == "repay.prompted"
    assert teller.calls.count("repay_by_mpesa") == 1


async def test_a_task_left_in_a_flow_that_changed_is_not_offered_again(
    amina: Handset, build: Build, clock: StoppedClock
) -> None:
    await amina.sign_in("4271")
    await amina.play("3", "1000")
    flows = all_flows().flows
    flows["repay"] = replace(flows["repay"], states=flows["repay"].states[1:])
    updated = Handset(build(flows=book_of(flows)), clock, AMINA)

    assert (await updated.sign_in("4271")).label == "home.menu"


def book_of(flows: dict[str, Flow]) -> FlowBook:
    return FlowBook(list(flows.values()), start="sign_in", home="home", guide="help")


async def test_funnel_hears_of_each_move_but_not_of_repeats(
    store: RedisSessionStore,
    teller: Teller,
    clock: StoppedClock,
    catalogue: Catalogue,
    fingerprint: Fingerprint,
) -> None:
    moves: list[tuple[str, str, str, str]] = []

    class Counted:
        def moved(self, from_label: str, to_label: str, language: str, network: str, seconds: float) -> None:
            assert seconds >= 0
            moves.append((from_label, to_label, language, network))

    engine = Engine(
        store=store,
        desk=teller,
        clock=clock,
        catalogue=catalogue,
        flows=all_flows(),
        fingerprint=fingerprint,
        funnel=Counted(),
    )
    chebet = Handset(engine, clock, CHEBET)
    await chebet.sign_in("7352")
    await chebet.send(chebet.text)
    await chebet.type("1")

    assert moves == [
        ("", "sign_in.pin", "sw", "Safaricom"),
        ("sign_in.pin", "home.menu", "sw", "Safaricom"),
        ("home.menu", "balance.accounts", "sw", "Safaricom"),
    ]
