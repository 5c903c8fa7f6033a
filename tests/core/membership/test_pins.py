"""Does another PIN open only for who knew the old one or who they are, and does money wait after a reset?"""

from dataclasses import replace

import pytest

from core.checked_actions import ACTIONS
from core.errors import AskStaff, NotYourself, PinLocked, PinMismatch, PinNotSet, Refusal, WeakPin, WrongPin
from core.members import service
from core.members import store as members
from core.members.national_id import NationalId
from core.members.pin import PinStanding
from core.membership import pin_change, pin_reset
from core.membership.model import COOLING_OFF, IDENTITY_LIFE
from core.membership.pin_reset import RESET_PIN, ResetWay
from core.staff import checking
from core.staff import store as staff
from core.staff.model import SignedIn
from imarisha.institution import AMINA, NJERI
from tests.core.membership.counter import Counter, refused

NEW = "7391"
RIGHT_ID = NationalId(AMINA.national_id)
WRONG_ID = NationalId("11111111")


async def sign_in(counter: Counter, pin: str) -> None:
    await service.sign_in(
        counter.database,
        counter.clock,
        counter.checks,
        member_id=counter.member_id,
        pin=pin,
        attempt=counter.ids.new("try"),
    )


async def propose(counter: Counter, pin: str = NEW) -> None:
    await pin_change.propose_pin(
        counter.database, counter.clock, counter.checks, member_id=counter.member_id, pin=pin
    )


async def change(counter: Counter, pin: str = NEW) -> None:
    await pin_change.change_pin(
        counter.database,
        counter.clock,
        counter.ids,
        counter.checks,
        member_id=counter.member_id,
        pin=pin,
        attempt="call.3",
    )


async def identify(
    counter: Counter, national_id: NationalId = RIGHT_ID, year: int = AMINA.birth_date.year
) -> ResetWay:
    return await pin_reset.check_identity(
        counter.database,
        counter.clock,
        counter.ids,
        counter.office.sealer,
        member_id=counter.member_id,
        national_id=national_id,
        birth_year=year,
    )


async def propose_reset(counter: Counter, pin: str = NEW) -> None:
    await pin_reset.propose_reset_pin(
        counter.database, counter.clock, counter.checks, member_id=counter.member_id, pin=pin
    )


async def reset(counter: Counter, pin: str = NEW) -> None:
    await pin_reset.reset_pin(
        counter.database,
        counter.clock,
        counter.ids,
        counter.checks,
        member_id=counter.member_id,
        pin=pin,
    )


async def test_a_new_pin_entered_twice_opens_and_the_old_one_does_not(amina: Counter) -> None:
    await propose(amina)
    await change(amina)

    await sign_in(amina, NEW)
    await refused(WrongPin, sign_in(amina, AMINA.pin or ""))
    assert await amina.told() == [("pin_changed", AMINA.phone)]
    assert await amina.money_waits_until() is None


async def test_the_old_pin_stays_until_the_second_entry(amina: Counter) -> None:
    await propose(amina)

    await sign_in(amina, AMINA.pin or "")
    await refused(PinMismatch, change(amina, "7392"))
    await refused(PinMismatch, change(amina, "x"))
    await sign_in(amina, AMINA.pin or "")


async def test_a_second_entry_without_a_first_or_too_late_is_none(amina: Counter) -> None:
    await refused(PinMismatch, change(amina))
    await propose(amina)
    amina.clock.move(minutes=11)

    await refused(PinMismatch, change(amina))


@pytest.mark.parametrize("weak", ["1234", "1988", "0001", "12", "abcd"])
async def test_a_weak_new_pin_is_refused(amina: Counter, weak: str) -> None:
    await refused(WeakPin, propose(amina, weak))


async def test_who_knows_the_facts_chooses_a_new_pin_and_money_waits(amina: Counter) -> None:
    assert await identify(amina) is ResetWay.CHOOSE
    await propose_reset(amina)
    await reset(amina)

    await sign_in(amina, NEW)
    assert await amina.money_waits_until() == amina.clock.now() + COOLING_OFF
    assert await amina.told() == [("pin_reset", AMINA.phone)]
    assert await amina.audited("pin.reset") == 1


async def test_a_reset_lifts_a_lock_that_ends_by_itself(amina: Counter) -> None:
    for _ in range(3):
        await refused(Refusal, sign_in(amina, "9157"))
    await refused(PinLocked, sign_in(amina, AMINA.pin or ""))
    await identify(amina)
    await propose_reset(amina)

    await reset(amina)

    await sign_in(amina, NEW)


async def test_without_the_right_answers_no_pin_is_reset(amina: Counter) -> None:
    await refused(AskStaff, propose_reset(amina))
    await refused(AskStaff, reset(amina))
    await refused(NotYourself, identify(amina, WRONG_ID))

    await refused(AskStaff, propose_reset(amina))
    await sign_in(amina, AMINA.pin or "")


async def test_a_wrong_answer_takes_an_earlier_right_one_back(amina: Counter) -> None:
    await identify(amina)
    await refused(NotYourself, identify(amina, year=1900))

    await refused(AskStaff, propose_reset(amina))


async def test_right_answers_are_good_for_a_while_and_for_one_reset(amina: Counter) -> None:
    await identify(amina)
    await propose_reset(amina)
    await reset(amina)
    await refused(AskStaff, propose_reset(amina, "8426"))

    await identify(amina)
    amina.clock.move(seconds=IDENTITY_LIFE.total_seconds() + 1)
    await refused(AskStaff, propose_reset(amina, "8426"))


async def test_the_third_wrong_answer_of_a_day_ends_it_even_for_the_right_one(amina: Counter) -> None:
    first = await refused(NotYourself, identify(amina, WRONG_ID))
    second = await refused(NotYourself, identify(amina, year=1900))
    await refused(AskStaff, identify(amina, WRONG_ID))

    assert (first.tries_left, second.tries_left) == (2, 1)
    await refused(AskStaff, identify(amina))
    amina.clock.move(hours=25)
    assert await identify(amina) is ResetWay.CHOOSE


async def test_a_second_entry_that_differs_resets_nothing(amina: Counter) -> None:
    await identify(amina)
    await propose_reset(amina)

    await refused(PinMismatch, reset(amina, "7392"))

    await sign_in(amina, AMINA.pin or "")


async def test_without_a_national_id_on_file_staff_are_asked_once(njeri: Counter) -> None:
    for _ in range(2):
        assert await identify(njeri, WRONG_ID, NJERI.birth_date.year) is ResetWay.BY_STAFF

    assert await njeri.one("SELECT count(*) FROM staff_request WHERE action = $1", RESET_PIN.code) == 1
    await refused(AskStaff, propose_reset(njeri))


async def test_a_pin_that_only_staff_open_is_taken_away_by_staff(amina: Counter) -> None:
    async with amina.database.unit_of_work() as session:
        _, record = await members.lock_pin(session, amina.member_id)
        locked = replace(record, standing=PinStanding(locks=2, locked_for_staff=True))
        await members.save_pin(session, amina.member_id, locked)
    assert await identify(amina) is ResetWay.BY_STAFF
    request_id = str(await amina.one("SELECT id FROM staff_request WHERE action = $1", RESET_PIN.code))

    async with amina.database.unit_of_work() as session:
        credentials = await staff.by_email(session, "teller@demo.imarisha")
        assert credentials is not None
        who = SignedIn(credentials.staff, "ses_1")
        now = amina.clock.now()
        await checking.approve(session, now, amina.ids, ACTIONS, who, request_id=request_id)

    await refused(PinNotSet, sign_in(amina, AMINA.pin or ""))
    assert await amina.told() == [("pin_taken_away", AMINA.phone)]
    assert await amina.money_waits_until() == amina.clock.now() + COOLING_OFF
