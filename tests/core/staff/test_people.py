"""What the database keeps of staff: nobody twice, no way around the second person, nothing for ever."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.admission import Applicant, register
from core.checked_actions import ACTIONS
from core.db.engine import Database
from core.errors import (
    AlreadyMember,
    MemberNotPending,
    RequestClosed,
    SignInRefused,
    StaffAlreadyThere,
    TokenRefused,
    UnknownStaff,
)
from core.ids import RandomIds
from core.members import directory
from core.members.model import Language, MemberStatus
from core.members.pin import HashCost, PinHasher
from core.members.pin_checks import PinChecks
from core.phone import Msisdn
from core.staff import answers, checking, people, sessions, store
from core.staff import sign_in as door
from core.staff.approval import RequestState
from core.staff.model import SignedIn, Staff, StaffStatus
from core.staff.permissions import Role
from core.staff.sessions import Opened, StaffKeys, Whence
from core.staff.sign_in import Typed
from imarisha.institution_staff import ADMIN, LOANS, PASSWORD, TELLER
from tests.clock import StoppedClock
from tests.conftest import quick_pins

KEYS = StaffKeys.of("a staff key for tests")
WANGARI = Applicant(
    first_name="Wangari",
    last_name="Muthoni",
    phone=Msisdn("+254711000009"),
    language=Language.SWAHILI,
    birth_date=StoppedClock().now().date().replace(year=1994),
)


@pytest.fixture
async def checks() -> AsyncIterator[PinChecks]:
    running = quick_pins()
    yield running
    await running.close()


async def someone(database: Database, email: str) -> SignedIn:
    async with database.reading() as session:
        known = await store.by_email(session, email)
    assert known is not None
    return SignedIn(known.staff, "ses_test")


async def come_in(
    database: Database, clock: StoppedClock, checks: PinChecks, email: str, password: str = PASSWORD
) -> Opened:
    async with database.reading() as session:
        known = await store.by_email(session, email)
    assert known is not None
    code = KEYS.factor.totp(known.staff.staff_id, known.factor_serial).at(clock.now())
    return await door.sign_in(
        database,
        clock,
        RandomIds(clock),
        checks,
        KEYS,
        typed=Typed(email, password, code),
        whence=Whence("127.0.0.1", "a test"),
    )


async def test_nobody_is_taken_on_twice(founded_database: Database, clock: StoppedClock) -> None:
    admin = await someone(founded_database, ADMIN.email)
    twin = replace(admin.staff, staff_id="stf_twin")

    with pytest.raises(StaffAlreadyThere):
        async with founded_database.unit_of_work() as session:
            await people.take_on(session, clock.now(), twin, password_hash="x", by="test")


async def test_nobody_is_nobody(founded_database: Database, clock: StoppedClock) -> None:
    async with founded_database.unit_of_work() as session:
        with pytest.raises(UnknownStaff):
            await store.find(session, "stf_nobody")
        with pytest.raises(UnknownStaff):
            await people.let_in_again(session, clock.now(), "stf_nobody", by="test")
        with pytest.raises(UnknownStaff):
            await people.replace_factor(session, clock.now(), "stf_nobody", by="test")


async def test_another_cost_is_taken_over_at_the_next_sign_in(
    founded_database: Database, clock: StoppedClock, checks: PinChecks
) -> None:
    hasher = PinHasher({1: b"a pepper for tests only"}, current_pepper=1, cost=HashCost(2, 16))
    dearer = PinChecks(hasher, threads=1, waiting=8)

    await come_in(founded_database, clock, dearer, TELLER.email)

    async with founded_database.reading() as session:
        known = await store.by_email(session, TELLER.email)
    assert known is not None
    assert not dearer.needs_rehash(known.password_hash)
    clock.move(minutes=1)
    await come_in(founded_database, clock, checks, TELLER.email)
    await dearer.close()


async def test_a_busy_day_leaves_the_old_hash(
    founded_database: Database, clock: StoppedClock, checks: PinChecks
) -> None:
    class BusyOnce(PinChecks):
        async def hash_password(self, owner_id: str, password: str) -> str:
            with self.reserve(), self.reserve():
                return await super().hash_password(owner_id, password)

    hasher = PinHasher({1: b"a pepper for tests only"}, current_pepper=1, cost=HashCost(2, 16))
    full = BusyOnce(hasher, threads=1, waiting=0)

    await come_in(founded_database, clock, full, TELLER.email)

    clock.move(minutes=1)
    await come_in(founded_database, clock, checks, TELLER.email)
    await full.close()


async def test_a_password_that_changes_while_it_is_checked_opens_nothing(
    founded_database: Database, clock: StoppedClock
) -> None:
    teller = await someone(founded_database, TELLER.email)

    class ChangedMeanwhile(PinChecks):
        def needs_rehash(self, stored: str) -> bool:
            return bool(stored)

        async def hash_password(self, owner_id: str, password: str) -> str:
            async with founded_database.unit_of_work() as session:
                await store.save_password(session, teller.staff.staff_id, "another hash")
            return await super().hash_password(owner_id, password)

    hasher = PinHasher({1: b"a pepper for tests only"}, current_pepper=1, cost=HashCost(1, 8))
    checks = ChangedMeanwhile(hasher, threads=1, waiting=8)

    with pytest.raises(SignInRefused):
        await come_in(founded_database, clock, checks, TELLER.email)

    async with founded_database.reading() as session:
        known = await store.by_email(session, TELLER.email)
    assert known is not None
    assert known.password_hash == "another hash"
    await checks.close()


async def test_what_was_opened_or_typed_shows_no_secret(
    founded_database: Database, clock: StoppedClock, checks: PinChecks
) -> None:
    opened = await come_in(founded_database, clock, checks, TELLER.email)

    shown = repr(opened) + repr(Typed("a@b", PASSWORD, "123456")) + repr(opened.who.staff.permissions)
    assert opened.refresh_token not in shown
    assert opened.access_token not in shown
    assert PASSWORD not in shown
    assert opened.who.staff.status is StaffStatus.ACTIVE


async def test_signing_out_twice_leaves_one_trace(
    founded_database: Database, clock: StoppedClock, checks: PinChecks
) -> None:
    opened = await come_in(founded_database, clock, checks, TELLER.email)

    for _ in range(2):
        async with founded_database.unit_of_work() as session:
            await sessions.sign_out(session, clock.now(), opened.who)

    async with founded_database.reading() as session:
        traces = await session.rows("SELECT 1 FROM audit_event WHERE action = 'staff.signed_out'")
    assert len(traces) == 1


async def test_a_copied_token_that_comes_often_ends_the_session_once(
    founded_database: Database, clock: StoppedClock, checks: PinChecks
) -> None:
    opened = await come_in(founded_database, clock, checks, TELLER.email)
    await sessions.refresh(founded_database, clock, KEYS, token=opened.refresh_token)

    for _ in range(3):
        with pytest.raises(TokenRefused):
            await sessions.refresh(founded_database, clock, KEYS, token=opened.refresh_token)

    async with founded_database.reading() as session:
        traces = await session.rows("SELECT 1 FROM audit_event WHERE action = 'staff.token_reused'")
    assert len(traces) == 1


async def test_answers_are_forgotten_after_two_days(founded_database: Database, clock: StoppedClock) -> None:
    who = await someone(founded_database, ADMIN.email)
    done: list[str] = []

    async def answer() -> str:
        async def work() -> str:
            done.append("done")
            return '"answer"'

        async with founded_database.unit_of_work() as session:
            await answers.forget(session, now=clock.now())
            return await answers.once(
                session, clock.now(), work, staff_id=who.staff.staff_id, key="a-key", fingerprint=b"1"
            )

    await answer()
    clock.move(days=2)
    assert (await answer(), len(done)) == ('"answer"', 1)
    clock.move(seconds=1)
    assert (await answer(), len(done)) == ('"answer"', 2)


async def test_saying_no_twice_is_saying_no_and_then_nobody_says_yes(
    founded_database: Database, clock: StoppedClock
) -> None:
    ids, now = RandomIds(clock), clock.now()
    officer, admin = [await someone(founded_database, email) for email in (LOANS.email, ADMIN.email)]
    async with founded_database.unit_of_work() as session:
        _, request = await register(session, now, ids, WANGARI, maker="")

    for _ in range(2):
        async with founded_database.unit_of_work() as session:
            ended = await checking.reject(
                session, now, ids, ACTIONS, officer, request_id=request.request_id, reason="no id card"
            )
            assert ended.state is RequestState.REJECTED
    with pytest.raises(RequestClosed):
        async with founded_database.unit_of_work() as session:
            await checking.approve(session, now, ids, ACTIONS, admin, request_id=request.request_id)


async def test_who_asked_by_phone_is_admitted_by_staff(
    founded_database: Database, clock: StoppedClock
) -> None:
    ids, now = RandomIds(clock), clock.now()
    officer = await someone(founded_database, LOANS.email)
    async with founded_database.unit_of_work() as session:
        member, request = await register(session, now, ids, WANGARI, maker="")

    async with founded_database.unit_of_work() as session:
        await checking.approve(session, now, ids, ACTIONS, officer, request_id=request.request_id)

    assert request.maker == member.member_id
    async with founded_database.unit_of_work() as session:
        known = await directory.lock_by_phone(session, WANGARI.phone)
        assert known is not None
        assert known.status is MemberStatus.ACTIVE
        with pytest.raises(AlreadyMember):
            await register(session, now, ids, WANGARI, maker="")


async def test_who_was_admitted_otherwise_meanwhile_is_not_admitted_again(
    founded_database: Database, clock: StoppedClock
) -> None:
    ids, now = RandomIds(clock), clock.now()
    officer = await someone(founded_database, LOANS.email)
    async with founded_database.unit_of_work() as session:
        member, request = await register(session, now, ids, WANGARI, maker="")
        await directory.set_status(session, member.member_id, MemberStatus.BLOCKED)

    async with founded_database.unit_of_work() as session:
        with pytest.raises(MemberNotPending):
            await checking.approve(session, now, ids, ACTIONS, officer, request_id=request.request_id)
        with pytest.raises(MemberNotPending):
            await checking.reject(
                session, now, ids, ACTIONS, officer, request_id=request.request_id, reason="no"
            )


def test_a_person_may_hold_several_posts() -> None:
    both = Staff("stf_1", "a@b", "A", "B", StaffStatus.ACTIVE, frozenset({Role.AUDITOR, Role.LOAN_OFFICER}))

    assert {"audit.read", "members.admit"} <= both.permissions
