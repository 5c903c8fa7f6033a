"""Does a PIN open what it should, count what it must, and lock when it has to? On the real tables."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest

from core.db.engine import Database
from core.errors import (
    MemberNotActive,
    PinAlreadySet,
    PinLocked,
    PinMismatch,
    PinNotSet,
    Refusal,
    ServiceBusy,
    UnknownMember,
    WeakPin,
    WrongPin,
)
from core.members import service
from core.members.model import Language
from core.members.pin import LOCK_TIME, HashCost, PinHasher, PinStanding
from core.members.pin_checks import PinChecks
from imarisha.institution import AMINA, HASSAN, NJERI, Person
from tests.clock import StoppedClock
from tests.world import QUICK_HASH

PEPPER = b"a pepper for tests only"
RIGHT = AMINA.pin or ""
WRONG = "9157"
FIRST = "7391"


def checks_with(cost: HashCost = QUICK_HASH, *, threads: int = 2, waiting: int = 64) -> PinChecks:
    return PinChecks(PinHasher({1: PEPPER}, current_pepper=1, cost=cost), threads=threads, waiting=waiting)


class Counter:
    """The counter of the branch where one member types PINs."""

    def __init__(self, database: Database, clock: StoppedClock, checks: PinChecks, member_id: str) -> None:
        self.database = database
        self.clock = clock
        self.checks = checks
        self.member_id = member_id
        self._tries = 0

    async def sign_in(self, pin: str, attempt: str = "", checks: PinChecks | None = None) -> None:
        self._tries += 1
        await service.sign_in(
            self.database,
            self.clock,
            checks or self.checks,
            member_id=self.member_id,
            pin=pin,
            attempt=attempt or f"call.{self._tries}",
        )

    async def propose(self, pin: str) -> None:
        await service.propose_first_pin(
            self.database, self.clock, self.checks, member_id=self.member_id, pin=pin
        )

    async def choose(self, pin: str) -> None:
        await service.choose_first_pin(
            self.database, self.clock, self.checks, member_id=self.member_id, pin=pin
        )

    async def wrong(self, times: int) -> Refusal:
        """So many wrong tries, one after the other; what the last one heard."""
        refusal: Refusal = PinNotSet()
        for _ in range(times):
            refusal = await refused(self.sign_in(WRONG))
        return refusal

    async def standing(self) -> PinStanding:
        async with self.database.reading() as session:
            row = await session.row("SELECT phone FROM member WHERE id = $1", self.member_id)
        assert row is not None
        _, record = await service.recognise(self.database, row["phone"])
        return record.standing

    async def audited(self, action: str) -> int:
        async with self.database.reading() as session:
            row = await session.row(
                "SELECT count(*) AS n FROM audit_event WHERE action = $1 AND subject = $2",
                action,
                self.member_id,
            )
        assert row is not None
        return int(row["n"])


async def refused(trying: Awaitable[None]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await trying
    return caught.value


@pytest.fixture
async def checks() -> AsyncIterator[PinChecks]:
    running = checks_with()
    yield running
    await running.close()


async def counter_of(person: Person, database: Database, clock: StoppedClock, checks: PinChecks) -> Counter:
    member, _ = await service.recognise(database, person.phone)
    return Counter(database, clock, checks, member.member_id)


@pytest.fixture
async def amina(founded_database: Database, clock: StoppedClock, checks: PinChecks) -> Counter:
    return await counter_of(AMINA, founded_database, clock, checks)


@pytest.fixture
async def njeri(founded_database: Database, clock: StoppedClock, checks: PinChecks) -> Counter:
    return await counter_of(NJERI, founded_database, clock, checks)


async def test_the_right_pin_opens_and_leaves_a_trail(amina: Counter) -> None:
    await amina.sign_in(RIGHT)

    assert await amina.standing() == PinStanding()
    assert await amina.audited("member.signed_in") == 1


async def test_a_wrong_pin_is_refused_with_the_tries_left(amina: Counter) -> None:
    first, second = await amina.wrong(1), await amina.wrong(1)

    assert [each.tries_left for each in (first, second) if isinstance(each, WrongPin)] == [2, 1]
    assert (await amina.standing()).wrong_tries == 2


async def test_three_wrong_tries_lock_for_half_an_hour_even_for_the_right_pin(amina: Counter) -> None:
    third = await amina.wrong(3)

    until = amina.clock.now() + LOCK_TIME
    assert isinstance(third, PinLocked)
    assert third.until == until
    again = await refused(amina.sign_in(RIGHT))
    assert isinstance(again, PinLocked)
    assert again.until == until
    assert await amina.audited("pin.last_try") == 1


async def test_the_lock_lifts_by_time_and_not_a_second_before(amina: Counter) -> None:
    await amina.wrong(3)

    amina.clock.move(minutes=29, seconds=59)
    assert isinstance(await refused(amina.sign_in(RIGHT)), PinLocked)

    amina.clock.move(seconds=1)
    await amina.sign_in(RIGHT)
    assert await amina.standing() == PinStanding()


async def test_a_try_while_locked_neither_counts_nor_prolongs(amina: Counter) -> None:
    await amina.wrong(3)
    before = await amina.standing()

    amina.clock.move(minutes=10)
    await amina.wrong(5)

    assert await amina.standing() == before


async def test_the_second_lock_is_lifted_by_staff_alone(amina: Counter) -> None:
    await amina.wrong(3)
    amina.clock.move(minutes=31)

    last = await amina.wrong(3)

    assert isinstance(last, PinLocked)
    assert last.until is None
    amina.clock.move(days=400)
    still = await refused(amina.sign_in(RIGHT))
    assert isinstance(still, PinLocked)
    assert still.until is None


async def test_a_right_pin_forgets_wrong_tries_and_locks(amina: Counter) -> None:
    await amina.wrong(3)
    amina.clock.move(minutes=31)
    await amina.wrong(2)

    await amina.sign_in(RIGHT)

    assert isinstance(await amina.wrong(2), WrongPin)
    third = await amina.wrong(1)
    assert isinstance(third, PinLocked)
    assert third.until is not None


async def test_a_repeat_of_the_same_try_is_counted_once_and_hears_the_same(amina: Counter) -> None:
    heard = [await refused(amina.sign_in(WRONG, "call.7")) for _ in range(4)]

    assert [each.tries_left for each in heard if isinstance(each, WrongPin)] == [2, 2, 2, 2]
    assert (await amina.standing()).wrong_tries == 1


async def test_a_repeat_of_the_third_wrong_try_hears_of_the_lock_again(amina: Counter) -> None:
    await amina.wrong(2)

    heard = [await refused(amina.sign_in(WRONG, "call.9")) for _ in range(2)]

    assert [type(each) for each in heard] == [PinLocked, PinLocked]
    assert (await amina.standing()).locks == 1


async def test_a_repeat_of_a_right_try_opens_again(amina: Counter) -> None:
    await amina.wrong(2)

    await amina.sign_in(RIGHT, "call.8")
    await amina.sign_in(RIGHT, "call.8")

    assert await amina.standing() == PinStanding()


async def test_another_pin_under_the_same_attempt_key_is_another_guess(amina: Counter) -> None:
    heard = [await refused(amina.sign_in(f"{guess:04}", "call.7")) for guess in range(5001, 5005)]

    assert [type(each) for each in heard] == [WrongPin, WrongPin, PinLocked, PinLocked]
    assert isinstance(await refused(amina.sign_in(RIGHT, "call.7")), PinLocked)


async def test_the_mark_of_a_try_tells_nothing_of_its_pin(amina: Counter) -> None:
    await refused(amina.sign_in(WRONG, "call.7"))

    async with amina.database.reading() as session:
        row = await session.row("SELECT last_attempt FROM member_pin WHERE member_id = $1", amina.member_id)
    assert row is not None
    others = checks_with()
    assert row["last_attempt"] == others.mark(amina.member_id, "call.7", WRONG)
    assert row["last_attempt"] != others.mark(amina.member_id, "call.8", WRONG)
    await others.close()


async def test_many_wrong_tries_at_once_are_three_guesses(amina: Counter) -> None:
    heard = await asyncio.gather(*(refused(amina.sign_in(f"{guess:04}")) for guess in range(5001, 5031)))

    assert len([each for each in heard if isinstance(each, WrongPin)]) == 2
    assert len([each for each in heard if isinstance(each, PinLocked)]) == 28
    standing = await amina.standing()
    assert (standing.locks, standing.locked_for_staff) == (1, False)


async def test_the_right_pin_behind_many_wrong_ones_at_once_stays_shut(amina: Counter) -> None:
    await asyncio.gather(*(refused(amina.sign_in(WRONG)) for _ in range(10)))

    assert isinstance(await refused(amina.sign_in(RIGHT)), PinLocked)


async def test_a_busy_pool_counts_nothing(amina: Counter) -> None:
    full = checks_with(threads=1, waiting=0)
    with full.reserve():
        for _ in range(5):
            with pytest.raises(ServiceBusy):
                await amina.sign_in(WRONG, checks=full)

    assert await amina.standing() == PinStanding()
    await amina.sign_in(RIGHT, checks=full)
    await full.close()


@pytest.mark.parametrize("typed", ["", "427", "42711", "abcd", "४२७१", "4271 "])
async def test_what_is_no_pin_is_no_guess(amina: Counter, typed: str) -> None:
    refusal = await refused(amina.sign_in(typed))

    assert isinstance(refusal, WrongPin)
    assert refusal.tries_left == 3
    assert await amina.standing() == PinStanding()


async def test_a_pin_locked_by_staff_stays_locked(
    founded_database: Database, clock: StoppedClock, checks: PinChecks
) -> None:
    hassan = await counter_of(HASSAN, founded_database, clock, checks)
    clock.move(days=2)

    refusal = await refused(hassan.sign_in(HASSAN.pin or ""))

    assert isinstance(refusal, PinLocked)
    assert refusal.until is None


async def test_another_cost_is_taken_over_at_the_next_right_pin(amina: Counter) -> None:
    dearer = checks_with(HashCost(passes=2, memory_kib=16))

    await amina.sign_in(RIGHT, checks=dearer)

    async with amina.database.reading() as session:
        row = await session.row("SELECT hash FROM member_pin WHERE member_id = $1", amina.member_id)
    assert row is not None
    assert not dearer.needs_rehash(row["hash"])
    await amina.sign_in(RIGHT)
    await dearer.close()


async def test_nobody_s_number_and_a_blocked_member_are_refused(founded_database: Database) -> None:
    with pytest.raises(UnknownMember):
        await service.recognise(founded_database, "+254711000009")

    async with founded_database.unit_of_work() as session:
        await session.execute("UPDATE member SET status = 'blocked' WHERE phone = $1", AMINA.phone)
    with pytest.raises(MemberNotActive):
        await service.recognise(founded_database, AMINA.phone)


async def test_without_a_pin_nothing_opens(njeri: Counter) -> None:
    assert isinstance(await refused(njeri.sign_in(FIRST)), PinNotSet)


async def test_a_first_pin_entered_twice_opens_from_then_on(njeri: Counter) -> None:
    await njeri.propose(FIRST)
    await njeri.choose(FIRST)

    await njeri.sign_in(FIRST)
    assert await njeri.audited("pin.set") == 1


@pytest.mark.parametrize("weak", ["1234", "0000", "1995", "2311", "1212", "9876", "0003", "12", "abcd", ""])
async def test_a_weak_first_pin_is_refused_and_not_kept(njeri: Counter, weak: str) -> None:
    assert isinstance(await refused(njeri.propose(weak)), WeakPin)

    assert isinstance(await refused(njeri.choose(weak)), PinMismatch)


async def test_two_different_entries_set_nothing(njeri: Counter) -> None:
    await njeri.propose(FIRST)

    assert isinstance(await refused(njeri.choose("7392")), PinMismatch)
    assert isinstance(await refused(njeri.sign_in(FIRST)), PinNotSet)


async def test_a_second_entry_that_comes_late_sets_nothing(njeri: Counter) -> None:
    await njeri.propose(FIRST)
    njeri.clock.move(minutes=10, seconds=1)

    assert isinstance(await refused(njeri.choose(FIRST)), PinMismatch)

    await njeri.propose(FIRST)
    njeri.clock.move(minutes=10)
    await njeri.choose(FIRST)


async def test_a_first_pin_is_set_once(njeri: Counter) -> None:
    await njeri.propose(FIRST)
    await njeri.choose(FIRST)

    assert isinstance(await refused(njeri.choose(FIRST)), PinAlreadySet)
    assert isinstance(await refused(njeri.propose("8462")), PinAlreadySet)
    await njeri.sign_in(FIRST)


async def test_of_two_people_who_choose_at_once_one_sets_the_pin(njeri: Counter) -> None:
    await njeri.propose(FIRST)

    outcomes = await asyncio.gather(*(njeri.choose(FIRST) for _ in range(4)), return_exceptions=True)

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", *["PinAlreadySet"] * 3]
    assert await njeri.audited("pin.set") == 1


async def test_a_language_is_remembered_with_its_trail(amina: Counter) -> None:
    await service.set_language(
        amina.database, amina.clock, member_id=amina.member_id, language=Language.SWAHILI
    )

    member, _ = await service.recognise(amina.database, AMINA.phone)
    assert member.language is Language.SWAHILI
    assert await amina.audited("member.language") == 1


def test_the_lock_is_as_long_as_we_say() -> None:
    assert timedelta(minutes=30) == LOCK_TIME
